"""Whatever is sent, wherever: an answer below 500, and the lab hears why it was refused."""

import base64
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.provider.bench import NATIVE, SPA, VERIFIER, WEB, Browser, asking, redeeming
from tests.provider.test_authorization import TEXT

# RFC6749-5.2
ERROR = re.compile(r"[\x20-\x21\x23-\x5B\x5D-\x7E]+")

EVERY_NAME = """
client_id redirect_uri response_type response_mode scope state nonce prompt max_age claims id_token_hint login_hint
code_challenge code_challenge_method request display acr_values grant_type code code_verifier client_secret
refresh_token access_token post_logout_redirect_uri interaction csrf action demo_user username
"""
NAMES = st.sampled_from(EVERY_NAME.split())
VALUES = st.one_of(
    TEXT,
    st.sampled_from([
        WEB, SPA, NATIVE, "code", "openid", "none", "login", "form_post", "fragment", "0", "S256", VERIFIER, "allow",
        "authorization_code", "refresh_token", "https://shop.example/callback", "http://127.0.0.1:1/callback", "\x00",
        "{}", '{"userinfo": {"\\ud800": null}}', '{"id_token": {"sub": {"value": "\\ud800"}}}', "a.b.c", "[" * 3000,
        "eyJhbGciOiJSUzI1NiIsImtpZCI6Im5vbmUifQ.e30.x", "eyJhbGciOjF9.e30.x", "W10.e30.x", "x" * 100_000,
    ]),
)  # fmt: skip
PARAMETERS = st.dictionaries(NAMES, st.lists(VALUES, min_size=1, max_size=2), max_size=6)
ENDPOINTS = st.sampled_from(
    ["/authorize", "/sign-in", "/consent", "/select-account", "/token", "/userinfo", "/end-session",
     "/end-session/confirm", "/jwks", "/.well-known/openid-configuration", "/", "/unheard-of"]
)  # fmt: skip
METHODS = st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT"])
PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
AUTHORIZATION = st.one_of(
    st.none(),
    PRINTABLE,
    PRINTABLE.map(lambda text: f"Bearer {text}"),
    st.binary(max_size=60).map(lambda octets: "Basic " + base64.b64encode(octets).decode()),
)

patient = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(endpoint=ENDPOINTS, method=METHODS, query=PARAMETERS, form=PARAMETERS, authorization=AUTHORIZATION)
@patient
def test_nothing_that_is_sent_breaks_the_provider(
    signed_in: Browser, endpoint: str, method: str, query: dict, form: dict, authorization: str | None
) -> None:
    """RFC6749-4.1.2.1, RFC6749-5.2: an error has its allowed characters, and an entry in the catalogue."""
    lab = signed_in.lab
    before = len(lab.refusals)
    headers = {} if authorization is None else {"Authorization": authorization}
    response = signed_in.open(endpoint, method=method, form=form, query_string=query, headers=headers)
    assert response.status_code < 500
    if method != "HEAD" and response.is_json and "error" in response.json:
        assert ERROR.fullmatch(response.json["error_description"])
    if response.status_code in {400, 401, 403}:
        assert len(lab.refusals) == before + 1


@given(changes=st.dictionaries(NAMES, VALUES, max_size=3), application=st.sampled_from([WEB, SPA, NATIVE]))
@patient
def test_no_change_to_a_good_request_breaks_the_provider(
    signed_in: Browser, changes: dict[str, str], application: str
) -> None:
    """OIDCC-3.1.2.1, RFC6749-4.1.3: from a request that is served, a few steps in every direction."""
    lab = signed_in.lab
    for endpoint, form in (("/authorize", asking(lab, application)), ("/token", redeeming(lab, "x", application))):
        for method in ("GET", "POST"):
            given_in = {"query_string" if method == "GET" else "form": form | changes}
            assert signed_in.rest(signed_in.open(endpoint, method=method, **given_in)).status_code < 500


@given(cookie=st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_characters=';,"\\'), max_size=80))
@patient
def test_no_cookie_breaks_the_provider(signed_in: Browser, cookie: str) -> None:
    """RFC6265-5.4."""
    lab = signed_in.lab
    for endpoint in ("/authorize", "/end-session", "/sign-in"):
        response = lab.provider.test_client(use_cookies=False).get(
            lab.issuer + endpoint, query_string=asking(lab), headers={"Cookie": f"oidc_lab_browser={cookie}"}
        )
        assert response.status_code < 500


def test_a_huge_body_is_refused_and_not_read_into_memory(signed_in: Browser) -> None:
    """RFC9110-15.5.14."""
    response = signed_in.open("/token", method="POST", form={"grant_type": "x" * 1_000_000})
    assert response.status_code == 413

"""An authentication request is answered where, how and with what its application may expect."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.authentication_request import RESPONSE_MODES
from tests.provider.bench import (
    CHALLENGE,
    MACHINE,
    NATIVE,
    SPA,
    WEB,
    Browser,
    Page,
    answered,
    asking,
    heard,
    id_token,
    redeeming,
    send,
    tokens,
)

# What usually goes wrong on its way through a URL, a header or a page.
HOSTILE = "\u00e9\U0001f600\u202e<>\"'&;=#?%+ /\\{}$`\r\n\t%20%00&amp;javascript:</script>"
TEXT = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from(sorted(set(HOSTILE))), min_size=1, max_size=512
)


@pytest.mark.parametrize("mode", RESPONSE_MODES)
def test_a_code_travels_in_the_response_mode_asked_for(browser: Browser, mode: str) -> None:
    """OAMR-2.1, OAFP-2, RFC9207-2."""
    response = browser.sign_in(response_mode=mode)
    assert answered(response).keys() == {"code", "state", "iss"}
    assert _where(response) == mode


@pytest.mark.parametrize("mode", RESPONSE_MODES)
def test_an_error_travels_in_the_response_mode_asked_for(browser: Browser, mode: str) -> None:
    """OAMR-2.1, OAFP-2, OIDCC-3.1.2.6, RFC9207-2."""
    response = browser.authorize(response_mode=mode, prompt="none")
    answer = answered(response)
    assert answer.keys() == {"error", "error_description", "state", "iss"}
    assert (answer["error"], answer["state"], answer["iss"]) == ("login_required", "a state", browser.lab.issuer)
    assert _where(response) == mode


def test_without_a_response_mode_a_code_travels_in_the_query(browser: Browser) -> None:
    """OAMR-2: query is the default of response_type=code."""
    assert _where(browser.sign_in()) == "query"


def _where(response) -> str:
    if response.status_code == 200:
        assert Page(response).forms[0].method == "post"
        return "form_post"
    return "fragment" if urlsplit(response.location).fragment else "query"


@given(state=TEXT, nonce=TEXT, mode=st.sampled_from(RESPONSE_MODES))
@settings(max_examples=60, deadline=None)
def test_state_and_nonce_come_back_unchanged(signed_in: Browser, state: str, nonce: str, mode: str) -> None:
    """RFC6749-4.1.2 for state, OIDCC-2 for nonce: any text of up to 512 characters."""
    answer = answered(signed_in.authorize(state=state, nonce=nonce, response_mode=mode))
    assert answer["state"] == state
    token_response = send(signed_in.lab, "/token", redeeming(signed_in.lab, answer["code"])).json
    assert id_token(signed_in.lab, token_response).claims["nonce"] == nonce


@pytest.mark.parametrize("mode", RESPONSE_MODES)
def test_an_error_brings_the_state_back_unchanged(browser: Browser, mode: str) -> None:
    """RFC6749-4.1.2.1."""
    assert answered(browser.authorize(state=HOSTILE, prompt="none", response_mode=mode))["state"] == HOSTILE


def test_a_state_survives_the_pages_in_between(browser: Browser) -> None:
    """RFC6749-4.1.2: also after sign-in and consent."""
    assert answered(browser.sign_in(state=HOSTILE))["state"] == HOSTILE


def test_without_a_state_none_is_made_up(browser: Browser) -> None:
    """RFC6749-4.1.2."""
    assert answered(browser.sign_in(state=None)).keys() == {"code", "iss"}


def test_a_parameter_without_a_value_counts_as_left_out(browser: Browser) -> None:
    """RFC6749-3.1."""
    left_out = ("state", "nonce", "max_age", "claims", "id_token_hint", "response_mode", "request", "code_challenge")
    answer = answered(browser.sign_in(**dict.fromkeys(left_out, "")))
    assert answer.keys() == {"code", "iss"}


def test_a_request_may_be_posted_from_another_site(browser: Browser) -> None:
    """OIDCC-3.1.2.1: GET and POST; the answer to a POST is 303, so that nothing is posted on — RFC9700-4.12."""
    browser.sign_in()
    response = browser.open("/authorize", method="POST", form=asking(browser.lab))
    assert response.status_code == 303
    assert "code" in answered(browser.rest(response))


def test_every_redirect_is_a_303(browser: Browser) -> None:
    """RFC9700-4.12: a browser that has just posted a password does not post it to the application."""
    response = browser.open("/authorize", query_string=asking(browser.lab))
    assert response.status_code == 303
    page = browser.open(response.location)
    form, values = Page(page).pressed("demo-user-anna")
    assert browser.open(form.action, method="POST", form=values).status_code == 303


@pytest.mark.parametrize("application", [WEB, SPA, NATIVE])
def test_unknown_parameters_are_ignored(browser: Browser, application: str) -> None:
    """OIDCC-3.1.2.1, RFC6749-3.1."""
    assert "code" in answered(browser.sign_in(application, extra="foobar", **{"a[b]": "<c>"}))


@pytest.mark.parametrize("parameter", ["display", "ui_locales", "claims_locales", "acr_values"])
@pytest.mark.parametrize("value", ["page", "popup", "fr-CA fr en", "urn:somewhere:loa:1 0"])
def test_what_only_advises_never_stops_a_sign_in(browser: Browser, parameter: str, value: str) -> None:
    """OIDCC-3.1.2.1, OIDCC-15.1: display, ui_locales, claims_locales and acr_values are accepted."""
    assert "code" in answered(browser.sign_in(**{parameter: value}))


@pytest.mark.parametrize(
    "parameter", ["scope", "state", "nonce", "response_type", "response_mode", "prompt", "max_age", "unheard_of"]
)
def test_a_repeated_parameter_is_refused_at_the_application(browser: Browser, parameter: str) -> None:
    """RFC6749-3.1."""
    twice = [*asking(browser.lab, **{parameter: "query" if parameter == "response_mode" else "openid"}).items()]
    twice.append((parameter, "another"))
    answer = answered(browser.open("/authorize?" + urlencode(twice)))
    assert (answer["error"], heard(browser.lab)) == ("invalid_request", "parameter_repeated")
    assert "iss" in answer


@pytest.mark.parametrize("parameter", ["client_id", "redirect_uri"])
def test_a_repeated_identity_is_refused_on_a_page(browser: Browser, parameter: str) -> None:
    """RFC6749-4.1.2.1: nobody is sent to an address that is in doubt."""
    asked = asking(browser.lab)
    response = browser.open("/authorize?" + urlencode([*asked.items(), (parameter, asked[parameter])]))
    assert response.status_code == 400
    assert heard(browser.lab) == "redirect_parameter_repeated"


@pytest.mark.parametrize("posted", [False, True])
def test_an_unregistered_redirect_uri_is_shown_beside_the_registered_one(browser: Browser, posted: bool) -> None:
    """RFC6749-4.1.2.1: the user is told, and not sent there."""
    asked = asking(browser.lab, redirect_uri="https://shop.example/Callback")
    if posted:
        response = browser.rest(browser.open("/authorize", method="POST", form=asked))
    else:
        response = browser.open("/authorize", query_string=asked)
    assert (response.status_code, response.location) == (400, None)
    texts = Page(response).texts
    assert (texts["registered"], texts["received"]) == (
        "https://shop.example/callback",
        "https://shop.example/Callback",
    )


@pytest.mark.parametrize(
    "received",
    [
        "https://shop.example/callback/",
        "https://shop.example/callback?",
        "https://shop.example/callback#",
        "https://shop.example/callback?a=b",
        "https://shop.example:443/callback",
        "https://SHOP.example/callback",
        "https://shop.example/callback ",
        "https://shop.example/call\nback",
        "https://shop.example.evil.example/callback",
        "https://shop.example@evil.example/callback",
        "//shop.example/callback",
        "javascript:alert(1)//https://shop.example/callback",
    ],
)
def test_what_is_nearly_a_registered_redirect_uri_is_not_redirected_to(browser: Browser, received: str) -> None:
    """RFC9700-2.1: simple string comparison."""
    response = browser.open("/authorize", query_string=asking(browser.lab, redirect_uri=received))
    assert (response.status_code, response.location, heard(browser.lab)) == (400, None, "redirect_uri_unregistered")


@pytest.mark.parametrize("port", ["", ":1", ":49152", ":65535"])
def test_a_native_application_may_listen_on_any_loopback_port(browser: Browser, port: str) -> None:
    """RFC8252-7.3."""
    response = browser.sign_in(NATIVE, redirect_uri=f"http://127.0.0.1{port}/callback")
    assert response.location.startswith(f"http://127.0.0.1{port}/callback?")


@pytest.mark.parametrize(
    "received",
    [
        "http://127.0.0.1:12\n34/callback",
        "http://127.0.0.1:1234/callback\r\nSet-Cookie: a=b",
        "\x00http://127.0.0.1:1234/callback",
        "http://127.0.0.1:1234/callback#",
        "http://127.0.0.1:99999/callback",
        "http://127.0.0.1:1234/callback/",
        "http://localhost:1234/callback",
        "https://127.0.0.1:1234/callback",
        "http://127.0.0.1:1234@evil.example/callback",
    ],
)
def test_a_loopback_redirect_uri_differs_in_its_port_alone(browser: Browser, received: str) -> None:
    """RFC8252-7.3, RFC9700-2.1."""
    response = browser.open("/authorize", query_string=asking(browser.lab, NATIVE, redirect_uri=received))
    assert (response.status_code, response.location, heard(browser.lab)) == (400, None, "redirect_uri_unregistered")


@pytest.mark.parametrize("mode", ["query", "fragment"])
def test_an_answer_is_added_to_the_query_a_redirect_uri_has(lab: Lab, mode: str) -> None:
    """RFC6749-3.1.2: the registered query is retained, octet by octet."""
    uri = "https://b.example/cb?a=%7Eb+c&empty="
    lab.register(Application(client_id="b", type=ApplicationType.TRADITIONAL, name="B", redirect_uris=(uri,)))
    browser = Browser(lab)
    browser.sign_in("b")
    location = browser.authorize("b", response_mode=mode).location
    assert location.startswith(uri + ("&" if mode == "query" else "#"))
    assert dict(parse_qsl(location.partition("&" if mode == "query" else "#")[2]))["state"] == "a state"


def test_a_private_use_scheme_gets_its_answer_in_the_query(browser: Browser) -> None:
    """RFC8252-7.1."""
    assert browser.sign_in(NATIVE).location.startswith("example.city-guide:/callback?code=")


def test_form_post_to_a_private_use_scheme_is_refused_where_the_application_can_hear_it(browser: Browser) -> None:
    """OAFP-2: the error comes in the query, because a form cannot be posted there."""
    response = browser.authorize(NATIVE, response_mode="form_post")
    assert response.location.startswith("example.city-guide:/callback?error=invalid_request")


def test_a_scheme_that_only_begins_like_http_is_none_of_the_web(lab: Lab) -> None:
    """OAFP-2."""
    uris = ("httpcats:/callback",)
    lab.register(Application(client_id="cats", type=ApplicationType.NATIVE, name="Cats", redirect_uris=uris))
    assert Browser(lab).authorize("cats", response_mode="form_post").location.startswith("httpcats:/callback?error=")


@pytest.mark.parametrize("mode", ["", "jwt", "QUERY", "query fragment", "form_post.jwt"])
def test_an_unknown_response_mode_is_refused_in_the_query(browser: Browser, mode: str) -> None:
    """OAMR-2.1."""
    answer = answered(browser.authorize(response_mode=mode or "none", prompt="none"))
    assert (answer["error"], heard(browser.lab)) == ("invalid_request", "response_mode_unsupported")


@pytest.mark.parametrize(
    "response_type", ["token", "id_token", "code token", "code id_token", "none", "Code", "code code"]
)
def test_only_the_code_flow_is_served(browser: Browser, response_type: str) -> None:
    """OIDCC-3.1.2.6, RFC9700-2.1.2."""
    answer = answered(browser.authorize(response_type=response_type))
    assert (answer["error"], answer["state"]) == ("unsupported_response_type", "a state")


@pytest.mark.parametrize("parameter", ["request", "request_uri", "registration"])
def test_a_request_object_is_refused_with_the_error_of_its_own(browser: Browser, parameter: str) -> None:
    """OIDCC-3.1.2.6: unsigned, signed or by reference."""
    value = "https://shop.example/request" if parameter == "request_uri" else "eyJhbGciOiJub25lIn0.e30."
    answer = answered(browser.authorize(**{parameter: value}))
    assert (answer["error"], answer["state"]) == (f"{parameter}_not_supported", "a state")


@pytest.mark.parametrize("order", ["openid profile email", "email profile openid", "profile  openid email"])
def test_the_order_of_scopes_does_not_matter(lab: Lab, order: str) -> None:
    """RFC6749-3.3."""
    assert set(tokens(lab, scope=order)["scope"].split()) == {"openid", "profile", "email"}


def test_unknown_scopes_are_ignored(lab: Lab) -> None:
    """OIDCC-3.1.2.1."""
    assert tokens(lab, scope="openid shoe_size")["scope"] == "openid"


@pytest.mark.parametrize("scope", [None, "shoe_size", "offline_access", 'openid "email"', "openid\\", "openid \u00e9"])
def test_a_request_for_no_known_scope_or_a_malformed_one_is_refused(browser: Browser, scope: str | None) -> None:
    """RFC6749-3.3."""
    assert answered(browser.authorize(scope=scope))["error"] == "invalid_scope"


def test_a_machine_signs_nobody_in(browser: Browser) -> None:
    """RFC6749-4.4: a page says so, because there is no redirect URI to answer at."""
    asked = asking(browser.lab) | {"client_id": MACHINE}
    assert browser.open("/authorize", query_string=asked).status_code == 400
    assert heard(browser.lab) == "application_signs_nobody_in"


def test_a_confidential_application_needs_neither_pkce_nor_a_nonce(browser: Browser) -> None:
    """OIDCC-3.1.2.1: nonce is optional in the code flow; RFC9700-2.1.1: PKCE is required of public ones."""
    assert "code" in answered(browser.sign_in(WEB, nonce=None))


@pytest.mark.parametrize("application", [SPA, NATIVE])
def test_a_public_application_needs_pkce(browser: Browser, application: str) -> None:
    """RFC9700-2.1.1."""
    answer = answered(browser.authorize(application, code_challenge=None, code_challenge_method=None))
    assert (answer["error"], heard(browser.lab)) == ("invalid_request", "challenge_missing")


@pytest.mark.parametrize("application", [WEB, SPA])
@pytest.mark.parametrize("method", ["plain", None, "s256", "S512"])
def test_no_challenge_method_but_s256_is_accepted(browser: Browser, application: str, method: str | None) -> None:
    """RFC9700-2.1.1, RFC7636-4.4.1: left out, the method is plain."""
    answer = answered(browser.authorize(application, code_challenge=CHALLENGE, code_challenge_method=method))
    assert (answer["error"], heard(browser.lab)) == ("invalid_request", "challenge_method_refused")


@pytest.mark.parametrize("challenge", ["a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "\n", "a" * 42 + "\u00e9"])
def test_a_challenge_is_a_sha_256_in_base64url(browser: Browser, challenge: str) -> None:
    """RFC7636-4.2."""
    answer = answered(browser.authorize(code_challenge=challenge, code_challenge_method="S256"))
    assert (answer["error"], heard(browser.lab)) == ("invalid_request", "challenge_malformed")


@pytest.mark.parametrize("claims", ["{", "[]", "1", '{"userinfo": []}', '{"id_token": {"a": 1}}', "[" * 100_000])
def test_a_malformed_claims_parameter_is_refused(browser: Browser, claims: str) -> None:
    """OIDCC-5.5."""
    answer = answered(browser.authorize(claims=claims))
    assert (answer["error"], heard(browser.lab)) == ("invalid_request", "claims_malformed")


def test_an_essential_acr_is_refused_and_a_voluntary_one_is_not(browser: Browser) -> None:
    """OIDCC-5.5.1.1."""
    answer = answered(browser.authorize(claims='{"id_token": {"acr": {"essential": true, "values": ["1"]}}}'))
    assert answer["error"] == "unmet_authentication_requirements"
    assert "code" in answered(browser.sign_in(claims='{"id_token": {"acr": {"values": ["1"]}}}'))

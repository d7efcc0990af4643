"""What the relying party believes of the other answers, and who refused when it does not."""

import base64
import hashlib
import json
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_lab.lab import data
from oidc_lab.lab.entropy import SeededEntropy
from oidc_lab.relying_party.authorization import Asking, authorization_request, read_authorization_response
from oidc_lab.relying_party.discovery import Provider, jwks_request, read_discovery_response, read_jwks_response
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Ledger, Verdict
from oidc_lab.relying_party.logout import logout_request, read_logout_response
from oidc_lab.relying_party.message import Request, Response, get, post
from oidc_lab.relying_party.refresh import check_same_sign_in, read_refresh_response, refresh_request
from oidc_lab.relying_party.registration import Registration
from oidc_lab.relying_party.token import Tokens, authenticated_post, read_token_response
from oidc_lab.relying_party.userinfo import read_userinfo_response

ISSUER = "https://provider.test"
PROVIDER = Provider(
    issuer=ISSUER,
    authorization_endpoint=f"{ISSUER}/authorize",
    token_endpoint=f"{ISSUER}/token",
    userinfo_endpoint=f"{ISSUER}/userinfo",
    jwks_uri=f"{ISSUER}/jwks",
    end_session_endpoint=f"{ISSUER}/end-session",
    sends_iss=True,
)
CONFIGURATION = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "userinfo_endpoint": f"{ISSUER}/userinfo",
    "jwks_uri": f"{ISSUER}/jwks",
    "code_challenge_methods_supported": ["S256"],
}
NO_STORE = (("Cache-Control", "no-store"),)
TOKENS = {"access_token": "at", "token_type": "Bearer", "expires_in": 3600, "id_token": "it", "refresh_token": "rt"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def answered(said, status=200, headers=NO_STORE):
    return Response(status, headers, said if isinstance(said, str) else json.dumps(said))


def refusal(read, *arguments, **named):
    with pytest.raises(FlowRefused) as caught:
        read(*arguments, **named)
    return caught.value.who, caught.value.error


# -- discovery


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"issuer": "https://provider.test/"}, "issuer_mismatch"),
        ({"issuer": "https://evil.test"}, "issuer_mismatch"),
        ({"issuer": None}, "issuer_mismatch"),
        ({"code_challenge_methods_supported": ["plain"]}, "pkce_unsupported"),
        ({"code_challenge_methods_supported": None}, "pkce_unsupported"),
        ({"code_challenge_methods_supported": "S256"}, "pkce_unsupported"),
        ({"code_challenge_methods_supported": 256}, "pkce_unsupported"),
        ({"token_endpoint": None}, "configuration_incomplete"),
        ({"token_endpoint": 7}, "configuration_incomplete"),
        ({"jwks_uri": "jwks"}, "configuration_incomplete"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "configuration_incomplete"),
        ({"end_session_endpoint": []}, "configuration_incomplete"),
    ],
)
def test_a_configuration_that_is_not_the_issuers_own_is_refused(ledger, changes, error):
    """OIDCD-4.3, OIDCD-3, RFC9700-2.1.1"""
    read = refusal(read_discovery_response, answered({**CONFIGURATION, **changes}), issuer=ISSUER, ledger=ledger)
    assert read == (Party.RELYING_PARTY, error)


@pytest.mark.parametrize("said", ["", "<html>", "[]", "null", "[" * 90_000])
def test_a_configuration_that_is_no_json_object_is_unreadable(ledger, said):
    """OIDCD-4.2"""
    read = refusal(read_discovery_response, answered(said), issuer=ISSUER, ledger=ledger)
    assert read == (Party.RELYING_PARTY, "answer_unreadable")
    read = refusal(read_discovery_response, answered(CONFIGURATION, 404), issuer=ISSUER, ledger=ledger)
    assert read == (Party.RELYING_PARTY, "answer_unreadable")


@given(changes=st.dictionaries(st.sampled_from([*CONFIGURATION, "end_session_endpoint"]), json_values))
def test_any_configuration_is_believed_or_refused(changes):
    """OIDCD-4.3"""
    try:
        found = read_discovery_response(answered({**CONFIGURATION, **changes}), issuer=ISSUER, ledger=Ledger())
    except FlowRefused:
        return
    assert found.issuer == ISSUER
    assert jwks_request(found).url == found.jwks_uri


@pytest.mark.parametrize(
    "said",
    [
        {}, {"keys": None}, {"keys": []}, {"keys": [7]}, {"keys": {"kty": "RSA"}}, {"keys": [{"kty": "RSA"}]},
        {"keys": [{"kty": "RSA", "n": 1, "e": 2}]}, {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "!"}]}, [],
        "<html>",
    ],
)  # fmt: skip
def test_keys_that_cannot_be_read_are_refused(said):
    """OIDCC-10.1.1"""
    who, error = refusal(read_jwks_response, answered(said))
    assert who is Party.RELYING_PARTY
    assert error in {"keys_unreadable", "answer_unreadable"}


def test_a_key_of_a_kind_that_is_not_known_here_is_passed_over():
    """RFC7517-5"""
    known = data.read_test_keys(data.folder()).as_dict(private=False)
    said = {"keys": [{"kty": "post-quantum", "kid": "new"}, *known["keys"]]}
    assert {key.kid for key in read_jwks_response(answered(said)).keys} == {key["kid"] for key in known["keys"]}


# -- authorization


@pytest.fixture
def outgoing(registration):
    return authorization_request(PROVIDER, registration, Asking(), SeededEntropy(1))


def delivered(mode="query", **answer):
    encoded = urlencode(answer)
    if mode == "form_post":
        return post("https://shop.example/callback", answer)
    return get(f"https://shop.example/callback{'?' if mode == 'query' else '#'}{encoded}")


def test_a_request_carries_fresh_state_nonce_and_the_digest_of_its_verifier(registration):
    """OIDCC-3.1.2.1, RFC7636-4.2, RFC7636-4.3"""
    entropy = SeededEntropy(1)
    one, two = (authorization_request(PROVIDER, registration, Asking(), entropy) for _ in range(2))
    assert len({one.state, two.state, one.nonce, two.nonce, one.code_verifier, two.code_verifier}) == 6
    sent = one.request.parameters
    assert (sent["state"], sent["nonce"], sent["code_challenge_method"]) == (one.state, one.nonce, "S256")
    digest = base64.urlsafe_b64encode(hashlib.sha256(one.code_verifier.encode()).digest())
    assert sent["code_challenge"] == digest.decode().rstrip("=")
    assert one.code_verifier not in one.request.url


def test_only_what_was_asked_for_is_sent(registration):
    """OIDCC-3.1.2.1"""
    asking = Asking(
        scopes=("openid",), prompt="none", max_age=0, claims={"userinfo": {"email": None}}, more={"ui_locales": "de"}
    )
    sent = authorization_request(PROVIDER, registration, asking, SeededEntropy(1)).request.parameters
    assert (sent["scope"], sent["prompt"], sent["max_age"], sent["ui_locales"]) == ("openid", "none", "0", "de")
    assert json.loads(sent["claims"]) == {"userinfo": {"email": None}}
    assert not {"response_mode", "login_hint"} & set(sent)


@pytest.mark.parametrize(
    ("answer", "who", "error"),
    [
        ({"code": "c", "iss": ISSUER}, Party.RELYING_PARTY, "state_mismatch"),
        ({"code": "c", "iss": ISSUER, "state": "x"}, Party.RELYING_PARTY, "state_mismatch"),
        ({"error": "access_denied", "iss": ISSUER, "state": "x"}, Party.RELYING_PARTY, "state_mismatch"),
        ({"code": "c", "state": ...}, Party.RELYING_PARTY, "iss_mismatch"),
        ({"code": "c", "state": ..., "iss": "https://evil.test"}, Party.RELYING_PARTY, "iss_mismatch"),
        ({"error": "access_denied", "state": ...}, Party.RELYING_PARTY, "iss_mismatch"),
        ({"state": ..., "iss": ISSUER}, Party.RELYING_PARTY, "code_missing"),
        ({"state": ..., "iss": ISSUER, "code": ""}, Party.RELYING_PARTY, "code_missing"),
        ({"state": ..., "iss": ISSUER, "error": "access_denied"}, Party.PROVIDER, "access_denied"),
        ({"state": ..., "iss": ISSUER, "error": "login_required", "code": "c"}, Party.PROVIDER, "login_required"),
    ],
)  # fmt: skip
def test_an_answer_of_another_sign_in_or_another_provider_is_refused(ledger, outgoing, answer, who, error):
    """RFC6749-10.12, RFC9207-2.4, OIDCC-3.1.2.6, OIDCC-3.1.2.7"""
    came = delivered(**{name: outgoing.state if value is ... else value for name, value in answer.items()})
    got = refusal(read_authorization_response, came, outgoing=outgoing, provider=PROVIDER, ledger=ledger)
    assert got == (who, error)


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
def test_the_answer_is_read_where_it_was_asked_to_come_and_nowhere_else(registration, ledger, mode):
    """OAMR-2.1, OAFP-2: an answer smuggled into another place is no answer."""
    sent = authorization_request(PROVIDER, registration, Asking(response_mode=mode), SeededEntropy(1))
    answer = {"code": "c", "state": sent.state, "iss": ISSUER}
    read = {"outgoing": sent, "provider": PROVIDER, "ledger": ledger}
    assert read_authorization_response(delivered(mode, **answer), **read) == "c"
    for other in {"query", "fragment", "form_post"} - {mode}:
        got = refusal(read_authorization_response, delivered(other, **answer), **read)
        assert got == (Party.RELYING_PARTY, "state_mismatch")


def test_a_provider_that_never_sends_iss_is_not_asked_for_it(ledger, outgoing):
    """RFC9207-2.4"""
    silent = Provider(**{**vars(PROVIDER), "sends_iss": False})
    came = delivered(code="c", state=outgoing.state)
    assert read_authorization_response(came, outgoing=outgoing, provider=silent, ledger=ledger) == "c"
    assert [check.verdict for check in ledger.checks][1] is Verdict.NOT_NEEDED
    wrong = delivered(code="c", state=outgoing.state, iss="https://evil.test")
    got = refusal(read_authorization_response, wrong, outgoing=outgoing, provider=silent, ledger=ledger)
    assert got == (Party.RELYING_PARTY, "iss_mismatch")


# -- tokens


@pytest.mark.parametrize(
    ("response", "who", "error"),
    [
        (answered({"error": "invalid_grant"}, 400), Party.PROVIDER, "invalid_grant"),
        (answered({"error": ["x"]}, 400), Party.PROVIDER, "['x']"),
        (answered("<html>", 502), Party.PROVIDER, "status 502"),
        (answered("<html>"), Party.RELYING_PARTY, "answer_unreadable"),
        (answered([TOKENS]), Party.RELYING_PARTY, "answer_unreadable"),
        (answered({**TOKENS, "token_type": "DPoP"}), Party.RELYING_PARTY, "token_type_unknown"),
        (answered({**TOKENS, "token_type": None}), Party.RELYING_PARTY, "token_type_unknown"),
        (answered(TOKENS, headers=()), Party.RELYING_PARTY, "tokens_cacheable"),
        (answered(TOKENS, headers=(("cache-control", "max-age=60"),)), Party.RELYING_PARTY, "tokens_cacheable"),
        (answered({**TOKENS, "access_token": None}), Party.RELYING_PARTY, "access_token_missing"),
        (answered({**TOKENS, "access_token": ""}), Party.RELYING_PARTY, "access_token_missing"),
        (answered({**TOKENS, "access_token": 7}), Party.RELYING_PARTY, "answer_unreadable"),
        (answered({**TOKENS, "access_token": "\ud800"}), Party.RELYING_PARTY, "answer_unreadable"),
        (answered({**TOKENS, "access_token": "a\r\nb"}), Party.RELYING_PARTY, "answer_unreadable"),
        (answered({**TOKENS, "id_token": {}}), Party.RELYING_PARTY, "answer_unreadable"),
        (answered({**TOKENS, "scope": ["openid"]}), Party.RELYING_PARTY, "answer_unreadable"),
    ],
)
def test_a_token_response_that_is_none_is_refused(ledger, response, who, error):
    """RFC6749-5.1, RFC6749-5.2, OIDCC-3.1.3.3"""
    assert refusal(read_token_response, response, ledger) == (who, error)


def test_a_token_response_is_read_once_at_the_edge(ledger):
    """RFC6749-5.1: the type is compared without regard to case."""
    said = {**TOKENS, "token_type": "bearer", "scope": "openid email", "expires_in": "soon"}
    tokens = read_token_response(answered(said, headers=(("Cache-Control", "No-Store, private"),)), ledger)
    assert tokens.scopes == {"openid", "email"}
    assert tokens.expires_in is None
    assert "at" not in repr(tokens).split("access_token")[-1]


@given(changes=st.dictionaries(st.sampled_from([*TOKENS, "scope", "error"]), json_values))
def test_any_token_response_is_believed_or_refused(changes):
    """RFC6749-5.1"""
    try:
        tokens = read_token_response(answered({**TOKENS, **changes}), Ledger())
    except FlowRefused:
        return
    assert tokens.access_token.isascii()


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
def test_the_application_says_who_it_is_by_one_method(method):
    """OIDCC-9, RFC6749-2.3.1: name and secret are form-encoded before they are joined."""
    registration = Registration(
        issuer=ISSUER,
        client_id="a b",
        client_secret="c:d+é",
        redirect_uri="https://x/",
        token_endpoint_auth_method=method,
    )
    request = authenticated_post(f"{ISSUER}/token", {"code": "c"}, registration)
    header = dict(request.headers).get("Authorization")
    assert ("client_secret" in request.parameters) is (method == "client_secret_post")
    assert (header is not None) is (method == "client_secret_basic")
    assert ("client_id" in request.parameters) is (method != "client_secret_basic")
    if header:
        assert base64.b64decode(header.split()[1]) == b"a+b:c%3Ad%2B%C3%A9"


# -- refresh


FIRST = {
    "iss": ISSUER,
    "sub": "anna",
    "aud": "web-shop",
    "iat": 1000,
    "auth_time": 1000,
    "nonce": "n",
    "azp": "web-shop",
}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"iss": "https://evil.test"}, "refreshed_iss"),
        ({"sub": "ben"}, "refreshed_sub"),
        ({"aud": "photo-album"}, "refreshed_aud"),
        ({"azp": "photo-album"}, "refreshed_azp"),
        ({"azp": None}, "refreshed_azp"),
        ({"iat": 999}, "refreshed_iat"),
        ({"iat": None}, "refreshed_iat"),
        ({"auth_time": 1001}, "refreshed_auth_time"),
        ({"nonce": "another"}, "refreshed_nonce"),
    ],
)
def test_a_refreshed_id_token_of_another_sign_in_is_refused(ledger, changes, error):
    """OIDCC-12.2"""
    claims = {name: value for name, value in {**FIRST, **changes}.items() if value is not None}
    assert refusal(check_same_sign_in, claims, first=FIRST, ledger=ledger) == (Party.RELYING_PARTY, error)
    assert ledger.checks[-1].clause == "OIDCC-12.2"


@pytest.mark.parametrize("changes", [{}, {"aud": ["web-shop"]}, {"iat": 1001}, {"nonce": None}, {"auth_time": None}])
def test_a_refreshed_id_token_of_the_same_sign_in_is_believed(ledger, changes):
    """OIDCC-12.2: nonce and auth_time may be left out."""
    claims = {name: value for name, value in {**FIRST, **changes}.items() if value is not None}
    check_same_sign_in(claims, first=FIRST, ledger=ledger)
    assert [check.what for check in ledger.checks] == [
        "same iss", "same sub", "same azp", "iat moves on", "same aud", "same auth_time", "same nonce",
    ]  # fmt: skip


def test_a_new_azp_where_there_was_none_is_refused(ledger):
    """OIDCC-12.2"""
    first = {name: value for name, value in FIRST.items() if name != "azp"}
    got = refusal(check_same_sign_in, FIRST, first=first, ledger=ledger)
    assert got == (Party.RELYING_PARTY, "refreshed_azp")


def test_what_a_refresh_leaves_out_stays_as_it_was(ledger):
    """RFC6749-6"""
    before = Tokens(access_token="old", token_type="Bearer", scopes=frozenset({"openid"}), refresh_token="kept")
    tokens = read_refresh_response(
        answered({"access_token": "new", "token_type": "Bearer"}), before=before, ledger=ledger
    )
    assert (tokens.access_token, tokens.refresh_token, tokens.scopes) == ("new", "kept", {"openid"})


def test_without_a_refresh_token_nothing_is_sent(registration):
    """OIDCC-11"""
    tokens = Tokens(access_token="a", token_type="Bearer")
    with pytest.raises(FlowRefused, match="offline_access"):
        refresh_request(PROVIDER, registration, tokens)


# -- userinfo and logout


@pytest.mark.parametrize(
    ("response", "who", "error"),
    [
        (answered({"sub": "ben"}), Party.RELYING_PARTY, "userinfo_sub"),
        (answered({}), Party.RELYING_PARTY, "userinfo_sub"),
        (answered({"sub": ["anna"]}), Party.RELYING_PARTY, "userinfo_sub"),
        (answered("e30.e30.x"), Party.RELYING_PARTY, "userinfo_unreadable"),
        (answered(["anna"]), Party.RELYING_PARTY, "userinfo_unreadable"),
        (answered({"error": "invalid_token"}, 401), Party.PROVIDER, "invalid_token"),
        (answered("", 401), Party.PROVIDER, "status 401"),
    ],
)
def test_userinfo_about_somebody_else_is_refused(ledger, response, who, error):
    """OIDCC-5.3.2, OIDCC-5.3.3"""
    assert refusal(read_userinfo_response, response, sub="anna", ledger=ledger) == (who, error)


def test_a_sign_out_answer_must_carry_our_state(ledger, registration):
    """OIDCRIL-3"""
    request, state = logout_request(PROVIDER, registration, None, SeededEntropy(1))
    assert set(request.parameters) == {"client_id", "state"}
    read_logout_response(get(f"https://shop.example/goodbye?state={state}"), state=state, ledger=ledger)
    for wrong in ("https://shop.example/goodbye", "https://shop.example/goodbye?state=x"):
        got = refusal(read_logout_response, get(wrong), state=state, ledger=ledger)
        assert got == (Party.RELYING_PARTY, "state_mismatch")


def test_a_provider_without_sign_out_is_not_asked_for_it(registration):
    """OIDCRIL-2.1"""
    without = Provider(**{**vars(PROVIDER), "end_session_endpoint": None})
    got = refusal(logout_request, without, registration, None, SeededEntropy(1))
    assert got == (Party.RELYING_PARTY, "logout_not_offered")


# -- messages


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.dictionaries(texts.filter(bool), texts, min_size=1), st.booleans())
def test_what_is_put_into_a_request_can_be_read_from_it(parameters, in_body):
    """RFC6749-B: parameters survive their encoding."""
    request = post("https://x/", parameters) if in_body else get("https://x/?a=b", parameters)
    expected = parameters if in_body else {"a": "b", **parameters}
    assert request.parameters == expected
    assert request.changed({"new": "1"}).parameters == {**expected, "new": "1"}
    assert request.changed(dict.fromkeys(expected)).parameters == {}


def test_a_change_stays_where_the_parameters_were():
    """OAMR-2.1"""
    assert get("https://x/cb#code=c&state=s").changed({"state": None}).url == "https://x/cb#code=c"
    assert get("https://x/cb?code=c").changed({"code": "d"}).url == "https://x/cb?code=d"
    assert post("https://x/t", {"code": "c"}).changed({"code": None}).body == ""
    assert dict(parse_qsl(urlsplit(Request("GET", "https://x/").changed({"a": "ü"}).url).query)) == {"a": "ü"}

"""What the application asks for by itself: its own tokens, what a token is worth, that a token ends."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oidc_lab.lab.entropy import SeededEntropy
from oidc_lab.relying_party.authorization import Asking, authorization_request
from oidc_lab.relying_party.back_channel import (
    client_credentials_flow,
    introspection_flow,
    revocation_flow,
    userinfo_flow,
)
from oidc_lab.relying_party.client_credentials import client_credentials_request, read_client_credentials_response
from oidc_lab.relying_party.desk import Desk
from oidc_lab.relying_party.discovery import Provider, read_discovery_response
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.flow import SignedIn
from oidc_lab.relying_party.introspection import Introspected, introspection_request, read_introspection_response
from oidc_lab.relying_party.ledger import Ledger, Verdict
from oidc_lab.relying_party.message import Response
from oidc_lab.relying_party.refresh import read_refresh_response
from oidc_lab.relying_party.registration import Registration
from oidc_lab.relying_party.revocation import read_revocation_response, revocation_request
from oidc_lab.relying_party.token import Tokens, token_request
from oidc_lab.relying_party.trace import Exchange

ISSUER = "https://provider.test"
PROVIDER = Provider(
    issuer=ISSUER,
    authorization_endpoint=f"{ISSUER}/authorize",
    token_endpoint=f"{ISSUER}/token",
    userinfo_endpoint=f"{ISSUER}/userinfo",
    jwks_uri=f"{ISSUER}/jwks",
    introspection_endpoint=f"{ISSUER}/introspect",
    revocation_endpoint=f"{ISSUER}/revoke",
)
CONFIGURATION = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "userinfo_endpoint": f"{ISSUER}/userinfo",
    "jwks_uri": f"{ISSUER}/jwks",
    "introspection_endpoint": f"{ISSUER}/introspect",
    "revocation_endpoint": f"{ISSUER}/revoke",
    "code_challenge_methods_supported": ["S256"],
}
TOKENS = {"access_token": "at", "token_type": "Bearer", "expires_in": 3600}
MACHINE = Registration(issuer=ISSUER, client_id="nightly-report", client_secret="a-test-secret")
SIGNED_IN = SignedIn(Tokens(access_token="at", token_type="Bearer"), {"sub": "anna"}, {"sub": "anna"}, {"sub": "anna"})


def answered(said, status=200):
    return Response(status, (("Cache-Control", "no-store"),), said if isinstance(said, str) else json.dumps(said))


def refusal(read, *arguments, **named):
    with pytest.raises(FlowRefused) as caught:
        read(*arguments, **named)
    return caught.value.who, caught.value.error


def driven(flow, *answers):
    """Hand a flow one answer after the other; gives the requests it sent and what it gave."""
    sent, step = [], next(flow)
    for each in answers:
        sent.append(step.request)
        try:
            step = flow.send(Exchange(step, each, None))
        except StopIteration as end:
            return sent, end.value
    raise AssertionError(f"{step.title} was not answered")


@pytest.fixture
def desk(ledger):
    return Desk(registration=MACHINE, ledger=ledger)


# -- discovery


@pytest.mark.parametrize("name", ["introspection_endpoint", "revocation_endpoint"])
def test_an_endpoint_that_is_not_offered_is_none_and_one_that_is_no_address_is_refused(ledger, name):
    """RFC8414-2"""
    without = {key: value for key, value in CONFIGURATION.items() if key != name}
    read = {"issuer": ISSUER, "ledger": ledger}
    assert getattr(read_discovery_response(answered(CONFIGURATION), **read), name) == CONFIGURATION[name]
    assert getattr(read_discovery_response(answered(without), **read), name) is None
    got = refusal(read_discovery_response, answered({**CONFIGURATION, name: "introspect"}), **read)
    assert got == (Party.RELYING_PARTY, "configuration_incomplete")


@pytest.mark.parametrize(
    ("build", "missing", "error"),
    [
        (introspection_request, "introspection_endpoint", "introspection_not_offered"),
        (revocation_request, "revocation_endpoint", "revocation_not_offered"),
    ],
)
def test_a_provider_without_the_endpoint_is_not_asked(build, missing, error):
    """RFC8414-2"""
    with pytest.raises(FlowRefused, match=missing) as caught:
        build(replace(PROVIDER, **{missing: None}), MACHINE, "at")
    assert (caught.value.who, caught.value.error) == (Party.RELYING_PARTY, error)


# -- client credentials


@pytest.mark.parametrize("scopes", [(), ("reports:read", "reports:write")])
def test_a_token_of_ones_own_is_asked_for_with_the_applications_credentials(scopes):
    """RFC6749-4.4.2"""
    request = client_credentials_request(PROVIDER, MACHINE, scopes)
    assert (request.method, request.url) == ("POST", PROVIDER.token_endpoint)
    expected = {"grant_type": "client_credentials", **({"scope": " ".join(scopes)} if scopes else {})}
    assert request.parameters == expected
    assert "Authorization" in dict(request.headers)


@pytest.mark.parametrize(("more", "seen"), [({}, "none"), ({"refresh_token": "rt"}, "one, though")])
def test_a_refresh_token_for_an_application_itself_is_noted_and_not_refused(ledger, more, seen):
    """RFC6749-4.4.3: it should not be there."""
    tokens = read_client_credentials_response(answered({**TOKENS, **more}), scopes=(), ledger=ledger)
    noted = ledger.checks[-1]
    assert (noted.what, noted.clause, noted.verdict) == ("refresh token", "RFC6749-4.4.3", Verdict.NOTED)
    assert noted.seen.startswith(seen)
    assert tokens.refresh_token == more.get("refresh_token")


@pytest.mark.parametrize(("given", "seen"), [(None, "a b"), ("b", "b")])
def test_the_scopes_that_were_given_are_noted_beside_those_that_were_asked_for(ledger, given, seen):
    """RFC6749-3.3: left out, they are those that were asked for."""
    said = TOKENS if given is None else {**TOKENS, "scope": given}
    read_client_credentials_response(answered(said), scopes=("b", "a"), ledger=ledger)
    assert (ledger.checks[-1].seen, ledger.checks[-1].expected) == (seen, "a b")


def test_an_application_without_a_redirect_uri_gets_its_own_tokens(desk):
    """RFC6749-4.4"""
    sent, tokens = driven(client_credentials_flow(desk, ("a",)), answered(CONFIGURATION), answered(TOKENS))
    assert [each.url for each in sent][1] == PROVIDER.token_endpoint
    assert tokens.access_token == "at"


def test_nobody_is_sent_to_sign_in_to_an_application_without_a_redirect_uri():
    """OIDCC-3.1.2.1"""
    got = refusal(authorization_request, PROVIDER, MACHINE, Asking(), SeededEntropy(1))
    assert got == (Party.RELYING_PARTY, "redirect_uri_missing")


def test_a_code_is_redeemed_with_the_redirect_uri_it_was_asked_for_with(registration):
    """RFC6749-4.1.3"""
    outgoing = authorization_request(PROVIDER, registration, Asking(), SeededEntropy(1))
    redeem = token_request(PROVIDER, registration, "c", outgoing)
    asked = outgoing.request.parameters["redirect_uri"]
    assert redeem.parameters["redirect_uri"] == asked == registration.redirect_uri


# -- introspection


@pytest.mark.parametrize(("build", "url"), [(introspection_request, "introspect"), (revocation_request, "revoke")])
@pytest.mark.parametrize("hint", [None, "refresh_token"])
def test_token_and_hint_travel_in_the_body_with_the_applications_credentials(build, url, hint):
    """RFC7662-2.1, RFC7009-2.1: a token has no place in an address, where logs keep it."""
    request = build(PROVIDER, MACHINE, "the-token", hint)
    assert (request.method, request.url) == ("POST", f"{ISSUER}/{url}")
    assert request.parameters == {"token": "the-token", **({"token_type_hint": hint} if hint else {})}
    assert "Authorization" in dict(request.headers)


def test_what_is_said_of_a_token_is_read_once_at_the_edge(ledger):
    """RFC7662-2.2"""
    said = {
        "active": True, "scope": "openid email", "client_id": "web-shop", "username": "anna", "token_type": "Bearer",
        "exp": 1_767_607_200, "iat": 1_767_603_600, "nbf": 1_767_603_600, "sub": "anna", "aud": "web-shop",
        "iss": ISSUER, "jti": "j", "unknown": {},
    }  # fmt: skip
    assert read_introspection_response(answered(said), ledger) == Introspected(
        active=True,
        scopes=frozenset({"openid", "email"}),
        client_id="web-shop",
        username="anna",
        token_type="Bearer",
        expires_at=datetime(2026, 1, 5, 10, tzinfo=UTC),
        issued_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
        valid_from=datetime(2026, 1, 5, 9, tzinfo=UTC),
        sub="anna",
        aud=("web-shop",),
        iss=ISSUER,
        jti="j",
    )
    assert ledger.checks[-1].verdict is Verdict.PASSED


def test_of_a_dead_token_nothing_is_believed_but_that_it_is_dead(ledger):
    """RFC7662-2.2"""
    said = {"active": False, "sub": "anna", "scope": "openid"}
    assert read_introspection_response(answered(said), ledger) == Introspected(active=False)


@pytest.mark.parametrize(
    ("response", "who", "error"),
    [
        (answered({}), Party.RELYING_PARTY, "introspection_active"),
        (answered({"active": "false"}), Party.RELYING_PARTY, "introspection_active"),
        (answered({"active": 1}), Party.RELYING_PARTY, "introspection_active"),
        (answered({"active": None}), Party.RELYING_PARTY, "introspection_active"),
        (answered([True]), Party.RELYING_PARTY, "answer_unreadable"),
        (answered("<html>"), Party.RELYING_PARTY, "answer_unreadable"),
        (answered({"active": True, "scope": ["openid"]}), Party.RELYING_PARTY, "answer_unreadable"),
        (answered({"active": True, "sub": 7}), Party.RELYING_PARTY, "answer_unreadable"),
        (answered({"error": "invalid_client"}, 401), Party.PROVIDER, "invalid_client"),
        (answered("", 404), Party.PROVIDER, "status 404"),
    ],
)
def test_an_answer_that_does_not_say_whether_a_token_is_active_is_refused(ledger, response, who, error):
    """RFC7662-2.2, RFC7662-2.3: "false" in quotes is no false."""
    assert refusal(read_introspection_response, response, ledger) == (who, error)


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.lists(st.integers())


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["active", "scope", "exp", "iat", "nbf", "aud", "sub", "jti"]), values))
def test_any_introspection_response_is_believed_or_refused(said):
    """RFC7662-2.2"""
    try:
        found = read_introspection_response(answered(said), Ledger())
    except FlowRefused:
        return
    assert found.active is said["active"]


def test_a_token_is_looked_into(desk):
    """RFC7662-2"""
    sent, found = driven(
        introspection_flow(desk, "t", "access_token"), answered(CONFIGURATION), answered({"active": False})
    )
    assert sent[1].parameters == {"token": "t", "token_type_hint": "access_token"}
    assert found == Introspected(active=False)


# -- revocation


@pytest.mark.parametrize("said", ["", "{}", '{"error": "invalid_token"}', "<html>"])
def test_a_revocation_is_done_by_200_whatever_the_answer_says(ledger, said):
    """RFC7009-2.2: the content of the answer is ignored."""
    read_revocation_response(answered(said), ledger)
    assert (ledger.checks[-1].seen, ledger.checks[-1].verdict) == ("200", Verdict.PASSED)


@pytest.mark.parametrize(
    ("response", "who", "error"),
    [
        (answered({"error": "unsupported_token_type"}, 400), Party.PROVIDER, "unsupported_token_type"),
        (answered({"error": "invalid_client"}, 401), Party.PROVIDER, "invalid_client"),
        (answered("", 503), Party.PROVIDER, "status 503"),
        (answered("", 204), Party.RELYING_PARTY, "revocation_status"),
        (answered("", 302), Party.RELYING_PARTY, "revocation_status"),
    ],
)
def test_a_revocation_that_was_not_confirmed_is_refused(ledger, response, who, error):
    """RFC7009-2.2, RFC7009-2.2.1"""
    assert refusal(read_revocation_response, response, ledger) == (who, error)


def test_a_token_is_given_back_and_nothing_is_learnt(desk):
    """RFC7009-2"""
    sent, result = driven(revocation_flow(desk, "t"), answered(CONFIGURATION), answered(""))
    assert (sent[1].url, sent[1].parameters) == (PROVIDER.revocation_endpoint, {"token": "t"})
    assert result is None


# -- userinfo and refresh


def test_userinfo_is_asked_again_with_the_access_token_that_is_there(desk):
    """OIDCC-5.3.1"""
    said = {"sub": "anna", "email": "anna@new.example"}
    sent, result = driven(userinfo_flow(desk, SIGNED_IN), answered(CONFIGURATION), answered(said))
    assert dict(sent[1].headers)["Authorization"] == "Bearer at"
    assert (result.userinfo, result.tokens) == (said, SIGNED_IN.tokens)


def test_userinfo_about_somebody_else_is_refused_later_too(desk):
    """OIDCC-5.3.2"""
    got = refusal(driven, userinfo_flow(desk, SIGNED_IN), answered(CONFIGURATION), answered({"sub": "ben"}))
    assert got == (Party.RELYING_PARTY, "userinfo_sub")


@pytest.mark.parametrize(
    ("new", "seen", "kept"),
    [(None, "none: the old one", "old"), ("old", "the same one again", "old"), ("new", "another one", "new")],
)
def test_the_ledger_notes_whether_the_refresh_token_was_replaced(ledger, new, seen, kept):
    """RFC6749-6: a new one takes the old one's place."""
    before = Tokens(access_token="a", token_type="Bearer", refresh_token="old")
    said = TOKENS if new is None else {**TOKENS, "refresh_token": new}
    tokens = read_refresh_response(answered(said), before=before, ledger=ledger)
    noted = ledger.checks[-1]
    assert (noted.what, noted.clause, noted.verdict) == ("refresh token", "RFC6749-6", Verdict.NOTED)
    assert noted.seen.startswith(seen)
    assert tokens.refresh_token == kept

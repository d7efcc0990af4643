"""What an access token may read of its user."""

import json

import pytest
from authlib.oidc.core import UserInfo

from oidc_lab import Lab
from tests.provider.bench import (
    WEB,
    Browser,
    answered,
    heard,
    offline_tokens,
    redeeming,
    refreshing,
    send,
    tokens,
    userinfo,
)

# OIDCC-5.4, written out: what a scope stands for does not follow from the provider's own tables.
CLAIMS = {
    "profile": "name family_name given_name middle_name nickname preferred_username profile picture website gender "
    "birthdate zoneinfo locale updated_at",
    "email": "email email_verified",
    "address": "address",
    "phone": "phone_number phone_number_verified",
}
USERS = ("anna", "ben", "chiara", "dai", "emily", "farah")


@pytest.mark.parametrize("scope", CLAIMS)
def test_a_scope_reads_all_its_claims_and_no_others_of_every_user(lab: Lab, scope: str) -> None:
    """OIDCC-5.4: the demo users have them all."""
    for user in USERS:
        read = userinfo(lab, tokens(lab, user=user, scope=f"openid {scope}")["access_token"]).json
        assert read.keys() == {"sub", *CLAIMS[scope].split()}
        assert read == {"sub": user} | {name: lab.users[user].claims[name] for name in read.keys() - {"sub"}}


def test_all_scopes_together_read_every_standard_claim(lab: Lab) -> None:
    """OIDCC-5.1."""
    read = userinfo(lab, tokens(lab, scope="openid profile email address phone")["access_token"]).json
    assert read.keys() == set(UserInfo.REGISTERED_CLAIMS)
    assert all(value not in ("", None, [], {}) for value in read.values())
    assert isinstance(read["email_verified"], bool)
    assert isinstance(read["phone_number_verified"], bool)
    assert isinstance(read["updated_at"], int)
    assert read["address"].keys() == {"formatted", "street_address", "locality", "region", "postal_code", "country"}


def test_openid_alone_reads_the_sub_alone(lab: Lab) -> None:
    """OIDCC-5.3.2."""
    assert userinfo(lab, tokens(lab)["access_token"]).json == {"sub": "anna"}


@pytest.mark.parametrize("essential", [True, False])
def test_a_claim_asked_for_singly_is_served(lab: Lab, essential: bool) -> None:
    """OIDCC-5.5."""
    claims = {"userinfo": {"name": {"essential": essential}, "nickname": None, "shoe_size": {"essential": True}}}
    read = userinfo(lab, tokens(lab, claims=json.dumps(claims))["access_token"]).json
    assert read == {"sub": "anna", "name": "Anna Lindqvist", "nickname": "Annie"}


def test_a_claim_asked_for_in_the_id_token_is_not_served_here(lab: Lab) -> None:
    """OIDCC-5.5."""
    claims = '{"id_token": {"email": null}, "userinfo": {"sub": {"value": "anna"}}}'
    assert userinfo(lab, tokens(lab, claims=claims)["access_token"]).json == {"sub": "anna"}


def test_a_claim_asked_for_singly_survives_a_refresh(lab: Lab) -> None:
    """OIDCC-5.5, RFC6749-6."""
    first = offline_tokens(lab, scope="openid offline_access", claims='{"userinfo": {"nickname": null}}')
    second = send(lab, "/token", refreshing(lab, first["refresh_token"])).json
    assert userinfo(lab, second["access_token"]).json == {"sub": "anna", "nickname": "Annie"}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer "])
def test_a_token_comes_in_the_header(lab: Lab, method: str, scheme: str) -> None:
    """RFC6750-2.1, OIDCC-5.3.1."""
    access_token = tokens(lab)["access_token"]
    response = send(lab, "/userinfo", method=method, headers={"Authorization": f"{scheme} {access_token}"})
    assert (response.status_code, response.mimetype, response.json) == (200, "application/json", {"sub": "anna"})
    assert response.headers["Cache-Control"] == "no-store"


def test_a_token_comes_in_a_posted_form(lab: Lab) -> None:
    """RFC6750-2.2."""
    response = send(lab, "/userinfo", {"access_token": tokens(lab)["access_token"]})
    assert (response.status_code, response.json) == (200, {"sub": "anna"})


def test_another_scheme_in_the_header_does_not_hide_the_token_in_the_form(lab: Lab) -> None:
    """RFC6750-2.2."""
    form = {"access_token": tokens(lab)["access_token"]}
    assert send(lab, "/userinfo", form, headers={"Authorization": "Basic YTpi"}).status_code == 200


@pytest.mark.parametrize("how", ["query", "json", "multipart", "body of a GET"])
def test_a_token_anywhere_else_is_not_seen(lab: Lab, how: str) -> None:
    """RFC6750-2.2, RFC6750-2.3: a token in an address ends up in logs."""
    form = {"access_token": tokens(lab)["access_token"]}
    response = {
        "query": lambda: send(lab, "/userinfo", method="GET", query_string=form),
        "json": lambda: send(lab, "/userinfo", json=form),
        "multipart": lambda: send(lab, "/userinfo", form, content_type="multipart/form-data"),
        "body of a GET": lambda: send(lab, "/userinfo", form, method="GET"),
    }[how]()
    assert (response.status_code, heard(lab)) == (401, "bearer_missing")


@pytest.mark.parametrize("header", [None, "", "Basic YTpi", "Bearing x", "DPoP abc"])
def test_who_sends_no_token_is_told_the_scheme_and_nothing_more(lab: Lab, header: str | None) -> None:
    """RFC6750-3.1: who tried another scheme lacks the token all the same, so there is no error code."""
    response = send(lab, "/userinfo", method="GET", headers={} if header is None else {"Authorization": header})
    assert (response.status_code, heard(lab)) == (401, "bearer_missing")
    assert response.headers["WWW-Authenticate"] == f'Bearer realm="{lab.issuer}"'
    assert "error" not in response.text


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer a b", "Bearer a, Bearer b"])
def test_a_malformed_bearer_header_is_refused(lab: Lab, header: str) -> None:
    """RFC6750-3.1: invalid_request, 400."""
    response = send(lab, "/userinfo", method="GET", headers={"Authorization": header})
    assert (response.status_code, heard(lab)) == (400, "bearer_malformed")
    assert 'error="invalid_request"' in response.headers["WWW-Authenticate"]


def test_a_token_comes_once(lab: Lab) -> None:
    """RFC6750-2: in one way."""
    access_token = tokens(lab)["access_token"]
    both = send(lab, "/userinfo", {"access_token": access_token}, headers={"Authorization": f"Bearer {access_token}"})
    twice = send(lab, "/userinfo", {"access_token": [access_token, access_token]})
    for response in (both, twice):
        assert (response.status_code, response.json["error"]) == (400, "invalid_request")
        assert heard(lab) == "bearer_in_two_places"


@pytest.mark.parametrize("elapsed", [3600, 3601, 10**8])
def test_an_access_token_lives_for_an_hour(lab: Lab, elapsed: int) -> None:
    """RFC6750-3.1: at exactly an hour it has ended."""
    access_token = tokens(lab)["access_token"]
    lab.clock.advance(seconds=3599.999)
    assert userinfo(lab, access_token).status_code == 200
    lab.clock.advance(seconds=elapsed - 3599.999)
    response = userinfo(lab, access_token)
    assert (response.status_code, response.json["error"], heard(lab)) == (401, "invalid_token", "bearer_expired")
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


def test_no_other_value_is_an_access_token(lab: Lab) -> None:
    """RFC6750-3.1: neither an ID Token nor a refresh token nor a code."""
    token_response = offline_tokens(lab)
    code = answered(Browser(lab).sign_in())["code"]
    for value in (token_response["id_token"], token_response["refresh_token"], code, "unheard-of", "\u00e9"):
        response = userinfo(lab, value)
        assert (response.status_code, response.json["error"], heard(lab)) == (401, "invalid_token", "bearer_unknown")


def test_a_token_without_openid_is_not_enough(lab: Lab) -> None:
    """OIDCC-5.3, RFC6750-3.1: 403, and the scope that is needed."""
    response = userinfo(lab, tokens(lab, scope="email")["access_token"])
    assert (response.status_code, response.json["error"]) == (403, "insufficient_scope")
    assert 'scope="openid"' in response.headers["WWW-Authenticate"]


def test_signing_out_ends_what_was_not_meant_for_offline_use(browser: Browser) -> None:
    """OIDCC-11."""
    lab = browser.lab
    online = answered(browser.sign_in(WEB))["code"]
    offline = answered(browser.sign_in(WEB, scope="openid offline_access", prompt="consent"))["code"]
    first, second = (send(lab, "/token", redeeming(lab, code)).json["access_token"] for code in (online, offline))
    browser.press(browser.sign_out(), "sign-out")
    assert (userinfo(lab, first).status_code, userinfo(lab, second).status_code) == (401, 200)

"""What an ID Token says."""

import base64
import hashlib
import json

import pytest

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from tests.provider.bench import (
    SPA,
    WEB,
    Browser,
    answered,
    id_token,
    offline_tokens,
    redeeming,
    refreshing,
    send,
    tokens,
)

EDDSA = Application(
    client_id="eddsa",
    type=ApplicationType.TRADITIONAL,
    name="EdDSA",
    redirect_uris=("https://eddsa.example/cb",),
    client_secret="a secret",
    id_token_signed_response_alg="EdDSA",
    backchannel_logout_session_required=True,
)


def test_an_id_token_says_who_signed_in_where_when_and_for_whom(lab: Lab) -> None:
    """OIDCC-2."""
    token_response = tokens(lab, nonce="n-2")
    now = int(lab.clock.now.timestamp())
    assert id_token(lab, token_response).claims == {
        "iss": lab.issuer,
        "sub": "anna",
        "aud": WEB,
        "exp": now + 3600,
        "iat": now,
        "auth_time": now,
        "nonce": "n-2",
        "at_hash": _half(hashlib.sha256, token_response["access_token"]),
    }


@pytest.mark.parametrize(
    ("application", "algorithm", "hashed"), [(WEB, "RS256", hashlib.sha256), (EDDSA.client_id, "EdDSA", hashlib.sha512)]
)
def test_an_id_token_is_signed_as_registered_and_names_its_key(
    lab: Lab, application: str, algorithm: str, hashed: object
) -> None:
    """OIDCC-2, OIDCC-10.1, OIDCC-3.1.3.6."""
    lab.register(EDDSA)
    token_response = tokens(lab, application)
    made = id_token(lab, token_response)
    [key] = [each for each in send(lab, "/jwks", method="GET").json["keys"] if each["kid"] == made.header["kid"]]
    assert (made.header["alg"], key["alg"], key["use"]) == (algorithm, algorithm, "sig")
    assert made.claims["at_hash"] == _half(hashed, token_response["access_token"])


def _half(hashed, value: str) -> str:
    digest = hashed(value.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def test_without_a_nonce_there_is_none(lab: Lab) -> None:
    """OIDCC-2."""
    assert "nonce" not in id_token(lab, tokens(lab, nonce=None)).claims


def test_a_sid_is_there_for_whoever_registered_the_need(browser: Browser) -> None:
    """OIDCBCL-2.2: the same in every ID Token of one session, another one in the next."""
    lab = browser.lab
    lab.register(EDDSA)

    def sid(with_browser: Browser) -> str:
        code = answered(with_browser.sign_in(EDDSA.client_id))["code"]
        return id_token(lab, send(lab, "/token", redeeming(lab, code, EDDSA.client_id)).json).claims["sid"]

    assert sid(browser) == sid(browser) != sid(Browser(lab))
    assert "sid" not in id_token(lab, tokens(lab, WEB)).claims


def test_scopes_bring_nothing_into_the_id_token(lab: Lab) -> None:
    """OIDCC-5.4: their claims are served at userinfo."""
    assert "email" not in id_token(lab, tokens(lab, scope="openid email profile")).claims


def test_single_claims_come_in_the_id_token_where_they_were_asked_for(lab: Lab) -> None:
    """OIDCC-5.5: and none of them replaces a claim of the protocol."""
    names = ("email", "name", "sub", "iss", "aud", "exp", "auth_time", "shoe_size")
    asked = {name: {"essential": True} for name in names}
    claims = id_token(
        lab, tokens(lab, claims=json.dumps({"id_token": asked, "userinfo": {"phone_number": None}}))
    ).claims
    assert (claims["email"], claims["name"]) == ("anna@mail.example", "Anna Lindqvist")
    assert (claims["iss"], claims["aud"], claims["sub"]) == (lab.issuer, WEB, "anna")
    assert not {"shoe_size", "phone_number"} & claims.keys()


@pytest.mark.parametrize("user", ["anna", "ben", "chiara", "dai", "emily", "farah"])
def test_a_sub_is_the_same_for_every_application(lab: Lab, user: str) -> None:
    """OIDCC-8: public subject identifiers."""
    subs = {id_token(lab, tokens(lab, application, user)).claims["sub"] for application in (WEB, SPA)}
    assert subs == {user}


def test_a_refreshed_id_token_is_about_the_same_sign_in(lab: Lab) -> None:
    """OIDCC-12.2: same iss, sub, aud, auth_time; a new iat; no nonce."""
    first = offline_tokens(lab)
    lab.clock.advance(days=1)
    second = send(lab, "/token", refreshing(lab, first["refresh_token"])).json
    before, after = id_token(lab, first).claims, id_token(lab, second).claims
    for claim in ("iss", "sub", "aud", "auth_time"):
        assert before[claim] == after[claim]
    assert after["iat"] == int(lab.clock.now.timestamp()) == before["iat"] + 86_400
    assert "nonce" not in after
    assert after["at_hash"] == _half(hashlib.sha256, second["access_token"])

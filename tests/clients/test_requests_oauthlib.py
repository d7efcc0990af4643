"""requests-oauthlib signs users in at the served provider — RFC6749-4.1, RFC7636-4."""

from typing import Any
from urllib.parse import quote_plus

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from tests.clients.conftest import CALLBACK, CONFIDENTIAL, GOODBYE, ODD, PUBLIC, ScriptedBrowser


@pytest.fixture(autouse=True)
def _loopback_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    """oauthlib refuses http, also on this machine, unless it is told that a developer is at work."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


def discovered(issuer: str) -> tuple[dict[str, str], KeySet]:
    """The provider's configuration and keys; this library has no discovery of its own."""
    metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()
    return metadata, KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())


@pytest.mark.parametrize("way", ["none", "client_secret_basic", "client_secret_post"])
def test_it_signs_a_user_in_with_pkce(issuer: str, browser: ScriptedBrowser, way: str) -> None:
    """Each method is served, whatever the secret — OIDCC-9, RFC6749-2.3.1; then the user signs out — OIDCRIL-2."""
    application = PUBLIC if way == "none" else ODD
    metadata, keys = discovered(issuer)
    with OAuth2Session(application.client_id, redirect_uri=CALLBACK, scope="openid email", pkce="S256") as session:
        url, _ = session.authorization_url(metadata["authorization_endpoint"], nonce="n-0S6")
        arrived = browser.opens(url, CALLBACK)
        ways: dict[str, Any] = {
            "none": {"include_client_id": True},
            "client_secret_basic": {"auth": HTTPBasicAuth(*map(quote_plus, (ODD.client_id, str(ODD.client_secret))))},
            "client_secret_post": {"include_client_id": True, "client_secret": application.client_secret},
        }
        token = session.fetch_token(metadata["token_endpoint"], authorization_response=arrived.url, **ways[way])
        claims = jwt.decode(token["id_token"], keys, ["RS256"]).claims
        registry = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": application.client_id},
            nonce={"essential": True, "value": "n-0S6"},
            sub={"essential": True, "value": "anna"},
        )
        registry.validate(claims)
        assert session.get(metadata["userinfo_endpoint"]).json()["email"] == "anna@mail.example"
    goodbye = requests.Request(
        "GET",
        metadata["end_session_endpoint"],
        params={"id_token_hint": token["id_token"], "post_logout_redirect_uri": GOODBYE, "state": "bye"},
    )
    assert browser.opens(str(goodbye.prepare().url), GOODBYE).answer == {"state": "bye"}


def test_a_confidential_application_needs_neither_pkce_nor_nonce(issuer: str, typing_browser: ScriptedBrowser) -> None:
    """Clients of before PKCE are served — RFC6749-4.1."""
    with OAuth2Session("web", redirect_uri=CALLBACK, scope="openid") as session:
        url, _ = session.authorization_url(f"{issuer}/authorize")
        arrived = typing_browser.opens(url, CALLBACK)
        token = session.fetch_token(
            f"{issuer}/token",
            authorization_response=arrived.url,
            include_client_id=True,
            client_secret=CONFIDENTIAL.client_secret,
        )
    assert token["id_token"]

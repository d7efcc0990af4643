"""Authlib's own clients sign users in at the served provider — OIDCC-3.1."""

from typing import Any
from urllib.parse import urlencode

import pytest
from authlib.integrations.flask_client import OAuth
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from flask import Flask, redirect, session
from joserfc import jwt
from joserfc.jwk import KeySet

from oidc_lab.domain.application import Application
from tests.clients.conftest import CALLBACK, CONFIDENTIAL, EDDSA, GOODBYE, PUBLIC, ScriptedBrowser

VERIFIER = "v" * 50

WAYS = {
    "a public application": (PUBLIC, "none"),
    "a secret in the header": (CONFIDENTIAL, "client_secret_basic"),
    "a secret in the body": (CONFIDENTIAL, "client_secret_post"),
    "an EdDSA signature": (EDDSA, "client_secret_basic"),
}


def client_of(application: Application, method: str) -> OAuth2Client:
    """Authlib's httpx client for an application."""
    return OAuth2Client(
        application.client_id,
        application.client_secret,
        token_endpoint_auth_method=method,
        scope="openid profile email",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
    )


def believed(token: dict[str, Any], keys: Any, metadata: dict[str, Any], client_id: str) -> CodeIDToken:
    """The ID Token's claims, checked by Authlib against the discovered keys."""
    algorithms = metadata["id_token_signing_alg_values_supported"]
    decoded = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms)
    options = {
        "iss": {"essential": True, "value": metadata["issuer"]},
        "aud": {"essential": True, "value": client_id},
    }
    parameters = {"nonce": "n-0S6", "client_id": client_id, "access_token": token["access_token"]}
    claims = CodeIDToken(decoded.claims, decoded.header, options, parameters)
    claims.validate(leeway=5)
    return claims


@pytest.mark.parametrize(("application", "method"), WAYS.values(), ids=WAYS)
def test_it_signs_a_user_in_with_pkce(
    issuer: str, browser: ScriptedBrowser, application: Application, method: str
) -> None:
    """Discovery, code, token, ID Token and userinfo — OIDCD-4, OIDCC-3.1.3, OIDCC-5.3, RFC7636-4."""
    with client_of(application, method) as client:
        metadata = client.request("GET", f"{issuer}/.well-known/openid-configuration", withhold_token=True).json()
        url, state = client.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier=VERIFIER, nonce="n-0S6"
        )
        arrived = browser.opens(url, CALLBACK)
        token = client.fetch_token(
            metadata["token_endpoint"], authorization_response=arrived.url, state=state, code_verifier=VERIFIER
        )
        keys = client.request("GET", metadata["jwks_uri"], withhold_token=True).json()
        claims = believed(token, keys, metadata, application.client_id)
        assert claims.header["alg"] == application.id_token_signed_response_alg
        assert arrived.answer["iss"] == issuer
        assert client.get(metadata["userinfo_endpoint"]).json()["email"] == "anna@mail.example"
        assert claims["sub"] == "anna"


def test_it_reads_an_answer_that_is_posted(issuer: str, typing_browser: ScriptedBrowser) -> None:
    """The form carries what the query would have — OAFP-2."""
    with client_of(PUBLIC, "none") as client:
        url, state = client.create_authorization_url(
            f"{issuer}/authorize", code_verifier=VERIFIER, response_mode="form_post"
        )
        arrived = typing_browser.opens(url, CALLBACK)
        assert arrived.url == CALLBACK
        assert arrived.answer["state"] == state
        token = client.fetch_token(f"{issuer}/token", code=arrived.answer["code"], code_verifier=VERIFIER)
    assert token["token_type"] == "Bearer"


@pytest.fixture
def shop(issuer: str) -> Flask:
    """A Flask application that signs users in with Authlib's registry of clients."""
    app = Flask("shop")
    app.secret_key = "a test secret"
    provider = OAuth(app).register(
        "lab",
        client_id=PUBLIC.client_id,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "token_endpoint_auth_method": "none"},
    )

    @app.get("/login")
    def login() -> Any:
        return provider.authorize_redirect(CALLBACK)

    @app.get("/callback")
    def callback() -> Any:
        token = provider.authorize_access_token()
        session["id_token"] = token["id_token"]
        return {"claims": token["userinfo"], "userinfo": provider.userinfo(token=token)}

    @app.get("/logout")
    def logout() -> Any:
        asked = {"id_token_hint": session["id_token"], "post_logout_redirect_uri": GOODBYE, "state": "bye"}
        return redirect(provider.load_server_metadata()["end_session_endpoint"] + "?" + urlencode(asked))

    return app


def test_its_flask_registry_signs_a_user_in_and_out(shop: Flask, browser: ScriptedBrowser) -> None:
    """Authlib checks state, nonce and signature by itself — OIDCC-3.1.3.7; then the user signs out — OIDCRIL-2."""
    with shop.test_client() as app:
        arrived = browser.opens(app.get("/login").location, CALLBACK)
        said = app.get(arrived.url.removeprefix("http://127.0.0.1:7777")).get_json()
        assert said["claims"]["sub"] == said["userinfo"]["sub"] == "anna"
        assert said["claims"]["nonce"]
        assert browser.opens(app.get("/logout").location, GOODBYE).answer == {"state": "bye"}

"""pyoidc signs users in and out at the served provider — OIDCC-3.1, OIDCRIL-2."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from oic.oic import Client
from oic.oic.message import AuthorizationResponse, RegistrationResponse
from oic.utils.authn.client import CLIENT_AUTHN_METHOD

from oidc_lab.domain.application import Application
from tests.clients.conftest import CALLBACK, CONFIDENTIAL, GOODBYE, PUBLIC, ScriptedBrowser

# From Python 3.12 on, the library's way of asking for the time is deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning")


def discovered(issuer: str, client_id: str, secret: str | None) -> Any:
    """pyoidc's client, which has read the provider's configuration."""
    client: Any = Client(client_id=client_id, client_authn_method=CLIENT_AUTHN_METHOD)
    client.provider_config(issuer)
    registered = {"client_id": client_id, "redirect_uris": [CALLBACK]}
    client.store_registration_info(RegistrationResponse(**registered, **({"client_secret": secret} if secret else {})))
    client.redirect_uris = [CALLBACK]
    return client


@pytest.mark.parametrize(
    ("application", "method"),
    [(CONFIDENTIAL, "client_secret_post"), (PUBLIC, None)],
    ids=["client_secret_post", "public"],
)
@pytest.mark.parametrize("mode", ["query", "form_post"])
def test_it_signs_a_user_in_and_out(
    issuer: str, browser: ScriptedBrowser, application: Application, method: str | None, mode: str
) -> None:
    """It checks state, signature, issuer, audience, nonce and at_hash by itself — OIDCC-3.1.3.7."""
    client = discovered(issuer, application.client_id, application.client_secret)
    challenge, verifier = client.add_code_challenge()
    asked = {
        "response_type": "code",
        "response_mode": mode,
        "scope": ["openid", "email"],
        "state": "a-state",
        "nonce": "n-0S6",
        "redirect_uri": CALLBACK,
        **challenge,
    }
    request = client.construct_AuthorizationRequest(request_args=asked)
    arrived = browser.opens(request.request(client.authorization_endpoint), CALLBACK)
    answer = client.parse_response(
        AuthorizationResponse, info=arrived.body or urlsplit(arrived.url).query, sformat="urlencoded"
    )
    assert answer["iss"] == issuer
    redeemed = client.do_access_token_request(
        state="a-state",
        request_args={"code": answer["code"], "code_verifier": verifier},
        authn_method=method or "",
    )
    assert redeemed["id_token"]["sub"] == "anna"
    assert redeemed["id_token"]["nonce"] == "n-0S6"
    assert client.do_user_info_request(state="a-state")["email"] == "anna@mail.example"
    goodbye = client.construct_EndSessionRequest(
        state="a-state", request_args={"post_logout_redirect_uri": GOODBYE, "id_token_hint": redeemed["id_token"].jwt}
    )
    left = browser.opens(goodbye.request(client.end_session_endpoint), GOODBYE)
    assert left.answer.get("state") == goodbye.to_dict().get("state")

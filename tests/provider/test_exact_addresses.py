"""A browser is sent to the registered address, octet by octet: another spelling would be another address."""

import pytest

from oidc_lab import Application, ApplicationType, Lab
from tests.provider.bench import Browser, redeeming, send

ADDRESSES = [
    "com.example.app:///callback",
    "com.example.app://CallBack/x",
    "com.example.app:/call%2Fback",
    "https://app.example/[a]",
    "https://app.example/a%7Cb",
    "https://APP.example/callback",
    "https://app.example:443",
    "http://127.0.0.1/callback?",
]


@pytest.mark.parametrize("uri", ADDRESSES)
def test_answers_and_signed_out_users_go_exactly_where_it_was_registered(lab: Lab, uri: str) -> None:
    """RFC6749-3.1.2, OIDCRIL-3, RFC9700-2.1"""
    app = Application(
        client_id="app", type=ApplicationType.NATIVE, name="App", redirect_uris=(uri,), post_logout_redirect_uris=(uri,)
    )
    lab.register(app)
    browser = Browser(lab)
    response = browser.sign_in("app", redirect_uri=uri)
    assert response.location.startswith((f"{uri}?code=", f"{uri}&code="))
    code = response.location.partition("code=")[2].partition("&")[0]
    hint = send(lab, "/token", redeeming(lab, code, "app", redirect_uri=uri)).json["id_token"]
    assert browser.sign_out(id_token_hint=hint, post_logout_redirect_uri=uri).location == uri

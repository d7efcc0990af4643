"""Redeems the code for tokens — OIDCC-3.1.3."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from oidc_lab.domain.steady import Steady
from oidc_lab.relying_party import credentials
from oidc_lab.relying_party.authorization import Outgoing
from oidc_lab.relying_party.discovery import Provider
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.message import Request, Response, post
from oidc_lab.relying_party.registration import Registration


@dataclass(frozen=True, kw_only=True, repr=False)
class Tokens(Steady):
    """A token response; `expires_in` in seconds."""

    access_token: str = field(repr=False)
    token_type: str
    expires_in: int | None = None
    scopes: frozenset[str] | None = None
    id_token: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)


def token_request(provider: Provider, registration: Registration, code: str, outgoing: Outgoing) -> Request:
    """Build the request — OIDCC-3.1.3.1, with the verifier — RFC7636-4.5."""
    parameters = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": outgoing.redirect_uri,
        "code_verifier": outgoing.code_verifier,
    }
    return authenticated_post(provider.token_endpoint, parameters, registration)


def authenticated_post(endpoint: str, parameters: dict[str, str], registration: Registration) -> Request:
    """Build a request that says which application it comes from, by the method it registered — OIDCC-9."""
    if registration.client_secret is None or registration.token_endpoint_auth_method == "none":
        return post(endpoint, {**parameters, "client_id": registration.client_id})
    if registration.token_endpoint_auth_method == "client_secret_post":
        named = {"client_id": registration.client_id, "client_secret": registration.client_secret}
        return post(endpoint, {**parameters, **named})
    basic = credentials.written(
        {credentials.CLIENT_ID: registration.client_id, credentials.CLIENT_SECRET: registration.client_secret}
    )
    return post(endpoint, parameters, ((credentials.HEADER, basic),))


def read_token_response(response: Response, ledger: Ledger) -> Tokens:
    """Read tokens, or the provider's refusal — RFC6749-5."""
    said = response.json()
    if response.status != HTTPStatus.OK:
        raise refusal_in(response)
    if not isinstance(said, dict):
        raise FlowRefused(Party.RELYING_PARTY, "answer_unreadable", "the token response is no JSON object")
    token_type = str(said.get("token_type", ""))
    ledger.expect(
        "token_type", "OIDCC-3.1.3.3", seen=token_type, expected="Bearer", holds=token_type.lower() == "bearer",
        error="token_type_unknown",
    )  # fmt: skip
    caching = response.header("Cache-Control")
    ledger.expect(
        "Cache-Control", "RFC6749-5.1", seen=caching, expected="no-store", holds="no-store" in (caching or "").lower(),
        error="tokens_cacheable",
    )  # fmt: skip
    return _tokens(said)


def refusal_in(response: Response) -> FlowRefused:
    """The provider's refusal as it stands in a JSON answer."""
    said: Any = response.json()
    known = said if isinstance(said, dict) else {}
    error, description = known.get("error"), known.get("error_description", "")
    return FlowRefused(Party.PROVIDER, str(error or f"status {response.status}"), str(description))


def _tokens(said: dict[str, Any]) -> Tokens:
    access_token, scope, expires_in = _text(said, "access_token"), _text(said, "scope"), said.get("expires_in")
    if not access_token:
        raise FlowRefused(Party.RELYING_PARTY, "access_token_missing", "the answer has no access token")
    return Tokens(
        access_token=access_token,
        token_type=said["token_type"],
        expires_in=expires_in if type(expires_in) is int else None,
        scopes=None if scope is None else frozenset(scope.split()),
        id_token=_text(said, "id_token"),
        refresh_token=_text(said, "refresh_token"),
    )


def _text(said: dict[str, Any], name: str) -> str | None:
    # RFC6749-A.12: each of them is made of visible ASCII.
    value = said.get(name)
    if value is None or (isinstance(value, str) and value.isascii() and value.isprintable()):
        return value
    what = f"{name}: expected visible ASCII, saw {type(value).__name__}"
    raise FlowRefused(Party.RELYING_PARTY, "answer_unreadable", what)

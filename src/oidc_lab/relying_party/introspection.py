"""Asks the provider what a token is worth at this moment — RFC7662-2."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from oidc_lab.domain.steady import Steady
from oidc_lab.relying_party.discovery import Provider
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.id_token import moment
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.message import Request, Response
from oidc_lab.relying_party.registration import Registration
from oidc_lab.relying_party.token import authenticated_post, refusal_in


@dataclass(frozen=True, kw_only=True, repr=False)
class Introspected(Steady):
    """What the provider says of a token — RFC7662-2.2; of one that is not active it says nothing else."""

    active: bool
    scopes: frozenset[str] | None = None
    client_id: str | None = None
    username: str | None = None
    token_type: str | None = None
    expires_at: datetime | None = None
    issued_at: datetime | None = None
    valid_from: datetime | None = None
    sub: str | None = None
    aud: tuple[str, ...] = ()
    iss: str | None = None
    jti: str | None = None


def introspection_request(
    provider: Provider, registration: Registration, token: str, hint: str | None = None
) -> Request:
    """Build the request; `hint` says which kind of token it may be, and may be wrong — RFC7662-2.1."""
    if provider.introspection_endpoint is None:
        what = "the provider has no introspection_endpoint (RFC8414-2)"
        raise FlowRefused(Party.RELYING_PARTY, "introspection_not_offered", what)
    parameters = {"token": token}
    if hint is not None:
        parameters["token_type_hint"] = hint
    return authenticated_post(provider.introspection_endpoint, parameters, registration)


def read_introspection_response(response: Response, ledger: Ledger) -> Introspected:
    """Believe an answer that says in so many words whether the token is active — RFC7662-2.2."""
    if response.status != HTTPStatus.OK:
        raise refusal_in(response)
    said = response.json()
    if not isinstance(said, dict):
        raise FlowRefused(Party.RELYING_PARTY, "answer_unreadable", "the introspection response is no JSON object")
    active = said.get("active")
    # Anything but true or false might be taken for one of them: "false" is true to many a language.
    ledger.expect(
        "active", "RFC7662-2.2", seen=active, expected="true or false", holds=isinstance(active, bool),
        error="introspection_active",
    )  # fmt: skip
    return _introspected(said) if active else Introspected(active=False)


def _introspected(said: Mapping[str, Any]) -> Introspected:
    scope, audience = _text(said, "scope"), said.get("aud", [])
    return Introspected(
        active=True,
        scopes=None if scope is None else frozenset(scope.split()),
        client_id=_text(said, "client_id"),
        username=_text(said, "username"),
        token_type=_text(said, "token_type"),
        expires_at=moment(said.get("exp")),
        issued_at=moment(said.get("iat")),
        valid_from=moment(said.get("nbf")),
        sub=_text(said, "sub"),
        aud=tuple(str(each) for each in (audience if isinstance(audience, list) else [audience])),
        iss=_text(said, "iss"),
        jti=_text(said, "jti"),
    )


def _text(said: Mapping[str, Any], name: str) -> str | None:
    value = said.get(name)
    if value is None or isinstance(value, str):
        return value
    what = f"{name}: expected text, saw {type(value).__name__} (RFC7662-2.2)"
    raise FlowRefused(Party.RELYING_PARTY, "answer_unreadable", what)

"""Checks an ID Token as the application would if it came now — OIDCC-3.1.3.7, OIDCC-12.2."""

from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from typing import Any

from joserfc.jwk import KeySet

from oidc_lab.relying_party.desk import Desk, discover
from oidc_lab.relying_party.discovery import jwks_request, read_jwks_response
from oidc_lab.relying_party.id_token import Awaited, read_id_token
from oidc_lab.relying_party.refresh import check_same_sign_in
from oidc_lab.relying_party.steps import answer, ask
from oidc_lab.relying_party.trace import Exchange, Step


def keys_flow(desk: Desk) -> Generator[Step, Exchange, KeySet]:
    """Fetch the provider's keys."""
    provider = yield from discover(desk)
    sent = yield ask("Fetch the provider's keys", "OIDCC-10.1.1", jwks_request(provider))
    return read_jwks_response(answer(sent))


def believing_flow(
    desk: Desk,
    id_token: str,
    *,
    awaited: Awaited,
    access_token: str | None,
    first: Mapping[str, Any] | None,
    clock: Callable[[], datetime],
) -> Generator[Step, Exchange, Mapping[str, Any]]:
    """Fetch the keys and make the checks; `first` are the claims of the sign-in that a refreshed token goes on with."""
    keys = yield from keys_flow(desk)
    claims = read_id_token(
        id_token,
        keys=keys,
        registration=desk.registration,
        awaited=awaited,
        access_token=access_token,
        now=clock(),
        ledger=desk.ledger,
    )
    if first is not None:
        check_same_sign_in(claims, first=first, ledger=desk.ledger)
    return claims

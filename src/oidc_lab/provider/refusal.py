"""Turns an entry of the catalogue into the wire's error, and tells the lab the true reason — RFC6749-5.2."""

from collections.abc import Sequence
from typing import Any, NoReturn

from authlib.oauth2 import OAuth2Error
from flask import request

from oidc_lab.domain.audit import Key, Result
from oidc_lab.domain.refusal import CATALOGUE, Refusal, Refused
from oidc_lab.domain.tokens import Family
from oidc_lab.provider.audit import key_of_request, note, public
from oidc_lab.provider.checked import failed
from oidc_lab.provider.context import context


class RefusalError(OAuth2Error):
    """A refusal on its way to the wire; `registered` and `received` are shown side by side on the error page."""

    def __init__(
        self,
        refusal: Refusal,
        *,
        client_id: str | None = None,
        registered: Sequence[str] = (),
        received: str | None = None,
        details: Sequence[tuple[str, str]] = (),
        family: Family | None = None,
    ) -> None:
        super().__init__(description=refusal.description, status_code=refusal.status, error=refusal.error or None)
        self.refusal = refusal
        self.client_id = client_id or (family and family.client_id)
        self.family = family
        self.registered, self.received = tuple(registered), received
        self.details = tuple(details)


def refuse(
    code: str,
    *,
    client_id: str | None = None,
    registered: Sequence[str] = (),
    received: str | None = None,
    family: Family | None = None,
    **details: object,
) -> NoReturn:
    """Refuse the present request with an entry of the catalogue; `family` is what the refused code or token is of."""
    seen = tuple((name, str(value)) for name, value in details.items())
    raise RefusalError(
        CATALOGUE[code], client_id=client_id, registered=registered, received=received, details=seen, family=family
    )


def record(error: RefusalError, key: Key | None = None, result: Result = Result.ERROR, **logged: Any) -> None:
    """Tell the lab why the present request is refused; `key` and what is `logged` besides are for the audit log."""
    seen = list(error.details)
    if error.received is not None:
        seen.append(("received", error.received))
    if error.registered:
        seen.append(("registered", ", ".join(error.registered)))
    refused = Refused(
        refusal=error.refusal,
        at=context().now,
        endpoint=request.path,
        client_id=error.client_id or request.values.get("client_id"),
        details=tuple(seen),
    )
    failed(refused)
    context().on_refusal(refused)
    note(
        key or key_of_request(),
        result=result,
        family=error.family,
        client_id=_registered(refused.client_id),
        error=error.refusal.error or None,
        reason=error.refusal.code,
        truth=error.refusal.truth,
        details={**{name: public(value) for name, value in seen}, **logged},
    )


def _registered(client_id: str | None) -> str | None:
    # What is nobody's name may be a secret or a token that came in the wrong place.
    known = client_id and context().store.applications.find(client_id)
    return client_id if known else None

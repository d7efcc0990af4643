"""Keeps applications and the digests of their secrets — OIDCR-2."""

import hmac
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.provider.store import tables
from oidc_lab.provider.store.connection import Database
from oidc_lab.provider.store.tables import applications, digest

_FIND = select(applications).where(applications.c.client_id == bindparam("client_id"))
_ALL = select(applications).order_by(applications.c.created_at, applications.c.client_id)
_SECRETS = select(tables.application_secrets.c.digest).where(
    tables.application_secrets.c.client_id == bindparam("client_id")
)


class Applications:
    """The registered applications."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, application: Application, now: datetime) -> None:
        """Register an application; its secret is kept as a digest."""
        with self._database.transaction() as connection:
            connection.execute(insert(applications), _row(application, now))
            if application.client_secret is not None:
                secret = {"client_id": application.client_id, "created_at": now}
                secret["digest"] = digest(application.client_secret)
                connection.execute(insert(tables.application_secrets), secret)

    def find(self, client_id: str) -> Application | None:
        """The application with this client_id, without its secret; None when there is none."""
        with self._database.transaction() as connection:
            row = connection.execute(_FIND, {"client_id": client_id}).first()
        return None if row is None else _application(row._mapping)

    def all(self) -> list[Application]:
        """Every application, oldest first."""
        with self._database.transaction() as connection:
            return [_application(row._mapping) for row in connection.execute(_ALL)]

    def secret_matches(self, client_id: str, secret: str) -> bool:
        """Whether this is one of the application's secrets; takes as long for a wrong one as for a right one."""
        with self._database.transaction() as connection:
            kept = list(connection.scalars(_SECRETS, {"client_id": client_id}))
        received = digest(secret)
        matches = [hmac.compare_digest(each, received) for each in kept]  # all of them, also after a match
        return any(matches)


def _row(application: Application, now: datetime) -> dict[str, Any]:
    return {
        "client_id": application.client_id,
        "type": application.type.value,
        "name": application.name,
        "description": application.description,
        "redirect_uris": list(application.redirect_uris),
        "post_logout_redirect_uris": list(application.post_logout_redirect_uris),
        "id_token_signed_response_alg": application.id_token_signed_response_alg,
        "backchannel_logout_session_required": application.backchannel_logout_session_required,
        "created_at": now,
    }


def _application(row: Any) -> Application:
    values = dict(row)
    values["type"] = ApplicationType(values["type"])
    values["redirect_uris"] = tuple(values["redirect_uris"])
    values["post_logout_redirect_uris"] = tuple(values["post_logout_redirect_uris"])
    return Application(**values)

"""Keeps applications and the digests of their secrets — OIDCR-2."""

import hmac
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.secret import Secret
from oidc_lab.provider.store.connection import Database
from oidc_lab.provider.store.tables import application_secrets, applications, digest

# What the secret is called that an application was registered with.
FIRST_SECRET = "Default secret"

_FIND = select(applications).where(applications.c.client_id == bindparam("key"))
_ALL = select(applications).order_by(applications.c.created_at, applications.c.client_id)
_CHANGE = update(applications).where(applications.c.client_id == bindparam("key"))
_DELETE = delete(applications).where(applications.c.client_id == bindparam("key"))
_SECRETS = select(application_secrets).where(application_secrets.c.client_id == bindparam("key"))
_LISTS = ("redirect_uris", "post_logout_redirect_uris", "cors_allowed_origins")


class Applications:
    """The registered applications."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, application: Application, now: datetime) -> None:
        """Register an application; its secret is kept as a digest."""
        with self._database.transaction() as connection:
            connection.execute(insert(applications), {**_row(application), "created_at": now})
            if application.client_secret is not None:
                first = Secret(name=FIRST_SECRET, created_at=now)
                self.add_secret(application.client_id, first, application.client_secret)

    def find(self, client_id: str) -> Application | None:
        """The application with this client_id, without its secrets; None when there is none."""
        with self._database.transaction() as connection:
            row = connection.execute(_FIND, {"key": client_id}).first()
        return None if row is None else _application(row._mapping)

    def all(self) -> list[Application]:
        """Every application, oldest first."""
        with self._database.transaction() as connection:
            return [_application(row._mapping) for row in connection.execute(_ALL)]

    def change(self, application: Application) -> None:
        """Keep an application's new settings; its secrets stay."""
        with self._database.transaction() as connection:
            connection.execute(_CHANGE, {**_row(application), "key": application.client_id})

    def delete(self, client_id: str) -> bool:
        """Forget an application and everything that was given to it; False when there is none."""
        with self._database.transaction() as connection:
            return connection.execute(_DELETE, {"key": client_id}).rowcount == 1

    def secrets(self, client_id: str) -> list[Secret]:
        """The application's secrets by name, without their values."""
        with self._database.transaction() as connection:
            rows = connection.execute(_SECRETS.order_by(application_secrets.c.name), {"key": client_id}).all()
        return [Secret(name=row.name, created_at=row.created_at, expires_at=row.expires_at) for row in rows]

    def add_secret(self, client_id: str, secret: Secret, value: str) -> None:
        """Give an application one more secret; only the digest of its value is kept."""
        row = {"client_id": client_id, "name": secret.name, "digest": digest(value)}
        moments = {"created_at": secret.created_at, "expires_at": secret.expires_at}
        with self._database.transaction() as connection:
            connection.execute(insert(application_secrets), row | moments)

    def delete_secret(self, client_id: str, name: str) -> bool:
        """Take a secret away; False when there is none of that name."""
        which = (application_secrets.c.client_id == client_id) & (application_secrets.c.name == name)
        with self._database.transaction() as connection:
            return connection.execute(delete(application_secrets).where(which)).rowcount == 1

    def secret_with_value(self, client_id: str, value: str) -> Secret | None:
        """Which of the application's secrets this is; takes as long for a wrong one as for a right one."""
        with self._database.transaction() as connection:
            kept = connection.execute(_SECRETS, {"key": client_id}).all()
        received = digest(value)
        # All of them are compared, also after a match.
        matching = [row for row in kept if hmac.compare_digest(row.digest, received)]
        if not matching:
            return None
        # Of two names for one value, the one that lives longest: None is without end.
        row = max(matching, key=lambda each: (each.expires_at is None, each.expires_at))
        return Secret(name=row.name, created_at=row.created_at, expires_at=row.expires_at)


def _row(application: Application) -> dict[str, Any]:
    lifetime = application.id_token_ttl
    kept = {column.name: getattr(application, column.name) for column in applications.c}
    del kept["created_at"]  # when it was registered, not when it was changed
    lists = {name: list(kept[name]) for name in _LISTS}
    seconds = None if lifetime is None else int(lifetime.total_seconds())
    rest = {"type": application.type.value, "id_token_ttl": seconds, "custom_data": dict(application.custom_data)}
    return kept | lists | rest


def _application(row: Any) -> Application:
    values = dict(row)
    values["type"] = ApplicationType(values["type"])
    for name in _LISTS:
        values[name] = tuple(values[name])
    if values["id_token_ttl"] is not None:
        values["id_token_ttl"] = timedelta(seconds=values["id_token_ttl"])
    return Application(**values)

"""Finds what has not ended long ago, so that a bench can say what ends next and what just ended — RFC6749-4.1.2."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, or_, select

from oidc_lab.domain.secret import Secret
from oidc_lab.domain.session import Session
from oidc_lab.domain.tokens import AccessToken, Code, RefreshToken
from oidc_lab.provider.store.connection import Database
from oidc_lab.provider.store.tables import access_tokens, application_secrets, codes, families, refresh_tokens, sessions
from oidc_lab.provider.store.tokens import Kept, read_token, with_family


class Expiries:
    """What is kept, but for what is known to have ended before a moment; the clocks of a policy are not read here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tokens(self, kind: type[Kept], since: datetime, *, replaced_since: datetime | None = None) -> list[Kept]:
        """Codes or tokens of a kind; of refresh tokens not those that were replaced before `replaced_since`."""
        given = {"since": since} | ({"replaced_since": replaced_since or since} if kind is RefreshToken else {})
        with self._database.transaction() as connection:
            return [read_token(kind, row) for row in connection.execute(_TOKENS[kind], given)]

    def sessions(self, since: datetime) -> list[tuple[Session, datetime | None]]:
        """Sessions, with the moment at which somebody ended them."""
        with self._database.transaction() as connection:
            rows = connection.execute(_SESSIONS, {"since": since})
            return [(Session(**{name: getattr(row, name) for name in _PUBLIC}), row.ended_at) for row in rows]

    def secrets(self, since: datetime) -> list[tuple[str, Secret]]:
        """Secrets, with the application's client_id."""
        with self._database.transaction() as connection:
            rows = connection.execute(_SECRETS, {"since": since})
            names = ("name", "created_at", "expires_at")
            return [(row.client_id, Secret(**{name: getattr(row, name) for name in names})) for row in rows]


_PUBLIC = [field.name for field in fields(Session)]


def _not_before(moment: ColumnElement[Any], name: str = "since") -> ColumnElement[bool]:
    return or_(moment.is_(None), moment >= bindparam(name, type_=moment.type))


def _tokens(table: Table, *others: ColumnElement[bool]) -> Select[Any]:
    query = with_family(table).where(_not_before(table.c.expires_at), _not_before(families.c.revoked_at), *others)
    return query.order_by(table.c.expires_at, table.c.digest)


_TOKENS: dict[type, Select[Any]] = {
    Code: _tokens(codes, _not_before(codes.c.used_at)),
    AccessToken: _tokens(access_tokens, _not_before(access_tokens.c.revoked_at)),
    RefreshToken: _tokens(
        refresh_tokens,
        or_(
            refresh_tokens.c.used_at.is_(None),
            _not_before(func.coalesce(refresh_tokens.c.last_used_at, refresh_tokens.c.used_at), "replaced_since"),
        ),
    ),
}
_SESSIONS = (
    select(sessions)
    .where(_not_before(sessions.c.expires_at), _not_before(sessions.c.ended_at))
    .order_by(sessions.c.began_at, sessions.c.sid)
)
_SECRETS = (
    select(application_secrets)
    .where(_not_before(application_secrets.c.expires_at))
    .order_by(application_secrets.c.client_id, application_secrets.c.name)
)

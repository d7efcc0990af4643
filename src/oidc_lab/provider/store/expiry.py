"""Finds the next moment at which something that is kept ends, so that a lesson can jump there — RFC6749-4.1.2."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, select

from oidc_lab.provider.store.connection import Database
from oidc_lab.provider.store.tables import access_tokens, codes, families, refresh_tokens, sessions


class Expiries:
    """When what is kept ends by itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next(self, now: datetime) -> tuple[datetime, str] | None:
        """The next moment at which something ends, and what that is; None when nothing will."""
        endings = []
        for what, query in _NEXT.items():
            with self._database.transaction() as connection:
                moment = connection.scalar(query, {"now": now})
            if moment is not None:
                endings.append((moment, what))
        return min(endings, default=None)


_ENDING = (
    (codes, "an authorization code"),
    (access_tokens, "an access token"),
    (refresh_tokens, "a refresh token"),
    (sessions, "a session"),
)


def _next_expiry_of(table: Table) -> Select[Any]:
    query = select(func.min(table.c.expires_at, type_=table.c.expires_at.type))
    query = query.where(table.c.expires_at > bindparam("now", type_=table.c.expires_at.type))
    for name in ("used_at", "ended_at", "revoked_at"):
        if name in table.c:
            query = query.where(table.c[name].is_(None))
    return query if table is sessions else query.join(families).where(families.c.revoked_at.is_(None))


_NEXT = {what: _next_expiry_of(table) for table, what in _ENDING}

"""Keeps codes and tokens by family; uses each code and refresh token up once — RFC6749-4.1.2."""

from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, Select, Table, bindparam, func, insert, select, update

from oidc_lab.domain.authentication_request import ClaimsRequest
from oidc_lab.domain.tokens import AccessToken, Code, Family, RefreshToken
from oidc_lab.provider.store.connection import Database
from oidc_lab.provider.store.tables import access_tokens, codes, families, refresh_tokens, sessions

Kept = TypeVar("Kept", Code, AccessToken, RefreshToken)

_OF_FAMILY = [field.name for field in fields(Family)]


def _with_family(table: Table) -> Select[Any]:
    own = [column for column in table.c if column.name != "family_id"]
    return select(*own, families).join(families).where(table.c.digest == bindparam("key"))


_FIND: dict[type, Select[Any]] = {
    Code: _with_family(codes),
    AccessToken: _with_family(access_tokens),
    RefreshToken: _with_family(refresh_tokens),
}
_TABLE: dict[type, Table] = {Code: codes, AccessToken: access_tokens, RefreshToken: refresh_tokens}
# The condition makes it atomic: of any number of requests at the same moment, one changes the row.
_CONSUME = {
    kind: update(table)
    .where(table.c.digest == bindparam("key"), table.c.used_at.is_(None))
    .values(used_at=bindparam("now"))
    for kind, table in ((Code, codes), (RefreshToken, refresh_tokens))
}


class Tokens:
    """Everything that was handed out, found by its digest."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin_family(self, family: Family) -> None:
        """Note a sign-in from which a code, and then tokens, descend."""
        with self._database.transaction() as connection:
            connection.execute(insert(families), vars(family))

    def keep(self, token: Code | AccessToken | RefreshToken) -> None:
        """Keep a code or token that is about to be handed out."""
        row = {field.name: getattr(token, field.name) for field in fields(token) if field.name != "family"}
        row["family_id"] = token.family.family_id
        row["scopes"] = sorted(token.scopes)
        row["claims"] = {"userinfo": dict(token.claims.userinfo), "id_token": dict(token.claims.id_token)}
        with self._database.transaction() as connection:
            connection.execute(insert(_TABLE[type(token)]), row)

    def find(self, kind: type[Kept], digest: str) -> Kept | None:
        """The code or token with this digest and its family; None when it was never issued."""
        with self._database.transaction() as connection:
            row = connection.execute(_FIND[kind], {"key": digest}).first()
        return None if row is None else _read(kind, row)

    def consume(self, token: Code | RefreshToken, now: datetime) -> bool:
        """Mark a code or refresh token as used; False when somebody else was first."""
        with self._database.transaction() as connection:
            done = connection.execute(_CONSUME[type(token)], {"key": token.digest, "now": now})
            return done.rowcount == 1

    def revoke_family(self, family_id: str, now: datetime, because: str) -> None:
        """End everything that descends from one sign-in, at once and for good."""
        self._revoke(families.c.family_id == family_id, now, because)

    def revoke_of_session(self, sid: str, now: datetime) -> None:
        """End what a session gave, but for what the user agreed to be used offline — OIDCC-11."""
        self._revoke((families.c.sid == sid) & families.c.offline.is_(False), now, "signed_out")

    def next_expiry(self, now: datetime) -> tuple[datetime, str] | None:
        """The next moment at which something kept here ends, and what that is; None when nothing will."""
        endings = []
        for what, query in _NEXT.items():
            with self._database.transaction() as connection:
                moment = connection.scalar(query, {"now": now})
            if moment is not None:
                endings.append((moment, what))
        return min(endings, default=None)

    def _revoke(self, which: Any, now: datetime, because: str) -> None:
        change = update(families).where(which, families.c.revoked_at.is_(None))
        with self._database.transaction() as connection:
            connection.execute(change.values(revoked_at=now, revoked_because=because))


def _read(kind: type[Kept], row: Row[Any]) -> Kept:
    values = dict(row._mapping)
    family = Family(**{name: values.pop(name) for name in _OF_FAMILY})
    values["scopes"] = frozenset(values["scopes"])
    values["claims"] = ClaimsRequest(**values["claims"])
    return kind(family=family, **values)


_ENDING = (
    (codes, "an authorization code"),
    (access_tokens, "an access token"),
    (refresh_tokens, "a refresh token"),
    (sessions, "a session"),
)


def _next_expiry_of(table: Table) -> Select[Any]:
    query = select(func.min(table.c.expires_at, type_=table.c.expires_at.type))
    query = query.where(table.c.expires_at > bindparam("now", type_=table.c.expires_at.type))
    if "used_at" in table.c:
        query = query.where(table.c.used_at.is_(None))
    if "ended_at" in table.c:
        return query.where(table.c.ended_at.is_(None))
    return query.join(families).where(families.c.revoked_at.is_(None))


_NEXT = {what: _next_expiry_of(table) for table, what in _ENDING}

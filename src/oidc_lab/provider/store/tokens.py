"""Keeps codes and tokens by family; uses each code and refresh token up as the policy says — RFC6749-4.1.2."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, Table, bindparam, insert, select, update

from oidc_lab.domain.authentication_request import ClaimsRequest
from oidc_lab.domain.tokens import AccessToken, Code, Family, RefreshToken
from oidc_lab.provider.store.connection import Database
from oidc_lab.provider.store.tables import access_tokens, codes, families, refresh_tokens, sessions

Kept = TypeVar("Kept", Code, AccessToken, RefreshToken)

# What a family knows of its session; the rest stands in its own row.
_OF_SESSION = {"session_began_at": sessions.c.began_at, "session_expires_at": sessions.c.expires_at}
_OF_FAMILY = [field.name for field in fields(Family)]
_FAMILY = [families.c[name] for name in _OF_FAMILY if name not in _OF_SESSION]
_SESSION = [column.label(name) for name, column in _OF_SESSION.items()]


def with_family(table: Table) -> Select[Any]:
    """The rows of a kind of token, each with what its family knows."""
    # A family's revoked_at stands beside a token's own one.
    own = [column.label(f"own_{column.name}") for column in table.c if column.name != "family_id"]
    joined = table.join(families).outerjoin(sessions, families.c.sid == sessions.c.sid)
    return select(*own, *_FAMILY, *_SESSION).select_from(joined)


_WITH_FAMILY: dict[type, Select[Any]] = {
    Code: with_family(codes),
    AccessToken: with_family(access_tokens),
    # Locked, where the database locks rows: of two requests with one token, the second waits and sees the first's use.
    RefreshToken: with_family(refresh_tokens).with_for_update(of=[refresh_tokens, families]),
}
_TABLE: dict[type, Table] = {Code: codes, AccessToken: access_tokens, RefreshToken: refresh_tokens}
_FIND = {kind: query.where(_TABLE[kind].c.digest == bindparam("key")) for kind, query in _WITH_FAMILY.items()}
_OF_GRANT = (
    with_family(refresh_tokens)
    .where(families.c.grant_id == bindparam("key"), families.c.revoked_at.is_(None))
    .where(refresh_tokens.c.used_at.is_(None))
    .order_by(refresh_tokens.c.issued_at)
)
_ACCESS_OF_GRANT = (
    with_family(access_tokens)
    .where(families.c.grant_id == bindparam("key"), families.c.revoked_at.is_(None))
    .where(access_tokens.c.revoked_at.is_(None), access_tokens.c.expires_at > bindparam("now"))
    .order_by(access_tokens.c.issued_at)
)
# The condition makes it atomic: of any number of requests at the same moment, one changes the row.
_CONSUME_CODE = (
    update(codes).where(codes.c.digest == bindparam("key"), codes.c.used_at.is_(None)).values(used_at=bindparam("now"))
)
_CHANGE_REFRESH_TOKEN = update(refresh_tokens).where(refresh_tokens.c.digest == bindparam("key"))
_CHANGE_FAMILY = update(families).where(families.c.family_id == bindparam("key"))
_REVOKE_ACCESS_TOKEN = update(access_tokens).where(access_tokens.c.digest == bindparam("key"))


class Tokens:
    """Everything that was handed out, found by its digest."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin_family(self, family: Family) -> None:
        """Note a sign-in from which a code, and then tokens, descend."""
        row = {name: value for name, value in vars(family).items() if name not in _OF_SESSION}
        with self._database.transaction() as connection:
            connection.execute(insert(families), row)

    def keep(self, token: Code | AccessToken | RefreshToken) -> None:
        """Keep a code or token that is about to be handed out."""
        row = {field.name: getattr(token, field.name) for field in fields(token) if field.name != "family"}
        row["family_id"] = token.family.family_id
        row["scopes"] = sorted(token.scopes)
        row["claims"] = {"userinfo": dict(token.claims.userinfo), "id_token": dict(token.claims.id_token)}
        if isinstance(token, RefreshToken):
            row["ttl"] = None if token.ttl is None else token.ttl.total_seconds()
        with self._database.transaction() as connection:
            connection.execute(insert(_TABLE[type(token)]), row)

    def find(self, kind: type[Kept], digest: str) -> Kept | None:
        """The code or token with this digest and its family; None when it was never issued."""
        with self._database.transaction() as connection:
            row = connection.execute(_FIND[kind], {"key": digest}).first()
        return None if row is None else read_token(kind, row)

    def consume(self, code: Code, now: datetime) -> bool:
        """Mark a code as used; False when somebody else was first."""
        with self._database.transaction() as connection:
            done = connection.execute(_CONSUME_CODE, {"key": code.digest, "now": now})
            return done.rowcount == 1

    def change(self, token: RefreshToken, **values: Any) -> None:
        """Note what became of a refresh token, by the names of its fields; those not named stay."""
        with self._database.transaction() as connection:
            connection.execute(_CHANGE_REFRESH_TOKEN, {**values, "key": token.digest})

    def change_family(self, family: Family, **values: Any) -> None:
        """Note what became of a family, by the names of its fields; those not named stay."""
        with self._database.transaction() as connection:
            connection.execute(_CHANGE_FAMILY, {**values, "key": family.family_id})

    def revoke_access_token(self, token: AccessToken, now: datetime) -> None:
        """Take one access token back; the rest of its family stays."""
        with self._database.transaction() as connection:
            connection.execute(_REVOKE_ACCESS_TOKEN, {"revoked_at": now, "key": token.digest})

    def revoke_family(self, family_id: str, now: datetime, because: str) -> int:
        """End everything that descends from one sign-in, at once and for good; gives how many families ended."""
        return self._revoke(families.c.family_id == family_id, now, because)

    def revoke_of_grant(self, grant_id: str, now: datetime, because: str) -> int:
        """End everything that was given because of one agreement; gives how many families ended."""
        return self._revoke(families.c.grant_id == grant_id, now, because)

    def revoke_of_session(self, sid: str, now: datetime, because: str = "signed_out") -> int:
        """End what a session gave, but for what the user agreed to be used offline — OIDCC-11."""
        return self._revoke((families.c.sid == sid) & families.c.offline.is_(False), now, because)

    def of_grant(self, grant_id: str) -> list[RefreshToken]:
        """The refresh tokens of a grant that are not replaced, in families that are not revoked; oldest first."""
        with self._database.transaction() as connection:
            return [read_token(RefreshToken, row) for row in connection.execute(_OF_GRANT, {"key": grant_id})]

    def access_of_grant(self, grant_id: str, now: datetime) -> list[AccessToken]:
        """The access tokens of a grant that are neither expired nor revoked; oldest first."""
        with self._database.transaction() as connection:
            rows = connection.execute(_ACCESS_OF_GRANT, {"key": grant_id, "now": now})
            return [read_token(AccessToken, row) for row in rows]

    def _revoke(self, which: ColumnElement[bool], now: datetime, because: str) -> int:
        change = update(families).where(which, families.c.revoked_at.is_(None))
        with self._database.transaction() as connection:
            return connection.execute(change.values(revoked_at=now, revoked_because=because)).rowcount


def read_token(kind: type[Kept], row: Row[Any]) -> Kept:
    """The token of such a row."""
    values: Mapping[Any, Any] = row._mapping
    family = Family(**{name: values[name] for name in _OF_FAMILY})
    own = {name.removeprefix("own_"): value for name, value in values.items() if name.startswith("own_")}
    own["scopes"] = frozenset(own["scopes"])
    own["claims"] = ClaimsRequest(**own["claims"])
    if own.get("ttl") is not None:
        own["ttl"] = timedelta(seconds=own["ttl"])
    return kind(family=family, **own)

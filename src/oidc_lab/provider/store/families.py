"""Ends families by what is known of all of a user's: too many of them, a sign-out, a new password — RFC9700-4.14.2."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, update

from oidc_lab.domain.tokens import Family
from oidc_lab.provider.store.connection import Database
from oidc_lab.provider.store.tables import families, users

_of_user = families.alias()
_LAST_NUMBER = select(func.coalesce(func.max(_of_user.c.number), 0)).where(_of_user.c.sub == bindparam("of_sub"))
_FIRST_ISSUED = (
    update(families)
    .where(families.c.family_id == bindparam("key"))
    .values(first_issued_at=bindparam("now"), number=_LAST_NUMBER.scalar_subquery() + 1)
)
# Locked, where the database locks rows: of two sign-ins at once, the second waits and counts the first one, too. What
# only refers to the user does not wait.
_LOCKED = select(users.c.sub).where(users.c.sub == bindparam("key")).with_for_update(key_share=True)
_LIVES = families.c.revoked_at.is_(None)
# Of what has no refresh token there is none to count.
_COUNTS = _LIVES & families.c.first_issued_at.is_not(None)


class Families:
    """The families of the users; those of which a clock has run out, but which nothing ended, count among the rest."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, family: Family, now: datetime) -> None:
        """Note that a family's first refresh token is given out."""
        with self._database.transaction() as connection:
            connection.execute(_FIRST_ISSUED, {"key": family.family_id, "of_sub": family.sub, "now": now})

    def evict(self, family: Family, most: int, now: datetime) -> int:
        """End the oldest ones of its user and application besides this one, so that not more than `most` live."""
        own = (families.c.sub == family.sub) & (families.c.client_id == family.client_id)
        others = select(families.c.family_id).where(_COUNTS, own, families.c.family_id != family.family_id)
        oldest = _oldest(others, most, families.c.first_issued_at, families.c.number, families.c.family_id)
        return self._evict(family, families.c.family_id.in_(oldest), now)

    def evict_sessions(self, family: Family, most: int, now: datetime, *, client_ids: Collection[str]) -> int:
        """End those of its user's oldest sessions at these applications, so that not more than `most` sessions live."""
        own = (families.c.sub == family.sub) & families.c.client_id.in_(client_ids)
        others = select(families.c.sid).where(_COUNTS, own, families.c.sid != family.sid).group_by(families.c.sid)
        began = func.min(families.c.first_issued_at), func.min(families.c.number)
        return self._evict(family, own & families.c.sid.in_(_oldest(others, most, *began, families.c.sid)), now)

    def applications(self, **whose: str) -> list[str]:
        """The applications that have a family that nothing ended, by their client_id; `whose` is a `sub` or a `sid`."""
        query = select(families.c.client_id).where(_LIVES).distinct().order_by(families.c.client_id)
        with self._database.transaction() as connection:
            return list(connection.execute(query.filter_by(**whose)).scalars())

    def revoke(self, now: datetime, because: str, *, client_ids: Collection[str], **whose: str) -> int:
        """End what these applications have, of the user with a `sub`, or of the session with a `sid`."""
        which: ColumnElement[bool] = families.c.client_id.in_(client_ids)
        for name, value in whose.items():
            which &= families.c[name] == value
        return self._revoke(which, now, because)

    def _evict(self, family: Family, which: ColumnElement[bool], now: datetime) -> int:
        with self._database.transaction() as connection:
            connection.execute(_LOCKED, {"key": family.sub})
            return self._revoke(which, now, "evicted")

    def _revoke(self, which: ColumnElement[bool], now: datetime, because: str) -> int:
        change = update(families).where(which, _LIVES).values(revoked_at=now, revoked_because=because)
        with self._database.transaction() as connection:
            return connection.execute(change).rowcount


def _oldest(others: Select[Any], most: int, *youngest_last: ColumnElement[Any]) -> Select[Any]:
    """All but so many as may live besides the one that was just begun."""
    return others.order_by(*(each.desc() for each in youngest_last)).offset(most - 1)

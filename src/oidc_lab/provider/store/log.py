"""Keeps the audit log, and finds in it — RFC9700-2.6."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select

from oidc_lab.domain.audit import Key, LogEntry, Result
from oidc_lab.provider.store.connection import Database
from oidc_lab.provider.store.tables import log


@dataclass(frozen=True, kw_only=True)
class LogFilter:
    """What to find; what is None does not matter. `since` and `until` both belong to the time, `after` is a number."""

    client_id: str | None = None
    sub: str | None = None
    key: str | None = None
    result: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: int | None = None


class Log:
    """What happened, oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry: LogEntry) -> None:
        """Keep one more entry; its number is given here."""
        row = {name: value for name, value in vars(entry).items() if name != "number"}
        with self._database.transaction() as connection:
            connection.execute(_ADD, {**row, "details": dict(entry.details)})

    def find(self, wanted: LogFilter | None = None, *, most: int | None = None, newest: bool = False) -> list[LogEntry]:
        """The entries that a filter lets through, oldest first; with `newest`, the last `most` of them."""
        query = _filtered(wanted or LogFilter())
        query = query.order_by(log.c.number.desc() if newest else log.c.number).limit(most)
        with self._database.transaction() as connection:
            found = [_entry(row._mapping) for row in connection.execute(query)]
        return found[::-1] if newest else found

    def count(self, wanted: LogFilter | None = None) -> int:
        """How many entries a filter lets through."""
        query = _filtered(wanted or LogFilter()).with_only_columns(func.count())
        with self._database.transaction() as connection:
            return connection.scalar(query) or 0

    def last_of_each(self) -> dict[str, datetime]:
        """When each application was last heard of, by client_id."""
        with self._database.transaction() as connection:
            return {row.client_id: row.at for row in connection.execute(_LAST)}


_ADD = insert(log)
_LAST = (
    select(log.c.client_id, func.max(log.c.at, type_=log.c.at.type).label("at"))
    .where(log.c.client_id.is_not(None))
    .group_by(log.c.client_id)
)


def _filtered(wanted: LogFilter) -> Select[Any]:
    query = select(log)
    for name in ("client_id", "sub", "key", "result"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(log.c[name] == value)
    if wanted.since is not None:
        query = query.where(log.c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(log.c.at <= wanted.until)
    return query if wanted.after is None else query.where(log.c.number > wanted.after)


def _entry(row: Any) -> LogEntry:
    return LogEntry(**{**row, "key": Key(row["key"]), "result": Result(row["result"])})

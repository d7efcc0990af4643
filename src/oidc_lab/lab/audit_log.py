"""The audit log of a provider, from Python: found over its management API, shown as a table — RFC9700-2.6."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.audit import DrawnLog, Key, LogEntry, Result
from oidc_lab.lab.management import Management

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# As many entries as the API gives at once.
_AT_ONCE = 1000

# What the columns of the table are called, where a lesson has another word than the wire.
_COLUMNS = {
    "at": "at", "key": "key", "result": "result", "client_id": "application", "sub": "user", "sid": "session",
    "grant_id": "grant", "error": "error", "reason": "reason", "truth": "truth", "because": "because",
    "details": "details", "user_agent": "user_agent", "request_id": "request_id",
}  # fmt: skip


class AuditLog(DrawnLog):
    """What happened at the provider, oldest first; asked for when it is looked at."""

    def __init__(self, management: Management, **always: Any) -> None:
        """`always` are filters that every question has."""
        self._management, self._always = management, always

    def entries(
        self,
        *,
        client_id: str | None = None,
        sub: str | None = None,
        key: Key | str | None = None,
        result: Result | str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        after: int = 0,
    ) -> list[LogEntry]:
        """The entries that fit; `since` and `until` both belong to the time, `after` is the number of an entry."""
        given = {"client_id": client_id, "sub": sub, "key": key, "result": result, "since": since, "until": until}
        wanted = {name: value for name, value in given.items() if value is not None} | self._always
        found: list[LogEntry] = []
        while True:
            query = {**wanted, "after": found[-1].number if found else after, "limit": _AT_ONCE}
            page = [read_entry(each) for each in self._management.ask("GET", "logs", query=query)]
            found += page
            if len(page) < _AT_ONCE:
                return found

    def table(self, **filters: Any) -> "pd.DataFrame":
        """The entries that fit, a row each, by number; the filters are those of `entries`.

        `because` is which of several reasons it was; what an entry does not say is empty.
        """
        from oidc_lab.lab.table import tabulate

        rows = ({**vars(each), "because": each.details.get("because")} for each in self.entries(**filters))
        frame = tabulate(rows, ["number", *_COLUMNS], missing="").set_index("number")
        return frame.rename(columns=_COLUMNS)

    def plot(self, ax: "Axes | None" = None, **filters: Any) -> "Axes":
        """Draw how busy each application was, and what went wrong; gives the axes. The filters are those of `entries`.

        Raises ImportError where there is no matplotlib.
        """
        draw = type(self).drawing
        if draw is None:
            raise RuntimeError("nothing draws the log yet: take the lab with `from oidc_lab import Lab`")
        axes: Axes = draw(self.table(**filters), ax)
        return axes

    def latest(self, most: int, **filters: Any) -> list[LogEntry]:
        """So many entries at most, the newest first; the filters are those of the API, by their names there."""
        found = self._management.ask("GET", "logs", query={**self._always, **filters, "limit": most})
        return [read_entry(each) for each in found]

    @property
    def last_number(self) -> int:
        """The number of the newest entry; 0 when there is none."""
        newest = self._management.ask("GET", "logs", query={**self._always, "limit": 1})
        return int(newest[0]["number"]) if newest else 0

    def __iter__(self) -> Iterator[LogEntry]:
        return iter(self.entries())

    def __len__(self) -> int:
        return len(self.entries())

    def __repr__(self) -> str:
        return "\n".join([f"audit log: {len(self)} entries", *map(_line, self)])

    def _repr_html_(self) -> str:
        columns = ["at", "key", "result", "application", "user", "error", "reason", "because", "truth"]
        return str(self.table()[columns].to_html())


def read_entry(said: Mapping[str, Any]) -> LogEntry:
    """The entry of an answer."""
    kinds = {"key": Key(said["key"]), "result": Result(said["result"])}
    return LogEntry(**{**said, **kinds, "at": datetime.fromisoformat(said["at"])})


def _line(entry: LogEntry) -> str:
    who = " ".join(each for each in (entry.client_id, entry.sub) if each)
    why = f": {entry.reason}" if entry.reason else ""
    return f"{entry.number:5} {entry.at:%Y-%m-%d %H:%M:%S} {entry.key} {entry.result} {who}{why}"

"""Counts what stands in the audit log, and says in one line what it shows — RFC9700-2.6."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.audit import Result

if TYPE_CHECKING:
    import pandas as pd

_MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
_SPANS = (
    (_MINUTE, "minute"), (10 * _MINUTE, "10 minutes"), (60 * _MINUTE, "hour"), (360 * _MINUTE, "6 hours"),
    (DAY, "day"), (7 * DAY, "week"), (30 * DAY, "30 days"), (365 * DAY, "365 days"),
)  # fmt: skip
_MOST_BARS = 40


@dataclass(frozen=True)
class Line:
    """What is drawn of an entry of the log."""

    at: datetime
    application: str
    wrong: bool


@dataclass(frozen=True)
class Scale:
    """Bars of one width, the first of which begins at `start`."""

    start: datetime
    span: timedelta
    name: str

    def bar(self, at: datetime) -> int:
        """Into which bar a moment falls."""
        return (at - self.start) // self.span

    def days(self, bar: float) -> float:
        """Where a bar begins, as matplotlib counts: in days since 1970."""
        return (self.start + bar * self.span - datetime(1970, 1, 1, tzinfo=UTC)) / DAY


def read_log(frame: "pd.DataFrame") -> list[Line]:
    """Read the columns at, application and result; the oldest entry first."""
    import pandas as pd

    moments = pd.to_datetime(frame["at"], utc=True)
    rows = zip(moments, frame["application"], frame["result"], strict=True)
    lines = [Line(at.to_pydatetime(), _named(of), str(result) == Result.ERROR) for at, of, result in rows]
    return sorted(lines, key=lambda line: line.at)


def count(lines: Sequence[Line]) -> list[tuple[str, int]]:
    """How many lines each application has; the most first, those with as many by name."""
    return sorted(Counter(line.application for line in lines).items(), key=lambda item: (-item[1], item[0]))


def conclude(lines: Sequence[Line]) -> str:
    """Say in one line what the log shows."""
    if not lines:
        return "Nothing is in the log."
    counted, wrong = count(lines), sum(line.wrong for line in lines)
    busiest, most = counted[0]
    total = f"{len(lines)} {'entry' if len(lines) == 1 else 'entries'}"
    if len(counted) == 1:
        who = f"{busiest}: {total}"
    elif counted[1][1] == most:
        who = f"several were busiest with {most} each of {total}"
    else:
        who = f"{busiest} was busiest with {most} of {total}"
    return f"{who}; {wrong or 'none'} went wrong"


def choose_scale(lines: Sequence[Line]) -> Scale:
    """The finest scale on which the lines make few enough bars; the coarsest where none does."""
    first, last = lines[0].at, lines[-1].at
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    scales = [Scale(midnight + (first - midnight) // span * span, span, name) for span, name in _SPANS]
    return next((scale for scale in scales if scale.bar(last) < _MOST_BARS), scales[-1])


def _named(application: Any) -> str:
    # What concerns no application stands as None in the log, as "" in its table, and as NaN in another frame.
    return application if isinstance(application, str) and application else "no application"

"""What a figure of one family reads out of its rows: when tokens lived, what ended the sign-in, which clock bound."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.happening import Answer, By, Happening, Row

if TYPE_CHECKING:
    import pandas as pd

CLOCKS = ("ttl", "idle", "absolute", "grant", "session")
_EARLY = datetime(2000, 1, 1, tzinfo=UTC)
# How much of a figure's width is left, at most, for what lies after the last event.
_AFTER = 0.3
# Days by which floats of one moment may differ.
_MOMENT = 1e-6
_OTHERS = {By.THIEF.value, By.SOMEBODY.value}


@dataclass(frozen=True)
class Bar:
    """One token from the day on which it was given out until it was replaced, or its end."""

    token: int
    begins: float
    ends: float


@dataclass(frozen=True)
class Stretch:
    """What was left on a clock from one row to the next, in days; `binds` if no other clock had less."""

    clock: str
    begins: float
    ends: float
    left: float
    binds: bool


def over(rows: "pd.DataFrame") -> tuple[float, str] | None:
    """When and why the user was not signed in at the application any more; None when that did not happen."""
    if len(rows) == 1 and rows["because"].iloc[0] == "not_issued":
        return float(rows["day"].iloc[0]), "not_issued"
    ending = rows["answer"].eq(Answer.REFUSED.value) | rows["what"].eq(Happening.SIGN_OUT.value)
    for row in rows[ending].itertuples(index=False):
        said = Row(
            at=_EARLY, what=Happening(row.what), by=By(row.by), answer=Answer(row.answer), reason=row.reason,
            because=row.because,
        )  # fmt: skip
        if said.ended_by:
            return float(row.day), said.ended_by
    return None


def last_day(*frames: "pd.DataFrame") -> float:
    """Where the axis ends: after the last event, and where that is in sight, at the end of what still lives."""
    last = max(float(rows["day"].max()) for rows in frames)
    ends = max((bar.ends for rows in frames for bar in bars(rows, float("inf"))), default=last)
    if last > 0:
        return min(max(ends, last), last / (1 - _AFTER))
    return ends if 0 < ends < float("inf") else 1.0


def bars(rows: "pd.DataFrame", until: float) -> list[Bar]:
    """The bars of all tokens that were given out, none beyond `until`."""
    given = _first(rows[rows["given"].notna()], "given")
    changed = rows["sent"].notna() & rows["given"].notna() & (rows["sent"] != rows["given"])
    replaced = _first(rows[changed], "sent")
    ended, ends = _ended(rows), _clocks_end(rows)
    limits = {token: min(replaced.get(token, until), ends.get(token, until), ended, until) for token in given}
    return [Bar(token, day, max(day, limits[token])) for token, day in sorted(given.items())]


def _first(rows: "pd.DataFrame", column: str) -> dict[int, float]:
    found: dict[int, float] = {}
    for token, day in zip(rows[column], rows["day"], strict=True):
        found.setdefault(int(token), float(day))
    return found


def _ended(rows: "pd.DataFrame") -> float:
    """When the whole family ended at the provider."""
    which = (rows["answer"] == Answer.REVOKED.value) | (rows["reason"] == "refresh_token_reused")
    return float(rows["day"][which].min()) if which.any() else float("inf")


def _clocks_end(rows: "pd.DataFrame") -> dict[int, float]:
    """When the clocks of each token ran out, as was known when it was last seen."""
    known = rows.assign(
        token=rows["given"].fillna(rows["sent"]), until=rows[[f"{each}_ends" for each in CLOCKS]].min(axis=1)
    )
    known = known[known["token"].notna() & known["until"].notna()]
    return {int(token): float(day) for token, day in zip(known["token"], known["until"], strict=True)}


def stretches(rows: "pd.DataFrame", until: float) -> Iterator[Stretch]:
    """What was left on each clock, row by row; what others do with copies is not on the application's clocks."""
    ends = rows[[f"{each}_ends" for each in CLOCKS]]
    clocks = [clock for clock in CLOCKS if ends[f"{clock}_ends"].notna().any()]
    mine = rows[~(rows["by"].isin(_OTHERS) & ends.notna().any(axis=1))]
    days = [*mine["day"], until]
    for number, row in enumerate(mine.to_dict("records")):
        for clock in clocks:
            yield from _stretch(row, clock, days[number + 1])


def _stretch(row: dict[Any, Any], clock: str, until: float) -> Iterator[Stretch]:
    left = float(row[f"{clock}_ends"]) - float(row["day"])
    if left >= 0:  # neither no clock, which is not a number, nor one that ran out before
        ends = min(until, float(row[f"{clock}_ends"]))
        yield Stretch(clock, float(row["day"]), max(ends, float(row["day"])), left, row["binds"] == clock)


def joined(found: Iterable[Stretch]) -> list[Stretch]:
    """The same, with those together that lie on one falling line: a request that changed nothing makes no corner."""
    lines: dict[str, list[Stretch]] = {}
    for each in found:
        line = lines.setdefault(each.clock, [])
        if line and _goes_on(line[-1], each):
            line[-1] = replace(line[-1], ends=each.ends)
        else:
            line.append(each)
    return [each for line in lines.values() for each in line]


def _goes_on(before: Stretch, after: Stretch) -> bool:
    same_end = abs((before.begins + before.left) - (after.begins + after.left)) < _MOMENT
    return same_end and before.binds == after.binds and abs(before.ends - after.begins) < _MOMENT

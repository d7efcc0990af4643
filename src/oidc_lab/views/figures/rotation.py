"""Draws how often tokens are replaced: tokens given out, and the age of the held token as a share of its lifetime."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np

from oidc_lab.domain.happening import By, Happening
from oidc_lab.views.figures.fit import grow, length, unit
from oidc_lab.views.figures.history import Bar, bars, last_day
from oidc_lab.views.figures.panels import align, split
from oidc_lab.views.figures.style import INK, LINES, PAPER, conclude, drawing, key

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

AGE, COUNT, EDGE, THRESHOLD = LINES[0], "#CFDCE8", "#56708A", LINES[1]
# So many bars show how often; of a longer time each one stands for several days.
_BINS = 24
_WIDTHS = (1, 2, 5, 10, 15, 30, 60, 90)
_MANY = 100
_HARDLY = 1e-9
_TOO_MANY = 2000
# Inches that both parts need together.
_LEAST = 2.6
_SIZES = ((80, 6.5), (200, 4.0), (float("inf"), 2.5))
_ASKED = {Happening.REQUEST.value, Happening.LOST_REPLY.value, Happening.TWO_TABS.value}


@dataclass(frozen=True, kw_only=True)
class Held:
    """The tokens by number: their bars, and their TTLs in days; without an end of its own, a token has none."""

    bars: dict[int, Bar]
    ttls: dict[int, float]

    @property
    def shares(self) -> bool:
        """Whether ages are shares of TTLs."""
        return bool(self.ttls)

    def age(self, token: int, day: float) -> float:
        """How old a token was: in percent of its TTL, or in days."""
        age = day - self.bars[token].begins
        return age / self.ttls[token] * 100 if self.ttls.get(token) else age


def rotation(rows: "pd.DataFrame", ax: "Axes | None" = None, *, rotate_at: int | None = None) -> "Axes":
    """Draw a rows frame of one user: how many tokens were given out in a day, and how old the held one was.

    The age is in percent of the token's TTL, or in days where tokens have no TTL. `rotate_at` is the percentage from
    which on a request replaces the token; it is drawn as a line.
    """
    if rows.empty:
        raise ValueError("nothing to draw: the frame has no rows")
    held, until = _held(rows), last_day(rows)
    with drawing(ax, height=5.0) as axes:
        upper, lower = split(axes, until, 0.36)
        handles = _counts(upper, rows, until)
        if lower is not None:
            handles |= _ages(lower, rows, held, until, rotate_at)
            align(upper, lower)
        key(axes, list(handles.values()), list(handles))
        conclude(axes, _says(rows, held))
        grow(axes, _LEAST)
    return axes


def _held(rows: "pd.DataFrame") -> Held:
    given = rows[rows["given"].notna()].drop_duplicates("given")
    ttls = given["ttl_ends"] - given["day"]
    known = ttls.notna() & (ttls > 0)
    tokens = given["given"].astype(int)
    found = {bar.token: bar for bar in bars(rows, last_day(rows))}
    return Held(bars=found, ttls=dict(zip(tokens[known], ttls[known], strict=True)))


def _mine(rows: "pd.DataFrame") -> "pd.DataFrame":
    """The requests of the application, and of its second tab."""
    by = {By.APPLICATION.value, By.SECOND_TAB.value}
    return rows[rows["what"].isin(_ASKED) & rows["by"].isin(by) & rows["sent"].notna()]


def _counts(axes: "Axes", rows: "pd.DataFrame", until: float) -> dict[str, Any]:
    size, name = unit(until)
    days = rows[rows["given"].notna()].drop_duplicates("given")["day"] / size
    wide = next((each for each in _WIDTHS if until / size / each <= _BINS), ceil(until / size / _BINS))
    edges = _edges(float(rows["day"].max()) / size, wide)
    rates = _counted(days.iloc[1:].to_numpy(), edges) / np.diff(edges)
    axes.set_ylabel(f"new tokens\nper {name[:-1]}")
    axes.set_ylim(0, float(rates.max()) * 1.1 or 1.0)
    if days.empty:
        axes.set_yticks([])
        return {}
    look: dict[str, Any] = {"facecolor": COUNT, "edgecolor": EDGE, "linewidth": 0.8}
    drawn = axes.bar(edges[:-1], rates, width=np.diff(edges), align="edge", **look)
    each = name[:-1] if wide == 1 else f"{wide} {name}"
    return {f"tokens that replaced one, each {each}": drawn}


def _edges(last: float, wide: int) -> "npt.NDArray[np.float64]":
    """Where the bars begin and end; what is left over at the end is part of the last one."""
    edges = [float(edge) for edge in range(0, ceil(last), wide) if last - edge >= wide / 2 or edge == 0]
    return np.array([*(edges or [0.0]), last or float(wide)])


def _counted(days: "npt.NDArray[np.float64]", edges: "npt.NDArray[np.float64]") -> "npt.NDArray[np.int64]":
    """How many in each bar: what is on its end counts, what is on its begin does not."""
    which = np.searchsorted(edges, days - _HARDLY, side="left") - 1
    return np.bincount(which.clip(0, len(edges) - 2), minlength=len(edges) - 1)


def _ages(axes: "Axes", rows: "pd.DataFrame", held: Held, until: float, rotate_at: int | None) -> dict[str, Any]:
    size, name = unit(until)
    scale = 1.0 if held.shares else 1 / size
    axes.set_ylabel("age of the held\ntoken (% of its TTL)" if held.shares else f"age of the held\ntoken ({name})")
    handles = _teeth(axes, held, size, scale)
    handles |= _requests(axes, _mine(rows), held, size, scale)
    top = max((held.age(token, bar.ends) * scale for token, bar in held.bars.items()), default=1.0)
    axes.set_ylim(0, max(top, 100 if held.shares else 0, 1e-9) * 1.06)
    if not held.bars:
        axes.set_yticks([])
    if rotate_at is not None and held.shares:
        look: dict[str, Any] = {"color": THRESHOLD, "linestyle": (0, (5, 2)), "linewidth": 1.8, "zorder": 2.5}
        handles[f"threshold: {rotate_at} %"] = axes.axhline(rotate_at, **look)
    return handles


def _teeth(axes: "Axes", held: Held, size: float, scale: float) -> dict[str, Any]:
    if not held.bars:
        return {}
    days: list[float] = []
    ages: list[float] = []
    for bar in _seen([held.bars[token] for token in sorted(held.bars)]):
        days += [bar.begins / size, bar.ends / size, float("nan")]
        ages += [0.0, held.age(bar.token, bar.ends) * scale, float("nan")]
    line = axes.plot(days, ages, color=AGE, linewidth=1.6 if len(held.bars) <= _MANY else 0.6, zorder=2)[0]
    return {"age of each token": line}


def _seen(several: Sequence[Any]) -> Sequence[Any]:
    """Of more than can be told apart, every so many."""
    return several[:: -(-len(several) // _TOO_MANY) or 1]


def _requests(axes: "Axes", asked: "pd.DataFrame", held: Held, size: float, scale: float) -> dict[str, Any]:
    known = asked[asked["sent"].isin(list(held.bars))]
    replaced = known["given"].notna() & (known["given"] != known["sent"])
    kept = known["given"].notna() & ~replaced
    small = next(points for many, points in _SIZES if len(known) <= many)
    looks: Sequence[tuple[str, Any, dict[str, Any]]] = (
        ("request: token replaced", replaced, {"marker": "o", "markersize": small, "markerfacecolor": INK}),
        ("request: token kept", kept, {"marker": "|", "markersize": small + 1}),
        ("request: refused", ~replaced & ~kept, {"marker": "o", "markersize": 7, "markerfacecolor": PAPER}),
    )
    return {
        label: _marks(axes, known[which], held, (size, scale), {"label": label, **look})
        for label, which, look in looks
        if which.any()
    }


def _marks(axes: "Axes", rows: "pd.DataFrame", held: Held, scales: tuple[float, float], look: dict[str, Any]) -> Any:
    size, scale = scales
    rows = rows.iloc[_seen(range(len(rows)))]
    # What is refused after its end does not grow older.
    ages = [
        held.age(token, min(day, held.bars[token].ends)) * scale
        for token, day in zip(rows["sent"].astype(int), rows["day"], strict=True)
    ]
    return axes.plot(rows["day"] / size, ages, linestyle="", color=INK, zorder=3, clip_on=False, **look)[0]


def _says(rows: "pd.DataFrame", held: Held) -> str:
    """The conclusion: how often, and how old the replaced tokens were."""
    asked = _mine(rows)
    replacing = asked[asked["given"].notna() & (asked["given"] != asked["sent"])]
    last = float(rows["day"].max())
    if not held.bars:
        return "No refresh token is issued, so none is replaced."
    if asked.empty:
        return "One token was given out, and nothing was asked since."
    if replacing.empty:
        answered = int(asked["given"].notna().sum())
        return f"No token was replaced in {length(last)}: the first one served {answered:,} requests."
    ages = [held.age(int(token), day) for token, day in zip(replacing["sent"], replacing["day"], strict=True)]
    apart = length(_apart(replacing, last)).removeprefix("1 ")
    tokens = f"{len(held.bars):,} tokens in {length(last)}, a new one every {apart}"
    if not held.shares:
        return f"{tokens} on the average; the youngest that was replaced was {length(min(ages))} old."
    youngest = floor(min(ages) + _HARDLY)
    if not youngest:
        return f"{tokens} on the average; the youngest was replaced when less than 1 % of its TTL had passed."
    return f"{tokens} on the average; none was replaced before {youngest} % of its TTL had passed."


def _apart(replacing: "pd.DataFrame", last: float) -> float:
    return min(float(replacing["day"].max()), last) / len(replacing)

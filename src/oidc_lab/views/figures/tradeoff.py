"""Draws what a policy asks of users against what it leaves to a thief, and which policies no other one betters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import hypot, log
from typing import TYPE_CHECKING, Any

from oidc_lab.views.figures.fit import grow, length, number, shortened
from oidc_lab.views.figures.lettering import wide
from oidc_lab.views.figures.style import INK, LINES, PAPER, conclude, drawing, key, room

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_SECOND = 1 / 86400
# The ticks of the exposure, in days, and more of them for when these are few; a second stands for no time.
_TICKS = (_SECOND, 1 / 1440, 10 / 1440, 1 / 24, 0.25, 1, 7, 30, 90, 365, 3650)
_FINE = (10 / 86400, 1 / 1440, 2 / 1440, 5 / 1440, 10 / 1440, 20 / 1440, 30 / 1440, 1 / 24, 2 / 24, 4 / 24, 8 / 24, 0.5,
         1, 2, 4, 7, 14, 30, 60, 90, 180, 365, 730, 1825, 3650)  # fmt: skip
# The first digits of the ticks of the sign-ins.
_COARSE, _MORE = (1, 3), (1, 1.5, 2, 3, 5, 7)
# Points across a badge; closer than that, points have one together.
_BADGE = 17.0
# Inches that the points have from below to above.
_HIGH = 3.6
_FRONTIER = LINES[0]


@dataclass(frozen=True, kw_only=True)
class Point:
    """A policy: for how many days a stolen token is good, and how often a year its users are asked to sign in."""

    name: str
    days: float
    asked: float
    ends: bool = True
    best: bool = False

    @property
    def said(self) -> str:
        """What it costs, in words."""
        asked, over = number(self.asked), "" if self.ends else "over "
        return f"{asked} sign-in{'' if asked == '1' else 's'} a year, a stolen token good for {over}{_told(self.days)}"


def tradeoff(summary_frame: "pd.DataFrame", named: Collection[str] = (), ax: "Axes | None" = None) -> "Axes":
    """Draw the sign-ins asked of a user per year against the median time for which a stolen token is good.

    The frame has a row per policy, of one usage, with exposure_days. A policy is on the frontier when no other one is
    better in one respect and not worse in the other. Those on it, and those `named`, have a number, which the legend
    explains; policies too close to be told apart have one together.
    Raises ValueError where no thefts were simulated, or the frame has several usages.
    """
    points = read_points(summary_frame)
    with drawing(ax, height=1.0) as axes:
        _scale(axes, points)
        _draw(axes, points)
        explained = _number(axes, points, named)
        key(axes, [handle for handle, _ in explained], [label for _, label in explained])
        conclude(axes, _conclusion(points))
        grow(axes, _HIGH)
    return axes


def read_points(frame: "pd.DataFrame") -> list[Point]:
    """The policies of a summary frame, the one under which a stolen token is good for the shortest time first."""
    if frame["usage"].nunique() != 1:
        raise ValueError("a trade-off is of one usage: choose the rows of one")
    known = frame[frame["exposure_days"].notna()]
    if known.empty:
        raise ValueError("this frame does not tell for how long a stolen token is good: simulate with exposure=True")
    days, asked = known["exposure_days"].to_numpy(dtype=float), known["sign_ins_per_year"].to_numpy(dtype=float)
    points = [
        Point(
            name=str(row.policy), days=float(row.exposure_days), asked=float(row.sign_ins_per_year),
            ends=bool(row.exposure_days < row.horizon_days), best=bool(not _bettered(days, asked, place)),
        )
        for place, row in enumerate(known.itertuples(index=False))
    ]  # fmt: skip
    return sorted(points, key=lambda point: (point.days, point.asked, point.name))


def _bettered(days: Any, asked: Any, place: int) -> bool:
    """Whether another point is better in one respect, and not worse in the other."""
    not_worse = (days <= days[place]) & (asked <= asked[place])
    return bool((not_worse & ((days < days[place]) | (asked < asked[place]))).any())


def _scale(axes: "Axes", points: Sequence[Point]) -> None:
    """Both in powers: policies differ by minutes and by years. No time at all is drawn as a second."""
    axes.set_xscale("log")
    axes.set_yscale("log")
    days, asked = [max(point.days, _SECOND) for point in points], [point.asked for point in points]
    low, high = min(days) / 2, max(days) * 2
    axes.set_xlim(low, high)
    axes.set_ylim(min(asked) / 1.7, max(asked) * 1.7)
    ticks = _apart(_within(low, high, _TICKS, _FINE) or [low * 2], room(axes) / log(high / low))
    axes.set_xticks(ticks, [_told(tick) for tick in ticks])
    coarse, fine = ([count * 10.0**power for power in range(-3, 7) for count in each] for each in (_COARSE, _MORE))
    shown = _within(min(asked) / 1.7, max(asked) * 1.7, coarse, fine) or [asked[0]]
    axes.set_yticks(shown, [number(step) for step in shown])
    axes.minorticks_off()
    axes.grid(color="#E8E8E8", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_xlabel("how long a stolen token is good,\nin the median (log scale)")
    axes.set_ylabel("sign-ins asked of a user\nper year (log scale)")


def _told(days: float) -> str:
    return length(days) if days > _SECOND else "no time"


def _within(low: float, high: float, coarse: Sequence[float], fine: Sequence[float]) -> list[float]:
    """The ticks between two ends: the fine ones where there are few of the others."""
    found = [[tick for tick in ticks if low <= tick <= high] for ticks in (coarse, fine)]
    return found[0] if len(found[0]) > 2 else found[1]


def _apart(ticks: Sequence[float], inches: float) -> list[float]:
    """The ticks of a logarithmic axis, of so many inches for each power of e, whose labels do not touch."""
    kept: list[float] = []
    for tick in ticks:
        if not kept or log(tick / kept[-1]) * inches > _beside(kept[-1]) + _beside(tick):
            kept.append(tick)
    return kept


def _beside(tick: float) -> float:
    """Inches that a label takes on each side of its tick."""
    return wide(_told(tick), 11.0) / 144 + 0.06


def _draw(axes: "Axes", points: Sequence[Point]) -> None:
    best = [point for point in points if point.best]
    axes.plot([_x(point) for point in points], [point.asked for point in points], **_OTHERS)
    axes.plot([_x(point) for point in best], [point.asked for point in best], drawstyle="steps-post", **_LINE)
    if watched := [point.days for point in points if not point.ends]:
        axes.axvline(min(watched), **_WATCHED)


def _x(point: Point) -> float:
    return max(point.days, _SECOND)


def _number(axes: "Axes", points: Sequence[Point], named: Collection[str]) -> list[tuple[Any, str]]:
    """Put a number at each group of points that are told of; gives what the legend says of all that is drawn."""
    from matplotlib.lines import Line2D

    explained: list[tuple[Any, str]] = []
    for count, group in enumerate(_groups(axes, [each for each in points if each.best or each.name in named]), 1):
        badge = _BEST if any(point.best for point in group) else _NAMED
        axes.plot([_x(group[0])], [group[0].asked], markersize=_BADGE, clip_on=False, **badge)
        axes.annotate(
            str(count), (_x(group[0]), group[0].asked), ha="center", va="center_baseline", size=10.0, color=PAPER,
            fontweight="bold", annotation_clip=False,
        )  # fmt: skip
        figure = Line2D([], [], linestyle="", marker=f"${count}$", color=PAPER, markersize=6 if count < 10 else 10)
        explained.append(((Line2D([], [], markersize=12, **badge), figure), _costs(group)))
    explained.append((Line2D([], [], **_LINE), "the frontier: whatever asks less here leaves more to a thief"))
    if others := sum(not point.best and point.name not in named for point in points):
        explained.append((Line2D([], [], **_OTHERS), f"{others} other{'' if others == 1 else 's'}"))
    if any(not point.ends for point in points):
        explained.append((Line2D([], [], **_WATCHED), "here the simulation ended, and the token was still good"))
    return explained


def _groups(axes: "Axes", points: Sequence[Point]) -> list[list[Point]]:
    """Points whose badges would touch, together."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    broad, tall = room(axes) * 72 / log(right / left), _HIGH * 72 / log(high / low)
    groups: list[list[Point]] = []
    for point in points:
        near = [
            group
            for group in groups
            if any(
                hypot(log(_x(point) / _x(one)) * broad, log(point.asked / one.asked) * tall) < _BADGE for one in group
            )
        ]
        groups = [group for group in groups if group not in near] + [[one for group in near for one in group] + [point]]
    return sorted(groups, key=lambda group: _x(group[0]))


def _names(group: Sequence[Point]) -> str:
    """The first few; a frontier's own before those that are only near it."""
    names = [shortened(point.name, 24) for point in sorted(group, key=lambda point: not point.best)]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _costs(group: Sequence[Point]) -> str:
    about = "" if len({point.said for point in group}) == 1 else "about "
    return f"{_names(group)}: {about}{group[0].said}"


def _conclusion(points: Sequence[Point]) -> str:
    best = [point for point in points if point.best]
    if len(points) == 1:
        return f"{shortened(points[0].name)}: {points[0].said}."
    first, last = best[0], best[-1]
    if (first.days, first.asked) == (last.days, last.asked):
        return f"{_names(best)} cannot be bettered by any of {len(points)} policies: {first.said}."
    said = f"No other policy asks less and leaves less to a thief than these {len(best)} of {len(points)}"
    return f"{said}, from {shortened(first.name)} ({first.said}) to {shortened(last.name)} ({last.said})."


_OTHERS: dict[str, Any] = {"linestyle": "", "marker": "o", "markersize": 5, "color": "#888888"}
_LINE: dict[str, Any] = {"color": _FRONTIER, "linewidth": 2.0}
_WATCHED: dict[str, Any] = {"color": INK, "linewidth": 1.2, "linestyle": ":"}
_BEST: dict[str, Any] = {"linestyle": "", "marker": "o", "color": _FRONTIER}
_NAMED: dict[str, Any] = {"linestyle": "", "marker": "s", "color": "#A84400"}

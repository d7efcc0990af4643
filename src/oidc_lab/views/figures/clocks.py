"""Draws what was left on each clock of a family: the one that binds in its colour, the others pale."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from oidc_lab.views.figures.fit import length
from oidc_lab.views.figures.history import CLOCKS, Stretch, joined, stretches
from oidc_lab.views.figures.panels import Panels
from oidc_lab.views.figures.said import CLOCK_WORDS
from oidc_lab.views.figures.style import CAUSE, CLOCK, PALE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

OTHER = "#8C8C8C"
# A dash for each clock, so that they are told apart without their colours.
DASH: dict[str, Any] = {
    "ttl": "-", "idle": (0, (5, 1.5)), "absolute": (0, (6, 1.5, 1, 1.5)), "grant": (0, (1, 1)),
    "session": (0, (9, 3)),
}  # fmt: skip
# Clocks with more than so many times as much left as the one that binds lie beyond the figure.
_MUCH_MORE = 4.0
# From so many stretches on the teeth of a line are drawn as one band, in so many steps.
_MANY, _STEPS = 150, 120


def draw_clocks(drawn: Panels, rows: "pd.DataFrame", name: str = "") -> None:
    """Draw the lines; of what would have happened under another name, only what bound, thick and grey."""
    if drawn.clocks is None:
        return
    found = joined(stretches(rows, drawn.until))
    _scale(drawn, drawn.clocks, [each for each in found if each.binds] if name else found)
    if name:
        _other(drawn, drawn.clocks, [each for each in found if each.binds], name)
        return
    for clock in CLOCKS:
        mine = [each for each in found if each.clock == clock]
        if mine:
            _clock(drawn, drawn.clocks, clock, mine)


def _scale(drawn: Panels, axes: "Axes", found: list[Stretch]) -> None:
    most = max((each.left for each in found), default=0.0)
    binding = max((each.left for each in found if each.binds), default=most)
    top = (most if most <= _MUCH_MORE * binding else 1.25 * binding) or drawn.until
    drawn.tops.append(1.05 * top / drawn.size)
    axes.set_ylim(0, max(drawn.tops))


def _clock(drawn: Panels, axes: "Axes", clock: str, mine: list[Stretch]) -> None:
    colour, dash = CAUSE[CLOCK[clock]][0], DASH[clock]
    binding = [each for each in mine if each.binds]
    label = CLOCK_WORDS[clock] + (_binding(binding) if binding else _beyond(drawn, mine))
    drawn.handles[label] = _line(drawn, axes, mine, color=PALE, linestyle=dash, linewidth=1.6, zorder=2)
    if binding:
        drawn.handles[label] = _line(drawn, axes, binding, color=colour, linestyle=dash, linewidth=2.2, zorder=3)
        _fill(drawn, axes, binding, colour)


def _binding(binding: list[Stretch]) -> str:
    return " (binds)" if len(binding) <= _MANY else " (binds; least and most)"


def _beyond(drawn: Panels, mine: list[Stretch]) -> str:
    """What is said of a clock whose line is not seen."""
    least = min(_least(each) for each in mine)
    return f" (at least {length(least)} left)" if least / drawn.size > max(drawn.tops) else ""


def _other(drawn: Panels, axes: "Axes", binding: list[Stretch], name: str) -> None:
    if binding:
        label = f"what binds under {name}"
        drawn.handles[label] = _line(drawn, axes, binding, color=OTHER, linewidth=4.5, alpha=0.55, zorder=1)


def _line(drawn: Panels, axes: "Axes", found: list[Stretch], **look: Any) -> Any:
    """Of many teeth only the lowest points: they say how close it was."""
    days, left = _points(found, drawn.size) if len(found) <= _MANY else _edge(found, drawn, lower=True)
    return axes.plot(days, left, solid_joinstyle="miter", **look)[0]


def _fill(drawn: Panels, axes: "Axes", found: list[Stretch], colour: str) -> None:
    days, left = _points(found, drawn.size) if len(found) <= _MANY else _edge(found, drawn, lower=False)
    axes.fill_between(days, 0, left, facecolor=colour, alpha=0.14, linewidth=0, zorder=1)


def _points(found: Iterable[Stretch], size: float) -> tuple[list[float], list[float]]:
    """Corners of the line; it is broken where one stretch does not begin at the end of the other."""
    days: list[float] = []
    left: list[float] = []
    for each in found:
        if days and days[-1] < each.begins / size:
            days.append(float("nan"))
            left.append(float("nan"))
        days += [each.begins / size, each.ends / size]
        left += [each.left / size, _least(each) / size]
    return days, left


def _edge(found: Iterable[Stretch], drawn: Panels, *, lower: bool) -> tuple[list[float], list[float]]:
    """The lowest or the highest points of many stretches, step by step; of the last stretch its corners."""
    *many, last = found
    steps: dict[int, list[Stretch]] = {}
    for each in many:
        steps.setdefault(int(each.begins / drawn.until * _STEPS), []).append(each)
    days: list[float] = []
    left: list[float] = []
    for together in steps.values():
        edge = min(_least(each) for each in together) if lower else max(each.left for each in together)
        days += [together[0].begins / drawn.size, together[-1].ends / drawn.size]
        left += [edge / drawn.size, edge / drawn.size]
    return [*days, last.begins / drawn.size, last.ends / drawn.size], [
        *left,
        last.left / drawn.size,
        _least(last) / drawn.size,
    ]


def _least(stretch: Stretch) -> float:
    return stretch.left - (stretch.ends - stretch.begins)

"""Says lengths of time as people do, and makes words fit into a figure, or the figure fit around them."""

from typing import TYPE_CHECKING

from oidc_lab.views.figures.lettering import folded, wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The units in which time is told, in days, from when on each is used, and how each is called.
_UNITS = ((1.0, 2.0, "day"), (1 / 24, 2 / 24, "hour"), (1 / 1440, 2 / 1440, "minute"), (1 / 86400, 0.0, "second"))

# What is written behind the name of what is in doubt.
DOUBTFUL = " (?)"
# Inches that the layout leaves free above and below.
_EDGE = 0.24


def unit(longest: float) -> tuple[float, str]:
    """The unit, in days, in which an axis up to so many days is readable, and its name."""
    return next((size, f"{name}s") for size, least, name in _UNITS if longest >= least)


def length(days: float) -> str:
    """So many days, as people say it: `14 days`, `12 hours`, `1.5 days`."""
    size, _, name = next(each for each in _UNITS if days >= each[0] * 0.9995 or each is _UNITS[-1])
    told = number(days / size)
    return f"{told} {name}{'' if told == '1' else 's'}"


def number(value: float) -> str:
    """A number with as much behind the point as matters: 365, 14, 1.5, 0.04."""
    return f"{value:.0f}" if abs(value) >= 99.5 else f"{value:.2g}"


def percent(share: float) -> str:
    """A share; what is not all, or not none, is not said to be."""
    rounded = round(share * 100)
    if 0 < share < 1 and rounded in {0, 100}:
        return "under 1 %" if rounded == 0 else "over 99 %"
    return f"{rounded} %"


def shortened(words: str, width: int = 40) -> str:
    """A name that is no longer than so many characters; the mark of a doubt at its end is kept."""
    if len(words) <= width:
        return words
    mark = DOUBTFUL if words.endswith(DOUBTFUL) else ""
    return f"{words[: width - 1 - len(mark)].rstrip()}…{mark}"


def within(words: str, inches: float, points: float = 10.0, most: int = 2) -> str:
    """Words in lines no longer than so many inches; of what needs more lines than `most`, the end is left out."""
    lines = folded(words, inches, points).split("\n")
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1], inches * 72, points)]
    return "\n".join(lines)


def _cut(line: str, longest: float, points: float) -> str:
    ends = (line[:end].rstrip() + "…" for end in range(len(line), 0, -1))
    return next((cut for cut in ends if wide(cut, points) <= longest), "…")


def grow(axes: "Axes", inches: float) -> None:
    """Have the figure be so high that its data have so many inches, beside all that is written above and below them.

    It is called when all is drawn.
    """
    figure, place, drawn = axes.get_figure(root=True), axes.get_subplotspec(), axes.get_tightbbox()
    if figure is None or drawn is None:
        return
    rows = 1 if place is None else place.get_gridspec().nrows
    written = float(drawn.height - axes.bbox.height) / figure.dpi
    figure.set_figheight(max(float(figure.get_figheight()), (inches + written + _EDGE) * rows))

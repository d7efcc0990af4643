"""Notes over a figure: each on lines of its own, with a thin line down to what it is about, so that none overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oidc_lab.views.figures.lettering import folded, literal
from oidc_lab.views.figures.style import INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

_POINTS = 10.0
_LINE = 14.0
_MOST = 6


@dataclass(frozen=True)
class Note:
    """Words about a place in the figure, in the units of its axes."""

    at: float
    height: float
    words: str
    colour: str = INK


def write(axes: "Axes", notes: Sequence[Note], inches: float) -> float:
    """Write notes over axes that are about so many inches wide; gives how many points high they are."""
    told = _in_order(axes, _few(notes))
    offset = 4.0
    for note, left in reversed(told):
        words = folded(note.words, inches * _share(axes, note, left) - 0.1, _POINTS)
        _line(axes, note, offset)
        _words(axes, note, words, offset, left)
        offset += _LINE * (words.count("\n") + 1)
    return offset if told else 0.0


def _few(notes: Sequence[Note]) -> list[Note]:
    """The first of those with equal words, and no more than have room."""
    first: dict[str, list[Note]] = {}
    for note in notes:
        first.setdefault(note.words, []).append(note)
    several = [_together(alike) for alike in first.values()]
    if len(several) <= _MOST:
        return several
    rest = several[_MOST - 1 :]
    return [*several[: _MOST - 1], Note(rest[0].at, rest[0].height, f"and {len(rest)} other things from here on")]


def _together(alike: list[Note]) -> Note:
    one = alike[0]
    words = one.words if len(alike) == 1 else f"{one.words}, {len(alike):,} times from here on"
    return Note(one.at, one.height, words, one.colour)


def _in_order(axes: "Axes", notes: list[Note]) -> list[tuple[Note, bool]]:
    """From the top: notes about the left half, to the right of their lines, then the others, in reverse."""
    left = sorted((note for note in notes if _place(axes, note) <= 0.5), key=lambda note: note.at)
    right = sorted((note for note in notes if _place(axes, note) > 0.5), key=lambda note: -note.at)
    return [*((note, True) for note in left), *((note, False) for note in right)]


def _place(axes: "Axes", note: Note) -> float:
    begin, end = axes.get_xlim()
    places = [float(axes.transScale.transform((at, 1))[0]) for at in (begin, note.at, end)]
    return (places[1] - places[0]) / (places[2] - places[0])


def _share(axes: "Axes", note: Note, left: bool) -> float:
    return 1 - _place(axes, note) if left else _place(axes, note)


def _line(axes: "Axes", note: Note, offset: float) -> None:
    """Below all words, which hide the lines of others that pass behind them."""
    axes.annotate(
        "", (note.at, note.height), (note.at, 1), textcoords=_above(axes, offset), annotation_clip=False, zorder=1.5,
        arrowprops={"arrowstyle": "-", "color": note.colour, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 3},
    )  # fmt: skip


def _words(axes: "Axes", note: Note, words: str, offset: float, left: bool) -> None:
    place = _above(axes, offset, 3.0 if left else -3.0)
    axes.text(
        note.at, 1, literal(words), transform=place, fontsize=_POINTS, color=note.colour, zorder=6,
        ha="left" if left else "right", va="bottom", linespacing=_LINE / _POINTS / 1.2,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip


def _above(axes: "Axes", offset: float, aside: float = 0.0) -> "Transform":
    """Where x is data, so many points aside, and y is so many points over the height of the axes."""
    from matplotlib.transforms import IdentityTransform, ScaledTranslation

    figure = axes.get_figure(root=True)
    scale = IdentityTransform() if figure is None else figure.dpi_scale_trans
    return axes.get_xaxis_transform() + ScaledTranslation(aside / 72, offset / 72, scale)

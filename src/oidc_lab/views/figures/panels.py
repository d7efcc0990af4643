"""The two parts of a figure of one family, tokens over clocks, which have their days in common."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from oidc_lab.views.figures.fit import grow, unit
from oidc_lab.views.figures.history import CLOCKS, bars, last_day
from oidc_lab.views.figures.notes import Note, write
from oidc_lab.views.figures.style import conclude, key, room

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Up to so many tokens each has its number at the side, and room for its bar.
_NUMBERED = 8
_GAP = 0.06
# Inches that both parts need together, however much is written around them.
_LEAST = 2.6


@dataclass(frozen=True, kw_only=True)
class Panels:
    """Axes within `whole`: `tokens`, and `clocks` where there are any; days are drawn in units of `size` days.

    `notes` are to be written over them and `handles` to be explained beneath, by what they are called; `tops` are how
    high each frame's clocks reach.
    """

    whole: "Axes"
    tokens: "Axes"
    clocks: "Axes | None"
    size: float
    until: float
    notes: list[Note] = field(default_factory=list)
    handles: dict[str, Any] = field(default_factory=dict)
    tops: list[float] = field(default_factory=list)


def panels(axes: "Axes", *frames: "pd.DataFrame") -> Panels:
    """Make room for these rows frames in the axes."""
    until = last_day(*frames)
    many = max((bar.token + 1 for rows in frames for bar in bars(rows, until)), default=0)
    limited = any(_limited(rows) for rows in frames)
    tokens, clocks = split(axes, until, 0.2 + 0.04 * min(many, 6) if limited else 1.0)
    _scale(tokens, many)
    size, name = unit(until)
    if clocks is not None:
        clocks.set_ylabel(f"time left ({name})")
    return Panels(whole=axes, tokens=tokens, clocks=clocks, size=size, until=until)


def split(axes: "Axes", until: float, share: float) -> "tuple[Axes, Axes | None]":
    """Two axes in one, that have their days in common; they keep only a title and a key for themselves.

    The upper one has this share of the height; when it has all of it there is no lower one.
    """
    size, name = unit(until)
    upper = axes.inset_axes((0, 1 - share, 1, share))
    lower = axes.inset_axes((0, 0, 1, 1 - share - _GAP), sharex=upper) if share < 1 else None
    axes.set_axis_off()
    if lower is not None:
        upper.tick_params(labelbottom=False)
    (lower or upper).set_xlabel(f"time since the first sign-in ({name})")
    upper.set_xlim(-0.01 * until / size, until / size * 1.01)
    return upper, lower


def height(rows: "pd.DataFrame") -> float:
    """How many inches a figure of its own is high."""
    return 5.2 if _limited(rows) else 2.4 + 0.2 * min(rows["given"].nunique(), _NUMBERED)


def _limited(rows: "pd.DataFrame") -> bool:
    return bool(rows[[f"{clock}_ends" for clock in CLOCKS]].notna().any(axis=None))


def _scale(tokens: "Axes", many: int) -> None:
    from matplotlib.ticker import MaxNLocator

    tokens.set_ylim(-0.7, max(many - 0.3, 0.7))
    if many == 0:
        tokens.yaxis.set_visible(False)
        return
    tokens.set_ylabel("token\nnumber" if many <= 3 else "token number")
    if many <= _NUMBERED:
        tokens.set_yticks(range(many))
    else:
        tokens.yaxis.set_major_locator(MaxNLocator(5, integer=True))


def finish(drawn: Panels, conclusion: str) -> None:
    """Write what stands around the panels: notes over them, a key beneath, and the conclusion over all."""
    if drawn.clocks is not None:
        align(drawn.tokens, drawn.clocks)
    over = write(drawn.tokens, drawn.notes, room(drawn.whole))
    key(drawn.whole, list(drawn.handles.values()), list(drawn.handles))
    conclude(drawn.whole, conclusion, over=over)
    grow(drawn.whole, _LEAST if drawn.clocks is not None else _LEAST / 3)


def align(*several: "Axes") -> None:
    """The names of the heights stand below each other, beside the widest numbers."""
    lefts = [_numbers_begin(axes) for axes in several]
    for axes, left in zip(several, lefts, strict=True):
        axes.yaxis.labelpad += left - min(lefts)


def _numbers_begin(axes: "Axes") -> float:
    """How many points from the left side of the paper, in the layout so far, the numbers of the height begin."""
    figure = axes.get_figure(root=True)
    if figure is None or not axes.yaxis.get_visible():
        return float("inf")
    return min((label.get_window_extent().x0 * 72 / figure.dpi for label in axes.get_yticklabels()), default=0.0)

"""Draws how long users stay signed in over two settings at once, and where nothing ends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from oidc_lab.domain.causes import CAUSES
from oidc_lab.views.figures.fit import grow, length, number, unit, within
from oidc_lab.views.figures.lettering import literal, wide
from oidc_lab.views.figures.side import Side, known, written
from oidc_lab.views.figures.style import INK, PAPER, conclude, drawing, key, room

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_TOLD = ("median_days", "never", "ended_by")
# Inches that the colour bar takes beside the cells, and that the cells have from below to above, at least; and
# what a value at a side takes at most.
_BESIDE, _HIGH, _NAME = 1.2, 3.3, 1.5


@dataclass(frozen=True)
class Cells:
    """The medians in days, whether more than half were still signed in, what ended most; a row for each value up."""

    across: Side
    up: Side
    median: Any
    never: Any
    ended_by: Any

    @classmethod
    def of(cls, frame: "pd.DataFrame") -> "Cells":
        """Read a grid frame. Raises ValueError unless it tells each pair of values exactly once."""
        names = [name for name in frame.columns if name not in _TOLD]
        across, up = (Side.of(name, frame[name].tolist()) for name in names)
        shape = (len(up.values), len(across.values))
        if frame.empty or len(frame.drop_duplicates(names)) != len(frame) or len(frame) != shape[0] * shape[1]:
            raise ValueError("each value of one setting has to be told once with each value of the other one")
        places = [[up.place(known(y)), across.place(known(x))] for x, y in frame[names].itertuples(index=False)]
        row, column = np.array(places, dtype=int).T
        told = [np.empty(shape, dtype=kind) for kind in (float, bool, object)]
        for cells, name in zip(told, _TOLD, strict=True):
            cells[row, column] = frame[name].to_numpy()
        return cls(across, up, *told)

    @property
    def horizon(self) -> float:
        """How long users were watched, as the cells tell that never end."""
        return float(self.median.max())


def heat(grid_frame: "pd.DataFrame", present: Mapping[str, Any] | None = None, ax: "Axes | None" = None) -> "Axes":
    """Draw the median time signed in over the first two columns of a grid frame, the first one from left to right.

    Its other columns are median_days, never and ended_by. A line surrounds where more than half are still signed in at
    the horizon. `present` has a value for each of the two, and is marked. Raises ValueError for a frame that does not
    tell each pair of values exactly once.
    """
    cells = Cells.of(grid_frame)
    with drawing(ax, height=5.0) as axes:
        size, name = unit(cells.horizon)
        mesh = axes.pcolormesh(cells.median / size, cmap="cividis", norm=_norm(cells.median / size))
        where = _label(axes, cells)
        _write(axes, cells, mesh, where)
        handles = [*_surround(axes, cells), *_mark(axes, cells, present)]
        _bar(axes, mesh, f"until half of the users signed in again ({name})")
        key(axes, [handle for handle, _ in handles], [label for _, label in handles])
        conclude(axes, _conclusion(cells, present))
        grow(axes, _HIGH)
    return axes


def _norm(values: Any) -> Any:
    from matplotlib.colors import LogNorm, Normalize

    least, most = values[values > 0].min(initial=np.inf), values.max()
    if most / least >= 10:
        return LogNorm(least, most, clip=True)
    return Normalize(0, most or 1.0)


def _label(axes: "Axes", cells: Cells) -> tuple[float, float]:
    """Name both sides and as many of their values as fit; gives the inches of a cell."""
    across, up = ([_short(value) for value in side.values] for side in (cells.across, cells.up))
    axes.set_ylabel(literal(within(cells.up.label, 3.0, 11.0)))
    shown = cells.up.every(_HIGH, 0.22)
    axes.set_yticks([place + 0.5 for place in shown], [up[place] for place in shown])
    broad = room(axes) - _BESIDE
    axes.set_xlabel(literal(within(cells.across.label, broad, 11.0)))
    shown = cells.across.every(broad, max(wide(label, 11.0) for label in across) / 72 + 0.12)
    axes.set_xticks([place + 0.5 for place in shown], [across[place] for place in shown])
    axes.tick_params(length=0)
    return broad / len(across), _HIGH / len(up)


def _short(value: Any) -> str:
    return literal(within(written(value), _NAME, 11.0, most=1))


def _write(axes: "Axes", cells: Cells, mesh: Any, cell: tuple[float, float]) -> None:
    """Write the values into the cells, when all of them fit."""
    size, _ = unit(cells.horizon)
    told = {at: number(value / size) + ("+" if cells.never[at] else "") for at, value in np.ndenumerate(cells.median)}
    widest = max(wide(words, 10.0) for words in told.values()) / 72
    if widest + 0.1 > cell[0] or cell[1] < 0.24:
        return
    colours = mesh.to_rgba(cells.median / size)
    for (row, column), words in told.items():
        light = colours[row, column, :3] @ (0.2126, 0.7152, 0.0722) > 0.45
        ink = INK if light else PAPER
        axes.text(column + 0.5, row + 0.5, words, ha="center", va="center", size=10.0, color=ink)


def _surround(axes: "Axes", cells: Cells) -> list[tuple[Any, str]]:
    """Draw a line along the sides at which cells that never end meet others, or the border."""
    from matplotlib.collections import LineCollection
    from matplotlib.lines import Line2D

    if not cells.never.any():
        return []
    inside = np.pad(cells.never, 1)
    upright = [[(x, y), (x, y + 1)] for y, x in np.argwhere(inside[1:-1, :-1] != inside[1:-1, 1:])]
    level = [[(x, y), (x + 1, y)] for y, x in np.argwhere(inside[:-1, 1:-1] != inside[1:, 1:-1])]
    axes.add_collection(LineCollection(upright + level, colors=PAPER, linewidths=5.0, capstyle="round", clip_on=False))
    axes.add_collection(
        LineCollection(upright + level, colors="#D55E00", linewidths=2.5, capstyle="round", clip_on=False)
    )
    line = Line2D([], [], color="#D55E00", linewidth=2.5)
    return [(line, f"never expires: over half are still signed in after {length(cells.horizon)}")]


def _mark(axes: "Axes", cells: Cells, present: Mapping[str, Any] | None) -> list[tuple[Any, str]]:
    from matplotlib.lines import Line2D

    if present is None:
        return []
    sides = (cells.across, cells.up)
    places = [side.place(present[side.name]) for side in sides]
    told = ", ".join(side.said(present[side.name]) for side in sides)
    if None in places:
        return [(Line2D([], [], linewidth=0), f"outside of this: the present setting, {told}")]
    x, y = (place + 0.5 for place in places if place is not None)
    for colour, width in ((PAPER, 5.0), (INK, 2.5)):
        axes.plot([x], [y], "o", markersize=30, fillstyle="none", color=colour, markeredgewidth=width, clip_on=False)
    ring = Line2D([], [], linestyle="", marker="o", markersize=11, fillstyle="none", color=INK, markeredgewidth=2.0)
    return [(ring, f"the present setting: {told}")]


def _bar(axes: "Axes", mesh: Any, label: str) -> None:
    figure = axes.get_figure()
    if figure is None:
        return
    # Of a wide figure no more than of another one.
    bar = figure.colorbar(mesh, ax=axes, label=label, pad=0.02, fraction=min(0.15, 0.5 / room(axes)))
    least, most = mesh.norm.vmin, mesh.norm.vmax
    steps = [count * 10.0**power for power in range(-5, 5) for count in (1, 2, 5)]
    if most / max(least, 1e-9) > 100:
        steps = [count * 10.0**power for power in range(-5, 5) for count in (1, 3)]
    if least > 0:
        bar.set_ticks([step for step in steps if least <= step <= most], minor=False)
        bar.ax.yaxis.set_major_formatter(lambda value, _: number(value))
        bar.ax.minorticks_off()
    bar.outline.set_visible(False)


def _conclusion(cells: Cells, present: Mapping[str, Any] | None) -> str:
    sides = (cells.across, cells.up)
    places = [side.place(present[side.name]) for side in sides] if present else [None]
    if present and all(place is not None and place.is_integer() for place in places):
        at = int(places[1] or 0), int(places[0] or 0)
        return f"With {' and '.join(side.said(present[side.name]) for side in sides)}, {_outcome(cells, at)}."
    ended = cells.median[~cells.never]
    if not ended.size:
        return f"Wherever one looks, more than half of the users are still signed in after {length(cells.horizon)}."
    often = f"; in {cells.never.sum()} of {cells.never.size} cases they do not within {length(cells.horizon)}"
    span = length(ended.min()) if ended.min() == ended.max() else f"{length(ended.min())} to {length(ended.max())}"
    return f"Half of the users have to sign in again after {span}{often if cells.never.any() else ''}."


def _outcome(cells: Cells, at: tuple[int, int]) -> str:
    if cells.never[at]:
        return f"more than half of the users are still signed in after {length(cells.horizon)}"
    cause = CAUSES.get(cells.ended_by[at], "")
    return f"half of the users have to sign in again {_after(cells.median[at])}{f' ({cause})' if cause else ''}"


def _after(days: float) -> str:
    return f"after {length(days)}" if days > 0 else "at once"

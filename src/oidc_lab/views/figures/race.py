"""Draws how likely two tabs, or a reply lost on the way, sign a user out under each leeway — RFC9700-4.14.2."""

from typing import TYPE_CHECKING, Any

import numpy as np

from oidc_lab.views.figures.fit import grow, length
from oidc_lab.views.figures.lettering import brief
from oidc_lab.views.figures.notes import Note, write
from oidc_lab.views.figures.style import DASHES, INK, LINES, conclude, drawing, key, room

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MARKS = "osD^vP*"
# From so many times the least leeway on, the axis is logarithmic.
_WIDE = 20.0
# Seconds that people think in, and the least part of the width that lies between two of them.
_SECONDS = (0, 0.1, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400)
_APART = 0.06
_MARKED = 25
_HARDLY = 1e-4
# Inches that a name may take.
_NAME = 2.0
_LEAST = 2.0


def race(races: "pd.DataFrame", ax: "Axes | None" = None, *, leeway: float | None = None) -> "Axes":
    """Draw a races frame: the share of users signed out unwantedly in a month, with its band, a line for each case.

    The columns are leeway_seconds, case, sign_outs_per_month (a share), low and high. `leeway` is the present one, in
    seconds, which is marked.
    """
    if races.empty:
        raise ValueError("nothing to draw: the frame has no rows")
    cases = {
        brief(str(case), _NAME, 10.0): rows.sort_values("leeway_seconds")
        for case, rows in races.groupby("case", sort=False)
    }
    with drawing(ax) as axes:
        _scale(axes, races, leeway)
        pairs = {case: _case(axes, number, rows) for number, (case, rows) in enumerate(cases.items())}
        notes = [] if leeway is None else [_present(axes, leeway)]
        over = write(axes, notes, room(axes))
        key(axes, list(pairs.values()), [f"{case}, with its 95 % band" for case in pairs])
        conclude(axes, _says(cases, races, leeway), over=over)
        grow(axes, _LEAST)
    return axes


def _scale(axes: "Axes", races: "pd.DataFrame", leeway: float | None) -> None:
    seconds = [*races["leeway_seconds"].astype(float), *([] if leeway is None else [leeway])]
    least, most = min((each for each in seconds if each > 0), default=1.0), max(seconds)
    apart = 0.0 if most > min(seconds) else 0.5
    if most >= _WIDE * least:
        axes.set_xscale("symlog", linthresh=least)
    axes.set_xlim(min(seconds) - apart, most + apart)
    if most >= _WIDE * least:
        axes.set_xticks(*_ticks(axes))
    axes.set_xlabel("leeway (seconds)")
    axes.set_ylim(0, float(races["high"].max()) * 1.08 or 0.01)
    axes.set_ylabel("signed out unwantedly\n(% of users in a month)")
    axes.yaxis.set_major_formatter(lambda share, _: f"{share * 100:.4g}")


def _ticks(axes: "Axes") -> tuple[list[float], list[str]]:
    """Seconds that people think in, as many as have room."""
    begin, end = axes.get_xlim()
    places = axes.xaxis.get_transform().transform(np.array([begin, end, *_SECONDS], dtype=float))
    kept: list[float] = []
    last = -1.0
    for second, place in zip(_SECONDS, (places[2:] - places[0]) / (places[1] - places[0]), strict=True):
        if begin <= second <= end and place - last >= _APART:
            kept.append(float(second))
            last = place
    return kept, [f"{second:g}" for second in kept]


def _case(axes: "Axes", number: int, rows: "pd.DataFrame") -> tuple[Any, Any]:
    colour, dash = LINES[number % len(LINES)], DASHES[number % len(DASHES)]
    seconds, share = rows["leeway_seconds"], rows["sign_outs_per_month"]
    band = axes.fill_between(
        seconds, rows["low"], rows["high"], facecolor=(colour, 0.18), edgecolor=colour, linewidth=0.5, linestyle=dash
    )
    mark = MARKS[number % len(MARKS)] if len(rows) <= _MARKED else ""
    line = axes.plot(
        seconds, share, color=colour, linestyle=dash, linewidth=2.0, marker=mark, markersize=6, clip_on=False, zorder=3
    )[0]
    return band, line


def _present(axes: "Axes", leeway: float) -> Note:
    axes.axvline(leeway, color=INK, linewidth=1.2, linestyle=(0, (4, 2)), zorder=2)
    return Note(leeway, axes.get_ylim()[1], f"present leeway: {length(leeway / 86400)}")


def _says(cases: "dict[str, pd.DataFrame]", races: "pd.DataFrame", leeway: float | None) -> str:
    """The conclusion: what the present leeway, or the longest, does, compared with the shortest."""
    least = float(races["leeway_seconds"].min())
    other = float(races["leeway_seconds"].max()) if leeway is None else leeway
    told = "; ".join(f"{case} {_change(rows, least, other)}" for case, rows in cases.items())
    return f"{_leeway(other)}, users signed out unwantedly in a month: {told}."


def _leeway(seconds: float) -> str:
    return f"With a leeway of {length(seconds / 86400)}" if seconds else "Without a leeway"


def _change(rows: "pd.DataFrame", least: float, other: float) -> str:
    shares = np.interp([least, other], rows["leeway_seconds"], rows["sign_outs_per_month"])
    without = f"with {length(least / 86400)}" if least else "without"
    return f"{_percent(shares[1])}" + ("" if least == other else f" ({without} {_percent(shares[0])})")


def _percent(share: float) -> str:
    if 0 < share < _HARDLY:
        return f"under {_HARDLY * 100:g} %"
    return f"{share * 100:.2g} %" if share < 0.995 else f"{share * 100:.0f} %"

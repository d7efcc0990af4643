"""Draws how busy each application was over time, and how often something went wrong — RFC9700-2.6."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import TYPE_CHECKING

from oidc_lab.views.html import shortened
from oidc_lab.views.log import DAY, Line, Scale, choose_scale, conclude, count, read_log

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Okabe and Ito's colours, which the colour-blind can tell apart; the hatches say the same in grey.
_PENS = (("#0072B2", ""), ("#E69F00", "//"), ("#009E73", ".."), ("#CC79A7", "xx"), ("#56B4E9", "\\\\"))
_OTHERS_PEN, _WRONG = ("#999999", "--"), "#B3261E"


def activity(frame: "pd.DataFrame", ax: "Axes | None" = None) -> "Axes":
    """Draw the entries of a log per application over time; gives the axes, whose title is the conclusion.

    `frame` has the columns at, application and result. Raises ImportError, with what to install, where there is no
    matplotlib.
    """
    axes, lines = ax if ax is not None else _axes(), read_log(frame)
    axes.set_title(_literal(conclude(lines)), loc="left", fontsize=10)
    if not lines:
        axes.set_axis_off()
        return axes
    scale = choose_scale(lines)
    tops = _draw_bars(axes, lines, scale)
    _mark_errors(axes, lines, scale, tops)
    _dress(axes, scale)
    return axes


def _axes() -> "Axes":
    try:
        from matplotlib import pyplot
    except ImportError as missing:
        raise ImportError("a plot needs matplotlib; install it with: pip install 'oidc-lab[lab]'") from missing
    return pyplot.subplots(figsize=(8, 2.6), layout="constrained")[1]


def _groups(lines: Sequence[Line]) -> Iterator[tuple[str, set[str], tuple[str, str]]]:
    """Give label, members and pen: one for each of the busiest applications, one for all others together."""
    names = [application for application, _ in count(lines)]
    for name, pen in zip(names, _PENS, strict=False):
        yield name, {name}, pen
    if left := names[len(_PENS) :]:
        yield f"{len(left)} other{'s' if len(left) != 1 else ''}", set(left), _OTHERS_PEN


def _draw_bars(axes: "Axes", lines: Sequence[Line], scale: Scale) -> list[int]:
    """Stack the bars of the applications; gives how high each stack is."""
    places = range(scale.bar(lines[-1].at) + 1)
    tops = [0 for _ in places]
    for label, members, (colour, hatch) in _groups(lines):
        counted = Counter(scale.bar(line.at) for line in lines if line.application in members)
        heights = [counted[place] for place in places]
        axes.bar(
            [scale.days(place) for place in places], heights, width=scale.span / DAY, bottom=tops, align="edge",
            label=_literal(shortened(label, 24)), color=colour, hatch=hatch, edgecolor="white", linewidth=0.5,
        )  # fmt: skip
        tops = [top + height for top, height in zip(tops, heights, strict=True)]
    return tops


def _mark_errors(axes: "Axes", lines: Sequence[Line], scale: Scale, tops: Sequence[int]) -> None:
    counted = sorted(Counter(scale.bar(line.at) for line in lines if line.wrong).items())
    if not counted:
        return
    middles = [scale.days(place + 0.5) for place, _ in counted]
    heights = [tops[place] + 0.12 * max(tops) for place, _ in counted]
    axes.scatter(middles, heights, marker="x", color=_WRONG, label="went wrong")
    for (_, number), middle, height in zip(counted, middles, heights, strict=True):
        axes.annotate(
            str(number), (middle, height), xytext=(6, 0), textcoords="offset points", va="center", color=_WRONG
        )


def _dress(axes: "Axes", scale: Scale) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.ticker import MaxNLocator

    dates = AutoDateLocator(tz=UTC)  # type: ignore[no-untyped-call]  # its stub leaves the arguments open
    axes.xaxis.set_major_locator(dates)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(dates, tz=UTC))  # type: ignore[no-untyped-call]  # as above
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel(f"entries per {scale.name}")
    axes.margins(y=0.15)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize=8)


def _literal(words: str) -> str:
    # matplotlib reads mathematics between two dollars, and leaves out of a legend what begins with an underscore.
    return ("\u2009" if words.startswith("_") else "") + words.replace("$", r"\$")

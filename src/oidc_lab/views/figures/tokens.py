"""Draws the tokens of a family as bars, each from when it was given out until it was replaced, or its end."""

from typing import TYPE_CHECKING, Any

from oidc_lab.views.figures.history import Bar, bars
from oidc_lab.views.figures.panels import Panels

if TYPE_CHECKING:
    import pandas as pd

BAR, EDGE = "#CFDCE8", "#56708A"
OTHER, OTHER_EDGE = "#F2F2F2", "#8C8C8C"
# From so many tokens on an outline would be all that is seen of a bar.
_MANY = 60
_TOO_MANY = 1000


def draw_tokens(drawn: Panels, rows: "pd.DataFrame", name: str = "") -> None:
    """Draw the bars; those of what would have happened under another name are wider, and lie behind."""
    from matplotlib.collections import PolyCollection
    from matplotlib.patches import Patch

    found = bars(rows, drawn.until)
    look: dict[str, Any] = {"facecolor": BAR, "edgecolor": EDGE, "zorder": 2.0}
    if name:
        look = {"facecolor": OTHER, "edgecolor": OTHER_EDGE, "linestyle": (0, (2, 1)), "zorder": 1.0}
    # A dash of no width cannot be drawn.
    outline: dict[str, Any] = {"linewidth": 0.8} if len(found) < _MANY else {"linewidth": 0.0, "linestyle": "-"}
    half = 0.46 if name else 0.3
    bodies = PolyCollection([_corners(each, half, drawn.size) for each in _together(found)], **(look | outline))
    drawn.tokens.add_collection(bodies, autolim=False)
    if found:
        drawn.handles[f"token under {name}" if name else "token"] = Patch(**look)


def _together(found: list[Bar]) -> list[list[Bar]]:
    """Bars that are drawn as one: only of so many that none could be seen."""
    several = -(-len(found) // _TOO_MANY)
    return [found[first : first + several] for first in range(0, len(found), several or 1)]


def _corners(several: list[Bar], half: float, size: float) -> list[tuple[float, float]]:
    begins, ends = several[0].begins / size, max(bar.ends for bar in several) / size
    low, high = several[0].token - half, several[-1].token + half
    return [(begins, low), (ends, low), (ends, high), (begins, high)]

"""Draws the life of one family of refresh tokens: its tokens, the requests, and what was left on each clock."""

from typing import TYPE_CHECKING

from oidc_lab.views.figures.clocks import draw_clocks
from oidc_lab.views.figures.events import draw_events
from oidc_lab.views.figures.lettering import brief
from oidc_lab.views.figures.panels import Panels, finish, height, panels
from oidc_lab.views.figures.said import life_says
from oidc_lab.views.figures.style import drawing
from oidc_lab.views.figures.tokens import draw_tokens

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Inches that a name may take.
_NAME = 2.0


def life(rows: "pd.DataFrame", ax: "Axes | None" = None, *, behind: "tuple[str, pd.DataFrame] | None" = None) -> "Axes":
    """Draw a rows frame: a bar for each token, a dot for each request, and a line for what is left on each clock.

    Dots are filled where the request was answered, and hollow where it was refused, which is said above. The clock
    that binds is coloured. `behind` is what would have happened otherwise: what it is called, and its rows.
    """
    with drawing(ax, height=height(rows)) as axes:
        other = None if behind is None else (brief(behind[0], _NAME, 10.0), behind[1])
        drawn = draw_life(axes, rows, other)
        finish(drawn, life_says(rows, other))
    return axes


def draw_life(
    axes: "Axes",
    rows: "pd.DataFrame",
    behind: "tuple[str, pd.DataFrame] | None" = None,
    beside: "pd.DataFrame | None" = None,
) -> Panels:
    """Draw all but the words around it, with room for what is drawn beside."""
    if rows.empty:
        raise ValueError("nothing to draw: the frame has no rows")
    others = [frame for frame in (behind and behind[1], beside) if frame is not None and not frame.empty]
    drawn = panels(axes, rows, *others)
    for name, frame in (("", rows), *(() if behind is None else (behind,))):
        draw_tokens(drawn, frame, name)
        draw_events(drawn, frame, name)
        draw_clocks(drawn, frame, name)
    return drawn

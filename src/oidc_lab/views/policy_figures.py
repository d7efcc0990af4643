"""Draws the figures of an explorer, says whom each is of, and what there is to see where nothing is drawn."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.explored import Figure
from oidc_lab.domain.refresh_parameters import Rotate
from oidc_lab.domain.span import span
from oidc_lab.simulation.explorer import Explorer
from oidc_lab.simulation.visitor import MOST_VISITS
from oidc_lab.views import figures, html

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH = 900


def show_figure(model: Explorer) -> str:
    """Show the chosen figure, or why there is none."""
    if model.chosen.figure is Figure.SURVIVAL and not is_there(model):
        return f"<div>{html.quiet(html.text(later(model)))}</div>"
    try:
        drawn = draw(model)
    except ValueError as nothing:
        return f"<div>{html.text(nothing)}</div>"
    return html.image(drawn.svg, drawn.alternative, _WIDTH) + f"<div>{html.quiet(html.text(caption(model)))}</div>"


def caption(model: Explorer) -> str:
    """Whom the chosen figure is of."""
    figure, visitor, chosen = model.chosen.figure, model.visitor, model.chosen
    if figure is Figure.SURVIVAL:
        return f"{chosen.users:,} users, {model.usage.title}."
    if figure is Figure.SWEEP:
        return "Regular visitors, one for each cell."
    if figure is Figure.RACE:
        return "Users with several tabs, and with a mobile connection, whatever the usage pattern is."
    cut = f"; these are the first {MOST_VISITS} visits" if len(visitor.visits(chosen.days)) == MOST_VISITS else ""
    return f"One user who comes every {span(visitor.every).removeprefix('1 ')}{cut}."


def draw(model: Explorer, name: str = "") -> figures.Picture:
    """Draw one of the figures, or the chosen one. Raises ValueError when there is nothing to draw."""
    which = name or model.chosen.figure
    if which not in list(Figure):
        raise ValueError(f"there is no figure {name!r}; there are {', '.join(Figure)}")
    if not model.policy.issued and which not in {Figure.SURVIVAL, Figure.FAMILY}:
        raise ValueError("No refresh token is issued: there is nothing to draw here.")
    return figures.picture(_laid_out(_DRAWN[Figure(which)](model)))


def show_played(model: Explorer) -> str:
    """Show what was predicted of one user and what the live provider answered, on top of each other."""
    if model.played is None:
        return ""
    drawn = figures.picture(figures.played(*model.played))
    body = html.image(drawn.svg, drawn.alternative, _WIDTH)
    return html.part("Predicted, and played at a live provider", f"<div>{html.text(drawn.alternative)}</div>{body}")


def is_there(model: Explorer) -> bool:
    """Whether it is known, or known in a few seconds, what became of the users."""
    return model.ready or model.quick


def later(model: Explorer) -> str:
    """What is said in place of what takes too long only to be read."""
    many = f"{model.chosen.users:,} users with {model.usage.title.lower()!r} for {model.chosen.days:,} days"
    return f"{many}: they are simulated where this is live, or by its summary."


def _laid_out(axes: "Axes") -> "Axes":
    """Lay a figure out once: saving it would draw it twice, and who moves a slider waits for that."""
    figure = axes.get_figure(root=True)
    engine = None if figure is None else figure.get_layout_engine()
    if figure is not None and engine is not None:
        engine.execute(figure)
        figure.set_layout_engine(None)
    return axes


def _rotation(model: Explorer) -> Any:
    rotates = model.policy.rotate is Rotate.AFTER_FRACTION and isinstance(model.policy.rotate_at, int)
    return figures.rotation(model.rows, rotate_at=int(str(model.policy.rotate_at)) if rotates else None)


_DRAWN: Mapping[Figure, Callable[[Explorer], Any]] = {
    Figure.SURVIVAL: lambda model: figures.survival(model.survival, model.endings),
    Figure.FAMILY: lambda model: figures.life(model.rows, behind=model.behind),
    Figure.ROTATION: _rotation,
    Figure.SWEEP: lambda model: figures.heat(model.grid, model.present),
    Figure.RACE: lambda model: figures.race(model.races, leeway=model.policy.leeway.total_seconds()),
}

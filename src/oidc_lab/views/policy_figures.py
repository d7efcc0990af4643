"""Draws the figures of an explorer, says whom each is of, and what there is to see where nothing is drawn."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.explored import Figure
from oidc_lab.domain.policy_parameter import matters
from oidc_lab.domain.refresh_parameters import Rotate
from oidc_lab.domain.span import span
from oidc_lab.simulation.explorer import Explorer
from oidc_lab.simulation.variations import MOST_RACING
from oidc_lab.simulation.visitor import MOST_VISITS
from oidc_lab.views import figures, html

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH = 900


def show_figure(model: Explorer) -> str:
    """Show the chosen figure, or why there is none."""
    if model.unplayable:
        return f"<div>{html.quiet('There is nobody to draw.')}</div>"
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
        coming = f"{_users(model.simulated or chosen.users)} with the usage pattern {model.usage.title.lower()!r}."
        return f"{coming} Each is told at the first visit after the end, and counted until then."
    if figure is Figure.SWEEP:
        limit = " The policy itself has no such limit." if model.present is None else ""
        return f"Regular visitors, one for each cell.{limit}"
    if figure is Figure.RACE:
        many = _users(min(chosen.users, MOST_RACING))
        return f"{many} with several tabs, and as many with a mobile connection, whatever the usage pattern is."
    cut = f"; these are the first {MOST_VISITS} visits" if len(visitor.visits(chosen.days)) == MOST_VISITS else ""
    return f"One user who comes every {span(visitor.every).removeprefix('1 ')}{cut}."


def _users(many: int) -> str:
    return f"{many:,} user{'' if many == 1 else 's'}"


def draw(model: Explorer, name: str = "") -> figures.Picture:
    """Draw one of the figures, or the chosen one. Raises ValueError when there is nothing to draw."""
    which = name or model.chosen.figure
    if which not in list(Figure):
        raise ValueError(f"there is no figure {name!r}; there are {', '.join(Figure)}")
    if not model.policy.issued and which not in {Figure.SURVIVAL, Figure.FAMILY}:
        raise ValueError("No refresh token is issued: there is nothing to draw here.")
    if which == Figure.RACE and not matters(model.policy, "leeway"):
        raise ValueError("No token is ever spent: two tabs at once and a lost reply do no harm, whatever the leeway.")
    return figures.picture(_laid_out(_DRAWN[Figure(which)](model)))


def show_played(model: Explorer) -> str:
    """Show what was predicted of one user and what the live provider answered, on top of each other."""
    if model.played is None:
        return ""
    drawn = figures.picture(figures.played(*model.played))
    told = "Dots are what was predicted, the blue rings around them what the provider answered."
    body = html.image(drawn.svg, drawn.alternative, _WIDTH)
    return html.part("Predicted, and played at a live provider", f"{body}<div>{html.quiet(told)}</div>")


def is_there(model: Explorer) -> bool:
    """Whether it is known, or known in a few seconds, what became of the users."""
    return model.ready or model.quick


def later(model: Explorer) -> str:
    """What is said in place of what takes too long only to be read."""
    many = f"{model.chosen.users:,} users with {model.usage.title.lower()!r} for {model.chosen.days:,} days"
    return f"{many}: they are simulated where this is live, or when its summary is asked for."


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

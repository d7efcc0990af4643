"""Shows an explorer: what is chosen, what it means in words, a figure, a summary, and what can be done with it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.causes import CAUSES
from oidc_lab.domain.explored import Figure
from oidc_lab.domain.policy_parameter import DOUBT
from oidc_lab.domain.refresh_parameters import Rotate
from oidc_lab.domain.span import span
from oidc_lab.simulation.explorer import Explorer
from oidc_lab.simulation.visitor import MOST_VISITS
from oidc_lab.views import figures, html
from oidc_lab.views.controls import button, row
from oidc_lab.views.figures.fit import percent
from oidc_lab.views.policy_choices import FIGURES, chosen_words, doubt_lines, show_doubts
from oidc_lab.views.widgets.bundle import bundle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "How long do users stay signed in?"
_GREEN = "rgb(46,160,67)"
_WIDTH = 900
_DOUBTFUL = f"{DOUBT} As far as it is known: what is not established, see above, may end it in another way."
_HEAD = (
    "users", "half stayed signed in for", "signed in at the end", "what ended most", "sign-ins a year",
    "token requests a day", "new tokens a day",
)  # fmt: skip


def explorer_view(model: Explorer) -> dict[str, Any]:
    """What a notebook is given of an explorer."""
    static = {"text/plain": explorer_text(model), "text/html": show_explorer(model)}
    return bundle(model, static, "policy_view")


def show_explorer(model: Explorer) -> str:
    """The whole of it at rest."""
    title = f'<div role="heading" aria-level="3" style="font-weight:bold;font-size:1.15em">{html.text(TITLE)}</div>'
    choices = html.table([(html.text(name), f"<b>{html.text(value)}</b>", html.text(why))
                          for name, value, why in chosen_words(model)])  # fmt: skip
    drawn = html.part(html.text(FIGURES[model.chosen.figure]), show_figure(model))
    parts = (
        choices, show_doubts(model.of), show_words(model), drawn, show_summary(model), show_actions(model, live=False),
        show_outcome(model), show_played(model),
    )  # fmt: skip
    return f"<div>{title}{''.join(parts)}</div>"


def explorer_text(model: Explorer) -> str:
    """An explorer in plain lines."""
    lines = [f"{name}: {value}{f' ({why})' if why else ''}" for name, value, why in chosen_words(model)]
    lines += [] if model.of is None else doubt_lines(model.of)
    lines += ["What it means", *(f"    {each}" for each in model.words)]
    lines += [f"    {_DOUBTFUL}"] if _doubtful(model) else []
    if not _is_there(model):
        return "\n".join([*lines, _later(model)])
    lines += [f"{name}: {value}" for name, value in zip(_HEAD, summary_words(model), strict=True)]
    return "\n".join(lines)


def show_words(model: Explorer) -> str:
    """Show what the rules mean, a sentence each, and where that is in doubt."""
    said = "".join(f"<div>{html.text(each)}</div>" for each in model.words)
    doubt = f"<div>{html.quiet(html.text(_DOUBTFUL))}</div>" if _doubtful(model) else ""
    return f'<div class="ol-said">{said}{doubt}</div>'


def show_figure(model: Explorer) -> str:
    """Show the chosen figure, or why there is none."""
    if model.chosen.figure is Figure.SURVIVAL and not _is_there(model):
        return f"<div>{html.quiet(html.text(_later(model)))}</div>"
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


def show_summary(model: Explorer) -> str:
    """Show what became of the users, in one row."""
    if not _is_there(model):
        return ""
    found = model.many
    cells = [html.text(each) for each in summary_words(model)]
    stopped = "" if found.complete else _stopped(model)
    return html.table([cells], _HEAD) + (f"<div>{html.quiet(html.text(stopped))}</div>" if stopped else "")


def summary_words(model: Explorer) -> list[str]:
    """The cells of the summary."""
    (told,) = model.many.summary.to_dict("records")
    median = span(timedelta(days=told["median_days"])) if told["median_days"] else "no time at all"
    return [
        f"{told['users']:,}",
        f"more than {median}" if told["never"] else median,
        percent(told["signed_in_at_end"]),
        CAUSES[told["ended_by"]] if told["ended_by"] else "nothing",
        f"{told['sign_ins_per_year']:.3g}",
        f"{told['requests_per_day']:.3g}",
        f"{told['rotations_per_day']:.3g}",
    ]


def show_actions(model: Explorer, *, live: bool) -> str:
    """Show what can be done with it, and what that does, before it is done."""
    name = model.application.name
    label = f"Save these settings on {name}" if model.of is None else f"Have {name} follow this policy"
    every = f"{'an' if model.visitor.name[0] == 'h' else 'a'} {model.visitor.name} user"
    plays = f"Shown in a lab of its own, over HTTP, with a copy of {name}: {every} comes back, visit after visit."
    unsaved = model.unsaved
    buttons = [
        button("play", "Show me in the provider", live=live, off=model.unplayable),
        button("save", label, live=live, off=unsaved),
    ]
    notes = (model.unplayable or f"{plays} The clock of this lab stands still.", unsaved)
    lines = "".join(f"<div>{html.quiet(html.text(each))}</div>" for each in notes if each)
    return f'<div style="margin-top:10px">{row(buttons)}{lines}</div>'


def show_outcome(model: Explorer) -> str:
    """Show what became of the last thing done."""
    return html.card(html.text(model.notice), _GREEN) if model.notice else ""


def show_played(model: Explorer) -> str:
    """Show what was predicted of one user and what the live provider answered, on top of each other."""
    if model.played is None:
        return ""
    drawn = figures.picture(figures.played(*model.played))
    body = html.image(drawn.svg, drawn.alternative, _WIDTH)
    return html.part("Predicted, and played at a live provider", f"<div>{html.text(drawn.alternative)}</div>{body}")


def _laid_out(axes: "Axes") -> "Axes":
    """Lay a figure out once: saving it would draw it twice, and who moves a slider waits for that."""
    figure = axes.get_figure(root=True)
    engine = None if figure is None else figure.get_layout_engine()
    if figure is not None and engine is not None:
        engine.execute(figure)
        figure.set_layout_engine(None)
    return axes


def _is_there(model: Explorer) -> bool:
    """Whether it is known, or known in a few seconds, what became of the users."""
    return model.ready or model.quick


def _doubtful(model: Explorer) -> bool:
    return model.of is not None and model.of.doubtful


def _later(model: Explorer) -> str:
    many = f"{model.chosen.users:,} users with {model.usage.title.lower()!r} for {model.chosen.days:,} days"
    return f"{many}: they are simulated where this is live, or by its summary."


def _stopped(model: Explorer) -> str:
    return f"It was stopped: this is of {model.simulated:,} of {model.chosen.users:,} users."


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

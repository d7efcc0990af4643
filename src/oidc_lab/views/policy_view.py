"""Shows an explorer: what is chosen, what it means in words, a figure, a summary, and what can be done with it."""

from datetime import timedelta
from typing import Any

from oidc_lab.domain.causes import CAUSES
from oidc_lab.domain.policy_parameter import DOUBT
from oidc_lab.domain.span import span
from oidc_lab.simulation.explorer import Explorer
from oidc_lab.views import html
from oidc_lab.views.controls import button, row
from oidc_lab.views.figures.fit import percent
from oidc_lab.views.policy_choices import FIGURES, chosen_words, doubt_lines, show_doubts
from oidc_lab.views.policy_figures import is_there, later, show_figure, show_played
from oidc_lab.views.widgets.bundle import bundle

TITLE = "How long do users stay signed in?"
_MEANING = "What it means"
_GREEN = "rgb(46,160,67)"
_DOUBTFUL = f"{DOUBT} As far as it is known: what is not established, see above, may end it in another way."
_HEAD = (
    "users", "half were signed out", "signed in at the end", "what ended most", "sign-ins a year",
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
        choices,
        show_doubts(model.of),
        html.part(_MEANING, show_words(model)),
        drawn,
        show_summary(model),
        show_actions(model, live=False),
        show_outcome(model),
        show_played(model),
    )
    return f"<div>{title}{''.join(parts)}</div>"


def explorer_text(model: Explorer) -> str:
    """An explorer in plain lines."""
    lines = [f"{name}: {value}{f' ({why})' if why else ''}" for name, value, why in chosen_words(model)]
    lines += [] if model.of is None else doubt_lines(model.of)
    lines += [_MEANING, *(f"    {each}" for each in _said(model))]
    lines += [f"    {_DOUBTFUL}"] if _doubtful(model) else []
    if model.unplayable or not is_there(model):
        return "\n".join([*lines, *([] if model.unplayable else [later(model)])])
    lines += [f"{name}: {value}" for name, value in zip(_HEAD, summary_words(model), strict=True)]
    return "\n".join(lines)


def show_words(model: Explorer) -> str:
    """Show what the rules mean, a sentence each, and where that is in doubt."""
    said = "".join(f"<div>{html.text(each)}</div>" for each in _said(model))
    doubt = f"<div>{html.quiet(html.text(_DOUBTFUL))}</div>" if _doubtful(model) else ""
    return f'<div class="ol-said">{said}{doubt}</div>'


def show_summary(model: Explorer) -> str:
    """Show what became of the users, in one row."""
    if not is_there(model) or model.unplayable:
        return ""
    found = model.many
    cells = [html.text(each) for each in summary_words(model)]
    stopped = "" if found.complete else _stopped(model)
    return html.table([cells], _HEAD) + (f"<div>{html.quiet(html.text(stopped))}</div>" if stopped else "")


def summary_words(model: Explorer) -> list[str]:
    """The cells of the summary."""
    (told,) = model.many.summary.to_dict("records")
    median = f"within {span(timedelta(days=told['median_days']))}" if told["median_days"] else "at once"
    return [
        f"{told['users']:,}",
        f"not {median}" if told["never"] else median,
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


def _said(model: Explorer) -> list[str]:
    return [f"{model.unplayable} It has no refresh token."] if model.unplayable else model.words


def _doubtful(model: Explorer) -> bool:
    return model.of is not None and model.of.doubtful


def _stopped(model: Explorer) -> str:
    return f"Not all are done: this is of {model.simulated:,} of {model.chosen.users:,} users."

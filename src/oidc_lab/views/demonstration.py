"""Shows what was played: what was to happen, how it ended, and each run below it — RFC9700-4."""

from oidc_lab.relying_party.demonstration import Demonstration
from oidc_lab.relying_party.run import Run
from oidc_lab.views import html
from oidc_lab.views.run import show_run, text

_RED, _GREEN = "rgb(229,83,75)", "rgb(46,160,67)"


def demonstration_view(demonstration: Demonstration) -> dict[str, str]:
    """What a notebook shows of a demonstration."""
    return {"text/plain": plain(demonstration), "text/html": show(demonstration)}


def show(demonstration: Demonstration) -> str:
    """Show the ending first, which is the point, and then how it came about."""
    head = f"<div>{html.text(demonstration.title)}</div><div><b>{html.text(_ending(demonstration))}</b></div>"
    runs = "".join(
        html.part(html.text(_heading(number, each)), show_run(each))
        for number, each in enumerate(demonstration.runs, 1)
    )
    # What was told hurts: that it does not happen is the good end.
    return f"<div>{html.card(head, _RED if demonstration.as_told else _GREEN)}{runs}</div>"


def plain(demonstration: Demonstration) -> str:
    """A demonstration in plain lines."""
    lines = [demonstration.title, _ending(demonstration)]
    for number, each in enumerate(demonstration.runs, 1):
        lines += ["", f"{_heading(number, each)}", *text(each.trace).splitlines()[1:]]
    return "\n".join(lines)


def _ending(demonstration: Demonstration) -> str:
    mark = "So it went" if demonstration.as_told else "It went otherwise"
    return f"{mark}: {demonstration.conclusion}"


def _heading(number: int, run: Run) -> str:
    first = next(iter(run.trace.exchanges), None)
    return f"{number}. {run.title}" + (f", {first.at:%Y-%m-%d %H:%M}" if first else "")

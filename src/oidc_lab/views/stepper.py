"""Shows a flow to step through: what goes next, what came last, what was refused and why — OIDCC-3.1.1."""

from typing import Any

from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.relying_party.why import explain
from oidc_lab.views import branches, closeup, html, picking, provider_page, request_editor, sequence, wording
from oidc_lab.views import run as whole
from oidc_lab.views import why as causes
from oidc_lab.views.controls import button, row
from oidc_lab.views.stepper_bar import STYLE, show_bar, show_lead
from oidc_lab.views.stepper_past import show_answer, show_onward, show_why
from oidc_lab.views.widgets.bundle import bundle


def show_flows(model: Stepping, *, live: bool) -> str:
    """Show the flows to choose from."""
    return (STYLE if live else "") + picking.show_flows(model, live=live)


def show_diagram(model: Stepping, *, live: bool, entire: bool) -> str:
    """Show the lanes with the arrow that is due; the end of a long diagram unless the whole is asked for."""
    if model.run is None:
        return ""
    trace, due = model.trace, model.next_step
    if not live:
        return sequence.image(trace, due)
    if not closeup.is_long(trace, due):
        return closeup.show(trace, due)
    if entire:
        return sequence.image(trace, due) + row([button("entire", "Show the last messages only", live=True)])
    return closeup.show(trace, due) + row([button("entire", "Show the whole diagram", live=True)])


def show_page(model: Stepping, *, live: bool) -> str:
    """Show the provider's page that waits for the user, with the one click beside it."""
    page, due = model.page, model.next_step
    if page is None or due is None:
        return ""
    click = "" if model.awaits else f"<div>Or let the lab do it:</div>{row([button('next', due.title, live=live)])}"
    beside = provider_page.show_password(model.password) + click
    return html.section("The user must act, on the provider's page") + provider_page.show(page, beside, live=live)


def show_request(model: Stepping, *, live: bool) -> str:
    """Show the request as it will leave."""
    due, original = model.next_step, model.original_step
    if due is None or original is None:
        return ""
    if model.page is not None:
        return request_editor.show(due, original, live=live, only=True)
    head = html.section("The request as it will leave")
    return head + request_editor.show(due, original, live=live)


def show_send(model: Stepping, *, live: bool) -> str:
    """Offer to send the request from where it is looked at."""
    due = model.next_step
    return row([button("next", f"Send it: {due.title}", live=live)]) if due is not None and model.page is None else ""


def show_changes(model: Stepping, *, live: bool) -> str:
    """Say what was changed by hand, with the way back, and take tokens apart."""
    due, original = model.next_step, model.original_step
    if due is None or original is None:
        return ""
    return request_editor.show_changes(due, original, live=live) + request_editor.show_decoded(due)


def show_messages_head(model: Stepping) -> str:
    """The heading above every message so far."""
    return html.section("Every message so far") if model.trace.exchanges else ""


def stepper_text(model: Stepping) -> str:
    """A flow to step through in plain lines."""
    lines = [f"{name}: {value}" for name, value in picking.words(model)]
    if model.problem:
        return "\n".join([*lines, f"nothing can begin: {model.problem}"])
    lines += [model.trace.title, *wording.lines(model.trace)]
    if model.next_step is not None and model.original_step is not None:
        lines += request_editor.text(model.next_step, model.original_step)
    lines += provider_page.text(model.page, model.password) if model.page is not None else []
    lines += causes.text(explain(model.run)).splitlines()[1:] if model.run and model.trace.refusal else []
    return "\n".join([*lines, *branches.text(model)])


def stepper_view(model: Stepping) -> dict[str, Any]:
    """What a notebook shows of a flow to step through."""
    return bundle(model, {"text/plain": stepper_text(model), "text/html": _static(model)}, "stepper")


def _static(model: Stepping) -> str:
    messages = (whole.show_message(n, each, live=False) for n, each in enumerate(model.trace.exchanges, 1))
    parts = (
        picking.show(model, live=False),
        show_lead(model),
        show_bar(model, live=False),
        show_diagram(model, live=False, entire=True),
        show_why(model),
        show_onward(model, live=False),
        show_page(model, live=False),
        show_request(model, live=False),
        show_changes(model, live=False),
        show_answer(model),
        branches.show(model, live=False),
        branches.show_compared(model, branches.usual_two(model)),
        show_messages_head(model),
        *messages,
    )
    return f"<div>{''.join(parts)}</div>"

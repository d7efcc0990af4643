"""Shows a trace, and a run under way with the message that goes next."""

from dataclasses import fields, is_dataclass
from typing import Any

from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.trace import Exchange, Step, Trace
from oidc_lab.views import checks as ledger
from oidc_lab.views import controls, html, sequence, wording
from oidc_lab.views import exchange as message
from oidc_lab.views.mermaid import mermaid
from oidc_lab.views.widgets.bundle import bundle

_RED, _GREEN = "rgb(229,83,75)", "rgb(46,160,67)"


def show_trace(trace: Trace) -> str:
    """Show a trace: the diagram, and below it every message to unfold."""
    return f"<div>{show_picture(trace)}{show_end(trace)}{_messages(trace)}{show_taking(trace, live=False)}</div>"


def show_run(run: Run) -> str:
    """Show what has passed, what comes next or how it ended, and every message to unfold."""
    return f"<div>{show_picture(run)}{show_end(run)}{_messages(run.trace)}{show_taking(run, live=False)}</div>"


def show_picture(of: Run | Trace) -> str:
    """The diagram, with the message that goes next."""
    return sequence.image(of.trace, of.next_step) if isinstance(of, Run) else sequence.image(of)


def show_end(of: Run | Trace) -> str:
    """What comes next, or how it ended."""
    if isinstance(of, Trace):
        return _ended(of)
    return message.step(of.next_step) if of.next_step is not None else _ended(of.trace) + _done(of)


def show_message(number: int, exchange: Exchange, *, live: bool) -> str:
    """A message (counted from 1) to unfold; live, with what copies it as it was on the wire."""
    body = message.body(exchange)
    if live:
        sent = [controls.copier(wording.raw(exchange.request), "Copy the request")]
        came = [controls.copier(wording.raw(exchange.response), "Copy the answer")] if exchange.response else []
        body += controls.row([*sent, *came])
    return html.fold(_summary(number, exchange), html.card(body))


def show_taking(of: Run | Trace, *, live: bool) -> str:
    """What takes the diagram along: its Mermaid text and, live, buttons that copy and save."""
    source, title = mermaid(of), (of.trace if isinstance(of, Run) else of).title
    shown = html.fold("The diagram as Mermaid text", html.block(source))
    if not live:
        return shown
    name = "-".join("".join(each if each.isalnum() else " " for each in title.lower()).split())
    save = controls.download(html.svg_address(sequence.svg(of)), f"{name or 'diagram'}.svg", "Save as SVG")
    return controls.row([controls.copier(source, "Copy as Mermaid"), save]) + shown


def text(trace: Trace) -> str:
    """A trace in plain lines."""
    return "\n".join([trace.title, *wording.lines(trace)])


def trace_view(trace: Trace) -> dict[str, Any]:
    """What a notebook shows of a trace."""
    return bundle(trace, {"text/plain": text(trace), "text/html": show_trace(trace)}, "diagram")


def run_view(run: Run) -> dict[str, Any]:
    """What a notebook shows of a run."""
    plain = "\n".join([repr(run), *wording.lines(run.trace)])
    return bundle(run, {"text/plain": plain, "text/html": show_run(run)}, "diagram")


def exchange_view(exchange: Exchange) -> dict[str, str]:
    """What a notebook shows of an exchange."""
    status = f"  {exchange.response.status}" if exchange.response else ""
    step = exchange.step
    plain = f"{step.sender} -> {step.receiver}: {wording.line(step.request)}{status}"
    return {"text/plain": plain, "text/html": message.show(exchange)}


def step_view(step: Step) -> dict[str, str]:
    """What a notebook shows of a message that has not been sent."""
    plain = f"next: {step.sender} -> {step.receiver}: {wording.line(step.request)}"
    return {"text/plain": plain, "text/html": message.step(step)}


def _messages(trace: Trace) -> str:
    return "".join(show_message(number, each, live=False) for number, each in enumerate(trace.exchanges, 1))


def _summary(number: int, exchange: Exchange) -> str:
    step, response = exchange.step, exchange.response
    parts = [html.quiet(html.text(wording.between(step))), html.code(html.shortened(wording.line(step.request), 40))]
    if response is not None:
        parts.append(html.code(html.shortened(wording.answer(response, 40), 40)))
    checked = ledger.summary(exchange.checks)
    aside = [html.text(checked)] if checked else []
    return f"<b>{number}&ensp;{html.text(step.title)}</b>&ensp;{' '.join([*parts, *aside])}"


def _ended(trace: Trace) -> str:
    refusal, truths = trace.refusal, [truth for each in trace.exchanges for truth in each.truth]
    if refusal is None:
        return message.truth(truths)
    head = html.text(f"✗ {wording.refused(refusal)}")
    said = f"<div><b>{head}</b></div><div>{html.text(refusal.description)}</div>"
    return html.card(said, _RED) + message.truth(truths)


def _done(run: Run) -> str:
    if not run.finished:
        return ""
    result = run.result
    names = [html.code(each.name) for each in fields(result)] if is_dataclass(result) else []
    held = f" <code>run.result</code> has {', '.join(names)}." if names else ""
    return html.card(f"<b>✓ Done.</b>{held}", _GREEN)

"""Shows a trace, and a run under way with the message that goes next."""

from dataclasses import fields, is_dataclass

from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.trace import Exchange, Step, Trace
from oidc_lab.views import checks as ledger
from oidc_lab.views import exchange as message
from oidc_lab.views import html, sequence, wording

_RED, _GREEN = "rgb(229,83,75)", "rgb(46,160,67)"


def show_trace(trace: Trace) -> str:
    """Show a trace: the diagram, and below it every message to unfold."""
    return f"<div>{sequence.image(trace)}{_ended(trace)}{_messages(trace)}</div>"


def show_run(run: Run) -> str:
    """Show what has passed, what comes next or how it ended, and every message to unfold."""
    due = run.next_step
    end = message.step(due) if due is not None else _ended(run.trace) + _done(run)
    return f"<div>{sequence.image(run.trace, due)}{end}{_messages(run.trace)}</div>"


def text(trace: Trace) -> str:
    """A trace in plain lines."""
    return "\n".join([trace.title, *wording.lines(trace)])


def trace_view(trace: Trace) -> dict[str, str]:
    """What a notebook shows of a trace."""
    return {"text/plain": text(trace), "text/html": show_trace(trace)}


def run_view(run: Run) -> dict[str, str]:
    """What a notebook shows of a run."""
    return {"text/plain": "\n".join([repr(run), *wording.lines(run.trace)]), "text/html": show_run(run)}


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
    return "".join(
        html.fold(_summary(number, each), html.card(message.body(each)))
        for number, each in enumerate(trace.exchanges, 1)
    )


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

"""Shows where a flow stands, what goes next, and the buttons that go on or back — OIDCC-3.1.1."""

import re
from collections.abc import Iterator

from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.relying_party.trace import Step
from oidc_lab.views import html, wording
from oidc_lab.views.controls import button, row

_WIRE_NAME = re.compile(r"[a-z]+_[a-z]", re.ASCII)
_AMBER = "rgb(191,135,0)"
STYLE = """<style>
.ol-flows{display:flex;flex-wrap:wrap;gap:4px 6px;margin:2px 0 6px}
.ol-flows label{display:inline-flex;align-items:center;gap:7px;padding:3px 10px;cursor:pointer;
 border:1px solid var(--jp-border-color1,rgba(128,128,128,0.6));border-radius:5px}
.ol-flows label:has(:checked){background:var(--jp-layout-color2,rgba(128,128,128,0.16));font-weight:600;
 border-color:var(--jp-brand-color1,#1a66b8)}
.ol-flows label:has(:focus-visible){outline:3px solid var(--jp-brand-color1,#1a66b8);outline-offset:1px}
.ol-flows input{margin:0}
.ol-lead{border-top:1px solid var(--jp-border-color2,rgba(128,128,128,0.4));margin-top:10px;padding-top:10px}
.ol-params label{display:inline-flex;gap:7px;align-items:center;font-size:0.95em;
 font-family:var(--jp-code-font-family,monospace)}
.ol-quiet{font-size:0.9em;opacity:0.8}
.ol-frame .ol-value{font-family:var(--jp-code-font-family,monospace);font-size:0.95em;padding:3px 7px;display:block;
 width:100%;field-sizing:content;resize:none;word-break:break-all}
@supports not (field-sizing:content){.ol-frame .ol-value{resize:vertical}}
.ol-bar{margin-bottom:8px}
.ol-params{max-width:1180px}
.ol-frame .ol-bar button{padding:6px 16px}
.ol-frame [hidden]{display:none}
</style>"""


def show_lead(model: Stepping) -> str:
    """Say where the flow is: why it cannot begin, what goes next, or how it ended."""
    return f'<div class="ol-lead">{_lead(model)}</div>'


def _lead(model: Stepping) -> str:
    if model.problem:
        return f'<div role="alert">{html.card(html.text(_sentence(model.problem)), _AMBER)}</div>'
    due, number = model.next_step, len(model.trace.exchanges)
    if due is not None:
        waits = "<div>You fill in the provider's page below, and send it there.</div>" if model.awaits else ""
        return f"<div>{_due(due, number + 1)}</div>{waits}"
    if model.trace.refusal is not None:
        return f"<div>{_large(f'✗ {_sentence(wording.refused(model.trace.refusal))}')} In message {number}.</div>"
    return f"<div>{_large('✓ Done')} after {number} message{'s' if number != 1 else ''}</div>"


def show_bar(model: Stepping, *, live: bool) -> str:
    """Show what can be done now, and in words what Back would undo or why it cannot."""
    due = model.next_step
    ended = model.problem or ("the flow has ended" if due is None else "")
    if model.awaits:
        ended = "fill in the provider's page below"
    buttons = [
        button("next", _next(due), live=live, first=due is not None, off=ended),
        button("back", "Back", live=live, off=model.back_barred),
        button("to the end", "To the end", live=live, off=ended),
        button("again", "Again", live=live, off=model.again_barred),
    ]
    words = html.quiet(html.text(" ".join(_ways_back(model))))
    return f'<div class="ol-bar">{row([*buttons, words])}</div>'


def _ways_back(model: Stepping) -> Iterator[str]:
    if model.back_barred:
        yield f"No way back: {model.back_barred.rstrip('.')}."
    elif model.trace.exchanges:
        last, number = model.trace.exchanges[-1], len(model.trace.exchanges)
        besides = f", and {model.back_undoes.rstrip('.')}" if model.back_undoes else ""
        yield f"Back takes back message {number}, {last.step.title}, on both sides{besides}."
    if model.again_undoes:
        yield f"Again {model.again_undoes.rstrip('.')}."


def _sentence(said: str) -> str:
    """With a capital where it begins, unless that is a name of the wire."""
    begins = said[:1] if _WIRE_NAME.match(said) else said[:1].upper()
    return f"{begins}{said[1:].rstrip('.')}."


def _next(due: Step | None) -> str:
    return "Next" if due is None else f"Next: {due.title}"


def _due(due: Step, number: int) -> str:
    front = Party.BROWSER in {due.sender, due.receiver}
    channel = "front channel, by the browser" if front else "back channel"
    said = html.quiet(html.text(f"{wording.between(due)}, {channel}"))
    return f"{_large(f'Message {number}: {due.title}')} {html.clause(due.clause)} {said}"


def _large(said: str) -> str:
    return f'<b style="font-size:1.1em">{html.text(said)}</b>'

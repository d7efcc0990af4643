"""Shows what came last in a flow, what each side checked, why it was refused, and what its tokens are good for."""

import re

from oidc_lab.relying_party.choices import FlowKind, onward
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.ledger import Verdict
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.relying_party.trace import Exchange
from oidc_lab.relying_party.why import explain
from oidc_lab.views import checks as ledger
from oidc_lab.views import exchange as message
from oidc_lab.views import html, request_editor, wording
from oidc_lab.views import why as causes
from oidc_lab.views.controls import button, row

_GREEN = "rgb(46,160,67)"
_SHORT = 9_000  # characters of HTML: an answer that is longer, without what is folded in it, is folded
_FOLDED = re.compile("<details>.*?</details>", re.DOTALL)
_DO = {
    FlowKind.REFRESH: "Refresh",
    FlowKind.USERINFO: "Ask userinfo",
    FlowKind.INTROSPECTION: "Introspect",
    FlowKind.REVOCATION: "Revoke",
    FlowKind.SIGN_OUT: "Sign out",
}


def show_why(model: Stepping) -> str:
    """Show why the flow was refused; nothing when it was not."""
    return causes.show(explain(model.run)) if model.run is not None and model.trace.refusal is not None else ""


def show_onward(model: Stepping, *, live: bool) -> str:
    """Show what can be done with what a finished run holds."""
    if model.run is None or not model.run.finished:
        return ""
    flows = onward(model.run.result)
    if not flows:
        return html.card("<b>✓ Done.</b>", _GREEN)
    buttons = [button("go on", _DO[flow], live=live, flow=flow) for flow in flows]
    return html.card(f"<div><b>✓ Done.</b> Go on with these tokens:</div>{row(buttons)}", _GREEN)


def show_answer(model: Stepping) -> str:
    """Show what came last, with what each side made of it."""
    if not model.trace.exchanges:
        return ""
    last, number = model.trace.exchanges[-1], len(model.trace.exchanges)
    built = model.built.get(number - 1)
    changed = request_editor.differences(last.request, built.request) if built is not None else ""
    before = f"<div><b>By hand before it went:</b> {changed}</div>" if changed else ""
    head = html.section(f"{_came(last)}: message {number}, {html.text(last.step.title)}")
    # What ended the flow is explained above.
    truth = message.truth(last.truth) if model.trace.refusal is None else ""
    return head + html.card(before + _answer(last) + truth)


def _came(last: Exchange) -> str:
    return "The last answer" if last.response is not None else "What came last"


def _answer(last: Exchange) -> str:
    received, step = last.response, last.step
    shown = message.request(step) if received is None else message.response(received, step.clause)
    checked = "".join(_checked(last, who) for who in (Party.PROVIDER, Party.BROWSER, Party.RELYING_PARTY))
    if len(_FOLDED.sub("", shown)) > _SHORT:
        said = wording.answer(last.response, 90)
        shown = html.fold(f"{html.code(said)} taken apart", shown)
    return shown + checked


def _checked(last: Exchange, who: Party) -> str:
    made = [each for each in last.checks if each.who is who]
    if not made:
        return ""
    table = ledger.show(made)
    failed = " open" if any(each.verdict is Verdict.FAILED for each in made) else ""
    summary = html.text(ledger.summary(made, who))
    return f"<details{failed}><summary>The {who} checks: {summary}</summary>{table}</details>"

"""Shows why a run failed: what the client saw, what happened, what to change, one card for each cause — RFC6749-5.2."""

from oidc_lab.domain import spec
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.seen import Pairs
from oidc_lab.relying_party.trace import Exchange, Trace
from oidc_lab.relying_party.why import Cause, Why, explain
from oidc_lab.views import html

_RED, _GREEN = "rgb(229,83,75)", "rgb(46,160,67)"


def show(why: Why) -> str:
    """Show an explanation as HTML."""
    mark = "✗" if why.causes else "✓"
    head = f"<div><b>{html.text(why.title)}</b></div><div>{mark} {html.text(why.sentence)}</div>"
    if not why.causes:
        return html.card(head, _GREEN)
    return f"<div>{head}{''.join(_card(each) for each in why.causes)}</div>"


def text(why: Why) -> str:
    """An explanation in plain lines."""
    return "\n".join([why.title, why.sentence, *(line for each in why.causes for line in _lines(each))])


def why_view(why: Why) -> dict[str, str]:
    """What a notebook shows of an explanation."""
    return {"text/plain": text(why), "text/html": show(why)}


def explained(of: Run | Trace | Exchange) -> dict[str, str]:
    """Explain a run, a trace or an exchange, and show that."""
    return why_view(explain(of))


def _card(cause: Cause) -> str:
    where = html.quiet(html.text(_where(cause)))
    head = f"<div><b>✗ The {html.text(cause.who)} refused</b> {html.code(cause.code)} {where}</div>"
    rows = [("The client saw", _pairs(cause.saw)), ("What happened", html.text(cause.truth))]
    if cause.details:
        rows.append(("Values", _side_by_side(cause.details)))
    rows += [("What to change", _change(cause)), ("Clause", _clause(cause.clause))]
    return html.card(head + html.table([(f"<b>{name}</b>", shown) for name, shown in rows]), _RED)


def _where(cause: Cause) -> str:
    return f"message {cause.number}: {cause.step}" if cause.number else cause.step


def _pairs(pairs: Pairs) -> str:
    return "".join(f"<div>{html.text(name)}: {html.code(value)}</div>" for name, value in pairs)


def _side_by_side(pairs: Pairs) -> str:
    return html.table([[html.code(value) for _, value in pairs]], [html.text(name) for name, _ in pairs])


def _change(cause: Cause) -> str:
    blame = f"{html.code(cause.blame)}: " if cause.blame else ""
    return blame + html.text(cause.remedy)


def _clause(clause: str) -> str:
    try:
        return f"{html.clause(clause)} {html.quiet(html.text(spec.title(clause)))}"
    except ValueError:
        return html.clause(clause)


def _lines(cause: Cause) -> list[str]:
    change = f"{cause.blame}: {cause.remedy}" if cause.blame else cause.remedy
    parts = (
        ("the client saw", _plain(cause.saw)),
        ("what happened", [cause.truth, *_plain(cause.details)]),
        ("what to change", [change]),
        ("clause", [cause.clause]),
    )
    rows = [f"  {'' if index else name:15} {said}" for name, rows in parts for index, said in enumerate(rows)]
    return [f"✗ the {cause.who} refused: {cause.code} ({_where(cause)})", *rows]


def _plain(pairs: Pairs) -> list[str]:
    return [f"{name}: {value}" for name, value in pairs]

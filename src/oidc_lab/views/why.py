"""Shows why a run failed: what the client saw, what happened, what to change, one card for each cause — RFC6749-5.2."""

from dataclasses import dataclass
from datetime import datetime

from oidc_lab.domain import spec
from oidc_lab.domain.application import LABEL, ApplicationType
from oidc_lab.domain.living import deed
from oidc_lab.domain.span import exactly
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.seen import Pairs
from oidc_lab.relying_party.trace import Exchange, Trace
from oidc_lab.relying_party.why import Cause, Why, explain
from oidc_lab.views import html

_RED, _GREEN = "rgb(229,83,75)", "rgb(46,160,67)"

# What the provider notes besides parameters of the wire, which keep their names.
_NAMES = {
    "type": "application type", "first_issued_at": "first issued", "issued_at": "issued", "ended_at": "ended",
    "expired_at": "expired", "replaced_at": "replaced", "issued_to": "issued to", "a_refresh_gives": "a refresh gives",
    "a_longer_ttl": "a longer TTL", "name": "secret",
}  # fmt: skip
_IN_WORDS = frozenset({"because", "problem", "a_refresh_gives", "a_longer_ttl"})


@dataclass(frozen=True)
class Value:
    """A value that belongs to a cause, with the name to read; `words` is that it never was on the wire."""

    name: str
    said: str
    words: bool


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


def values(cause: Cause) -> list[Value]:
    """The values that a cause has, in words where there are words for them."""
    if [name for name, _ in cause.details] == ["because"] and cause.details[0][1].endswith("."):
        return []  # A whole sentence says once more what happened.
    return [_value(name, value) for name, value in cause.details]


def show_value(value: Value) -> str:
    """A value; what came over the wire is told from words."""
    return html.text(value.said) if value.words else html.code(value.said)


def _card(cause: Cause) -> str:
    where = html.quiet(html.text(_where(cause)))
    head = f"<div><b>✗ The {html.text(cause.who)} refused</b> {html.code(cause.code)} {where}</div>"
    rows = [("The client saw", _pairs(cause.saw)), ("What happened", html.text(cause.truth))]
    if known := values(cause):
        rows.append(("Values", _side_by_side(known)))
    rows += [("What to change", _change(cause)), ("Clause", _clause(cause.clause))]
    return html.card(head + html.table([(f"<b>{name}</b>", shown) for name, shown in rows]), _RED)


def _where(cause: Cause) -> str:
    return f"message {cause.number}: {cause.step}" if cause.number else cause.step


def _pairs(pairs: Pairs) -> str:
    return "".join(f"<div>{html.text(name)}: {html.code(value)}</div>" for name, value in pairs)


def _side_by_side(known: list[Value]) -> str:
    return html.table([[show_value(each) for each in known]], [html.text(each.name) for each in known])


def _value(name: str, value: str) -> Value:
    known = _NAMES.get(name, name)
    if name.endswith("_at"):
        try:
            return Value(known, exactly(datetime.fromisoformat(value)), words=True)
        except ValueError:
            return Value(known, value, words=False)
    if name == "type" and value in LABEL:
        return Value(known, LABEL[ApplicationType(value)], words=True)
    return Value(known, deed(value) if name == "because" else value, words=name in _IN_WORDS)


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
        ("what happened", [cause.truth, *(f"{each.name}: {each.said}" for each in values(cause))]),
        ("what to change", [change]),
        ("clause", [cause.clause]),
    )
    rows = [f"  {'' if index else name:15} {said}" for name, rows in parts for index, said in enumerate(rows)]
    return [f"✗ the {cause.who} refused: {cause.code} ({_where(cause)})", *rows]


def _plain(pairs: Pairs) -> list[str]:
    return [f"{name}: {value}" for name, value in pairs]

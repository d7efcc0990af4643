"""The tables of the token inspector: a row for each value with its meaning and source, one for what is absent."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from oidc_lab.domain.span import span
from oidc_lab.relying_party.absence import Absent, Reason
from oidc_lab.relying_party.circumstances import MOMENTS, Value
from oidc_lab.relying_party.opaque import OpaqueToken
from oidc_lab.relying_party.signed import SignedToken
from oidc_lab.views import html
from oidc_lab.views.parameters import CLAIMS, INTROSPECTED, Meaning
from oidc_lab.views.token import moment

_LINE = "var(--jp-border-color2,rgba(128,128,128,0.35))"
_CELL = (
    f"text-align:left;vertical-align:top;padding:5px 14px 5px 0;white-space:normal;border-top:1px solid {_LINE};"
    "overflow-wrap:anywhere"
)
_TOP = "text-align:left;padding:2px 14px 2px 0;font-weight:normal;opacity:0.75"
_GROUP = "text-align:left;padding:14px 0 4px 0;font-weight:bold"
_TABLE = "width:100%;max-width:72em;border-collapse:collapse;table-layout:fixed;margin:2px 0 6px 0"
_A_MOMENT = timedelta(seconds=1)
_WIDTHS = ("19%", "33%", "48%")


VALUES = ("name", "value", "what it means, and where it comes from")
_REASONS = ("absent", "why, and what would bring it")
_OF_REASONS = ("19%", "81%")


@dataclass(frozen=True)
class Group:
    """Rows under a heading; a cell that is None is taken up by the one before it."""

    name: str
    rows: tuple[tuple[str | None, ...], ...]
    more: str = ""


def table(groups: Iterable[Group], head: Sequence[str] = VALUES, widths: Sequence[str] = _WIDTHS) -> str:
    """Show groups of rows below each other; nothing of those that have none."""
    body = "".join(_group(each) for each in groups if each.rows)
    cells = "".join(_head(name, width) for name, width in zip(head, widths, strict=True))
    return f'<table style="{_TABLE}"><thead><tr>{cells}</tr></thead>{body}</table>' if body else ""


def reasons(title: str, absent: Sequence[tuple[str | None, ...]]) -> str:
    """Show what is absent, and why, below a title of its own; nothing when nothing is."""
    rows = tuple(tuple(each for each in row if each is not None) for row in absent)
    return html.section(html.text(title)) + table([Group("", rows)], _REASONS, _OF_REASONS) if rows else ""


def value_rows(values: Sequence[Value], now: datetime) -> tuple[tuple[str, ...], ...]:
    """A row for each value: its name, what it is, and what that means and comes from."""
    return tuple(
        (html.code(each.name), shown_value(each.value, each.at, now), meaning(each.name, CLAIMS) + _source(each))
        for each in values
    )


def absent_rows(absent: Sequence[Absent]) -> tuple[tuple[str | None, ...], ...]:
    """What is absent for the same reasons in one row."""
    found = together(absent)
    return tuple((_names(names), None, "".join(_reason(each) for each in reasons)) for names, reasons in found)


def together(absent: Sequence[Absent]) -> list[tuple[list[str], tuple[Reason, ...]]]:
    """The names that are absent for the same reasons, in their order."""
    found: dict[tuple[Reason, ...], list[str]] = {}
    for each in absent:
        found.setdefault(each.all, []).append(each.name)
    return [(names, reasons) for reasons, names in found.items()]


def signed_groups(token: SignedToken, now: datetime) -> list[Group]:
    """The groups of a signed token."""
    about = "About" if token.vouched else "Claimed about"
    signature = f"{len(token.signature)} characters" if token.signature else "none: anybody could have made this"
    shown = html.code(html.shortened(token.signature, 24)) if token.signature else html.quiet("empty")
    row = (html.code("signature"), shown, html.text(f"made of header and claims; {signature}") + _clause("RFC7515-5.1"))
    return [
        Group(f"{about} the token", value_rows(token.about_token, now)),
        Group(f"{about} the user", value_rows(token.about_user, now)),
        Group("Absent, and why", absent_rows([each for each in token.absent if not each.never])),
        Group("Header and signature", (*value_rows(token.header, now), row)),
    ]


def never(token: SignedToken) -> str:
    """Show what no ID Token of this provider has."""
    return reasons("Never here, and why", absent_rows([each for each in token.absent if each.never]))


def opaque_groups(token: OpaqueToken, now: datetime) -> list[Group]:
    """The groups of a token that only its provider can read."""
    answer = token.introspection.answer if token.introspection is not None else {}
    facts = tuple(
        (html.text(each.name), None if each.at is None else at_length(each.at, now), html.text(each.sentence))
        for each in token.facts
    )
    settings = tuple(
        (html.text(each.label), html.code(each.value), html.text(each.under(token.profile))) for each in token.settings
    )
    return [
        Group("What introspection says", tuple(_introspected(name, value, now) for name, value in answer.items())),
        Group("What the lab knows besides", tuple(_wide(each) for each in facts)),
        Group("Settings that decide how it lives", settings),
    ]


def userinfo_groups(token: OpaqueToken, now: datetime) -> list[Group]:
    """What an access token opens at userinfo, and what not."""
    return [
        Group("Told there now", value_rows(token.userinfo, now)),
        Group("Absent there, and why", absent_rows(token.absent)),
    ]


def shown_value(value: Any, at: datetime | None, now: datetime) -> str:
    """A value as it is on the wire; a moment also as a date, and how far away it is."""
    shown = html.code(written(value))
    return shown if at is None else f"{shown}<div>{at_length(at, now)}</div>"


def at_length(at: datetime, now: datetime) -> str:
    """A date, and how far away it is."""
    return f"{html.text(moment(at.timestamp()))}<div><b>{html.text(far(at, now))}</b></div>"


def far(at: datetime, now: datetime) -> str:
    """How far away a moment is: `in 58 minutes`, `2 days ago`, `now`."""
    if abs(at - now) < _A_MOMENT:
        return "now"
    return f"in {span(at - now)}" if at > now else f"{span(now - at)} ago"


def written(value: Any) -> str:
    """A value as text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def meaning(name: str, meanings: dict[str, Meaning]) -> str:
    """What a name means, with its clause."""
    said, clause = meanings.get(name, ("", ""))
    return html.text(said) + _clause(clause) if said else html.quiet("not defined in the specifications cited here")


def token_name(name: str) -> str:
    """What to call a token that is missing, by its name in the answer."""
    return {"id_token": "ID Token"}.get(name, name.replace("_", " "))


def _group(group: Group) -> str:
    named = f'<tr><th colspan="3" style="{_GROUP}">{html.text(group.name)}{group.more}</th></tr>'
    head = named if group.name else ""
    return f"<tbody>{head}{''.join(_row(each) for each in group.rows)}</tbody>"


def _head(name: str, width: str) -> str:
    kind = "th" if name else "td"
    return f'<{kind} style="{_TOP};width:{width}">{html.text(name)}</{kind}>'


def _row(cells: Sequence[str | None]) -> str:
    shown = ""
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        after = cells[place + 1 :]
        wide = 1 + next((skip for skip, each in enumerate(after) if each is not None), len(after))
        spread = f' colspan="{wide}"' if wide > 1 else ""
        shown += f'<td{spread} style="{_CELL}">{cell}</td>'
    return f"<tr>{shown}</tr>"


def _wide(cells: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Without a moment, the sentence has the room."""
    name, at, sentence = cells
    return (name, sentence, None) if at is None else cells


def _introspected(name: str, value: Any, now: datetime) -> tuple[str, str, str]:
    at = datetime.fromtimestamp(value, now.tzinfo) if name in MOMENTS and moment(value) else None
    return html.code(name), shown_value(value, at, now), meaning(name, INTROSPECTED)


def _source(value: Value) -> str:
    source = f"from {html.text(value.source)}{_clause(value.clause, _meant(value.name))}"
    since = f"; {html.text(value.since)}" if value.since else ""
    return f'<div style="opacity:0.8">{source}{since}</div>'


def _meant(name: str) -> str:
    return CLAIMS.get(name, ("", ""))[1]


def _names(names: Sequence[str]) -> str:
    return f"no {', '.join(html.code(each) for each in names)}"


def _reason(reason: Reason) -> str:
    remedy = f'<span style="opacity:0.8">: {html.text(reason.remedy)}</span>' if reason.remedy else ""
    return f"<div>{html.text(reason.sentence)}{remedy}{_clause(reason.clause)}</div>"


def _clause(clause: str, but: str = "") -> str:
    return f" {html.clause(clause)}" if clause and clause != but else ""

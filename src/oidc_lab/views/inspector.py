"""The token inspector: what tokens say and where from, whether they are good, what is absent and why — OIDCC-2."""

from typing import Any

from oidc_lab.relying_party.inspection import Inspection, Looked
from oidc_lab.relying_party.looking import Kind
from oidc_lab.relying_party.signed import SignedToken
from oidc_lab.views import html
from oidc_lab.views.controls import button, choice, row
from oidc_lab.views.inspected import absent_rows, far, reasons, token_name
from oidc_lab.views.inspector_text import inspection_text
from oidc_lab.views.inspector_token import opaque_token, signed_token, stale
from oidc_lab.views.token import moment
from oidc_lab.views.widgets.bundle import bundle


def inspector_view(inspection: Inspection) -> dict[str, Any]:
    """What a notebook shows of tokens that are looked into."""
    static = {"text/plain": inspection_text(inspection), "text/html": show_inspection(inspection)}
    return bundle(inspection, static, "inspector")


def show_inspection(inspection: Inspection) -> str:
    """Show everything at rest."""
    tokens = "".join(show_token(inspection, number, live=False) for number in range(len(inspection.tokens)))
    return f"<div>{show_bar(inspection, live=False)}{tokens}{show_missing(inspection)}</div>"


def show_bar(inspection: Inspection, *, live: bool) -> str:
    """Show whose tokens these are and when they were looked at, with what can be done."""
    title = f"<div><b>{html.text(inspection.title)}</b></div>" if inspection.title else ""
    title += f"<div>{html.text(inspection.note)}</div>" if inspection.note else ""
    if inspection.problem:
        return f"{title}<div>{html.text(inspection.problem)}</div>{_again(live)}"
    if [each.kind for each in inspection.tokens] == [Kind.NOTHING]:
        return title
    controls = [_again(live)]
    if inspection.viewer:
        label = "Check ID Tokens as"
        chosen = choice("look as", "client_id", label, inspection.applications, inspection.viewer, live=live)
        controls.append(f"<label>{html.text(label)} {chosen}</label>")
    return title + row([*controls, html.quiet(html.text(_looked_at(inspection)))])


def show_token(inspection: Inspection, number: int, *, live: bool) -> str:
    """Show one of the tokens; the first lies open."""
    token, now = inspection.tokens[number], inspection.now
    body = (
        signed_token(token, now, live=live) if isinstance(token, SignedToken) else opaque_token(token, now, live=live)
    )
    if len(inspection.tokens) == 1:
        return body
    opened = " open" if number == 0 else ""
    summary = f'<summary style="font-size:1.1em;padding:6px 0"><b>{html.text(_named(token))}</b></summary>'
    return f'<details{opened}>{summary}<div style="padding-left:2px">{body}</div></details>'


def show_missing(inspection: Inspection) -> str:
    """Show which tokens a run was not given, and why."""
    named = [(token_name(each.name), each) for each in inspection.missing]
    rows = tuple((f"no {html.text(name)}", *absent_rows((each,))[0][2:]) for name, each in named)
    return reasons("Not given, and why", rows)


def _again(live: bool) -> str:
    return button("look again", "Check again", live=live)


def _looked_at(inspection: Inspection) -> str:
    away = far(inspection.looked_at, inspection.now)
    moved = "; the clock has moved since" if stale(inspection.looked_at, inspection.now) else ""
    return f"checked at {moment(inspection.looked_at.timestamp())}, {away}{moved}"


def _named(token: Looked) -> str:
    named = token.kind[0].upper() + token.kind[1:]
    return f"{named}, as it claims" if isinstance(token, SignedToken) and not token.vouched else named

"""Shows the request that goes next as fields: each parameter explained, to change, leave out or add — RFC6749-3.1."""

import json
from collections.abc import Iterable

from oidc_lab.relying_party.credentials import HEADER
from oidc_lab.relying_party.message import Request, split
from oidc_lab.relying_party.told import told
from oidc_lab.relying_party.trace import Step
from oidc_lab.views import exchange as message
from oidc_lab.views import header_editor, html, request_rows, wording
from oidc_lab.views.body import meaning, show_json, tokens
from oidc_lab.views.controls import button, row, text_field, tick

# A row by itself says what became of it, so that nothing is drawn anew under the fingers of who types.
_ROW_SAYS = (
    "const v=this.querySelector('.ol-value'),t=this.querySelector('[type=checkbox]'),m=this.querySelector('.ol-mark');"
    "v.disabled=!t.checked;t.dataset.text=v.value;if(m){m.hidden=t.checked&&v.value===m.dataset.was;"
    "m.firstElementChild.textContent=t.checked?'changed':'left out'}"
)
_TAKE_ALONG = "for(const f of this.parentElement.querySelectorAll('input'))this.dataset[f.dataset.name]=f.value"


def show(due: Step, original: Step, *, live: bool, only: bool = False) -> str:
    """Show the request as it will leave, with what may be done to it; `original` is as the flow built it.

    `only` is for a request that is no more than one way to go on, and is folded away.
    """
    sent, built = due.request, original.request
    body = _parameters(sent, built, due.clause, live=live) + _add(live=live)
    body += header_editor.show(sent, built, live=live)
    body += message.headers(tuple(pair for pair in sent.headers if pair[0] != HEADER))
    return html.fold(_address(sent), body) if only else f"<div>{_address(sent)}</div>{body}"


def show_changes(due: Step, original: Step, *, live: bool) -> str:
    """Say in words what was changed by hand, with the way back; nothing when it is as the flow built it."""
    said = differences(due.request, original.request)
    if not said:
        return ""
    return row([f"<span><b>Changed by hand:</b> {said}</span>", button("unchange", "As the flow built it", live=live)])


def differences(present: Request, original: Request) -> str:
    """Name what is not as the flow built it: changed, left out, added."""
    said = [_said(name, was, value) for name, was, value in rows(present, original) if was != value]
    if present.method != original.method or _where(present) != _where(original):
        said.insert(0, f"sent as {_address(present)}")
    return ", ".join([*said, *header_editor.differences(present, original)])


def show_decoded(due: Step) -> str:
    """Show what is a signed token or JSON in what is sent, taken apart and folded away."""
    shown = header_editor.show_raw(due.request)
    for name, value in wording.parameters(due.request):
        inside = tokens([(name, value)]) or (_json(value) if value.startswith("{") else "")
        shown += html.fold(f"{html.code(name)} taken apart", inside) if inside else ""
    return shown


def rows(present: Request, original: Request) -> Iterable[tuple[str, str | None, str | None]]:
    """The parameters in the order of the flow, then what was added: name, value as built, value now."""
    now, was = present.parameters, original.parameters
    return [(name, was.get(name), now.get(name)) for name in dict.fromkeys((*was, *now))]


def text(due: Step, original: Step) -> list[str]:
    """The request in plain lines."""
    lines = [
        f"next: {due.title} ({due.clause})",
        f"  {wording.between(due)}: {due.request.method} {_where(due.request)}",
    ]
    inside = header_editor.rows(due.request, original.request)
    inside = [(f"{name} in the {HEADER} header", was, value) for name, was, value in inside]
    for name, was, value in (*rows(due.request, original.request), *inside):
        before, now = (None if each is None else told(name, each) for each in (was, value))
        aside = "" if was == value else f"  (changed; was {before})" if before is not None else "  (added)"
        lines.append(f"  {name}: {now if now is not None else 'left out'}{aside}")
    return lines


def _where(request: Request) -> str:
    return split(request.url)._replace(query="", fragment="").geturl()


def _address(request: Request) -> str:
    return f"{html.code(request.method)} {html.code(_where(request))}"


def _parameters(sent: Request, original: Request, where: str, *, live: bool) -> str:
    if sent.body and not wording.parameters(sent):
        return message.other_body(sent)
    shown = [_row(name, was, value, where, live=live) for name, was, value in rows(sent, original)]
    if not shown:
        return f"<div>{html.quiet('This request has no parameters.')}</div>"
    return request_rows.table(shown, "parameter")


def _row(name: str, was: str | None, value: str | None, where: str, *, live: bool) -> str:
    present = value if value is not None else was or ""
    shown = request_rows.value("change parameter", name, was, value, live=live)
    return request_rows.row(
        (_name(name, present, value, live=live), shown, meaning(name, where)), _ROW_SAYS if live else ""
    )


def _name(name: str, present: str, value: str | None, *, live: bool) -> str:
    if not live:
        return html.code(name)
    return tick("send parameter", name, name, value is not None, live=True, text=present)


def _said(name: str, was: str | None, value: str | None) -> str:
    if value is None:
        return f"{html.code(name)} left out"
    return f"{html.code(name)} {'added' if was is None else 'changed'}"


def _add(*, live: bool) -> str:
    if not live:
        return ""
    fields = [
        text_field("new parameter", field, f"{label} of a further parameter", "", live=True, on="none", width=width,
                   attributes=f'placeholder="{label.lower()}"')
        for field, label, width in (("name", "Name", "12em"), ("value", "Value", "18em"))
    ]  # fmt: skip
    take = f'<button type="button" data-do="add parameter" onclick="{html.text(_TAKE_ALONG)}">Add</button>'
    return html.fold("Add a parameter", row([*fields, take]))


def _json(value: str) -> str:
    try:
        json.loads(value)
    except ValueError:
        return ""
    return show_json(value)

"""Shows the Authorization header of the request that goes next as fields, to change or leave out — RFC9110-11.6.2."""

import json
from collections.abc import Iterable

from oidc_lab.relying_party.credentials import HEADER, credentials_in
from oidc_lab.relying_party.message import Request
from oidc_lab.views import exchange as message
from oidc_lab.views import html, request_rows
from oidc_lab.views.body import tokens
from oidc_lab.views.controls import tick

# What the wire adds by itself.
_OF_THE_WIRE = ("host", "user-agent", "content-length", "cookie")

# The header by itself says what became of it, and what to put back when it was left out.
_SAYS = (
    "const t=this.querySelector('[type=checkbox]'),said={};for(const v of this.querySelectorAll('.ol-value')){"
    "const m=v.closest('tr').querySelector('.ol-mark');said[v.dataset.name]=v.value;v.disabled=!t.checked;"
    "if(m){m.hidden=t.checked&&v.value===m.dataset.was;"
    "m.firstElementChild.textContent=t.checked?'changed':'left out'}}t.dataset.text=JSON.stringify(said)"
)


def show(present: Request, original: Request, *, live: bool) -> str:
    """Show what stands in the header part by part; nothing when there is none."""
    was, now = credentials_in(original), credentials_in(present)
    if not was and not now:
        return ""
    fields = now or was
    shown = [_row(name, before, value, live=live and name in fields) for name, before, value in rows(present, original)]
    table = request_rows.table(shown, f"in the {HEADER} header")
    if not live:
        return f"<div>{table}</div>"
    text = json.dumps(fields)
    box = tick("send credentials", HEADER, f"Send the {HEADER} header", bool(now), live=True, text=text)
    return f'<div oninput="{html.text(_SAYS)}" onchange="{html.text(_SAYS)}"><div>{box}</div>{table}</div>'


def show_raw(present: Request) -> str:
    """Show the header as it will leave, and what is a signed token in it taken apart."""
    value = present.header(HEADER)
    if value is None:
        return ""
    inside = f"<div>{html.code(value)}</div>{tokens(credentials_in(present).items())}"
    return html.fold(f"The {html.code(HEADER)} header as it will leave", inside)


def rows(present: Request, original: Request) -> Iterable[tuple[str, str | None, str | None]]:
    """The parts of the header: name, value as built, value now."""
    was, now = credentials_in(original), credentials_in(present)
    return [(name, was.get(name), now.get(name)) for name in dict.fromkeys((*was, *now))]


def differences(present: Request, original: Request) -> list[str]:
    """Name the headers that are not as the flow built them; of what the wire adds, nothing."""
    names = {name.lower(): name for name, _ in (*present.headers, *original.headers)}
    said = []
    for name in names.values():
        was, value = original.header(name), present.header(name)
        if was == value or (was is None and name.lower() in _OF_THE_WIRE):
            continue
        if name.lower() == HEADER.lower() and was is not None and value is not None:
            said += _parts(present, original)
        else:
            said.append(f"{html.code(name)} header {_became(was, value)}")
    return said


def _parts(present: Request, original: Request) -> list[str]:
    header = f"of the {html.code(HEADER)} header"
    changed = ((name, was, value) for name, was, value in rows(present, original) if was != value)
    return [f"{html.code(name)} {header} {_became(was, value)}" for name, was, value in changed]


def _became(was: str | None, value: str | None) -> str:
    return "left out" if value is None else "added" if was is None else "changed"


def _row(name: str, was: str | None, value: str | None, *, live: bool) -> str:
    shown = request_rows.value("change credential", name, was, value, f" in the {HEADER} header", live=live)
    return request_rows.row((html.code(name), shown, message.credential(name)))

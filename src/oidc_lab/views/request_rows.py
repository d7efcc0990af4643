"""The rows in which a request is shown before it goes: a name, its value with what became of it, what it means."""

from collections.abc import Iterable, Sequence

from oidc_lab.relying_party.told import told
from oidc_lab.views import html

_LINE = 50  # characters, where the browser does not fit a field to what stands in it

# Enter means here what it means in a field of one line: the value stands.
_ENTER = "if(event.key==='Enter'){event.preventDefault();this.dispatchEvent(new Event('change',{bubbles:true}))}"


def table(rows: Iterable[str], what: str) -> str:
    """Lay out rows; `what` heads the names."""
    cell = "text-align:left;padding:2px 14px 2px 0;opacity:0.75"
    heads = ((what, "27%"), ("value", "41%"), ("meaning", "32%"))
    head = "".join(f'<th style="{cell};width:{width}">{html.text(name)}</th>' for name, width in heads)
    style = "width:100%;margin:6px 0;border-collapse:collapse;table-layout:fixed"
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return f'<table class="ol-params" style="{style}">{body}</table>'


def row(cells: Sequence[str], says: str = "") -> str:
    """A row of cells that are HTML already; `says` is what it does by itself when it changes."""
    cell = "text-align:left;vertical-align:top;padding:4px 14px 4px 0;white-space:normal;overflow-wrap:anywhere"
    inside = "".join(f'<td style="{cell}">{each}</td>' for each in cells)
    does = f' oninput="{html.text(says)}" onchange="{html.text(says)}"' if says else ""
    return f"<tr{does}>{inside}</tr>"


def value(do: str, name: str, was: str | None, now: str | None, where: str = "", *, live: bool) -> str:
    """A value as a field, and what became of it: changed, left out (None), added; `where` is for who hears it."""
    present = now if now is not None else was or ""
    return _field(do, name, present, where, now is not None, live=live) + _mark(name, was, now, live=live)


def _field(do: str, name: str, present: str, where: str, sent: bool, *, live: bool) -> str:
    if not live:
        return html.code(told(name, present)) if sent else ""
    off = "" if sent else " disabled"
    said = f'data-do="{html.text(do)}" data-name="{html.text(name)}" data-on="change"{off}'
    more = f'rows="{-(-len(present) // _LINE) or 1}" spellcheck="false" onkeydown="{html.text(_ENTER)}"'
    label = html.text(f"Value of {name}{where}")
    # A field of as many lines as it takes: a line feed at its very beginning would be lost without another one.
    return f'<textarea class="ol-value" aria-label="{label}" {said} {more}>\n{html.text(present)}</textarea>'


def _mark(name: str, was: str | None, now: str | None, *, live: bool) -> str:
    if was is None:
        return "<div><b>added</b></div>"
    if was == now and not live:
        return ""
    state = "left out" if now is None else "changed"
    hidden = " hidden" if was == now else ""
    known = f' class="ol-mark" data-was="{html.text(was)}" role="status"{hidden}' if live else ""
    return f"<div{known}><b>{state}</b>; was {html.code(told(name, was) or 'empty')}</div>"

"""Shows the list of applications beside a form — RFC7592-2.1."""

from oidc_lab.domain.catalog import Begun, Catalog, Entry
from oidc_lab.views import html
from oidc_lab.views.controls import button, row, text_field


def show_search(catalog: Catalog, *, live: bool) -> str:
    """Show what begins a new application, and the field to search in."""
    label = "Search: name, client_id, type, redirect URI"
    field = text_field("search", "query", label, catalog.query, live=live)
    buttons = row([button("begin", "New application", live=live), button("refresh", "Refresh", live=live)])
    return f'{buttons}<label><div style="opacity:0.75">{label}</div>{field}</label>'


def show_entries(catalog: Catalog, *, live: bool) -> str:
    """Show the applications that were found; each opens in the form."""
    found = catalog.entries
    said = f"{len(found)} of {catalog.count} applications" if catalog.query else f"{catalog.count} applications"
    shown = _said(said) + _list("Applications", [_entry(each, live=live) for each in found])
    begun = [_begun(each, live=live) for each in catalog.begun]
    return shown + (_said("Not saved yet") + _list("Not saved yet", begun) if begun else "")


def catalog_text(catalog: Catalog) -> str:
    """The list in one line."""
    names = [f"{each.name} ({each.client_id})" for each in catalog.entries]
    return "Applications: " + ", ".join([*names, *(f"{each.name} (not saved yet)" for each in catalog.begun)])


def _said(words: str) -> str:
    return f'<div style="opacity:0.75;margin:4px 0">{words}</div>'


def _list(name: str, items: list[str]) -> str:
    style = "display:flex;flex-wrap:wrap;gap:8px 12px"
    return f'<div role="list" aria-label="{name}" style="{style}">{"".join(items)}</div>' if items else ""


def _entry(entry: Entry, *, live: bool) -> str:
    marks = [*(["open"] if entry.open else []), *(["not saved"] if entry.unsaved else [])]
    opens = button("open", entry.name, live=live, client_id=entry.client_id)
    about = html.text(" · ".join([entry.type, ", ".join(marks)] if marks else [entry.type]))
    return _item(opens, f"{about}<br>{html.code(entry.client_id)}", here=entry.open)


def _begun(begun: Begun, *, live: bool) -> str:
    about = html.text(f"{begun.type} · open" if begun.open else begun.type)
    return _item(button("go on", begun.name, live=live, key=begun.key), about, here=begun.open)


def _item(opens: str, about: str, *, here: bool) -> str:
    bar = "var(--jp-brand-color1,#1a66b8)" if here else "rgba(128,128,128,0.3)"
    style = f"border-left:4px solid {bar};padding:1px 0 1px 10px;flex:1 1 13em;overflow-wrap:anywhere"
    return f'<div role="listitem" style="{style}">{opens}<div style="font-size:0.9em">{about}</div></div>'

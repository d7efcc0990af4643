"""Shows the list of applications beside a form — RFC7592-2.1."""

from oidc_lab.domain.catalog import Catalog, Entry
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
    rows = "".join(_entry(each, live=live) for each in found)
    style = "display:flex;flex-wrap:wrap;gap:8px 12px"
    shown = f'<div role="list" aria-label="Applications" style="{style}">{rows}</div>' if rows else ""
    return f'<div style="opacity:0.75;margin:4px 0">{said}</div>{shown}'


def catalog_text(catalog: Catalog) -> str:
    """The list in one line."""
    return "Applications: " + ", ".join(f"{each.name} ({each.client_id})" for each in catalog.entries)


def _entry(entry: Entry, *, live: bool) -> str:
    marks = [*(["open"] if entry.open else []), *(["not saved"] if entry.unsaved else [])]
    aside = f" · {', '.join(marks)}" if marks else ""
    bar = "var(--jp-brand-color1,#1a66b8)" if entry.open else "rgba(128,128,128,0.3)"
    style = f"border-left:4px solid {bar};padding:1px 0 1px 10px;flex:1 1 13em;overflow-wrap:anywhere"
    opens = button("open", entry.name, live=live, client_id=entry.client_id)
    about = f"{html.text(entry.type)}{html.text(aside)}<br>{html.code(entry.client_id)}"
    return f'<div role="listitem" style="{style}">{opens}<div style="font-size:0.9em">{about}</div></div>'

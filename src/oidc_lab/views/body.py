"""Shows the body of a message: JSON laid out with what its names mean, tokens decoded, pages by their title."""

import json
from collections.abc import Iterable

from oidc_lab.relying_party.seen import page_title
from oidc_lab.views import html, token
from oidc_lab.views.parameters import INTROSPECTED, MOMENTS, PARAMETERS, Meaning

_SOURCE_SHOWN, _LINE = 1500, 96


def meaning(name: str) -> str:
    """What a well-known parameter means, and where that stands."""
    return _written(PARAMETERS.get(name, ("", "")))


def tokens(pairs: Iterable[tuple[str, object]]) -> str:
    """Show what is a signed token among named values, decoded."""
    return "".join(token.show(name, value) for name, value in pairs if isinstance(value, str))


def show_json(source: str) -> str:
    """Show a body that is JSON; nothing when it is none."""
    try:
        said = json.loads(source)
    except ValueError:
        return ""
    pretty = html.block(_pretty(said))
    if not isinstance(said, dict):
        return pretty
    # RFC7662-2.2: nothing but the answer to an introspection request has this member.
    meanings = INTROSPECTED if "active" in said else PARAMETERS
    known = [(html.code(name), _written(meanings[name], said[name], name)) for name in said if name in meanings]
    return pretty + html.table(known) + tokens(said.items()) if known else pretty + tokens(said.items())


def _written(known: Meaning, value: object = None, name: str = "") -> str:
    said, clause = known
    when = token.moment(value) if name in MOMENTS else None
    shown = html.text(f"{said}: {when}" if when else said)
    return f"{shown} {html.clause(clause)}" if clause else shown


def _pretty(said: object, indent: int = 0) -> str:
    """Lay out JSON, a short object or list on one line."""
    line = json.dumps(said, ensure_ascii=False)
    if not isinstance(said, dict | list) or len(line) + indent <= _LINE:
        return line
    inner, outer = " " * (indent + 2), " " * indent
    if isinstance(said, dict):
        rows = [f"{inner}{json.dumps(key)}: {_pretty(value, indent + 2)}" for key, value in said.items()]
        return "{\n" + ",\n".join(rows) + f"\n{outer}}}"
    items = [_pretty(each, indent + 2) for each in said]
    rows = _filled(items, indent + 2) if all("\n" not in each for each in items) else items
    return "[\n" + ",\n".join(f"{inner}{row}" for row in rows) + f"\n{outer}]"


def _filled(items: list[str], indent: int) -> list[str]:
    rows = items[:1]
    for item in items[1:]:
        if len(rows[-1]) + len(item) + indent > _LINE:
            rows.append(item)
        else:
            rows[-1] += f", {item}"
    return rows


def show_page(source: str, *, redirect: bool) -> str:
    """Name a page; its source is folded away."""
    if not source.strip() or redirect:
        return ""
    title = page_title(source)
    size = f"{len(source.encode()) / 1000:.1f} kB"
    named = f"A page of {size}: <b>{html.text(title)}</b>" if title else f"A body of {size}"
    shown = (
        source if len(source) <= _SOURCE_SHOWN else f"{source[:_SOURCE_SHOWN]}\n… {len(source) - _SOURCE_SHOWN} more"
    )
    return f"<div>{named}</div>{html.fold('its source', html.block(shown))}"

"""Shows the body of a message: JSON laid out with what its names mean, tokens decoded, pages by their title."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from oidc_lab.relying_party.seen import page_title
from oidc_lab.views import html, places, token
from oidc_lab.views.parameters import MOMENTS, Meaning

_SOURCE_SHOWN, _LINE = 1500, 96
_MANY = 12  # names of an answer: what more of them mean is folded


def meaning(name: str, where: str = "") -> str:
    """What a well-known parameter means in the request of a step, by its clause, and where that stands."""
    return written(places.asked(name, where))


def tokens(pairs: Iterable[tuple[str, object]]) -> str:
    """Show what is a signed token among named values, decoded."""
    return "".join(token.show(name, value) for name, value in pairs if isinstance(value, str))


def show_json(source: str, where: str = "") -> str:
    """Show a body that is JSON, the answer in the step of a clause; nothing when it is none."""
    try:
        said = json.loads(source)
    except ValueError:
        return ""
    pretty = html.block(_pretty(said))
    if not isinstance(said, dict):
        return pretty
    return pretty + _meanings(said, where) + tokens(said.items())


def _meanings(said: dict[str, Any], where: str) -> str:
    # RFC7517-5.1
    if isinstance(keys := said.get("keys"), list):
        return "".join(_key(each) for each in keys if isinstance(each, dict))
    known = _known(said, places.answered(said, where))
    table = html.table(known) if known else ""
    return html.fold(f"What these {len(known)} values mean", table) if len(known) > _MANY else table


def _key(key: dict[str, Any]) -> str:
    named = html.code(key["kid"]) if "kid" in key else "without a name"
    return html.fold(f"What the values of the key {named} mean", html.table(_known(key, places.of_key(key))))


def _known(said: dict[str, Any], meanings: Mapping[str, Meaning]) -> list[tuple[str, str]]:
    return [(html.code(name), written(meanings[name], said[name], name)) for name in said if name in meanings]


def written(known: Meaning, value: object = None, name: str = "") -> str:
    """A meaning with its clause; of a moment, when that is."""
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

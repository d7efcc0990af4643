"""Buttons and fields as HTML. In a live widget they say what was done in `data-do`; in the static form they rest.

Each function takes `live`: a notebook that is only read shows the same control, which then cannot be used.
"""

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from oidc_lab.views import html

# The theme's own colours, with what suits both themes where a page has none.
_LINE = "var(--jp-border-color1,rgba(128,128,128,0.6))"
STYLE = f"""<style>
.ol-frame{{color:var(--jp-ui-font-color1,inherit);border:1px solid {_LINE};border-radius:8px;padding:8px 14px 12px;
 margin:4px 0;overflow:visible}}
.ol-frame .widget-html-content,.ol-frame .jupyter-widgets{{line-height:1.45;font-size:inherit}}
.ol-frame .widget-html{{margin:0}}
.ol-frame .widget-html-content{{min-width:0}}
.ol-frame button,.ol-frame input,.ol-frame select,.ol-frame textarea{{font:inherit;color:inherit;box-sizing:border-box;
 background:var(--jp-layout-color1,transparent);border:1px solid var(--jp-border-color0,{_LINE});border-radius:5px;
 padding:4px 10px;max-width:100%}}
.ol-frame button{{cursor:pointer;background:var(--jp-layout-color2,rgba(128,128,128,0.12));margin:2px 6px 2px 0}}
.ol-frame button.ol-first{{background:#1a66b8;border-color:transparent;color:#fff;
 font-weight:600}}
.ol-title{{font-weight:bold;font-size:1.15em;margin:2px 0 6px 0}}
.ol-frame button:hover{{filter:brightness(1.08)}}
.ol-frame button:disabled,.ol-frame input:disabled,.ol-frame select:disabled,.ol-frame textarea:disabled
 {{opacity:0.6;cursor:default;filter:none}}
.ol-frame :focus-visible{{outline:3px solid var(--jp-brand-color1,#1a66b8);outline-offset:1px}}
.ol-frame input[type=checkbox]{{width:1.15em;height:1.15em;vertical-align:-0.2em;padding:0}}
.ol-frame code{{color:inherit}}
.ol-frame a{{color:var(--jp-content-link-color,#1a66b8);text-decoration:underline;text-underline-offset:2px}}
.ol-frame summary{{cursor:pointer}}
body[data-jp-theme-light=false] .ol-frame img[src^="data:image/svg"]{{filter:invert(0.88) hue-rotate(180deg)}}
</style>"""


# What a message says of itself, and what says when a field speaks: no business of those who hear it.
_ABOUT_ITSELF = frozenset({"number", "do", "on", "enter"})


def button(do: str, label: str, *, live: bool, first: bool = False, off: str = "", **data: str) -> str:
    """A button. `first` marks the one that a person presses most; `off` says why it cannot be pressed."""
    rest = "" if live and not off else " disabled"
    why = f' title="{html.text(off)}"' if off else ""
    kind = ' class="ol-first"' if first else ""
    return f'<button type="button"{kind}{_said(do, data)}{why}{rest}>{html.text(label)}</button>'


def text_field(
    do: str, name: str, label: str, value: str, *, live: bool, on: str = "input", rows: int = 1, off: str = "",
    width: str = "100%", about: str = "", password: bool = False, attributes: str = "",
) -> str:  # fmt: skip
    """A field to type in. `on` is when it says so: at each "input", or at a "change"; `about` is an element's id.

    `attributes` are further ones, as HTML.
    """
    rest = "" if live and not off else " disabled"
    more = (
        f'{_said(do, {"name": name, "on": on})} aria-label="{html.text(label)}" style="width:{html.text(width)}"{rest}'
    )
    more += f' aria-describedby="{html.text(about)}"' if about else ""
    more += f" {attributes}" if attributes else ""
    if rows > 1:
        return f'<textarea rows="{rows}"{more}>{html.text(value)}</textarea>'
    kind = "password" if password else "text"
    return f'<input type="{kind}" autocomplete="off" spellcheck="false" value="{html.text(value)}"{more}>'


def tick(do: str, name: str, label: str, on: bool, *, live: bool, off: str = "", **data: str) -> str:
    """A box to tick, with its label beside it."""
    rest = "" if live and not off else " disabled"
    ticked = " checked" if on else ""
    box = f'<input type="checkbox"{_said(do, {"name": name, "on": "change", **data})}{ticked}{rest}>'
    return f"<label>{box} {html.text(label)}</label>"


def choice(
    do: str, name: str, label: str, options: Iterable[tuple[str, str]], chosen: str, *, live: bool, off: str = ""
) -> str:
    """A list to choose one from; each option is a value and what is read."""
    rest = "" if live and not off else " disabled"
    inside = "".join(
        f'<option value="{html.text(value)}"{" selected" if value == chosen else ""}>{html.text(shown)}</option>'
        for value, shown in options
    )
    more = _said(do, {"name": name, "on": "change"})
    return f'<select{more} aria-label="{html.text(label)}"{rest}>{inside}</select>'


def copier(text: str, label: str = "Copy") -> str:
    """A button that copies a text; only in a live widget, the browser does it by itself."""
    done = "navigator.clipboard.writeText(this.dataset.copy).then(()=>{this.textContent='Copied'})"
    return (
        f'<button type="button" data-copy="{html.text(text)}" onclick="{html.text(done)}">{html.text(label)}</button>'
    )


def download(data_uri: str, name: str, label: str) -> str:
    """A link that saves a file which stands in it."""
    return f'<a download="{html.text(name)}" href="{html.text(data_uri)}">{html.text(label)}</a>'


def row(cells: Sequence[str]) -> str:
    """Controls beside each other, which wrap where there is no room."""
    style = "display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center;margin:4px 0"
    return f'<div style="{style}">{"".join(cells)}</div>'


def _said(do: str, data: dict[str, str]) -> str:
    more = "".join(f' data-{name}="{html.text(value)}"' for name, value in data.items())
    return f' data-do="{html.text(do)}"{more}'


def messages(said: str) -> list[tuple[float, str, dict[str, str]]]:
    """What a page says that was done: for each thing its number, its name, and what the control had beside it."""
    try:
        read = json.loads(said)
    except ValueError:
        return []
    return [_message(each) for each in read if isinstance(each, dict)] if isinstance(read, list) else []


def _message(each: dict[str, Any]) -> tuple[float, str, dict[str, str]]:
    number, action = each.get("number"), each.get("do")
    if not isinstance(number, int | float) or not math.isfinite(number) or not isinstance(action, str):
        return 0, "", {}
    beside = {name: value for name, value in each.items() if name not in _ABOUT_ITSELF and isinstance(value, str)}
    return number, action, beside

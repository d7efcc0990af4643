"""Small pieces of HTML that survive an untrusted JupyterLab: tables, folds and styles in attributes.

No style sheet, script or inline SVG is used: notebooks that are not trusted lose them. Colours are neutral ones with
some transparency, so that light and dark themes both show through.
"""

import base64
from collections.abc import Iterable, Sequence
from html import escape

from oidc_lab.domain import spec

_LONGEST_WORD = 36
_CELL = "text-align:left;vertical-align:top;padding:2px 12px 2px 0;white-space:normal"
_HEAD = f"{_CELL};font-weight:bold;opacity:0.75"


def text(value: object) -> str:
    """Escape what comes from outside."""
    return escape(str(value), quote=True)


def code(value: object) -> str:
    """Show a value as it is on the wire; long words may break anywhere."""
    plain = str(value)
    long = any(len(word) > _LONGEST_WORD for word in plain.split())
    return f'<code style="word-break:break-all">{text(plain)}</code>' if long else f"<code>{text(plain)}</code>"


def clause(anchor: str) -> str:
    """Show a clause as a link to where it can be read."""
    try:
        address, title = spec.link(anchor), spec.title(anchor)
    except ValueError:
        return text(anchor)
    shown = f'title="{text(title)}" style="white-space:nowrap"'
    return f'<a href="{text(address)}" {shown}>{text(anchor)}</a>'


def table(rows: Iterable[Sequence[str]], head: Sequence[str] = ()) -> str:
    """Lay out cells that are HTML already."""
    top = "".join(f'<th style="{_HEAD}">{each}</th>' for each in head)
    body = "".join(_row(row) for row in rows)
    thead = f"<thead><tr>{top}</tr></thead>" if head else ""
    return f'<table style="margin:4px 0;border-collapse:collapse">{thead}<tbody>{body}</tbody></table>'


def _row(cells: Sequence[str]) -> str:
    inside = "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells)
    return f"<tr>{inside}</tr>"


def fold(summary: str, body: str) -> str:
    """Fold a part away behind its summary."""
    return f"<details><summary>{summary}</summary>{body}</details>"


def part(name: str, body: str) -> str:
    """A part with a small heading."""
    return heading(name) + body if body else ""


def heading(name: str) -> str:
    """A small heading."""
    return f'<div style="margin:10px 0 2px 0;font-weight:bold">{name}</div>'


def section(name: str) -> str:
    """A small heading that is also found by who jumps from heading to heading."""
    return f'<div role="heading" aria-level="4" style="margin:16px 0 3px 0;font-weight:bold">{name}</div>'


def card(body: str, colour: str = "rgba(128,128,128,0.5)") -> str:
    """Set a part off by a bar at its left."""
    style = f"margin:4px 0 12px 0;padding:6px 0 6px 14px;border-left:4px solid {colour}"
    return f'<div style="{style}">{body}</div>'


def block(source: str) -> str:
    """Show text line by line, as it is."""
    style = "white-space:pre-wrap;word-break:break-all;padding:6px 10px;margin:4px 0;background:rgba(128,128,128,0.12)"
    return f'<pre style="{style}">{text(source)}</pre>'


def quiet(body: str) -> str:
    """Step back behind the rest."""
    return f'<span style="opacity:0.7">{body}</span>'


def image(svg: str, alt: str, width: int) -> str:
    """A picture as a data URI, the one form of SVG that a notebook keeps when it is not trusted."""
    style = f"width:100%;max-width:{width}px;height:auto"
    return f'<img alt="{text(alt)}" style="{style}" src="{svg_address(svg)}">'


def svg_address(svg: str) -> str:
    """A picture as an address that holds it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def shortened(value: str, most: int) -> str:
    """Shorten in the middle, so that beginning and end can still be compared."""
    if len(value) <= most:
        return value
    front = most // 2
    back = most - 1 - front
    return f"{value[:front]}…{value[len(value) - back :]}"

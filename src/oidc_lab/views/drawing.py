"""Small pieces of SVG: text, arrows, notes; positions are in pixels."""

from html import escape

SANS = "DejaVu Sans, Verdana, sans-serif"
MONO = "DejaVu Sans Mono, Menlo, Consolas, monospace"
INK, GREY, GREEN, RED, AMBER = "#1f2328", "#59636e", "#1a7f37", "#b3261e", "#7a4b00"


def words(x: float, y: float, said: str, *, size: float = 13, colour: str = INK, more: str = "") -> str:
    """A line of text; `more` are further attributes."""
    space = f" {more}" if more else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"{space}>{escape(said)}</text>'


def arrow(start: float, end: float, y: float, *, colour: str, width: float, dash: str = "") -> str:
    """A level arrow with its head at `end`."""
    back = -9 if end > start else 9
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    shaft = f'<path d="M{start:g} {y:g}H{end + back / 2:g}" stroke="{colour}" stroke-width="{width:g}"{dashed}/>'
    head = f'<path d="M{end:g} {y:g}l{back} -5v10z" fill="{colour}"/>'
    return shaft + head


def box(x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "none", more: str = "") -> str:
    """A box with round corners."""
    size = f'width="{width:g}" height="{height:g}"'
    return f'<rect x="{x:g}" y="{y:g}" {size} rx="6" fill="{fill}" stroke="{stroke}"{" " + more if more else ""}/>'


def pill(x: float, y: float, said: str, colour: str, fill: str) -> str:
    """A short note, centred."""
    width = len(said) * 7.3 + 18
    return box(x - width / 2, y - 10, width, 20, fill=fill, stroke=colour) + words(
        x, y + 4, said, size=11.5, colour=colour, more='text-anchor="middle"'
    )


def pill_width(said: str) -> float:
    """How wide a note will be."""
    return len(said) * 7.3 + 18

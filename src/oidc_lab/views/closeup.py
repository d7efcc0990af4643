"""Shows the end of a long sequence diagram under the heads of its lanes, so that the next arrow stays in one place."""

import re

from oidc_lab.relying_party.trace import Step, Trace
from oidc_lab.views import html, lanes, sequence

_SIZE = re.compile(r'<svg [^>]*viewBox="0 0 (\S+) (\S+)"[^>]*>')
_HEADS = float(lanes.TOP)
_END = 300.0  # pixels: what goes next, and about three messages before it
_FADE = 26


def show(trace: Trace, pending: Step | None = None) -> str:
    """Show the heads and the last messages; a diagram that is short is shown whole."""
    drawn = crop(sequence.svg(trace, pending))
    return html.image(drawn, sequence.alt(trace), lanes.width(lanes.present(trace, pending)))


def is_long(trace: Trace, pending: Step | None = None) -> bool:
    """Whether something is left out."""
    drawn = sequence.svg(trace, pending)
    return crop(drawn) != drawn


def crop(drawn: str) -> str:
    """Leave out what lies between the heads and the end of a diagram."""
    found = _SIZE.match(drawn)
    if found is None or float(found[2]) <= _HEADS + _END:
        return drawn
    width, inside = found[1], drawn[found.end() : -len("</svg>")]
    start, height = float(found[2]) - _END, _HEADS + _END
    top = re.sub(r' (width|height|viewBox)="[^"]*"', "", found[0])[:-1]
    size = f'width="{width}" height="{height:g}" viewBox="0 0 {width} {height:g}"'
    # The same drawing twice, through two windows: the heads, and the end.
    heads = f'<svg width="{width}" height="{_HEADS:g}" viewBox="0 0 {width} {_HEADS:g}"><use href="#all"/></svg>'
    window = f'width="{width}" height="{_END:g}" viewBox="0 {start:g} {width} {_END:g}"'
    fade = '<linearGradient id="fade" x2="0" y2="1"><stop stop-color="#fff"/><stop offset="1" stop-color="#fff"'
    fade += ' stop-opacity="0"/></linearGradient>'
    veil = f'<rect x="1" y="{_HEADS:g}" width="{float(width) - 2:g}" height="{_FADE}" fill="url(#fade)"/>'
    edge = f'<path d="M8 {_HEADS:g}H{float(width) - 8:g}" stroke="#8c959f" stroke-dasharray="3 5"/>'
    end = f'<svg y="{_HEADS:g}" {window}><use href="#all"/></svg>'
    return f'{top} {size}><defs><g id="all">{inside}</g>{fade}</defs>{heads}{end}{veil}{edge}</svg>'

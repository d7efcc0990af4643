"""Draws a trace as a sequence diagram, from the trace alone — OIDCC-3.1.1."""

from collections.abc import Sequence

from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.trace import Exchange, Step, Trace
from oidc_lab.views import checks as ledger
from oidc_lab.views import html, lanes, wording
from oidc_lab.views.drawing import AMBER, GREEN, GREY, INK, RED, SANS, box, pill, pill_width, words
from oidc_lab.views.lanes import LANES, TOP

_PAPER, _STRIPE, _DUE = "#fff", "#f2f5f8", "#fffbe6"
_CHARACTERS = 96
_PILLS = {"✓": (GREEN, "#dafbe1"), "✗": (RED, "#ffebe9"), "○": (GREY, "#f6f8fa"), "•": (GREY, "#f6f8fa")}

# What lies under the lanes, what lies over them, and how high it is.
Row = tuple[str, str, float]


def svg(of: Trace | Run, pending: Step | None = None) -> str:
    """Draw the messages, checks and refusal; `pending` is the message that goes next, a run's own if none is given."""
    trace, pending = (of.trace, pending or of.next_step) if isinstance(of, Run) else (of, pending)
    parties = lanes.present(trace, pending)
    width, under, over, y = lanes.width(parties), "", "", float(TOP)
    for number, exchange in enumerate(trace.exchanges, 1):
        if waited := wording.later(trace, number):
            over, y = over + _wait(waited, y, width), y + 26
        stripe, drawn, height = _exchange(number, exchange, y, width)
        under, over, y = under + stripe, over + drawn, y + height
    if pending is not None:
        stripe, drawn, height = _pending(len(trace.exchanges) + 1, pending, y, width)
        under, over, y = under + stripe, over + drawn, y + height
    notes, y = _notes(trace, y + 6, width)
    under += "".join(lanes.lane(party, lanes.host(party, trace, pending), y) for party in parties)
    legend = lanes.legend(y + 26, page=bool(lanes.page_origin(trace, pending)))
    return _sheet(trace.title, under + over + notes + legend, width, y + 44)


def alt(trace: Trace) -> str:
    """Say in words what the diagram shows."""
    messages = "; ".join(" ".join(each.split()) for each in wording.lines(trace))
    return f"Sequence diagram: {trace.title}. {messages or 'No message yet'}."


def image(trace: Trace, pending: Step | None = None) -> str:
    """The diagram as an HTML image."""
    return html.image(svg(trace, pending), alt(trace), lanes.width(lanes.present(trace, pending)))


def _sheet(title: str, drawn: str, width: int, height: float) -> str:
    head = words(20, 32, html.shortened(title, 90), size=17, more='font-weight="bold"')
    paper = f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1:g}" rx="10" fill="#fff" stroke="#d0d7de"/>'
    size = f'width="{width}" height="{height:g}" viewBox="0 0 {width} {height:g}"'
    start = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{SANS}" fill="none">'
    return f"{start}{paper}{head}{drawn}</svg>"


def _exchange(number: int, exchange: Exchange, y: float, width: int) -> Row:
    step, response = exchange.step, exchange.response
    paper = _STRIPE if number % 2 else _PAPER
    drawn, least = _gutter(number, step, y)
    drawn, at = drawn + lanes.request(step, y + 24, paper), y + 24
    if response is not None:
        at = y + 50
        drawn += lanes.answer(step, response, at, paper)
    height = max(at - y + 14, least)
    if note := ledger.summary(exchange.checks):
        beside = not lanes.crosses(step)
        drawn += _checks(note, step, at - 4 if beside else y + height + 4)
        height += 0 if beside else 20
    stripe = f'<rect x="8" y="{y:g}" width="{width - 16}" height="{height:g}" fill="{paper}"/>'
    return stripe, drawn, height


def _pending(number: int, step: Step, y: float, width: int) -> Row:
    drawn, least = _gutter(number, step, y + 6, hollow=True)
    height = max(44.0, least) + 6
    frame = box(8, y + 4, width - 16, height, fill=_DUE, stroke="#c9a400", more='stroke-dasharray="5 4"')
    return frame, drawn + lanes.request(step, y + 32, _DUE), height + 8


def _gutter(number: int, step: Step, y: float, *, hollow: bool = False) -> tuple[str, float]:
    fill, ink = ("#fff", INK) if hollow else (INK, "#fff")
    drawn = f'<circle cx="30" cy="{y + 20:g}" r="12" fill="{fill}" stroke="{INK}"/>'
    drawn += words(30, y + 24, str(number), size=12, colour=ink, more='text-anchor="middle" font-weight="bold"')
    rows = wording.wrapped(f"Next: {step.title}" if hollow else step.title, 25, 2)
    for index, row in enumerate(rows):
        drawn += words(52, y + 24 + 16 * index, row)
    below = y + 24 + 16 * len(rows)
    return drawn + words(52, below - 1, step.clause, size=10.5, colour=GREY), below - y + 7


def _wait(waited: str, y: float, width: int) -> str:
    line = f'<path d="M20 {y + 13:g}H{width - 20}" stroke="{AMBER}" stroke-dasharray="2 6" stroke-width="1.5"/>'
    return line + pill(width / 2, y + 13, waited, AMBER, "#fff8c5")


def _checks(note: str, step: Step, y: float) -> str:
    x = float(LANES[Party.RELYING_PARTY])
    if not lanes.crosses(step):
        aside = pill_width(note) / 2 + 10
        x += -aside if step.sender is Party.RELYING_PARTY else aside
    return pill(x, y, note, *_PILLS[note[0]])


def _notes(trace: Trace, y: float, width: int) -> tuple[str, float]:
    drawn = ""
    if trace.refusal is not None:
        said = wording.wrapped(trace.refusal.description, _CHARACTERS, 3)
        drawn += _note(y, f"✗ {wording.refused(trace.refusal)}", said, width, colour=RED, fill="#ffebe9")
        y += 34 + 16 * len(said)
    for exchange in trace.exchanges:
        for truth in exchange.truth:
            said = wording.wrapped(truth, _CHARACTERS, 3)
            drawn += _note(
                y, f"{wording.TRUTH}:", said, width, colour=AMBER, fill="#fff8c5", more='stroke-dasharray="5 4"'
            )
            y += 34 + 16 * len(said)
    return drawn, y


def _note(y: float, head: str, rows: Sequence[str], width: int, *, colour: str, fill: str, more: str = "") -> str:
    drawn = box(210, y, width - 230, 26 + 16 * len(rows), fill=fill, stroke=colour, more=more)
    drawn += words(224, y + 18, head, colour=colour, more='font-weight="bold"')
    return drawn + "".join(words(224, y + 35 + 16 * index, row, size=12.5) for index, row in enumerate(rows))

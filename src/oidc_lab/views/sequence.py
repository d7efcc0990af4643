"""Draws a trace as a sequence diagram, from the trace alone — OIDCC-3.1.1."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.trace import Exchange, Step, Trace
from oidc_lab.views import checks as ledger
from oidc_lab.views import html, wording
from oidc_lab.views.drawing import AMBER, GREEN, GREY, INK, MONO, RED, SANS, arrow, box, pill, pill_width, words

WIDTH = 1060
LANES = {Party.BROWSER: 330, Party.RELYING_PARTY: 655, Party.PROVIDER: 980}
_TOP, _FRONT, _BACK = 96, "#0b57d0", "#8a3ffc"
_CHARACTER = 6.95  # of the fixed-width face at 11.5 pixels


def svg(trace: Trace, pending: Step | None = None) -> str:
    """Draw the messages of a trace, its checks and its refusal; `pending` is the message that goes next."""
    parts: list[str] = []
    y = float(_TOP)
    for number, exchange in enumerate(trace.exchanges, 1):
        drawn, height = _exchange(number, exchange, y)
        parts.append(drawn)
        y += height
    if pending is not None:
        drawn, height = _pending(len(trace.exchanges) + 1, pending, y)
        parts.append(drawn)
        y += height
    notes, height = _refusal(trace, y + 6)
    y += height + 6
    lanes = "".join(_lane(party, trace, pending, y) for party in LANES)
    # Stripes lie under the lanes, and the lanes under the messages.
    stripes = "".join(each.partition("<!---->")[0] for each in parts)
    messages = "".join(each.partition("<!---->")[2] for each in parts)
    return _sheet(trace.title, stripes + lanes + messages + notes, y + 44)


def alt(trace: Trace) -> str:
    """Say in words what the diagram shows."""
    return f"Sequence diagram: {trace.title}. {'; '.join(each.strip() for each in wording.lines(trace))}."


def image(trace: Trace, pending: Step | None = None) -> str:
    """The diagram as an HTML image."""
    return html.image(svg(trace, pending), alt(trace), WIDTH)


def _sheet(title: str, drawn: str, height: float) -> str:
    head = words(20, 32, html.shortened(title, 90), size=17, more='font-weight="bold"')
    legend = _legend(height - 18)
    paper = f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1:g}" rx="10" fill="#fff" stroke="#d0d7de"/>'
    size = f'width="{WIDTH}" height="{height:g}" viewBox="0 0 {WIDTH} {height:g}"'
    start = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{SANS}" fill="none">'
    return f"{start}{paper}{head}{drawn}{legend}</svg>"


def _legend(y: float) -> str:
    front = arrow(20, 60, y - 4, colour=_FRONT, width=2) + words(68, y, "front channel: by browser", size=11.5)
    back = arrow(268, 308, y - 4, colour=_BACK, width=3, dash="9 3")
    back += words(316, y, "back channel: relying party to provider", size=11.5)
    answer = arrow(640, 600, y - 4, colour=GREY, width=1.5, dash="2 4") + words(648, y, "answer", size=11.5)
    return front + back + answer + words(730, y, "✓ checks of the relying party", size=11.5, colour=GREEN)


def _lane(party: Party, trace: Trace, pending: Step | None, end: float) -> str:
    x = LANES[party]
    line = f'<path d="M{x} {_TOP - 6}V{end:g}" stroke="#afb8c1" stroke-width="1.5"/>'
    head = box(x - 68, 46, 136, 40, fill="#f6f8fa", stroke="#8c959f")
    centre = 'text-anchor="middle"'
    host = _host(party, trace, pending)
    name = words(x, 63 if host else 71, party.value, more=f'{centre} font-weight="bold"')
    caption = words(x, 79, html.shortened(host, 22), size=10.5, colour=GREY, more=centre) if host else ""
    return line + head + name + caption


def _host(party: Party, trace: Trace, pending: Step | None) -> str:
    steps = [each.step for each in trace.exchanges] + ([pending] if pending else [])
    return next((urlsplit(each.request.url).netloc for each in steps if each.receiver is party), "")


def _exchange(number: int, exchange: Exchange, y: float) -> tuple[str, float]:
    step, response = exchange.step, exchange.response
    gutter, lines = _gutter(number, step, y)
    drawn = gutter + _request(step, y + 24)
    at = y + 24
    if response is not None:
        at = y + 50
        colour = RED if response.status >= 400 else GREY
        drawn += _between(step.receiver, step.sender, at, wording.answer(response, _room(step)), colour, 1.5, "2 4")
    height = max(at - y + 14, lines)
    note = ledger.summary(exchange.checks)
    if note:
        drawn += _checks(note, step, y + height - 10 if (wide := _wide(step)) else at - 4)
        height += 16 if wide else 0
    return _stripe(number, y, height) + "<!---->" + drawn, height


def _pending(number: int, step: Step, y: float) -> tuple[str, float]:
    gutter, lines = _gutter(number, step, y + 6, hollow=True)
    height = max(44.0, lines) + 6
    frame = box(8, y + 4, WIDTH - 16, height, fill="#fffbe6", stroke="#c9a400", more='stroke-dasharray="5 4"')
    return frame + "<!---->" + gutter + _request(step, y + 32), height + 8


def _gutter(number: int, step: Step, y: float, *, hollow: bool = False) -> tuple[str, float]:
    fill, ink = ("#fff", INK) if hollow else (INK, "#fff")
    drawn = f'<circle cx="30" cy="{y + 20:g}" r="12" fill="{fill}" stroke="{INK}"/>'
    drawn += words(30, y + 24, str(number), size=12, colour=ink, more='text-anchor="middle" font-weight="bold"')
    rows = wording.wrapped(f"Next: {step.title}" if hollow else step.title, 25, 2)
    for index, row in enumerate(rows):
        drawn += words(52, y + 24 + 16 * index, row)
    below = y + 24 + 16 * len(rows)
    return drawn + words(52, below - 1, step.clause, size=10.5, colour=GREY), below - y + 7


def _stripe(number: int, y: float, height: float) -> str:
    return f'<rect x="8" y="{y:g}" width="{WIDTH - 16}" height="{height:g}" fill="#f2f5f8"/>' if number % 2 else ""


def _request(step: Step, y: float) -> str:
    front = Party.BROWSER in (step.sender, step.receiver)
    label = wording.label(step.request, _room(step))
    colour, width, dash = (_FRONT, 2.0, "") if front else (_BACK, 3.0, "9 3")
    return _between(step.sender, step.receiver, y, label, INK, width, dash, colour)


def _between(
    sender: Party, receiver: Party, y: float, label: str, ink: str, width: float, dash: str, colour: str = GREY
) -> str:
    start, end = LANES[sender], LANES[receiver]
    toward = 1 if end > start else -1
    left = min(start, end) + 14
    drawn = arrow(start + 2 * toward, end - 2 * toward, y, colour=colour, width=width, dash=dash)
    back = ""
    if abs(end - start) > LANES[Party.RELYING_PARTY] - LANES[Party.BROWSER]:
        # The label crosses the lane in the middle: keep the line from striking it through.
        back = f'<rect x="{left - 3}" y="{y - 17:g}" width="{len(label) * 7 + 6:g}" height="14" fill="#fff" opacity="0.9"/>'
    return back + drawn + words(left, y - 6, label, size=11.5, colour=ink, more=f'font-family="{MONO}"')


def _wide(step: Step) -> bool:
    return Party.RELYING_PARTY not in (step.sender, step.receiver)


def _room(step: Step) -> int:
    return int((abs(LANES[step.sender] - LANES[step.receiver]) - 32) / _CHARACTER)


def _checks(note: str, step: Step, y: float) -> str:
    lane = LANES[Party.RELYING_PARTY]
    aside = pill_width(note) / 2 + 10
    x = lane if _wide(step) else lane - aside if step.sender is Party.RELYING_PARTY else lane + aside
    bad = note.startswith("✗")
    return pill(x, y, note, RED if bad else GREEN, "#ffebe9" if bad else "#dafbe1")


def _refusal(trace: Trace, y: float) -> tuple[str, float]:
    truths = [each for exchange in trace.exchanges for each in exchange.truth]
    drawn, top = "", y
    if trace.refusal is not None:
        said = wording.wrapped(trace.refusal.description, 96, 3)
        drawn += _note(y, f"✗ {wording.refused(trace.refusal)}", said, RED, "#ffebe9")
        y += 34 + 16 * len(said)
    for truth in truths:
        rows = wording.wrapped(truth, 96, 3)
        drawn += _note(y, "What the provider knows; it never passes over the wire", rows, AMBER, "#fff8c5", "5 4")
        y += 34 + 16 * len(rows)
    return drawn, y - top


def _note(y: float, head: str, rows: Sequence[str], colour: str, fill: str, dash: str = "") -> str:
    more = f'stroke-dasharray="{dash}"' if dash else ""
    drawn = box(210, y, WIDTH - 230, 26 + 16 * len(rows), fill=fill, stroke=colour, more=more)
    drawn += words(224, y + 18, head, colour=colour, more='font-weight="bold"')
    return drawn + "".join(words(224, y + 35 + 16 * index, row, size=12.5) for index, row in enumerate(rows))

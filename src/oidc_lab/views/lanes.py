"""The lanes of a sequence diagram and the arrows between them: front channel, back channel, answers — RFC6749-2.1."""

from collections.abc import Sequence
from dataclasses import dataclass

from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.message import Response, split
from oidc_lab.relying_party.trace import Step, Trace
from oidc_lab.views import html, wording
from oidc_lab.views.drawing import GREEN, GREY, INK, MONO, RED, arrow, box, words

TOP = 96
LANES = {Party.BROWSER: 286, Party.RELYING_PARTY: 620, Party.PROVIDER: 954, Party.API: 1092}
_CHARACTER = 6.95  # of the fixed-width face at 11.5 pixels
_BOX = 128
_MARGIN = 78


@dataclass(frozen=True)
class Pen:
    """How an arrow is drawn: not by colour alone."""

    colour: str
    width: float
    dash: str = ""


FRONT, BACK, ANSWER = Pen("#0b57d0", 2), Pen("#8a3ffc", 3, "9 3"), Pen(GREY, 1.5, "2 4")


def present(trace: Trace, pending: Step | None) -> list[Party]:
    """Whose lanes are drawn: the API has one only where it is called, so that other pictures stay larger."""
    called = any(each.receiver is Party.API for each in _steps(trace, pending))
    return [party for party in LANES if called or party is not Party.API]


def width(parties: Sequence[Party]) -> int:
    """How wide the picture is."""
    return max(LANES[each] for each in parties) + _MARGIN


def lane(party: Party, host: str, end: float) -> str:
    """A party's line and its name."""
    x, centre = LANES[party], 'text-anchor="middle"'
    line = f'<path d="M{x} {TOP - 6}V{end:g}" stroke="#afb8c1" stroke-width="1.5"/>'
    head = box(x - _BOX / 2, 46, _BOX, 40, fill="#f6f8fa", stroke="#8c959f")
    name = words(x, 63 if host else 71, party.value, more=f'{centre} font-weight="bold"')
    where = words(x, 79, html.shortened(host, 19), size=10.5, colour=GREY, more=centre) if host else ""
    return line + head + name + where


def host(party: Party, trace: Trace, pending: Step | None) -> str:
    """Where a party was spoken to; for a page, where it lives."""
    page = page_origin(trace, pending) if party is Party.RELYING_PARTY else ""
    if page:
        return split(page).netloc or f"origin {page}"
    return next((split(each.request.url).netloc for each in _steps(trace, pending) if each.receiver is party), "")


def page_origin(trace: Trace, pending: Step | None = None) -> str:
    """The origin of the page that calls in the relying party's place; empty when none does — FETCH-origin-header."""
    calls = (each for each in _steps(trace, pending) if each.sender is Party.RELYING_PARTY)
    named = (value for each in calls for name, value in each.request.headers if name.lower() == "origin")
    return next(named, "")


def _steps(trace: Trace, pending: Step | None) -> list[Step]:
    return [each.step for each in trace.exchanges] + ([pending] if pending else [])


def legend(y: float, *, page: bool) -> str:
    """What the arrows mean; `page` says that a page calls, which is no back channel."""
    calls = "by the relying party's page" if page else "back channel: by the relying party"
    keys = ((20, FRONT, "front channel: by the browser"), (294, BACK, calls))
    drawn = "".join(_arrow(x, x + 40, y - 4, pen) + words(x + 48, y, said, size=11.5) for x, pen, said in keys)
    drawn += _arrow(640, 600, y - 4, ANSWER) + words(648, y, "answer", size=11.5)
    checks = "✓ checks of browser and relying party" if page else "✓ checks of the relying party"
    return drawn + words(730, y, checks, size=11.5, colour=GREEN)


def request(step: Step, y: float, paper: str) -> str:
    """The arrow of a request."""
    front = Party.BROWSER in (step.sender, step.receiver)
    label = _label(step, y, wording.label(step.request, room(step)), INK, paper)
    return label + _between(step.sender, step.receiver, y, FRONT if front else BACK)


def answer(step: Step, response: Response, y: float, paper: str) -> str:
    """The arrow of an answer."""
    ink = RED if response.status >= 400 else GREY
    label = _label(step, y, wording.answer(response, room(step)), ink, paper)
    return label + _between(step.receiver, step.sender, y, ANSWER)


def crosses(step: Step) -> bool:
    """Whether a message passes the relying party by."""
    return Party.RELYING_PARTY in _passed(step)


def _passed(step: Step) -> list[Party]:
    one, other = sorted((LANES[step.sender], LANES[step.receiver]))
    return [party for party, x in LANES.items() if one < x < other]


def room(step: Step) -> int:
    """How many characters there are between two lanes."""
    return int((abs(LANES[step.sender] - LANES[step.receiver]) - 32) / _CHARACTER)


def _between(sender: Party, receiver: Party, y: float, pen: Pen) -> str:
    start, end = LANES[sender], LANES[receiver]
    aside = 2 if end > start else -2
    return _arrow(start + aside, end - aside, y, pen)


def _arrow(start: float, end: float, y: float, pen: Pen) -> str:
    return arrow(start, end, y, colour=pen.colour, width=pen.width, dash=pen.dash)


def _label(step: Step, y: float, said: str, ink: str, paper: str) -> str:
    left = min(LANES[step.sender], LANES[step.receiver]) + 14
    label = words(left, y - 6, said, size=11.5, colour=ink, more=f'font-family="{MONO}"')
    for x in (LANES[party] for party in _passed(step)):
        if left + len(said) * _CHARACTER > x - 4:
            # Keep the lane from striking the label through.
            label = f'<rect x="{x - 4}" y="{y - 17:g}" width="8" height="15" fill="{paper}"/>' + label
    return label

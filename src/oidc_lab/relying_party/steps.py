"""The messages a flow is made of, and how far the browser goes by itself — RFC6749-1.2."""

from collections.abc import Generator
from http import HTTPStatus

from oidc_lab.relying_party.browser import Persona, next_move
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.message import Request, Response, split
from oidc_lab.relying_party.trace import Exchange, Step

# A browser gives up on a site that sends it round in circles.
_MOST_MOVES = 20


def ask(title: str, clause: str, request: Request) -> Step:
    """The application asks the provider."""
    return Step(title, clause, request, Party.RELYING_PARTY, Party.PROVIDER)


def call(title: str, clause: str, request: Request) -> Step:
    """The application calls the API with an access token — RFC6749-7."""
    return Step(title, clause, request, Party.RELYING_PARTY, Party.API)


def visit(title: str, clause: str, request: Request) -> Step:
    """The browser goes to the provider."""
    return Step(title, clause, request, Party.BROWSER, Party.PROVIDER)


def answer(sent: Exchange) -> Response:
    """What came back."""
    if sent.response is None:
        raise RuntimeError("only what the browser brings to the application has no answer")
    return sent.response


def browse(step: Step, persona: Persona, *, back: str, clause: str) -> Generator[Step, Exchange, Request | None]:
    """Let the browser go on until it brings something to the application; None when it stays at the provider.

    `back` names the parameter with the application's address. It is read from what was really sent, so that a
    changed one is followed too.
    """
    started: Request | None = None
    for _ in range(_MOST_MOVES):
        sent = yield step
        if sent.step.receiver is Party.RELYING_PARTY:
            return sent.request
        started = started or sent.request
        came = answer(sent)
        if came.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise FlowRefused(Party.PROVIDER, "provider_broke", f"it answered {came.status}, which is no refusal")
        move = next_move(sent.request, came, persona, by_hand=sent.step.by_hand)
        if move is None:
            return None
        if _leads_to(move.request.url, started.parameters.get(back)):
            step = _deliver(move.request, clause)
        elif split(move.request.url)[:2] == split(started.url)[:2]:
            step = visit(move.title, move.clause, move.request)
        else:
            what = f"the browser was sent to {move.request.url.partition('?')[0]}, where nobody expects it"
            raise FlowRefused(Party.BROWSER, "sent_elsewhere", what)
    raise FlowRefused(Party.BROWSER, "too_many_redirects", f"no end after {_MOST_MOVES} pages")


def _leads_to(url: str, back: str | None) -> bool:
    return back is not None and (url == back or url.startswith((f"{back}?", f"{back}&", f"{back}#")))


def _deliver(request: Request, clause: str) -> Step:
    title = "The browser brings the answer back"
    return Step(title, clause, request, Party.BROWSER, Party.RELYING_PARTY)

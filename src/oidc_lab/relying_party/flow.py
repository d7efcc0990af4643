"""Flows: generators that yield the messages they want sent and receive what became of them — OIDCC-3.1.1.

A flow reads from top to bottom like its sequence diagram and does no input or output of its own.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oidc_lab.domain.entropy import Entropy
from oidc_lab.relying_party.authorization import (
    Asking,
    authorization_request,
    read_authorization_response,
)
from oidc_lab.relying_party.browser import Persona, next_move
from oidc_lab.relying_party.discovery import (
    discovery_request,
    jwks_request,
    read_discovery_response,
    read_jwks_response,
)
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.id_token import read_id_token
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.logout import logout_request, read_logout_response
from oidc_lab.relying_party.message import Request, Response
from oidc_lab.relying_party.registration import Registration
from oidc_lab.relying_party.token import Tokens, read_token_response, token_request
from oidc_lab.relying_party.trace import Exchange, Step
from oidc_lab.relying_party.userinfo import read_userinfo_response, userinfo_request

# A browser gives up on a site that sends it round in circles.
_MOST_MOVES = 20


@dataclass(frozen=True)
class SignedIn:
    """What an application knows after a sign-in; `claims` are those of the ID Token."""

    tokens: Tokens
    claims: Mapping[str, Any]
    userinfo: Mapping[str, Any]

    @property
    def sub(self) -> str:
        """Who signed in, by the name that never changes."""
        return str(self.claims["sub"])


@dataclass(frozen=True)
class SignedOut:
    """How a sign-out ended: whether the browser came back to the application."""

    returned: bool


Flow = Generator[Step, Exchange, Any]


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What every flow is given: who the application is, who the user is, time, chance and the ledger."""

    registration: Registration
    persona: Persona
    entropy: Entropy
    clock: Callable[[], datetime]
    ledger: Ledger


def authorization_code_flow(bench: Bench, asking: Asking) -> Generator[Step, Exchange, SignedIn]:
    """Sign a user in — OIDCC-3.1."""
    registration, ledger = bench.registration, bench.ledger
    sent = yield _ask("Discover the provider", "OIDCD-4", discovery_request(registration.issuer))
    provider = read_discovery_response(_answer(sent), issuer=registration.issuer, ledger=ledger)

    outgoing = authorization_request(provider, registration, asking, bench.entropy)
    start = _visit("Send the user to sign in", "OIDCC-3.1.2.1", outgoing.request)
    delivered = yield from _browse(start, bench, registration.redirect_uri, "OIDCC-3.1.2.5")
    if delivered is None:
        raise FlowRefused(Party.PROVIDER, "no_answer", "the browser was never sent back to the application")
    code = read_authorization_response(delivered, outgoing=outgoing, provider=provider, ledger=ledger)

    redeem = token_request(provider, registration, code, outgoing)
    sent = yield _ask("Redeem the code", "OIDCC-3.1.3.1", redeem)
    tokens = read_token_response(_answer(sent), ledger)
    if tokens.id_token is None:
        raise FlowRefused(Party.RELYING_PARTY, "id_token_missing", "the answer has no ID Token (OIDCC-3.1.3.3)")

    sent = yield _ask("Fetch the provider's keys", "OIDCC-10.1.1", jwks_request(provider))
    claims = read_id_token(
        tokens.id_token,
        keys=read_jwks_response(_answer(sent)),
        registration=registration,
        outgoing=outgoing,
        access_token=tokens.access_token,
        now=bench.clock(),
        ledger=ledger,
    )
    sent = yield _ask("Ask who the user is", "OIDCC-5.3.1", userinfo_request(provider, tokens))
    userinfo = read_userinfo_response(_answer(sent), sub=str(claims["sub"]), ledger=ledger)
    return SignedIn(tokens, claims, userinfo)


def sign_out_flow(bench: Bench, id_token: str | None) -> Generator[Step, Exchange, SignedOut]:
    """Sign a user out at the provider too — OIDCRIL-2."""
    registration = bench.registration
    sent = yield _ask("Discover the provider", "OIDCD-4", discovery_request(registration.issuer))
    provider = read_discovery_response(_answer(sent), issuer=registration.issuer, ledger=bench.ledger)

    request, state = logout_request(provider, registration, id_token, bench.entropy)
    start = _visit("Send the user to sign out", "OIDCRIL-2", request)
    back = registration.post_logout_redirect_uri
    delivered = yield from _browse(start, bench, back, "OIDCRIL-3")
    if delivered is None:
        bench.ledger.not_needed("state", "OIDCRIL-3", "the user stays on the provider's page")
        return SignedOut(returned=False)
    read_logout_response(delivered, state=state, ledger=bench.ledger)
    return SignedOut(returned=True)


def _browse(step: Step, bench: Bench, back: str | None, clause: str) -> Generator[Step, Exchange, Request | None]:
    """Let the browser go on until it brings something to the application; None when it stays at the provider."""
    for _ in range(_MOST_MOVES):
        sent = yield step
        if sent.step.receiver is Party.RELYING_PARTY:
            return sent.request
        move = next_move(sent.request, _answer(sent), bench.persona)
        if move is None:
            return None
        if back is not None and _leads_to(move.request.url, back):
            step = _deliver(move.request, clause)
        else:
            step = _visit(move.title, move.clause, move.request)
    raise FlowRefused(Party.BROWSER, "too_many_redirects", f"no end after {_MOST_MOVES} pages")


def _leads_to(url: str, back: str) -> bool:
    return url == back or url.startswith((f"{back}?", f"{back}&", f"{back}#"))


def _ask(title: str, clause: str, request: Request) -> Step:
    return Step(title, clause, request, Party.RELYING_PARTY, Party.PROVIDER)


def _visit(title: str, clause: str, request: Request) -> Step:
    return Step(title, clause, request, Party.BROWSER, Party.PROVIDER)


def _deliver(request: Request, clause: str) -> Step:
    title = "The browser brings the answer back"
    return Step(title, clause, request, Party.BROWSER, Party.RELYING_PARTY)


def _answer(sent: Exchange) -> Response:
    if sent.response is None:
        raise RuntimeError("only what the browser brings to the application has no answer")
    return sent.response

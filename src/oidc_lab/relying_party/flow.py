"""Flows: generators that yield the messages they want sent and receive what became of them — OIDCC-3.1.1.

A flow reads from top to bottom like its sequence diagram and does no input or output of its own.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc.jwk import KeySet

from oidc_lab.domain.entropy import Entropy
from oidc_lab.relying_party.authorization import Asking, authorization_request, read_authorization_response
from oidc_lab.relying_party.browser import Persona
from oidc_lab.relying_party.desk import Desk, discover
from oidc_lab.relying_party.discovery import Provider, jwks_request, read_jwks_response
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.id_token import Awaited, read_id_token
from oidc_lab.relying_party.logout import logout_request, read_logout_response
from oidc_lab.relying_party.refresh import check_same_sign_in, read_refresh_response, refresh_request
from oidc_lab.relying_party.steps import answer, ask, browse, call, visit
from oidc_lab.relying_party.token import Tokens, read_token_response, token_request
from oidc_lab.relying_party.trace import Exchange, Step
from oidc_lab.relying_party.userinfo import read_userinfo_response, userinfo_request


@dataclass(frozen=True)
class SignedIn:
    """What an application knows after a sign-in; `claims` are those of the newest ID Token.

    `first_claims` are those of the sign-in's own ID Token, with which a refreshed one is compared.
    """

    tokens: Tokens
    claims: Mapping[str, Any]
    userinfo: Mapping[str, Any]
    first_claims: Mapping[str, Any]

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
class Bench(Desk):
    """What a flow with a user is given besides: who the user is, time and chance."""

    persona: Persona
    entropy: Entropy
    clock: Callable[[], datetime]


def authorization_code_flow(bench: Bench, asking: Asking) -> Generator[Step, Exchange, SignedIn]:
    """Sign a user in — OIDCC-3.1."""
    registration, ledger = bench.registration, bench.ledger
    provider = yield from discover(bench)

    outgoing = authorization_request(provider, registration, asking, bench.entropy)
    start = visit("Send the user to sign in", "OIDCC-3.1.2.1", outgoing.request)
    delivered = yield from browse(start, bench.persona, back="redirect_uri", clause="OIDCC-3.1.2.5")
    if delivered is None:
        raise FlowRefused(Party.PROVIDER, "no_answer", "the browser was never sent back to the application")
    code = read_authorization_response(delivered, outgoing=outgoing, provider=provider, ledger=ledger)

    redeem = token_request(provider, registration, code, outgoing)
    sent = yield ask("Redeem the code", "OIDCC-3.1.3.1", redeem)
    tokens = read_token_response(answer(sent), ledger)
    if tokens.id_token is None:
        raise FlowRefused(Party.RELYING_PARTY, "id_token_missing", "the answer has no ID Token (OIDCC-3.1.3.3)")

    keys = yield from _fetch_keys(provider)
    claims = _believe(tokens.id_token, tokens, keys, outgoing.awaited, bench)

    sent = yield call("Ask who the user is", "OIDCC-5.3.1", userinfo_request(provider, tokens))
    userinfo = read_userinfo_response(answer(sent), sub=str(claims["sub"]), ledger=ledger)
    return SignedIn(tokens, claims, userinfo, first_claims=claims)


def refresh_flow(bench: Bench, before: SignedIn, scopes: tuple[str, ...] = ()) -> Generator[Step, Exchange, SignedIn]:
    """Get new tokens for a user who is not asked again — OIDCC-12."""
    provider = yield from discover(bench)

    renew = refresh_request(provider, bench.registration, before.tokens, scopes)
    sent = yield ask("Refresh the tokens", "OIDCC-12.1", renew)
    tokens = read_refresh_response(answer(sent), before=before.tokens, ledger=bench.ledger)
    if tokens.id_token is None:
        bench.ledger.not_needed("ID Token", "OIDCC-12.2", "the answer has none, and after a refresh it may")
        return SignedIn(tokens, before.claims, before.userinfo, before.first_claims)

    keys = yield from _fetch_keys(provider)
    claims = _believe(tokens.id_token, tokens, keys, Awaited(), bench)
    check_same_sign_in(claims, first=before.first_claims, ledger=bench.ledger)
    return SignedIn(tokens, claims, before.userinfo, before.first_claims)


def sign_out_flow(bench: Bench, id_token: str | None) -> Generator[Step, Exchange, SignedOut]:
    """Sign a user out at the provider too — OIDCRIL-2."""
    provider = yield from discover(bench)

    request, state = logout_request(provider, bench.registration, id_token, bench.entropy)
    start = visit("Send the user to sign out", "OIDCRIL-2", request)
    delivered = yield from browse(start, bench.persona, back="post_logout_redirect_uri", clause="OIDCRIL-3")
    if delivered is None:
        bench.ledger.not_needed("state", "OIDCRIL-3", "the user stays on the provider's page")
        return SignedOut(returned=False)
    read_logout_response(delivered, state=state, ledger=bench.ledger)
    return SignedOut(returned=True)


def _fetch_keys(provider: Provider) -> Generator[Step, Exchange, KeySet]:
    sent = yield ask("Fetch the provider's keys", "OIDCC-10.1.1", jwks_request(provider))
    return read_jwks_response(answer(sent))


def _believe(id_token: str, tokens: Tokens, keys: KeySet, awaited: Awaited, bench: Bench) -> Mapping[str, Any]:
    return read_id_token(
        id_token,
        keys=keys,
        registration=bench.registration,
        awaited=awaited,
        access_token=tokens.access_token,
        now=bench.clock(),
        ledger=bench.ledger,
    )

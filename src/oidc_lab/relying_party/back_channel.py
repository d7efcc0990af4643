"""Flows in which no user takes part: the application asks, the provider answers — RFC6749-4.4, RFC7662-2, RFC7009-2."""

from collections.abc import Generator
from dataclasses import replace

from oidc_lab.relying_party.client_credentials import client_credentials_request, read_client_credentials_response
from oidc_lab.relying_party.desk import Desk, discover
from oidc_lab.relying_party.flow import SignedIn
from oidc_lab.relying_party.introspection import Introspected, introspection_request, read_introspection_response
from oidc_lab.relying_party.revocation import read_revocation_response, revocation_request
from oidc_lab.relying_party.steps import answer, ask, call
from oidc_lab.relying_party.token import Tokens
from oidc_lab.relying_party.trace import Exchange, Step
from oidc_lab.relying_party.userinfo import read_userinfo_response, userinfo_request


def client_credentials_flow(bench: Desk, scopes: tuple[str, ...] = ()) -> Generator[Step, Exchange, Tokens]:
    """Get a token for the application itself — RFC6749-4.4."""
    provider = yield from discover(bench)

    request = client_credentials_request(provider, bench.registration, scopes)
    sent = yield ask("Ask for a token of its own", "RFC6749-4.4.2", request)
    return read_client_credentials_response(answer(sent), scopes=scopes, ledger=bench.ledger)


def introspection_flow(bench: Desk, token: str, hint: str | None = None) -> Generator[Step, Exchange, Introspected]:
    """Ask what a token is worth — RFC7662-2."""
    provider = yield from discover(bench)

    request = introspection_request(provider, bench.registration, token, hint)
    sent = yield ask("Ask what the token is worth", "RFC7662-2.1", request)
    return read_introspection_response(answer(sent), bench.ledger)


def revocation_flow(bench: Desk, token: str, hint: str | None = None) -> Generator[Step, Exchange, None]:
    """Give a token back; the answer does not say what it was, so nothing is given here either — RFC7009-2."""
    provider = yield from discover(bench)

    request = revocation_request(provider, bench.registration, token, hint)
    sent = yield ask("Give the token back", "RFC7009-2.1", request)
    read_revocation_response(answer(sent), bench.ledger)


def userinfo_flow(bench: Desk, signed_in: SignedIn) -> Generator[Step, Exchange, SignedIn]:
    """Ask once more who the user is, with the access token of a sign-in — OIDCC-5.3."""
    provider = yield from discover(bench)

    sent = yield call("Ask who the user is", "OIDCC-5.3.1", userinfo_request(provider, signed_in.tokens))
    userinfo = read_userinfo_response(answer(sent), sub=signed_in.sub, ledger=bench.ledger)
    return replace(signed_in, userinfo=userinfo)

"""Gets a token for the application itself, without any user — RFC6749-4.4."""

from oidc_lab.relying_party.discovery import Provider
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.message import Request, Response
from oidc_lab.relying_party.registration import Registration
from oidc_lab.relying_party.token import Tokens, authenticated_post, read_token_response


def client_credentials_request(provider: Provider, registration: Registration, scopes: tuple[str, ...] = ()) -> Request:
    """Build the request; without `scopes` the provider chooses — RFC6749-4.4.2."""
    parameters = {"grant_type": "client_credentials"}
    if scopes:
        parameters["scope"] = " ".join(scopes)
    return authenticated_post(provider.token_endpoint, parameters, registration)


def read_client_credentials_response(response: Response, *, scopes: tuple[str, ...], ledger: Ledger) -> Tokens:
    """Read the tokens. A refresh token should not be among them, yet is no reason to refuse — RFC6749-4.4.3."""
    tokens = read_token_response(response, ledger)
    seen = "none" if tokens.refresh_token is None else "one, though the application can ask again by itself"
    ledger.note("refresh token", "RFC6749-4.4.3", seen=seen, expected="none")
    if scopes:
        given = frozenset(scopes) if tokens.scopes is None else tokens.scopes
        ledger.note("scope", "RFC6749-3.3", seen=_words(given), expected=_words(frozenset(scopes)))
    return tokens


def _words(scopes: frozenset[str]) -> str:
    return " ".join(sorted(scopes))

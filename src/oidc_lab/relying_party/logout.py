"""Asks the provider to sign the user out there as well — OIDCRIL-2."""

from oidc_lab.domain.entropy import Entropy
from oidc_lab.relying_party.discovery import Provider
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.message import Request, get
from oidc_lab.relying_party.registration import Registration


def logout_request(
    provider: Provider, registration: Registration, id_token: str | None, entropy: Entropy
) -> tuple[Request, str]:
    """Build the request and its state; without an ID Token as hint the provider asks the user first."""
    if provider.end_session_endpoint is None:
        what = "the provider has no end_session_endpoint"
        raise FlowRefused(Party.RELYING_PARTY, "logout_not_offered", what)
    state = entropy.token(22)
    parameters = {"client_id": registration.client_id, "state": state}
    if id_token is not None:
        parameters["id_token_hint"] = id_token
    if registration.post_logout_redirect_uri is not None:
        parameters["post_logout_redirect_uri"] = registration.post_logout_redirect_uri
    return get(provider.end_session_endpoint, parameters), state


def read_logout_response(delivered: Request, *, state: str, ledger: Ledger) -> None:
    """Check that this is the answer to our own request — OIDCRIL-3."""
    seen = delivered.parameters.get("state")
    ledger.equal("state", "OIDCRIL-3", seen=seen, expected=state, error="state_mismatch")

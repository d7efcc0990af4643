"""Tells the provider that a token is not needed any more — RFC7009-2."""

from http import HTTPStatus

from oidc_lab.relying_party.discovery import Provider
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.message import Request, Response
from oidc_lab.relying_party.registration import Registration
from oidc_lab.relying_party.token import authenticated_post, refusal_in


def revocation_request(provider: Provider, registration: Registration, token: str, hint: str | None = None) -> Request:
    """Build the request; `hint` says which kind of token it may be, and may be wrong — RFC7009-2.1."""
    if provider.revocation_endpoint is None:
        what = "the provider has no revocation_endpoint (RFC8414-2)"
        raise FlowRefused(Party.RELYING_PARTY, "revocation_not_offered", what)
    parameters = {"token": token}
    if hint is not None:
        parameters["token_type_hint"] = hint
    return authenticated_post(provider.revocation_endpoint, parameters, registration)


def read_revocation_response(response: Response, ledger: Ledger) -> None:
    """Read the answer: 200 whatever the token was, and nothing in it that says what it was — RFC7009-2.2."""
    if response.status >= HTTPStatus.BAD_REQUEST:
        raise refusal_in(response)
    ledger.expect(
        "status", "RFC7009-2.2", seen=response.status, expected=200, holds=response.status == HTTPStatus.OK,
        error="revocation_status",
    )  # fmt: skip

"""Asks what the access token may read of its user — OIDCC-5.3."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from oidc_lab.relying_party.discovery import Provider
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.message import Request, Response, get
from oidc_lab.relying_party.token import Tokens, refusal_in


def userinfo_request(provider: Provider, tokens: Tokens) -> Request:
    """Build the request with the token in the header — OIDCC-5.3.1."""
    return get(provider.userinfo_endpoint, headers=(("Authorization", f"Bearer {tokens.access_token}"),))


def read_userinfo_response(response: Response, *, sub: str, ledger: Ledger) -> Mapping[str, Any]:
    """Believe claims about the user whom the ID Token named, and nobody else — OIDCC-5.3.2."""
    said = response.json()
    if response.status != HTTPStatus.OK:
        raise refusal_in(response)
    if not isinstance(said, dict):
        raise FlowRefused(Party.RELYING_PARTY, "userinfo_unreadable", "userinfo is no JSON object")
    ledger.equal("sub of userinfo", "OIDCC-5.3.2", seen=said.get("sub"), expected=sub, error="userinfo_sub")
    return said

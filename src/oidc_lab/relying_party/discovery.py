"""Finds out where the provider's endpoints are and which keys it signs with — OIDCD-4."""

from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.message import Request, Response, get

_OK = 200


@dataclass(frozen=True, kw_only=True)
class Provider:
    """What the relying party uses of a provider's configuration — OIDCD-3."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None
    sends_iss: bool = False


def discovery_request(issuer: str) -> Request:
    """Ask for the configuration — OIDCD-4.1."""
    return get(issuer.rstrip("/") + "/.well-known/openid-configuration")


def read_discovery_response(response: Response, *, issuer: str, ledger: Ledger) -> Provider:
    """Believe a configuration that names the issuer it was asked for — OIDCD-4.3."""
    said = _object(response)
    ledger.equal(
        "issuer of the configuration",
        "OIDCD-4.3",
        seen=said.get("issuer"),
        expected=issuer,
        error="issuer_mismatch",
    )
    methods = said.get("code_challenge_methods_supported", [])
    ledger.expect(
        "PKCE is supported", "RFC9700-2.1.1", seen=", ".join(methods), expected="S256", holds="S256" in methods,
        error="pkce_unsupported",
    )  # fmt: skip
    try:
        return Provider(
            issuer=issuer,
            authorization_endpoint=said["authorization_endpoint"],
            token_endpoint=said["token_endpoint"],
            userinfo_endpoint=said["userinfo_endpoint"],
            jwks_uri=said["jwks_uri"],
            end_session_endpoint=said.get("end_session_endpoint"),
            sends_iss=said.get("authorization_response_iss_parameter_supported", False),
        )
    except KeyError as missing:
        what = f"the configuration lacks {missing}"
        raise FlowRefused(Party.RELYING_PARTY, "configuration_incomplete", what) from None


def jwks_request(provider: Provider) -> Request:
    """Ask for the public keys — OIDCC-10.1.1."""
    return get(provider.jwks_uri)


def read_jwks_response(response: Response) -> KeySet:
    """Read the public keys."""
    try:
        return KeySet.import_key_set(_object(response))  # type: ignore[arg-type]  # checked by joserfc itself
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise FlowRefused(Party.RELYING_PARTY, "keys_unreadable", str(error)) from None


def _object(response: Response) -> dict[str, Any]:
    body = response.json()
    if response.status != _OK or not isinstance(body, dict):
        what = f"expected 200 and a JSON object, got {response.status}"
        raise FlowRefused(Party.RELYING_PARTY, "answer_unreadable", what)
    return body

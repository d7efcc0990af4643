"""Finds out where the provider's endpoints are and which keys it signs with — OIDCD-4."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from joserfc.jwk import KeySet

from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.message import Request, Response, get
from oidc_lab.relying_party.signature import UNREADABLE


@dataclass(frozen=True, kw_only=True)
class Provider:
    """What the relying party uses of a provider's configuration — OIDCD-3."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None
    introspection_endpoint: str | None = None
    revocation_endpoint: str | None = None
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
    methods = said.get("code_challenge_methods_supported")
    known = [str(each) for each in methods] if isinstance(methods, list) else []
    ledger.expect(
        "PKCE is supported", "RFC9700-2.1.1", seen=", ".join(known) or None, expected="S256", holds="S256" in known,
        error="pkce_unsupported",
    )  # fmt: skip
    return Provider(
        issuer=issuer,
        authorization_endpoint=_address(said, "authorization_endpoint"),
        token_endpoint=_address(said, "token_endpoint"),
        userinfo_endpoint=_address(said, "userinfo_endpoint"),
        jwks_uri=_address(said, "jwks_uri"),
        end_session_endpoint=_optional_address(said, "end_session_endpoint"),
        introspection_endpoint=_optional_address(said, "introspection_endpoint"),
        revocation_endpoint=_optional_address(said, "revocation_endpoint"),
        sends_iss=said.get("authorization_response_iss_parameter_supported") is True,
    )


def jwks_request(provider: Provider) -> Request:
    """Ask for the public keys — OIDCC-10.1.1."""
    return get(provider.jwks_uri)


def read_jwks_response(response: Response) -> KeySet:
    """Read the public keys."""
    try:
        return KeySet.import_key_set(_object(response))  # type: ignore[arg-type]  # checked by joserfc itself
    except UNREADABLE as error:
        raise FlowRefused(Party.RELYING_PARTY, "keys_unreadable", str(error)) from None


def _address(said: dict[str, Any], name: str) -> str:
    address = said.get(name)
    if not isinstance(address, str) or not address.startswith(("https://", "http://")):
        what = f"{name}: expected an address, saw {address or 'nothing'} (OIDCD-3)"
        raise FlowRefused(Party.RELYING_PARTY, "configuration_incomplete", what)
    return address


def _optional_address(said: dict[str, Any], name: str) -> str | None:
    return _address(said, name) if name in said else None


def _object(response: Response) -> dict[str, Any]:
    body = response.json()
    if response.status != HTTPStatus.OK or not isinstance(body, dict):
        what = f"expected 200 and a JSON object, got {response.status}"
        raise FlowRefused(Party.RELYING_PARTY, "answer_unreadable", what)
    return body

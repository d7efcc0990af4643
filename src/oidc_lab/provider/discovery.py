"""What the provider says of itself, and its public keys — OIDCD-3, OIDCD-4, RFC8414-3, OIDCC-10.1.1."""

from typing import Any

from flask import Blueprint, Response, jsonify

from oidc_lab.domain.application import AUTHENTICATION_METHODS, SIGNING_ALGORITHMS
from oidc_lab.domain.authentication_request import PROMPTS, RESPONSE_MODES
from oidc_lab.domain.claims import USER_CLAIMS
from oidc_lab.provider.client import SCOPES
from oidc_lab.provider.context import context
from oidc_lab.provider.token import GRANT_TYPES

blueprint = Blueprint("discovery", __name__)


@blueprint.get("/.well-known/openid-configuration")
def openid_configuration() -> Response:
    """The OpenID Provider configuration — OIDCD-4."""
    return jsonify(metadata())


@blueprint.get("/jwks")
def jwks() -> Response:
    """The public keys — OIDCC-10.1.1."""
    return jsonify(context().public_keys.as_dict(private=False))


def metadata() -> dict[str, Any]:
    """What is listed works, and what works is listed — OIDCD-3, RFC9207-3, OIDCRIL-2.1."""
    address = context().address
    return {
        "issuer": context().issuer,
        "authorization_endpoint": address("/authorize"),
        "token_endpoint": address("/token"),
        "userinfo_endpoint": address("/userinfo"),
        "jwks_uri": address("/jwks"),
        "end_session_endpoint": address("/end-session"),
        "introspection_endpoint": address("/introspection"),
        "revocation_endpoint": address("/revocation"),
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": list(RESPONSE_MODES),
        "grant_types_supported": list(GRANT_TYPES),
        "token_endpoint_auth_methods_supported": list(AUTHENTICATION_METHODS),
        "introspection_endpoint_auth_methods_supported": list(AUTHENTICATION_METHODS),
        "revocation_endpoint_auth_methods_supported": list(AUTHENTICATION_METHODS),
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(SIGNING_ALGORITHMS),
        "claim_types_supported": ["normal"],
        "claims_supported": _claims(),
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "prompt_values_supported": list(PROMPTS),
        "display_values_supported": ["page", "popup", "touch", "wap"],
        "authorization_response_iss_parameter_supported": True,
    }


def _claims() -> list[str]:
    protocol = ["iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "sid", "sub"]
    return [*protocol, *USER_CLAIMS]

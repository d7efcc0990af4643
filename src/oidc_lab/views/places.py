"""What a name means where it stands: in which request, in which answer — RFC6749-5.1, OIDCD-3, RFC7517-4."""

from collections.abc import Mapping
from typing import Any

from oidc_lab.views.parameters import CLAIMS, INTROSPECTED, PARAMETERS, Meaning

_COMES_BACK = ("comes back with the user, to tell which sign-out this was", "OIDCRIL-2")
_BROUGHT: Mapping[str, Meaning] = {
    "state": ("must be the one that was sent from this browser", "OIDCC-3.1.2.5"),
    "error": ("why it was refused, as a code", "OIDCC-3.1.2.6"),
    "error_description": ("the same for people; nothing to program by", "OIDCC-3.1.2.6"),
    "error_uri": ("where to read more", "OIDCC-3.1.2.6"),
}

# By the clause of the step; what is not here means what it means everywhere.
_ASKED: Mapping[str, Mapping[str, Meaning]] = {
    "OIDCC-3.1.2.5": _BROUGHT,
    "OIDCC-3.1.3.1": {
        "grant_type": ("what is handed in for tokens: a code", "RFC6749-4.1.3"),
        "redirect_uri": ("must equal that of the authorization request; nobody is sent there now", "RFC6749-4.1.3"),
    },
    "OIDCC-12.1": {
        "grant_type": ("what is handed in for tokens: a refresh token", "RFC6749-6"),
        "scope": ("asks for fewer than were granted, never for more", "RFC6749-6"),
        "refresh_token": ("stands for what the user granted, without the user", "RFC6749-6"),
    },
    "RFC6749-4.4.2": {
        "grant_type": ("nothing is handed in: the application asks for itself", "RFC6749-4.4.2"),
        "scope": ("what the application asks for, for itself", "RFC6749-4.4.2"),
    },
    "RFC7662-2.1": {
        "token": ("the token this is about", "RFC7662-2.1"),
        "token_type_hint": ("which kind of token it may be; it may be wrong", "RFC7662-2.1"),
    },
    "OIDCRIL-2": {"client_id": ("which application asks", "OIDCRIL-2"), "state": _COMES_BACK},
    "OIDCRIL-3": {"state": _COMES_BACK},
}

_REFUSED: Mapping[str, str] = {"OIDCC-5.3.1": "RFC6750-3.1", "RFC7009-2.1": "RFC7009-2.2.1"}

_TOKENS: Mapping[str, Meaning] = {
    **PARAMETERS,
    "scope": ("what was granted, which may be less than was asked for", "RFC6749-5.1"),
}

_USERINFO: Mapping[str, Meaning] = {
    **CLAIMS,
    "sub": ("whom it is about; must be the sub of the ID Token", "OIDCC-5.3.2"),
}

_METADATA: Mapping[str, Meaning] = {
    "issuer": ("who the provider is: the iss of its ID Tokens", "OIDCD-3"),
    "authorization_endpoint": ("where the browser goes to sign in", "OIDCD-3"),
    "token_endpoint": ("where codes and refresh tokens are redeemed", "OIDCD-3"),
    "userinfo_endpoint": ("where an access token gets claims about its user", "OIDCD-3"),
    "jwks_uri": ("where the public keys are", "OIDCD-3"),
    "registration_endpoint": ("where applications can register themselves", "OIDCD-3"),
    "end_session_endpoint": ("where the browser goes to sign out", "OIDCRIL-2.1"),
    "introspection_endpoint": ("where to ask what a token is worth", "RFC8414-2"),
    "revocation_endpoint": ("where tokens are given back", "RFC8414-2"),
    "scopes_supported": ("scopes that can be asked for; there may be more", "OIDCD-3"),
    "response_types_supported": ("what can come back from a sign-in", "OIDCD-3"),
    "response_modes_supported": ("how it can travel", "OIDCD-3"),
    "grant_types_supported": ("what can be handed in for tokens", "OIDCD-3"),
    "acr_values_supported": ("how strongly users can sign in", "OIDCD-3"),
    "subject_types_supported": ("public: one sub for all applications; pairwise: one for each", "OIDCD-3"),
    "id_token_signing_alg_values_supported": ("how ID Tokens can be signed", "OIDCD-3"),
    "userinfo_signing_alg_values_supported": ("how userinfo can be signed", "OIDCD-3"),
    "request_object_signing_alg_values_supported": ("how requests can be signed", "OIDCD-3"),
    "token_endpoint_auth_methods_supported": ("how applications can prove who they are there", "OIDCD-3"),
    "token_endpoint_auth_signing_alg_values_supported": ("how they can sign such a proof", "OIDCD-3"),
    "introspection_endpoint_auth_methods_supported": ("how applications can prove who they are there", "RFC8414-2"),
    "revocation_endpoint_auth_methods_supported": ("how applications can prove who they are there", "RFC8414-2"),
    "code_challenge_methods_supported": ("how the secret behind a code can be hashed: PKCE", "RFC8414-2"),
    "display_values_supported": ("how the pages can be shown", "OIDCD-3"),
    "prompt_values_supported": ("what prompt can ask for", ""),
    "claim_types_supported": ("normal: the provider says them itself", "OIDCD-3"),
    "claims_supported": ("claims that can be told; there may be more", "OIDCD-3"),
    "claims_locales_supported": ("languages of the claims", "OIDCD-3"),
    "ui_locales_supported": ("languages of the pages", "OIDCD-3"),
    "claims_parameter_supported": ("whether claims can be asked for one by one", "OIDCD-3"),
    "request_parameter_supported": ("whether a request can come as a JWT", "OIDCD-3"),
    "request_uri_parameter_supported": ("whether a request can lie elsewhere as a JWT", "OIDCD-3"),
    "require_request_uri_registration": ("whether that place must be registered", "OIDCD-3"),
    "service_documentation": ("where developers can read more", "OIDCD-3"),
    "op_policy_uri": ("what applications may do with what they learn", "OIDCD-3"),
    "op_tos_uri": ("terms of use", "OIDCD-3"),
    "authorization_response_iss_parameter_supported": ("whether the answer to a sign-in says who answers", "RFC9207-3"),
    "backchannel_logout_supported": ("whether applications are told that a session ended", "OIDCBCL-2.1"),
    "backchannel_logout_session_supported": ("whether they are told which session", "OIDCBCL-2.1"),
}

_KEY: Mapping[str, Meaning] = {
    "kty": ("the family of the key", "RFC7517-4.1"),
    "use": ("what it is for; sig: signatures", "RFC7517-4.2"),
    "key_ops": ("what may be done with it", "RFC7517-4.3"),
    "alg": ("the algorithm it is for", "RFC7517-4.4"),
    "kid": ("its name, by which a token says who signed it", "RFC7517-4.5"),
    "x5u": ("where its certificate is", "RFC7517-4.6"),
    "x5c": ("its certificate", "RFC7517-4.7"),
    "x5t": ("a hash of its certificate", "RFC7517-4.8"),
    "x5t#S256": ("a hash of its certificate", "RFC7517-4.9"),
}
_KEY_OF: Mapping[str, Mapping[str, Meaning]] = {
    "RSA": {"n": ("the modulus", "RFC7518-6.3.1.1"), "e": ("the public exponent", "RFC7518-6.3.1.2")},
    "EC": {
        "crv": ("the curve", "RFC7518-6.2.1.1"),
        "x": ("the point on it: the public key", "RFC7518-6.2.1.2"),
        "y": ("the other half of the point", "RFC7518-6.2.1.3"),
    },
    "OKP": {"crv": ("the curve", "RFC8037-2"), "x": ("the public key", "RFC8037-2")},
}


def asked(name: str, where: str = "") -> Meaning:
    """What a parameter means in the request of a step, named by its clause."""
    return _ASKED.get(where, {}).get(name) or PARAMETERS.get(name, ("", ""))


def answered(said: Mapping[str, Any], where: str = "") -> Mapping[str, Meaning]:
    """What the names in an answer mean, which is known by what is in it; in a refusal, by the step's clause."""
    if "error" in said:
        clause = _REFUSED.get(where, "RFC6749-5.2")
        return {
            **PARAMETERS,
            **{name: (PARAMETERS[name][0], clause) for name in PARAMETERS if name.startswith("error")},
        }
    # RFC7662-2.2: nothing but the answer to an introspection request has this member.
    if "active" in said:
        return INTROSPECTED
    if "access_token" in said:
        return _TOKENS
    if "issuer" in said:
        return _METADATA
    return _USERINFO if "sub" in said else PARAMETERS


def of_key(key: Mapping[str, Any]) -> Mapping[str, Meaning]:
    """What the names in a public key mean, which hangs on its family."""
    kind = key.get("kty")
    return {**_KEY, **(_KEY_OF.get(kind, {}) if isinstance(kind, str) else {})}

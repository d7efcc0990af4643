"""Reads an authentication request from the wire and checks each of its parameters — OIDCC-3.1.2.1."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.authentication_request import (
    PROMPTS,
    RESPONSE_MODES,
    AuthenticationRequest,
    ClaimsRequest,
)
from oidc_lab.domain.claims import USER_CLAIMS
from oidc_lab.provider.authorization_response import takes_form_post
from oidc_lab.provider.checked import checked
from oidc_lab.provider.client import SCOPES
from oidc_lab.provider.context import context
from oidc_lab.provider.id_token import read_hint
from oidc_lab.provider.refusal import refuse

# RFC6749-3.3: printable ASCII without the quotation mark and the backslash.
_SCOPE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E ]*")
# RFC7636-4.2: a SHA-256, which has 32 octets, in base64url without padding.
_S256 = re.compile(r"[A-Za-z0-9_-]{43}")


def read_authentication_request(parameters: Mapping[str, str], application: Application) -> AuthenticationRequest:
    """Check every parameter, the first wrong one refuses; unknown parameters are ignored."""
    _check_response(parameters)
    _check_request_objects(parameters)
    prompts = _prompts(parameters, application)
    claims, expected_sub = _claims(parameters)
    return AuthenticationRequest(
        client_id=application.client_id,
        redirect_uri=parameters["redirect_uri"],
        response_mode=parameters.get("response_mode", "query"),
        scopes=_scopes(parameters, application, prompts),
        state=parameters.get("state"),
        nonce=parameters.get("nonce"),
        prompts=prompts,
        max_age=_max_age(parameters),
        claims=claims,
        expected_sub=_hinted_sub(parameters, application) or expected_sub,
        login_hint=parameters.get("login_hint", ""),
        code_challenge=_code_challenge(parameters, application),
    )


def _check_response(parameters: Mapping[str, str]) -> None:
    response_type = parameters.get("response_type")
    if not response_type:
        refuse("response_type_missing")
    checked("response_type", "OIDCC-3.1.2.6", response_type, "code", response_type == "code")
    if response_type != "code":
        refuse("response_type_unsupported", response_type=response_type)
    mode = parameters.get("response_mode", "query")
    if mode not in RESPONSE_MODES:
        refuse("response_mode_unsupported", response_mode=mode)
    if mode == "form_post" and not takes_form_post(parameters["redirect_uri"]):
        refuse("form_post_needs_web", redirect_uri=parameters["redirect_uri"])


def _check_request_objects(parameters: Mapping[str, str]) -> None:
    for name in ("request", "request_uri", "registration"):
        if name in parameters:
            refuse(f"{name}_not_supported")


def _prompts(parameters: Mapping[str, str], application: Application) -> frozenset[str]:
    prompts = frozenset(parameters.get("prompt", "").split())
    if unknown := prompts - frozenset(PROMPTS):
        refuse("prompt_unknown", unknown=" ".join(sorted(unknown)))
    if "none" in prompts and len(prompts) > 1:
        refuse("prompt_none_with_others", prompt=parameters["prompt"])
    if "none" in prompts and application.type is ApplicationType.NATIVE and context().rules.native_needs_interaction:
        refuse("native_needs_interaction")
    return prompts


def _scopes(parameters: Mapping[str, str], application: Application, prompts: frozenset[str]) -> frozenset[str]:
    scope = parameters.get("scope", "")
    if not _SCOPE.fullmatch(scope):
        refuse("scope_malformed")
    scopes = frozenset(scope.split()) & frozenset(SCOPES)
    # OIDCC-11: without a fresh agreement, or where nobody may use it, offline_access is ignored.
    if "consent" not in prompts or "refresh_token" not in application.oauth.grant_types:
        scopes -= {"offline_access"}
    if not scopes:
        refuse("scope_missing", scope=scope)
    # Without openid it is a request of OAuth alone — OIDCC-3.1.2.1.
    checked("scope", "OIDCC-3.1.2.1", " ".join(sorted(scopes)), "openid among them", "openid" in scopes or None)
    return scopes


def _max_age(parameters: Mapping[str, str]) -> timedelta | None:
    value = parameters.get("max_age")
    if value is None:
        return None
    if not (value.isascii() and value.isdigit()):
        refuse("max_age_malformed", max_age=value)
    try:
        return timedelta(seconds=int(value))
    except (OverflowError, ValueError):
        return timedelta.max


def _code_challenge(parameters: Mapping[str, str], application: Application) -> str | None:
    challenge, method = parameters.get("code_challenge"), parameters.get("code_challenge_method")
    _note_challenge(challenge, application)
    if not challenge:
        if application.oauth.requires_pkce:
            refuse("challenge_missing", type=application.type)
        if context().rules.pkce_for_all:
            refuse("challenge_missing_in_profile", profile=context().profile)
        if method:
            refuse("challenge_method_alone", code_challenge_method=method)
        return None
    checked("code_challenge_method", "RFC9700-2.1.1", method, "S256", method == "S256")
    if method != "S256":
        refuse("challenge_method_refused", code_challenge_method=method or "missing, which means plain")
    if not _S256.fullmatch(challenge):
        refuse("challenge_malformed", length=len(challenge))
    return challenge


def _note_challenge(challenge: str | None, application: Application) -> None:
    public = application.oauth.requires_pkce
    required = public or context().rules.pkce_for_all
    clause = "RFC7636-4.4.1" if public else "RFC9700-2.1.1"
    expected = "a challenge: PKCE is required" if required else "a challenge or nothing: PKCE is not required"
    checked("code_challenge", clause, challenge, expected, bool(challenge) or not required)


def _hinted_sub(parameters: Mapping[str, str], application: Application) -> str | None:
    hint = parameters.get("id_token_hint")
    if hint is None:
        return None
    read = read_hint(hint)
    if read is None:
        refuse("authorization_hint_untrusted")
    if read.client_id != application.client_id:
        refuse("authorization_hint_of_another_application", issued_to=read.client_id)
    return read.sub


def _claims(parameters: Mapping[str, str]) -> tuple[ClaimsRequest, str | None]:
    """Read the claims parameter; the second value is the `sub` it asks for — OIDCC-5.5.1.

    Claims that are not about the user are served anyway or not at all, and unknown ones are ignored — OIDCC-5.5.
    """
    if "claims" not in parameters:
        return ClaimsRequest(), None
    try:
        asked = json.loads(parameters["claims"])
    except (ValueError, RecursionError):
        refuse("claims_malformed", problem="it is not JSON")
    if not isinstance(asked, dict):
        refuse("claims_malformed", problem="it is not a JSON object")
    userinfo, id_token = _members(asked, "userinfo"), _members(asked, "id_token")
    if _essential(id_token.get("acr")):
        refuse("acr_essential")
    claims = ClaimsRequest(
        userinfo={name: _essential(value) for name, value in userinfo.items() if name in USER_CLAIMS},
        id_token={name: _essential(value) for name, value in id_token.items() if name in USER_CLAIMS},
    )
    sub = (id_token.get("sub") or {}).get("value")
    return claims, None if sub is None else str(sub)


def _members(asked: dict[str, Any], where: str) -> dict[str, Any]:
    members = asked.get(where)
    if members is None:
        return {}
    if not isinstance(members, dict) or not all(isinstance(each, dict | None) for each in members.values()):
        refuse("claims_malformed", problem=f"{where} is not an object of null and objects")
    return members


def _essential(value: dict[str, Any] | None) -> bool:
    return bool(value and value.get("essential"))

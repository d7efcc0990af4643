"""Exchanges a refresh token for new tokens, and believes them for the same sign-in only — RFC6749-6, OIDCC-12."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from oidc_lab.relying_party.discovery import Provider
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.id_token import moment
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.message import Request, Response
from oidc_lab.relying_party.registration import Registration
from oidc_lab.relying_party.token import Tokens, authenticated_post, read_token_response


def refresh_request(
    provider: Provider, registration: Registration, tokens: Tokens, scopes: tuple[str, ...] = ()
) -> Request:
    """Build the request; `scopes` asks for fewer than the user granted — OIDCC-12.1."""
    if tokens.refresh_token is None:
        what = "the sign-in gave none: ask for offline_access, with prompt=consent (OIDCC-11)"
        raise FlowRefused(Party.RELYING_PARTY, "refresh_token_missing", what)
    parameters = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}
    if scopes:
        parameters["scope"] = " ".join(scopes)
    return authenticated_post(provider.token_endpoint, parameters, registration)


def read_refresh_response(response: Response, *, before: Tokens, ledger: Ledger) -> Tokens:
    """Read the new tokens; what the answer leaves out stays as it was — RFC6749-6, OIDCC-12.2."""
    tokens = read_token_response(response, ledger)
    seen = _replaced(tokens.refresh_token, before.refresh_token)
    ledger.note(
        "refresh token", "RFC6749-6", seen=seen, expected="another one, which takes the old one's place, or none"
    )
    return replace(
        tokens,
        scopes=before.scopes if tokens.scopes is None else tokens.scopes,
        refresh_token=tokens.refresh_token or before.refresh_token,
    )


def _replaced(new: str | None, old: str | None) -> str:
    if new is None:
        return "none: the old one stays in use"
    return "the same one again: it stays in use" if new == old else "another one: it takes the old one's place"


def check_same_sign_in(claims: Mapping[str, Any], *, first: Mapping[str, Any], ledger: Ledger) -> None:
    """Compare a refreshed ID Token with that of the sign-in; `claims` passed the checks for themselves — OIDCC-12.2."""
    for name in ("iss", "sub", "azp"):
        _check_same(name, claims, first, ledger)
    issued, before = moment(claims.get("iat")), moment(first.get("iat"))
    ledger.expect(
        "iat moves on", "OIDCC-12.2", seen=issued, expected=f"not before {before}",
        holds=issued is not None and before is not None and issued >= before, error="refreshed_iat",
    )  # fmt: skip
    seen, expected = _audiences(claims), _audiences(first)
    ledger.expect(
        "same aud", "OIDCC-12.2", seen=", ".join(seen), expected=", ".join(expected),
        holds=set(expected) <= set(seen), error="refreshed_aud",
    )  # fmt: skip
    for name in ("auth_time", "nonce"):
        if name in claims:
            _check_same(name, claims, first, ledger)
        else:
            ledger.not_needed(f"same {name}", "OIDCC-12.2", "a refreshed ID Token may leave it out")


def _check_same(name: str, claims: Mapping[str, Any], first: Mapping[str, Any], ledger: Ledger) -> None:
    seen, expected = claims.get(name), first.get(name)
    ledger.equal(f"same {name}", "OIDCC-12.2", seen=seen, expected=expected, error=f"refreshed_{name}")


def _audiences(claims: Mapping[str, Any]) -> list[str]:
    audience = claims.get("aud")
    return [str(each) for each in (audience if isinstance(audience, list) else [audience])]

"""Decides whether an ID Token is believed — OIDCC-3.1.3.7."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from oidc_lab.relying_party.authorization import Outgoing
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.registration import Registration

_JWS_PARTS, _JWE_PARTS = 3, 5

# How far the provider's clock may be ahead, and how old an ID Token may be when it comes.
CLOCK_SKEW = timedelta(minutes=1)
OLDEST = timedelta(minutes=10)

_HASH = {"RS256": hashlib.sha256, "EdDSA": hashlib.sha512}


def read_id_token(
    id_token: str,
    *,
    keys: KeySet,
    registration: Registration,
    outgoing: Outgoing,
    access_token: str,
    now: datetime,
    ledger: Ledger,
) -> Mapping[str, Any]:
    """Make the checks of OIDCC-3.1.3.7, in its order and with its numbers; gives the claims.

    Until number 6 the claims are a stranger's; they are compared, and nothing else is done with them.
    """
    claims = _check_encryption(id_token, ledger)
    _check_issuer_and_audience(claims, registration, ledger)
    header = _check_signature(id_token, keys, registration, ledger)
    ledger.not_needed("8. MAC key", "OIDCC-3.1.3.7", f"{header['alg']} is not a MAC algorithm")
    _check_times(claims, now, ledger)
    _check_nonce(claims, outgoing, ledger)
    ledger.not_needed("12. acr", "OIDCC-3.1.3.7", "no acr was asked for as essential")
    _check_auth_time(claims, outgoing, now, ledger)
    _check_sub(claims, ledger)
    _check_access_token(claims, access_token, header["alg"], ledger)
    return claims


def _check_encryption(id_token: str, ledger: Ledger) -> Mapping[str, Any]:
    # 1. Encryption was not agreed on at registration.
    parts = id_token.count(".") + 1
    kind = {_JWS_PARTS: "signed", _JWE_PARTS: "encrypted"}.get(parts, f"{parts} parts")
    ledger.equal("1. encryption", "OIDCC-3.1.3.7", seen=kind, expected="signed", error="id_token_encryption")
    try:
        claims = json.loads(extract_compact(id_token.encode()).payload)
    except (JoseError, ValueError) as error:
        raise FlowRefused(Party.RELYING_PARTY, "id_token_unreadable", str(error)) from None
    if not isinstance(claims, dict):
        raise FlowRefused(Party.RELYING_PARTY, "id_token_unreadable", "the claims are no JSON object")
    return claims


def _check_signature(id_token: str, keys: KeySet, registration: Registration, ledger: Ledger) -> Mapping[str, Any]:
    # 6. and 7. The algorithm is the registered one, never just the one that the token names.
    algorithm = registration.id_token_signed_response_alg
    expected = f"a signature by a key of {registration.issuer}"
    header = extract_compact(id_token.encode()).headers()
    try:
        jwt.decode(id_token, keys, [algorithm])
        seen, holds = f"valid, by key {header.get('kid', 'without a name')}", True
    except (JoseError, ValueError) as error:
        seen, holds = f"{type(error).__name__}: {error}", False
    other = header.get("alg") != algorithm
    if other:  # then number 6 cannot even be tried, and number 7 says why
        ledger.not_needed("6. signature", "OIDCC-3.1.3.7", "the algorithm is refused, see 7")
    else:
        ledger.expect(
            "6. signature",
            "OIDCC-3.1.3.7",
            seen=seen,
            expected=expected,
            holds=holds,
            error="id_token_signature",
        )
    ledger.equal("7. alg", "OIDCC-3.1.3.7", seen=header.get("alg"), expected=algorithm, error="id_token_alg")
    return header


def _check_issuer_and_audience(claims: Mapping[str, Any], registration: Registration, ledger: Ledger) -> None:
    ledger.equal("2. iss", "OIDCC-3.1.3.7", seen=claims.get("iss"), expected=registration.issuer, error="id_token_iss")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    # 3. An audience that nobody here trusts is one too many.
    ledger.expect(
        "3. aud", "OIDCC-3.1.3.7", seen=audience, expected=registration.client_id,
        holds=audiences == [registration.client_id], error="id_token_aud",
    )  # fmt: skip
    ledger.not_needed("4. several aud", "OIDCC-3.1.3.7", "check 3 lets one audience pass only")
    if "azp" not in claims:
        ledger.not_needed("5. azp", "OIDCC-3.1.3.7", "the token names no authorized party")
        return
    ledger.equal("5. azp", "OIDCC-3.1.3.7", seen=claims["azp"], expected=registration.client_id, error="id_token_azp")


def _check_times(claims: Mapping[str, Any], now: datetime, ledger: Ledger) -> None:
    expires_at, issued_at = _moment(claims, "exp"), _moment(claims, "iat")
    ledger.expect(
        "9. exp", "OIDCC-3.1.3.7", seen=expires_at, expected=f"after {now}",
        holds=expires_at is not None and now < expires_at, error="id_token_expired",
    )  # fmt: skip
    recent = issued_at is not None and now - OLDEST <= issued_at <= now + CLOCK_SKEW
    ledger.expect(
        "10. iat", "OIDCC-3.1.3.7", seen=issued_at, expected=f"within {OLDEST} of {now}", holds=recent,
        error="id_token_iat",
    )  # fmt: skip


def _check_nonce(claims: Mapping[str, Any], outgoing: Outgoing, ledger: Ledger) -> None:
    ledger.equal(
        "11. nonce",
        "OIDCC-3.1.3.7",
        seen=claims.get("nonce"),
        expected=outgoing.nonce,
        error="id_token_nonce",
    )


def _check_auth_time(claims: Mapping[str, Any], outgoing: Outgoing, now: datetime, ledger: Ledger) -> None:
    max_age = outgoing.asking.max_age
    if max_age is None:
        ledger.not_needed("13. auth_time", "OIDCC-3.1.3.7", "no max_age was asked for")
        return
    signed_in_at = _moment(claims, "auth_time")
    oldest = now - timedelta(seconds=max_age) - CLOCK_SKEW
    ledger.expect(
        "13. auth_time", "OIDCC-3.1.3.7", seen=signed_in_at, expected=f"not before {oldest}",
        holds=signed_in_at is not None and signed_in_at >= oldest, error="id_token_auth_time",
    )  # fmt: skip


def _check_sub(claims: Mapping[str, Any], ledger: Ledger) -> None:
    sub = claims.get("sub")
    ledger.expect(
        "sub", "OIDCC-2", seen=sub, expected="text that names the user", holds=isinstance(sub, str) and sub != "",
        error="id_token_sub",
    )  # fmt: skip


def _check_access_token(claims: Mapping[str, Any], access_token: str, algorithm: str, ledger: Ledger) -> None:
    if "at_hash" not in claims:
        ledger.not_needed("at_hash", "OIDCC-3.1.3.8", "the token has none, and in the code flow it may")
        return
    digest = _HASH[algorithm](access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")
    ledger.equal("at_hash", "OIDCC-3.1.3.8", seen=claims["at_hash"], expected=half, error="id_token_at_hash")


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    seconds = claims.get(name)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise FlowRefused(Party.RELYING_PARTY, f"id_token_{name}", f"{name} is no moment: {seconds}") from None

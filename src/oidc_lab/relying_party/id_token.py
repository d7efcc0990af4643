"""Decides whether an ID Token is believed — OIDCC-3.1.3.7."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc.jwk import KeySet

from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.registration import Registration
from oidc_lab.relying_party.signature import check_signature, read_claims

# How far the provider's clock may be ahead, and how old an ID Token may be when it comes.
CLOCK_SKEW = timedelta(minutes=1)
OLDEST = timedelta(minutes=10)

_HASH = {"RS256": hashlib.sha256, "EdDSA": hashlib.sha512}


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """What the request makes of its ID Token; None, or False, where it asked for nothing."""

    nonce: str | None = None
    max_age: int | None = None
    auth_time: bool = False


def read_id_token(
    id_token: str,
    *,
    keys: KeySet,
    registration: Registration,
    awaited: Awaited,
    access_token: str | None,
    now: datetime,
    ledger: Ledger,
) -> Mapping[str, Any]:
    """Make the checks of OIDCC-3.1.3.7, in its order and with its numbers; gives the claims.

    Until number 6 the claims are a stranger's; they are compared, and nothing else is done with them. Without
    `access_token`, when nobody knows which came with the ID Token, at_hash is not compared.
    """
    header, claims = read_claims(id_token, ledger)  # number 1
    _check_issuer_and_audience(claims, registration, ledger)
    check_signature(id_token, header, keys, registration, ledger)  # numbers 6 and 7
    ledger.not_needed("8. MAC key", "OIDCC-3.1.3.7", f"{header['alg']} is not a MAC algorithm")
    _check_times(claims, now, ledger)
    _check_nonce(claims, awaited, ledger)
    ledger.not_needed("12. acr", "OIDCC-3.1.3.7", "no acr was asked for as essential")
    _check_auth_time(claims, awaited, now, ledger)
    _check_sub(claims, ledger)
    _check_access_token(claims, access_token, header["alg"], ledger)
    return claims


def _check_issuer_and_audience(claims: Mapping[str, Any], registration: Registration, ledger: Ledger) -> None:
    ledger.equal("2. iss", "OIDCC-3.1.3.7", seen=claims.get("iss"), expected=registration.issuer, error="id_token_iss")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    # 3. An audience that nobody here trusts is one too many.
    ours = bool(audiences) and all(each == registration.client_id for each in audiences)
    ledger.expect(
        "3. aud", "OIDCC-3.1.3.7", seen=audience, expected=registration.client_id, holds=ours, error="id_token_aud"
    )
    ledger.not_needed("4. azp of an extension", "OIDCC-3.1.3.7", "no extension that uses azp is in use")
    if "azp" not in claims:
        ledger.not_needed("5. azp", "OIDCC-3.1.3.7", "the token names no authorized party")
        return
    ledger.equal("5. azp", "OIDCC-3.1.3.7", seen=claims["azp"], expected=registration.client_id, error="id_token_azp")


def _check_times(claims: Mapping[str, Any], now: datetime, ledger: Ledger) -> None:
    expires_at, issued_at = moment(claims.get("exp")), moment(claims.get("iat"))
    ledger.expect(
        "9. exp", "OIDCC-3.1.3.7", seen=expires_at or claims.get("exp"), expected=f"after {now}",
        holds=expires_at is not None and now < expires_at, error="id_token_expired",
    )  # fmt: skip
    recent = issued_at is not None and now - OLDEST <= issued_at <= now + CLOCK_SKEW
    ledger.expect(
        "10. iat", "OIDCC-3.1.3.7", seen=issued_at or claims.get("iat"), expected=f"within {OLDEST} of {now}",
        holds=recent, error="id_token_iat",
    )  # fmt: skip


def _check_nonce(claims: Mapping[str, Any], awaited: Awaited, ledger: Ledger) -> None:
    if awaited.nonce is None:
        ledger.not_needed("11. nonce", "OIDCC-3.1.3.7", "no nonce was sent")
        return
    ledger.equal("11. nonce", "OIDCC-3.1.3.7", seen=claims.get("nonce"), expected=awaited.nonce, error="id_token_nonce")


def _check_auth_time(claims: Mapping[str, Any], awaited: Awaited, now: datetime, ledger: Ledger) -> None:
    if awaited.max_age is None and not awaited.auth_time:
        ledger.not_needed("13. auth_time", "OIDCC-3.1.3.7", "neither max_age nor auth_time was asked for")
        return
    signed_in_at, oldest = moment(claims.get("auth_time")), _oldest_sign_in(awaited, now)
    ledger.expect(
        "13. auth_time", "OIDCC-3.1.3.7", seen=signed_in_at or claims.get("auth_time"),
        expected="a moment" if awaited.max_age is None else f"not before {oldest}",
        holds=signed_in_at is not None and signed_in_at >= oldest, error="id_token_auth_time",
    )  # fmt: skip


def _check_sub(claims: Mapping[str, Any], ledger: Ledger) -> None:
    sub = claims.get("sub")
    ledger.expect(
        "sub", "OIDCC-2", seen=sub, expected="text that names the user", holds=isinstance(sub, str) and sub != "",
        error="id_token_sub",
    )  # fmt: skip


def _check_access_token(claims: Mapping[str, Any], access_token: str | None, algorithm: str, ledger: Ledger) -> None:
    if "at_hash" not in claims:
        ledger.not_needed("at_hash", "OIDCC-3.1.3.8", "the token has none, and in the code flow it may")
        return
    if access_token is None:
        ledger.not_needed("at_hash", "OIDCC-3.1.3.8", "the access token that came with it is not known here")
        return
    # Not by Authlib's function, which made the claim: were it wrong, the two sides would agree all the same.
    digest = _HASH[algorithm](access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")
    ledger.equal("at_hash", "OIDCC-3.1.3.8", seen=claims["at_hash"], expected=half, error="id_token_at_hash")


def moment(seconds: Any) -> datetime | None:
    """Read a NumericDate — RFC7519-2; None for anything that is none."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _oldest_sign_in(awaited: Awaited, now: datetime) -> datetime:
    earliest = datetime.min.replace(tzinfo=UTC)
    if awaited.max_age is None:
        return earliest
    try:
        return now - timedelta(seconds=awaited.max_age) - CLOCK_SKEW
    except OverflowError:  # longer ago than the calendar goes
        return earliest

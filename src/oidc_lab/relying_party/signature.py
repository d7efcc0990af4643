"""Reads a signed token and decides whether its signature is believed — RFC7515-5.2, RFC8725-3.1."""

import json
from collections.abc import Mapping
from typing import Any

from joserfc import errors, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry, extract_compact

from oidc_lab.domain.setting_rules import SIGNING_ALGORITHMS
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.registration import Registration

# joserfc warns of this name since RFC 9864 gave each curve one of its own, which hardly any application registers
# yet; where warnings are errors, nothing could be verified.
JWSRegistry.algorithms["EdDSA"].security_warning = None

_JWS_PARTS, _JWE_PARTS = 3, 5

# What joserfc and the decoder of JSON raise about a text that a stranger wrote.
UNREADABLE = (JoseError, ValueError, TypeError, AttributeError, KeyError, RecursionError)


_HEADER = (
    errors.UnsupportedHeaderError, errors.InvalidHeaderValueError, errors.MissingCritHeaderError,
    errors.MissingHeaderError,
)  # fmt: skip
_SEEN = (
    (
        errors.BadSignatureError,
        "a signature that no key of the provider made, or content changed since it was signed",
    ),
    (
        (errors.KeyParameterError, errors.InvalidKeyTypeError, errors.InvalidKeyCurveError),
        "the name of a key that the provider publishes for something else",
    ),
    (_HEADER, "a header with something that nobody here understands"),
    (errors.ExceededSizeError, "more than anybody here reads"),
)


def read_claims(token: str, ledger: Ledger) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Give header and claims of a token that nobody has yet reason to believe."""
    # 1. Encryption was not agreed on at registration.
    parts = token.count(".") + 1
    kind = {_JWS_PARTS: "signed", _JWE_PARTS: "encrypted"}.get(parts, f"text of {parts} parts")
    ledger.equal("1. encryption", "OIDCC-3.1.3.7", seen=kind, expected="signed", error="id_token_encryption")
    try:
        opened = extract_compact(token.encode())
        header, claims = opened.headers(), json.loads(opened.payload)
    except UNREADABLE as error:
        raise FlowRefused(Party.RELYING_PARTY, "id_token_unreadable", str(error)) from None
    if not isinstance(claims, dict):
        raise FlowRefused(Party.RELYING_PARTY, "id_token_unreadable", "the claims are no JSON object")
    return header, claims


def check_signature(
    token: str, header: Mapping[str, Any], keys: KeySet, registration: Registration, ledger: Ledger
) -> None:
    """Verify with the registered algorithm, never just the one that the token names."""
    algorithm = registration.id_token_signed_response_alg
    if header.get("alg") == algorithm:
        _check_key(token, header, keys, registration, ledger)
    else:  # then number 6 cannot even be tried, and number 7 says why
        ledger.not_needed("6. signature", "OIDCC-3.1.3.7", "the algorithm is refused, see 7")
    ledger.equal("7. alg", "OIDCC-3.1.3.7", seen=header.get("alg"), expected=algorithm, error="id_token_alg")


def made_by(token: str, keys: KeySet) -> bool:
    """Whether one of these keys made the signature; a secret that others share is none of them — RFC8725-2.1."""
    try:
        jwt.decode(token, keys, list(SIGNING_ALGORITHMS))
    except UNREADABLE:
        return False
    return True


def _check_key(token: str, header: Mapping[str, Any], keys: KeySet, registration: Registration, ledger: Ledger) -> None:
    try:
        jwt.decode(token, keys, [registration.id_token_signed_response_alg])
        seen, holds = f"valid, by key {header.get('kid', 'without a name')}", True
    except UNREADABLE as error:
        seen, holds = _in_words(error, header), False
    ledger.expect(
        "6. signature", "OIDCC-3.1.3.7", seen=seen, expected=f"a signature by a key of {registration.issuer}",
        holds=holds, error="id_token_signature",
    )  # fmt: skip


def _in_words(error: Exception, header: Mapping[str, Any]) -> str:
    """What was seen instead of a signature that holds."""
    if isinstance(error, errors.InvalidKeyIdError):
        if not header.get("kid"):
            return "a signature that does not say by which of the provider's keys"
        return f"the name of a key that the provider does not publish for this: {header['kid']}"
    return next((said for kinds, said in _SEEN if isinstance(error, kinds)), "a signature that cannot be verified")

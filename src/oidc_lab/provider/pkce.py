"""Checks that who redeems a code is who asked for it: PKCE — RFC7636-4.6."""

import hmac
from typing import Any

from authlib.oauth2.rfc7636.challenge import (
    CODE_VERIFIER_PATTERN,
    CodeChallenge,
    create_s256_code_challenge,
)

from oidc_lab.domain.tokens import Code
from oidc_lab.provider.checked import checked
from oidc_lab.provider.refusal import refuse


class ProofOfPossessionOfCode(CodeChallenge):
    """Authlib's PKCE with the reasons of the catalogue — RFC7636-4.5, RFC7636-4.6."""

    def __call__(self, grant: Any) -> None:
        """Check at the token endpoint; the challenge was checked when the request was read."""
        grant.register_hook("before_validate_token_request", _require_code)
        grant.register_hook("after_validate_token_request", self.validate_code_verifier)

    def validate_code_verifier(self, grant: Any, result: Any) -> None:
        """Compare the verifier with the challenge the code is bound to."""
        code: Code = grant.request.authorization_code.code
        verifier, challenge = grant.request.form.get("code_verifier"), code.code_challenge
        if challenge is None:
            return None if verifier is None else refuse("verifier_unexpected", family=code.family)
        if not verifier:
            refuse("verifier_missing", family=code.family)
        if not CODE_VERIFIER_PATTERN.fullmatch(verifier):
            refuse("verifier_malformed", family=code.family, length=len(verifier))
        hashed = create_s256_code_challenge(verifier)
        right = hmac.compare_digest(hashed, challenge)
        checked("SHA-256 of the code_verifier", "RFC7636-4.6", hashed, challenge, right)
        if not right:
            refuse("verifier_wrong", family=code.family)
        return None


def _require_code(grant: Any) -> None:
    if not grant.request.form.get("code"):
        refuse("code_missing")

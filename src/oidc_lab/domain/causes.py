"""What ended a sign-in, in a few words, by the name that rows and frames have for it — RFC6749-5.2."""

from collections.abc import Mapping

CAUSES: Mapping[str, str] = {
    "": "still signed in",
    "refresh_token_expired": "the token's TTL",
    "refresh_token_idle": "not used for too long",
    "family_too_old": "the absolute lifetime",
    "grant_expired": "the grant's end",
    "session_over": "the session's end",
    "refresh_token_spent": "a replaced token was sent",
    "refresh_token_reused": "reuse ended the family",
    "signed_out": "a sign-out",
    "password_changed": "a password change",
    "evicted": "too many sign-ins",
    "not_issued": "no refresh token is issued",
}

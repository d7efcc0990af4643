"""Decides whether a refresh token is honoured and until when its successor lives — RFC6749-6, RFC9700-4.14.2.

Each refresh replaces the token, and the new one has its full lifetime again. A token that comes back after it
was replaced ends its family: one of the two that hold it is not the application.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from oidc_lab.domain.tokens import RefreshToken


@dataclass(frozen=True, kw_only=True)
class RefreshPolicy:
    """`ttl` is how long a refresh token lives from its own issue."""

    ttl: timedelta = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class RefreshDecision:
    """`refusal` names an entry of the catalogue; without one, a successor is issued that lives until `expires_at`."""

    refusal: str | None = None
    revokes_family: bool = False
    expires_at: datetime | None = None


def first_expiry(policy: RefreshPolicy, now: datetime) -> datetime:
    """Until when the first token of a family lives."""
    return now + policy.ttl


def decide(token: RefreshToken, policy: RefreshPolicy, now: datetime) -> RefreshDecision:
    """Answer for one token at one moment. A lifetime is over at the moment at which it ends, not after it."""
    if token.family.revoked_at is not None:
        return RefreshDecision(refusal="family_revoked")
    if now >= token.expires_at:
        return RefreshDecision(refusal="refresh_token_expired")
    if token.used_at is not None:
        return RefreshDecision(refusal="refresh_token_reused", revokes_family=True)
    return RefreshDecision(expires_at=now + policy.ttl)

"""A refresh token with its family, and what a provider would note of each use: what the policy's tests walk with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from oidc_lab.domain.authentication_request import ClaimsRequest
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.refresh_policy import RefreshDecision, decide, first_expiry
from oidc_lab.domain.tokens import Family, RefreshToken

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)


def family(**changes: Any) -> Family:
    """A family whose first token was given out at BEGIN."""
    given: dict[str, Any] = {
        "family_id": "f", "client_id": "shop", "sub": "anna", "sid": "s", "auth_time": BEGIN, "offline": True,
        "grant_id": "g", "grant_began_at": BEGIN, "first_issued_at": BEGIN, "session_began_at": BEGIN,
        "session_expires_at": BEGIN + 14 * DAY,
    }  # fmt: skip
    return Family(**given | changes)


def token(policy: RefreshPolicy, at: datetime = BEGIN, *, of: Family | None = None, **changes: Any) -> RefreshToken:
    """A token given out at a moment, with the policy's lifetime."""
    given: dict[str, Any] = {
        "digest": "d", "family": of or family(), "scopes": frozenset({"openid"}), "claims": ClaimsRequest(),
        "issued_at": at, "expires_at": first_expiry(policy, at), "ttl": policy.ttl,
    }  # fmt: skip
    return RefreshToken(**given | changes)


def used(kept: RefreshToken, decision: RefreshDecision, at: datetime) -> tuple[RefreshToken, RefreshToken]:
    """What a provider keeps after an honoured request: the token that was sent, and the one that was given."""
    generation = kept.family.generation + decision.replaced
    now = replace(kept.family, last_used_at=at, generation=generation)
    if not decision.replaced:
        same = replace(kept, family=now, expires_at=decision.expires_at, last_used_at=at)
        return same, same
    sent = replace(kept, family=now, used_at=kept.used_at or at, last_used_at=at, reuses=kept.reuses + decision.again)
    ttl = None if decision.expires_at is None else decision.expires_at - at
    given = replace(
        kept, family=now, issued_at=at, expires_at=decision.expires_at, ttl=ttl, generation=generation,
        used_at=None, last_used_at=None, reuses=0,
    )  # fmt: skip
    return sent, given


def walk(policy: RefreshPolicy, days: list[float]) -> list[tuple[float, str]]:
    """Use the newest token on each of these days: `new`, `same`, or the refusal that ends the story."""
    kept, story = token(policy), []
    for day in days:
        at = BEGIN + day * DAY
        decision = decide(kept, policy, at)
        story.append((day, decision.refusal or ("new" if decision.replaced else "same")))
        if decision.refusal:
            break
        _, kept = used(kept, decision, at)
    return story

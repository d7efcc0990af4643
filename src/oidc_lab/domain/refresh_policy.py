"""Decides whether a refresh token is honoured and replaced, and until when what is given out lives — RFC6749-6.

What a policy consists of stands in domain/refresh_parameters, and which one an application's settings mean in
domain/refresh_settings. A decision answers with its reason — RFC9700-4.14.2.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from oidc_lab.domain.leeway import within_leeway
from oidc_lab.domain.refresh_parameters import (
    NO_TIME,
    Anchor,
    OnReuse,
    RefreshPolicy,
    Renew,
    Rotate,
    Supersede,
)
from oidc_lab.domain.tokens import Family, RefreshToken

# Of what a clock ended, or a deed, before anything else is asked.
TIME_IS_OVER = "Its time is over."


class Limit(StrEnum):
    """The clocks that can end a refresh token; the value is the refusal that says so."""

    TTL = "refresh_token_expired"
    IDLE = "refresh_token_idle"
    ABSOLUTE = "family_too_old"
    GRANT = "grant_expired"
    SESSION = "session_over"


@dataclass(frozen=True, kw_only=True)
class Ending:
    """The moment at which a clock ends a token."""

    at: datetime
    limit: Limit


@dataclass(frozen=True, kw_only=True)
class RefreshDecision:
    """`refusal` names an entry of the catalogue; without one, the token is honoured.

    `replaced` says whether a successor is issued, and `expires_at` until when it, or the token that stays, lives (None:
    without end of its own). `again` marks a spent token honoured within the leeway. `because` is a sentence.
    """

    because: str
    refusal: str | None = None
    revokes: OnReuse = OnReuse.REJECT
    replaced: bool = False
    expires_at: datetime | None = None
    again: bool = False


def first_expiry(policy: RefreshPolicy, now: datetime) -> datetime | None:
    """Until when the first token of a family lives; None when it has no end of its own."""
    return None if policy.ttl is None else now + policy.ttl


def endings(token: RefreshToken, policy: RefreshPolicy) -> list[Ending]:
    """The moments at which each clock ends this token, the next one first: that one binds."""
    family = token.family
    limits = [
        (Limit.TTL, token.expires_at, NO_TIME),
        (Limit.IDLE, family.last_used_at or family.first_issued_at, policy.idle),
        (_ABSOLUTE[policy.absolute_anchor], _anchor(family, policy.absolute_anchor, token), policy.absolute),
        (Limit.SESSION, None if family.offline else family.session_expires_at, NO_TIME),
    ]
    found = [
        Ending(at=since + lifetime, limit=limit)
        for limit, since, lifetime in limits
        if since is not None and lifetime is not None
    ]
    return sorted(found, key=lambda ending: ending.at)


def over(token: RefreshToken, policy: RefreshPolicy, now: datetime) -> str | None:
    """The refusal of a token whose time has ended, or whose family has; None when it still lives.

    A lifetime is over at the moment at which it ends, not after it.
    """
    if token.family.revoked_at is not None:
        return "family_revoked"
    # The order of application-model 3.2: the token's own end is told before those of what it hangs on.
    ended = {ending.limit for ending in endings(token, policy) if now >= ending.at}
    return next((limit.value for limit in Limit if limit in ended), None)


def decide(token: RefreshToken, policy: RefreshPolicy, now: datetime) -> RefreshDecision:
    """Answer for one token at one moment."""
    if refusal := over(token, policy, now):
        return RefreshDecision(because=TIME_IS_OVER, refusal=refusal)
    if token.used_at is None or policy.supersede is Supersede.KEEP:
        return _honoured(token, policy, now)
    if within_leeway(token, policy, now):
        return _honoured_again(token, policy, now)
    return came_back(token, policy, now)


def came_back(token: RefreshToken, policy: RefreshPolicy, now: datetime) -> RefreshDecision:
    """Answer for a token that was replaced, and no leeway spares — RFC9700-4.14.2."""
    memory = policy.reuse_memory
    if memory is not None and token.used_at is not None and now >= token.used_at + memory:
        return RefreshDecision(because="It was replaced, and is no longer remembered.", refusal="refresh_token_spent")
    if policy.on_reuse is OnReuse.REJECT:
        return RefreshDecision(because="It was replaced.", refusal="refresh_token_spent")
    because = "It was replaced and came back."
    return RefreshDecision(because=because, refusal="refresh_token_reused", revokes=policy.on_reuse)


def _honoured(token: RefreshToken, policy: RefreshPolicy, now: datetime) -> RefreshDecision:
    replaced, because = _replaces(token, policy, now)
    if replaced:
        return RefreshDecision(because=because, replaced=True, expires_at=_successor_expiry(token, policy, now))
    until = now + policy.ttl if policy.extend_on_use and policy.ttl is not None else token.expires_at
    return RefreshDecision(because=because, expires_at=until)


def _honoured_again(token: RefreshToken, policy: RefreshPolicy, now: datetime) -> RefreshDecision:
    until = _successor_expiry(token, policy, now)
    because = "It was replaced a moment ago, within the leeway."
    return RefreshDecision(because=because, replaced=True, expires_at=until, again=True)


def _successor_expiry(token: RefreshToken, policy: RefreshPolicy, now: datetime) -> datetime | None:
    return token.expires_at if policy.renew is Renew.REMAINING else first_expiry(policy, now)


def _replaces(token: RefreshToken, policy: RefreshPolicy, now: datetime) -> tuple[bool, str]:
    if policy.rotate is Rotate.NEVER:
        return False, "Tokens are not replaced here."
    since = _anchor(token.family, policy.rotate_until_anchor, token)
    if policy.rotate_until is not None and since is not None and now >= since + policy.rotate_until:
        return False, f"It is not replaced after {policy.rotate_until.days} days."
    if policy.rotate is Rotate.ALWAYS:
        return True, "Every use replaces the token."
    return _past_threshold(token, policy, now)


def _past_threshold(token: RefreshToken, policy: RefreshPolicy, now: datetime) -> tuple[bool, str]:
    age = now - token.issued_at
    if policy.rotate is Rotate.AFTER_FRACTION and isinstance(policy.rotate_at, int) and token.ttl:
        # Whole percents, rounded down, which decides as the exact fraction does: the threshold is a whole percent.
        passed = age * 100 // token.ttl
        because = f"{passed} % of its lifetime had passed; from {policy.rotate_at} % on it is replaced."
        return passed >= policy.rotate_at, because
    if not isinstance(policy.rotate_at, timedelta):
        return False, "It has no end, so no part of its lifetime can have passed."
    if policy.rotate is Rotate.AFTER_AGE:
        return age >= policy.rotate_at, f"It was {age} old; from {policy.rotate_at} on it is replaced."
    left = timedelta.max if token.expires_at is None else token.expires_at - now
    return left <= policy.rotate_at, f"It had {left} left; from {policy.rotate_at} on it is replaced."


_ABSOLUTE = {
    Anchor.FIRST_TOKEN: Limit.ABSOLUTE,
    Anchor.LAST_ROTATION: Limit.ABSOLUTE,
    Anchor.GRANT: Limit.GRANT,
    Anchor.SSO_SESSION: Limit.SESSION,
}


def _anchor(family: Family, anchor: Anchor, token: RefreshToken) -> datetime | None:
    return {
        Anchor.FIRST_TOKEN: family.first_issued_at,
        Anchor.LAST_ROTATION: token.issued_at,
        Anchor.GRANT: family.grant_began_at,
        Anchor.SSO_SESSION: family.session_began_at,
    }[anchor]

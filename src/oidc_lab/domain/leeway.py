"""Decides how long, how often and how far back a replaced token is honoured all the same — RFC9700-4.14.2."""

from datetime import datetime

from oidc_lab.domain.refresh_parameters import LeewayAnchor, RefreshPolicy
from oidc_lab.domain.tokens import RefreshToken


def leeway_ends_at(token: RefreshToken, policy: RefreshPolicy) -> datetime | None:
    """Until when a replaced token is honoured at most; None for one that was not replaced."""
    if token.used_at is None:
        return None
    first = policy.leeway_anchor is LeewayAnchor.FIRST_USE
    return (token.used_at if first else token.last_used_at or token.used_at) + policy.leeway


def used_up(token: RefreshToken, policy: RefreshPolicy) -> bool:
    """Whether a replaced token came back as often as the leeway lets it."""
    return policy.leeway_reuses is not None and token.reuses >= policy.leeway_reuses


def left_behind(token: RefreshToken, policy: RefreshPolicy) -> bool:
    """Whether more generations came after a token than the leeway reaches back."""
    return policy.leeway_depth is not None and token.family.generation - token.generation > policy.leeway_depth


def within_leeway(token: RefreshToken, policy: RefreshPolicy, now: datetime) -> bool:
    """Whether a replaced token is honoured once more."""
    until = leeway_ends_at(token, policy)
    return until is not None and now < until and not used_up(token, policy) and not left_behind(token, policy)

"""Finds what ends a thing first, a clock or a deed, as the provider will say or says when it is used — RFC6749-5.2."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from oidc_lab.domain.leeway import leeway_ends_at, left_behind, used_up
from oidc_lab.domain.living import Cause
from oidc_lab.domain.refresh_parameters import NO_TIME, RefreshPolicy, Supersede
from oidc_lab.domain.refresh_policy import Limit, came_back, endings
from oidc_lab.domain.tokens import AccessToken, Code, Family, RefreshToken


@dataclass(frozen=True, kw_only=True)
class Fate:
    """The moment at which something ends, or ended, of what, and the refusal from then on; no moment when nothing will.

    `detail` is the deed that ended it, as the provider notes it.
    """

    at: datetime | None = None
    because: Cause | None = None
    refusal: str = ""
    detail: str = ""


def first(fates: Iterable[Fate]) -> Fate:
    """Which comes first; of several at one moment the one that is named first.

    Clocks are named first: what a clock ends at a moment, no deed finds alive. Then deeds, in the order in which they
    can have been done: what is revoked cannot be replaced, and the like.
    """
    known = [(each.at, each) for each in fates if each.at is not None]
    return min(known, key=lambda pair: pair[0])[1] if known else Fate()


def fate_of_code(code: Code, grant_lifetime: timedelta | None) -> Fate:
    """What ends an authorization code — RFC6749-4.1.2."""
    return first(
        (
            Fate(at=code.expires_at, because=Cause.TTL, refusal="code_expired"),
            _grant(code.family, grant_lifetime, "code_grant_expired"),
            Fate(at=code.used_at, because=Cause.USED, refusal="code_used"),
            _revoked(code.family, "code_revoked"),
        )
    )


def fate_of_access_token(token: AccessToken, grant_lifetime: timedelta | None) -> Fate:
    """What ends an access token — RFC6750-3.1."""
    family, refused = token.family, "bearer_revoked"
    session_ends = None if family.offline else family.session_expires_at
    return first(
        (
            Fate(at=token.expires_at, because=Cause.TTL, refusal="bearer_expired"),
            Fate(at=session_ends, because=Cause.SESSION, refusal="bearer_session_over"),
            _grant(family, grant_lifetime, "bearer_grant_expired"),
            Fate(at=token.revoked_at, because=Cause.REVOKED, refusal=refused, detail="token_revoked"),
            _revoked(family, refused),
        )
    )


def fate_of_refresh_token(token: RefreshToken, policy: RefreshPolicy, generations: Mapping[int, datetime]) -> Fate:
    """What ends a refresh token, by the policy that decides about it — RFC6749-6, RFC9700-4.14.2.

    `generations` says when each generation of its family was first given out. Who looks later is told the same.
    """
    clocks = (Fate(at=each.at, because=_CAUSE[each.limit], refusal=each.limit.value) for each in endings(token, policy))
    return first((*clocks, _replaced(token, policy, generations), _revoked(token.family, "family_revoked")))


def clock_of(refusal: str) -> Cause | None:
    """The clock that a refusal of a refresh token tells of; None when it tells of none."""
    return _CAUSE.get(refusal)


def _revoked(family: Family, refusal: str) -> Fate:
    return Fate(at=family.revoked_at, because=Cause.REVOKED, refusal=refusal, detail=family.revoked_because)


def _grant(family: Family, lifetime: timedelta | None, refusal: str) -> Fate:
    return Fate(at=family.grant_ends_at(lifetime), because=Cause.GRANT, refusal=refusal)


def _replaced(token: RefreshToken, policy: RefreshPolicy, generations: Mapping[int, datetime]) -> Fate:
    """Its end by rotation: with its replacement, when the leeway after that is over, or has no use for it any more."""
    until = leeway_ends_at(token, policy)
    if token.used_at is None or until is None or policy.supersede is Supersede.KEEP:
        return Fate()
    ends = [(until, Cause.REPLACED if policy.leeway == NO_TIME else Cause.LEEWAY)]
    if used_up(token, policy):
        ends.append((token.last_used_at or token.used_at, Cause.REPLACED))
    if policy.leeway_depth is not None and left_behind(token, policy):
        passed_at = generations.get(token.generation + policy.leeway_depth + 1, token.used_at)
        # A sibling that nobody used before may be far behind when it is replaced.
        ends.append((max(passed_at, token.used_at), Cause.REPLACED))
    at, because = min(ends, key=lambda end: end[0])
    return Fate(at=at, because=because, refusal=came_back(token, policy, at).refusal or "")


_CAUSE: dict[str, Cause] = {
    Limit.TTL: Cause.TTL,
    Limit.IDLE: Cause.IDLE,
    Limit.ABSOLUTE: Cause.ABSOLUTE,
    Limit.GRANT: Cause.GRANT,
    Limit.SESSION: Cause.SESSION,
}

"""A refresh token with its family, what a provider would note of each use, any policy, and anything that happens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from oidc_lab.domain.authentication_request import ClaimsRequest
from oidc_lab.domain.happening import Event, Happening
from oidc_lab.domain.refresh_parameters import (
    NO_TIME,
    Anchor,
    LeewayAnchor,
    LeewayAnswer,
    OnReuse,
    RefreshPolicy,
    Renew,
    Rotate,
    Supersede,
)
from oidc_lab.domain.refresh_policy import RefreshDecision, decide, first_expiry
from oidc_lab.domain.tokens import Family, RefreshToken

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)

# A small grid of whole days, and of whole seconds, so that ages equal lifetimes.
_limits = st.sampled_from([*[None] * 6, *(days * DAY for days in range(1, 9)), 2 * SECOND])
_steps = st.sampled_from([*(days * DAY for days in (1, 1, 2, 3, 4)), *(seconds * SECOND for seconds in range(4))])
_ages = st.sampled_from([DAY, 2 * DAY, 3 * DAY, SECOND, 2 * SECOND])
_threshold = {
    Rotate.NEVER: st.just(0),
    Rotate.ALWAYS: st.just(0),
    Rotate.AFTER_FRACTION: st.sampled_from([0, 25, 50, 70, 100]),
    Rotate.AFTER_AGE: _ages,
    Rotate.WHEN_REMAINING: _ages,
}


def _policy_with(rotate: Rotate) -> st.SearchStrategy[RefreshPolicy]:
    return st.builds(
        RefreshPolicy,
        ttl=_limits,
        renew=st.sampled_from(Renew),
        extend_on_use=st.booleans(),
        idle=_limits,
        absolute=_limits,
        absolute_anchor=st.sampled_from(Anchor),
        rotate=st.just(rotate),
        rotate_at=_threshold[rotate],
        rotate_until=_limits,
        rotate_until_anchor=st.sampled_from(Anchor),
        supersede=st.sampled_from(Supersede),
        leeway=st.sampled_from([NO_TIME, SECOND, 2 * SECOND, DAY]),
        leeway_anchor=st.sampled_from(LeewayAnchor),
        leeway_reuses=st.sampled_from([None, 0, 1, 2]),
        leeway_depth=st.sampled_from([None, 0, 1, 2]),
        leeway_answer=st.sampled_from(LeewayAnswer),
        on_reuse=st.sampled_from(OnReuse),
        reuse_memory=st.sampled_from([None, NO_TIME, 2 * SECOND, DAY]),
        max_live=st.sampled_from([None, 1, 2]),
        logout_revokes=st.sampled_from([None, False, True]),
        password_change_revokes=st.sampled_from([None, False, True]),
    )


# Every parameter but `issued`: without a token there is nothing to walk.
policies = st.sampled_from([Rotate.ALWAYS, Rotate.ALWAYS, *Rotate]).flatmap(_policy_with)

_happenings = st.sampled_from([
    *[Happening.REQUEST] * 5, *[Happening.LOST_REPLY] * 3, *[Happening.TWO_TABS] * 3, Happening.REPLAY,
    Happening.THEFT, *[Happening.THIEF] * 2, Happening.SIGN_OUT, Happening.SESSION_END, Happening.PASSWORD_CHANGE,
    Happening.ELSEWHERE,
])  # fmt: skip


@st.composite
def events(draw: st.DrawFn, begin: datetime, happenings: st.SearchStrategy[Happening] = _happenings) -> list[Event]:
    """What happens after `begin`, in order; of two tabs, the second one asks before anything else happens."""
    drawn, at = [], begin
    for step, what in draw(st.lists(st.tuples(_steps, happenings), max_size=12)):
        gap = draw(st.integers(0, 3)) * SECOND if what is Happening.TWO_TABS else NO_TIME
        drawn.append(Event(at=at + step, what=what, gap=gap))
        at += step + gap
    return drawn


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

"""What becomes of a user who comes at regular times, told by the walk — RFC6749-6."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from oidc_lab.domain.happening import Answer, Event, Row
from oidc_lab.domain.refresh_parameters import Anchor, RefreshPolicy, Rotate
from oidc_lab.domain.refresh_policy import Ending, Limit
from oidc_lab.domain.session import SESSION_LIFETIME
from oidc_lab.domain.walk import Walk

HORIZON = timedelta(days=730)
MOST_VISITS = 20_000

# Any moment would do: a policy knows no calendar.
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Fate:
    """Of a user who comes every so often: what ends it, when, and how many visits found the user signed in.

    `ended_by` is a key of CAUSES. It is empty when nothing ends it before `known_until`, or ever where that is None;
    then `visits` counts those that were led. `ends_after` is when the clock ran out, which the user hears at the next
    visit. `renewed_after` is the first visit that brought a new token, None when there was none.
    """

    every: timedelta
    ended_by: str = ""
    ends_after: timedelta | None = None
    known_until: timedelta | None = None
    visits: int = 0
    renewed_after: timedelta | None = None


def fate(
    policy: RefreshPolicy,
    every: timedelta,
    *,
    offline: bool = True,
    session_lifetime: timedelta = SESSION_LIFETIME,
    within: timedelta | None = None,
) -> Fate:
    """Lead a user who comes every so often, from the sign-in on, until the end, or until it is clear what comes.

    No visit after `within` is led; without it, two years of visits are, or the first 20,000.
    """
    family = Walk(policy, BEGIN, offline=offline, session_lifetime=session_lifetime)
    if not family.signed_in:
        return Fate(every=every, ended_by=family.begun.because, ends_after=timedelta(0))
    renewed: timedelta | None = None
    before: Row | None = None
    visits = min(HORIZON // every, MOST_VISITS) if within is None else within // every
    for visit in range(1, visits + 1):
        (row,) = family.happen(Event(at=BEGIN + visit * every))
        if row.answer is Answer.REFUSED:
            return _ended(every, row.clocks, row.at, renewed)
        if renewed is None and row.answer is Answer.NEW:
            renewed = visit * every
        if row.answer is not Answer.NEW and policy.rotate is not Rotate.NEVER:
            continue
        if before is not None and goes_on(policy, before, row):
            unmoved = unmoved_clocks(before, row)
            known = Fate(every=every, visits=visit, renewed_after=renewed)
            return _ended(every, unmoved, _visit_after(unmoved[0].at, every), renewed) if unmoved else known
        before = row
    return Fate(every=every, known_until=visits * every, visits=visits, renewed_after=renewed)


def unmoved_clocks(before: Row, row: Row) -> tuple[Ending, ...]:
    """The clocks that did not move from one row to another."""
    return tuple(clock for clock in row.clocks if clock in before.clocks)


def goes_on(policy: RefreshPolicy, before: Row, row: Row) -> bool:
    """Whether what comes is like what was between these rows, until a clock ends that has not moved.

    Each of the two has a token that is new, or is never replaced: its clocks are all that there is to know of it.
    """
    unmoved = unmoved_clocks(before, row)
    moved = [
        [(clock.at - each.at, clock.limit) for clock in each.clocks if clock not in unmoved] for each in (before, row)
    ]
    return moved[0] == moved[1] and not _rotation_stops(policy, unmoved)


def _rotation_stops(policy: RefreshPolicy, unmoved: tuple[Ending, ...]) -> bool:
    """Whether the last token is given out before one of these clocks ends."""
    if policy.rotate is Rotate.NEVER or policy.rotate_until is None:
        return False
    from_the_last = policy.rotate_until_anchor is Anchor.LAST_ROTATION
    return not from_the_last and (not unmoved or BEGIN + policy.rotate_until < unmoved[0].at)


def _visit_after(moment: datetime, every: timedelta) -> datetime:
    return BEGIN - (BEGIN - moment) // every * every


def _ended(every: timedelta, clocks: tuple[Ending, ...], heard_at: datetime, renewed: timedelta | None) -> Fate:
    over = [clock for clock in clocks if clock.at <= heard_at]
    # Of several, the one is told that the decision tells.
    told = next(limit for limit in Limit if any(clock.limit is limit for clock in over))
    ends = next(clock.at for clock in over if clock.limit is told)
    visits = (heard_at - BEGIN) // every - 1
    return Fate(every=every, ended_by=told.value, ends_after=ends - BEGIN, visits=visits, renewed_after=renewed)

"""What two tabs at once, a lost reply and a stolen copy do to a sign-in, told by the walk — RFC9700-4.14.2."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from oidc_lab.domain.happening import Answer, Event, Happening, Row
from oidc_lab.domain.refresh_parameters import RefreshPolicy, Rotate
from oidc_lab.domain.walk import Walk, walk
from oidc_lab.simulation.regular import BEGIN, MOST_VISITS, Fate, goes_on, unmoved_clocks

_SECOND, _DAY, _AT_ONCE = timedelta(seconds=1), timedelta(days=1), timedelta(0)
_REUSE = {"refresh_token_spent", "refresh_token_reused"}


@dataclass(frozen=True, kw_only=True)
class Mishap:
    """Whether it signs the user out; if so, not when the second request comes before `within`, where that is given."""

    signs_out: bool
    within: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Theft:
    """A copy that is stolen just after the sign-in, used at once, and then as often as keeps it alive.

    `shows_after` is when somebody is first refused because of it, None for never. `ends_both` is that it ended the
    family; if not, `user_out` says whether the user was refused and the thief went on, or the other way round.
    `thief_out_after` is when the thief's time is over, None when it never is.
    """

    shows_after: timedelta | None = None
    ends_both: bool = False
    user_out: bool = False
    thief_out_after: timedelta | None = None


def mishap(policy: RefreshPolicy, what: Happening, user: Fate, **started: Any) -> Mishap:
    """What two tabs or a lost reply do at the first request of this user that brings a new token.

    `started` is as for Walk.
    """

    def out(later: timedelta) -> bool:
        return _signed_out(policy, what, user, later, started)

    if out(_AT_ONCE):
        return Mishap(signs_out=True)
    return Mishap(signs_out=True, within=policy.leeway) if out(policy.leeway) else Mishap(signs_out=False)


def _signed_out(policy: RefreshPolicy, what: Happening, user: Fate, later: timedelta, started: dict[str, Any]) -> bool:
    due = BEGIN + (user.renewed_after or user.every)
    visits = [Event(at=BEGIN + visit * user.every) for visit in range(1, (due - BEGIN) // user.every)]
    retry = [Event(at=due + later)] if what is Happening.LOST_REPLY else []
    led = walk(policy, [*visits, Event(at=due, what=what, gap=later), *retry], BEGIN, **started)
    return any(row.ended_by in _REUSE for row in led)


def theft(policy: RefreshPolicy, user: Fate, **started: Any) -> Theft:
    """Lead the thief and the user, who goes on as before until refused; `started` is as for Walk."""
    family = Walk(policy, BEGIN, **started)
    family.happen(Event(at=BEGIN + _SECOND, what=Happening.THEFT))
    thief_at, user_at = BEGIN + 2 * _SECOND, BEGIN + user.every
    told, before, heard = Theft(), None, False
    for _ in range(MOST_VISITS):
        if family.signed_in and user_at < thief_at:
            (row,) = family.happen(Event(at=user_at))
            user_at, heard = user_at + user.every, True
            if row.ended_by in _REUSE:
                told = Theft(shows_after=row.at - BEGIN, user_out=True, ends_both=_ended(family))
            continue
        (row,) = family.happen(Event(at=thief_at, what=Happening.THIEF))
        # Between the user's visits: at the same moment, a leeway would cover for the thief.
        thief_at = _later(thief_at, user.every / 2, _cadence(policy))
        if row.answer is Answer.REFUSED:
            return _refused(told, row, ends_both=_ended(family))
        if row.answer is not Answer.NEW and policy.rotate is not Rotate.NEVER:
            continue
        # What the user does has to be seen once between two requests of the thief that are alike.
        if before is not None and (heard or not family.signed_in) and goes_on(policy, before, row):
            unmoved = unmoved_clocks(before, row)
            return replace(told, thief_out_after=unmoved[0].at - BEGIN if unmoved else None)
        before, heard = row, False
    return told


def _ended(family: Walk) -> bool:
    return family.family.revoked_at is not None


def _later(at: datetime, phase: timedelta, cadence: timedelta) -> datetime:
    first = min(phase, cadence)
    return BEGIN + first if at < BEGIN + first else at + cadence


def _cadence(policy: RefreshPolicy) -> timedelta:
    halves = [limit / 2 for limit in (policy.ttl, policy.idle) if limit is not None]
    return max(_SECOND, min([_DAY, *halves]))


def _refused(told: Theft, row: Row, *, ends_both: bool) -> Theft:
    ended = [clock.at for clock in row.clocks if clock.limit == row.reason]
    out = min(ended, default=row.at) - BEGIN
    if ended or told.shows_after is not None:
        return replace(told, thief_out_after=out)
    return Theft(shows_after=out, ends_both=ends_both, thief_out_after=out)

"""Finds for how long a thief can use a stolen refresh token, for many users at once — RFC9700-4.14.

One second after the first sign-in a thief copies what the application holds, asks with it a second later, and from then
on every 23 hours, or as often as keeps it alive, until it is refused. The user goes on as usual until that sign-in is
over. At the same second the user is first, and a thief that would come between the requests of two tabs comes right
after both.
"""

from typing import TypeAlias

import numpy as np

from oidc_lab.domain.happening import Happening
from oidc_lab.simulation.disturbed import Disturbed
from oidc_lab.simulation.moments import Moment
from oidc_lab.simulation.record import Mask, Users
from oidc_lab.simulation.slots import NONE
from oidc_lab.simulation.steps import CODES, Seconds
from oidc_lab.simulation.terms import Terms

# An hour less than a day: who always came moments after a daily user would hide in the leeway.
STOLEN_AT, _LONGEST = 1, 23 * 3600
_TABS = CODES[Happening.TWO_TABS]

Exposed: TypeAlias = tuple[Seconds, Mask]


def cadence(terms: Terms) -> int:
    """How many seconds apart a thief asks."""
    halves = [lifetime // 2 for lifetime in (terms.ttl, terms.idle) if lifetime is not None]
    return max(1, min([_LONGEST, *halves]))


class Theft:
    """Users who are stolen from; only those are kept whose thief was not refused."""

    def __init__(self, terms: Terms, users: int, horizon: int) -> None:
        self._world = Disturbed(terms, users, horizon, returns=False)
        self._cadence, self._horizon = cadence(terms), horizon
        self._who = np.arange(users)
        self._next = np.full(users, STOLEN_AT, dtype=np.int32)
        self._not_before = np.zeros(users, dtype=np.int32)
        self._exposure = np.full(users, max(0, horizon - STOLEN_AT), dtype=np.int32)
        self._observed = np.zeros(users, dtype=np.bool_)

    def happen(self, moment: Moment) -> None:
        """Let the thieves ask as often as they do before this, and then the users."""
        if not self._who.size:
            return
        self._steal(np.minimum(moment.at[self._who], np.int32(self._horizon)))
        if self._who.size:
            theirs = self._of_those(moment)
            self._wait(theirs)
            self._world.happen(theirs)

    def exposed(self) -> Exposed:
        """How long each thief could go on, and whether it was refused before the horizon."""
        if self._who.size:
            self._steal(np.full(len(self._who), self._horizon, dtype=np.int32))
        return self._exposure, self._observed

    def _steal(self, until: Seconds) -> None:
        """What thieves do before these moments."""
        while (now := np.flatnonzero(self._next < until)).size:
            at = self._next[now]
            self._next[now] += np.where(at == STOLEN_AT, 1, self._cadence).astype(np.int32)
            gone = self._copy(now[at == STOLEN_AT])
            asking = now[at != STOLEN_AT]
            gone = np.concatenate((gone, self._ask(asking, np.maximum(at[at != STOLEN_AT], self._not_before[asking]))))
            if gone.size:
                until = self._forget(gone, until)

    def _copy(self, who: Users) -> Users:
        """Copy what the applications hold; gives those that hold nothing."""
        self._world.steal(who)
        nothing: Users = who[self._world.slots.copied[who] == NONE]
        self._observed[self._who[nothing]] = True
        self._exposure[self._who[nothing]] = 0
        return nothing

    def _ask(self, who: Users, at: Seconds) -> Users:
        """Ask with the copies; gives those that are refused."""
        before = at < self._horizon
        who, at = who[before], at[before]
        refused = self._world.thief(who, at) != 0
        gone: Users = who[refused]
        self._observed[self._who[gone]] = True
        self._exposure[self._who[gone]] = at[refused] - STOLEN_AT
        return gone

    def _forget(self, who: Users, until: Seconds) -> Seconds:
        kept = np.delete(np.arange(len(self._who)), who)
        self._who, self._next, self._not_before = self._who[kept], self._next[kept], self._not_before[kept]
        self._world.only(kept)
        kept_until: Seconds = until[kept]
        return kept_until

    def _wait(self, moment: Moment) -> None:
        if moment.what is None or moment.gap is None:
            return
        two = (moment.what == _TABS) & (self._world.slots.held != NONE) & moment.there
        self._not_before[two] = moment.at[two] + moment.gap[two]

    def _of_those(self, moment: Moment) -> Moment:
        who = self._who
        at = moment.at[who]
        there = at < self._horizon
        what = None if moment.what is None else moment.what[who]
        gap = None if moment.gap is None else moment.gap[who]
        return Moment(at=at, what=what, gap=gap, there=there, latest=moment.latest)

"""Leads many users through token requests and nothing else, all of them at once — RFC6749-6.

The application then always holds the newest token, which nobody else has: no leeway and no reuse come into it.
"""

from enum import Enum

import numpy as np

from oidc_lab.domain.refresh_policy import Limit
from oidc_lab.simulation.moments import Moment
from oidc_lab.simulation.record import CAUSE, Lived, Mask, Record, Users, first_over
from oidc_lab.simulation.steps import Codes, Seconds
from oidc_lab.simulation.terms import Terms


class Since(Enum):
    """From when a lifetime counts: from the sign-in, from the token's own issue, or from the last use."""

    SIGN_IN = 0
    ISSUE = 1
    USE = 2


class Undisturbed:
    """Users under one policy; of a token only that is kept which the policy looks at.

    Its end is kept by itself only where an inherited one is extended by use; else it is so long after something.
    """

    def __init__(self, terms: Terms, users: int, horizon: int) -> None:
        self.terms, self.record = terms, Record(users, horizon)
        self._limits = limits_of(terms)
        self._since = {since: np.zeros(users, dtype=np.int32) for since in Since}
        self._age = {since: np.empty(users, dtype=np.int32) for since in Since}
        self._expires, self._turns = np.zeros((2, users), dtype=np.int32)
        self._keeps_end = terms.extends and not terms.renews
        self._shortest = {
            since: min(length for _, counted, length in self._limits if counted is since)
            for since in Since
            if any(counted is since for _, counted, _ in self._limits)
        }
        self._threshold = _threshold(terms)
        self._keeps_issue = Since.ISSUE in self._shortest or terms.age is not None or terms.until_own is not None
        self._yes = np.empty(users, dtype=np.bool_)
        self._begin(np.arange(users), np.zeros(users, dtype=np.int32))

    def happen(self, moment: Moment) -> None:
        """Let each user's application ask; one that is refused has its user sign in again."""
        at, there, record = moment.at, moment.there, self.record
        over = self._over(moment)
        late = None if over is None else np.flatnonzero(over & there)
        why = None if late is None else self._why(late, at[late])
        rotated = self._rotated(moment)
        if rotated is not False:
            rotated = rotated if there is True else rotated & there
            self._replace(at, rotated)
            record.rotations.add(rotated)
        if Since.USE in self._shortest:
            np.copyto(self._since[Since.USE], at)
        if self._keeps_end:
            np.copyto(self._expires, at + np.int32(self.terms.ttl or 0), where=np.logical_not(rotated))
        record.requests.add(there)
        if late is not None and why is not None:
            record.rotations.each[late] -= rotated if isinstance(rotated, bool) else rotated[late]
            record.requests.each[late] -= 1
            record.out(late, at[late], why)
            record.sign_ins[late] += 1
            self._begin(late, at[late])

    def lived(self) -> Lived:
        """What became of them."""
        return self.record.lived()

    def _over(self, moment: Moment) -> Mask | None:
        """Whose token has reached the end of one of its clocks; None where nobody's has."""
        over = None
        for since, shortest in self._shortest.items():
            if since is Since.SIGN_IN and moment.latest - self._first_sign_in < shortest:
                continue
            age = np.subtract(moment.at, self._since[since], out=self._age[since])
            if age.max() >= shortest:
                over = age >= shortest if over is None else over | (age >= shortest)
        if self._keeps_end:
            ended = moment.at >= self._expires
            over = ended if over is None else over | ended
        return over

    def _why(self, who: Users, at: Seconds) -> Codes:
        ends = [(CAUSE[limit], self._since[since][who] + np.int32(length)) for limit, since, length in self._limits]
        if self._keeps_end:
            ends.insert(0, (CAUSE[Limit.TTL], self._expires[who]))
        return first_over(at, ends)

    def _rotated(self, moment: Moment) -> Mask | bool:
        """Whose token is replaced, if it is honoured."""
        terms, at = self.terms, moment.at
        rotated: Mask | bool = terms.always
        if self._threshold is not None:
            since, length = self._threshold
            age = self._age[since]
            if since not in self._shortest or since is Since.SIGN_IN:
                np.subtract(at, self._since[since], out=age)
            rotated = np.greater_equal(age, length, out=self._yes)
        elif terms.percent is not None:
            rotated = np.greater_equal(at, self._turns, out=self._yes)
        elif terms.left is not None:
            rotated = np.greater_equal(at, self._expires - np.int32(terms.left), out=self._yes)
        if rotated is False:
            return False
        if terms.until is not None and moment.latest - self._first_sign_in >= terms.until:
            rotated = rotated & (at - self._since[Since.SIGN_IN] < terms.until)
        if terms.until_own is not None:
            rotated = rotated & (at - self._since[Since.ISSUE] < terms.until_own)
        return rotated

    def _replace(self, at: Seconds, rotated: Mask | bool) -> None:
        if self._keeps_issue:
            np.copyto(self._since[Since.ISSUE], at, where=rotated)
        if self.terms.percent is not None:
            # It inherits its predecessor's end, so its lifetime is what is left until then.
            who = np.flatnonzero(rotated)
            self._turn(who, at[who])

    def _begin(self, who: Users, at: Seconds) -> None:
        for since in self._since.values():
            since[who] = at
        self._first_sign_in = int(self._since[Since.SIGN_IN].min())
        if self.terms.ttl is not None:
            self._expires[who] = at + np.int32(self.terms.ttl)
        if self.terms.percent is not None:
            self._turn(who, at)

    def _turn(self, who: Users, at: Seconds) -> None:
        self._turns[who] = self.terms.turns(at, self._expires[who])


def limits_of(terms: Terms) -> list[tuple[Limit, Since, int]]:
    """Which clock runs for how many seconds and from when, in the order in which they are told."""
    found: list[tuple[Limit, Since, int]] = []
    own = _own_since(terms)
    if terms.ttl is not None and own is not None:
        found.append((Limit.TTL, own, terms.ttl))
    if terms.idle is not None:
        found.append((Limit.IDLE, Since.USE, terms.idle))
    if terms.last_rotation is not None:
        found.append((Limit.ABSOLUTE, Since.ISSUE, terms.last_rotation))
    return [*found, *((limit, Since.SIGN_IN, length) for limit, length in terms.family)]


def _own_since(terms: Terms) -> Since | None:
    """From when a token's own lifetime counts; None where that follows from no one moment."""
    if terms.extends:
        return Since.USE if terms.renews else None
    return Since.ISSUE if terms.renews and terms.replaces else Since.SIGN_IN


def _threshold(terms: Terms) -> tuple[Since, int] | None:
    """From how many seconds after what a token is replaced, where that is the same for all."""
    if terms.age is not None:
        return Since.ISSUE, terms.age
    own = _own_since(terms)
    if terms.left is None or terms.ttl is None or own is None:
        return None
    return own, terms.ttl - terms.left

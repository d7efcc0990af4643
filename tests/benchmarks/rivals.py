"""The 70 % rule once more: as a process of SimPy per user, and as one pass over the visits, compiled with numba.

Both take the policies whose tokens have a TTL that a new token has in full, are replaced after a share of it, and end
with the grant; and both find what `lived` finds: the same reasons in the same order, the same counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numba
import numpy as np
import simpy

from oidc_lab.domain.refresh_parameters import Anchor, RefreshPolicy, Renew, Rotate
from oidc_lab.domain.refresh_policy import Limit
from oidc_lab.simulation.lifetimes import ENDED
from oidc_lab.simulation.timetable import Timetable

TTL, GRANT = ENDED.index(Limit.TTL), ENDED.index(Limit.GRANT)
WHAT = ("duration", "ended_by", "sign_ins", "requests", "rotations")


@dataclass(frozen=True)
class Rule:
    """The policy in seconds; a token is replaced from the age `turns` on."""

    ttl: int
    turns: int
    grant: int

    @classmethod
    def of(cls, policy: RefreshPolicy, horizon: int) -> "Rule":
        """Take a policy that has no other rules which a user's single tab could meet before the horizon."""
        ttl, grant, until = (int(each.total_seconds()) for each in (policy.ttl, policy.absolute, policy.rotate_until))
        assert (policy.rotate, policy.renew, policy.absolute_anchor) == (
            Rotate.AFTER_FRACTION,
            Renew.FULL,
            Anchor.GRANT,
        )
        assert policy.idle is None
        assert not policy.extend_on_use
        assert until > horizon
        return cls(ttl=ttl, turns=-(-ttl * policy.rotate_at // 100), grant=grant)


def with_simpy(rule: Rule, users: list[Iterator[int]], horizon: int) -> dict[str, list[int]]:
    """Let each user be a process that waits for the next visit; gives what `lived` does, in lists."""
    env = simpy.Environment()
    lives = [_Life(env, rule, horizon) for _ in users]
    for life, visits in zip(lives, users, strict=True):
        env.process(life.live(visits))
    env.run(until=horizon)
    return {name: [getattr(life, name) for life in lives] for name in WHAT}


class _Life:
    """What became of one user."""

    def __init__(self, env: simpy.Environment, rule: Rule, horizon: int) -> None:
        self.env, self.rule = env, rule
        self.duration, self.ended_by = horizon, 0
        self.sign_ins, self.requests, self.rotations = 0, 0, 0

    def live(self, visits: Iterator[int]) -> Iterator[simpy.Event]:
        """The process: sign in, and ask for tokens on each visit."""
        env, rule = self.env, self.rule
        self.sign_in()
        for at in visits:
            yield env.timeout(at - env.now)
            now = env.now
            if now >= self.issued + rule.ttl:
                self.refused(TTL)
            elif now >= self.began + rule.grant:
                self.refused(GRANT)
            else:
                self.requests += 1
                if now - self.issued >= rule.turns:
                    self.issued = now
                    self.rotations += 1

    def refused(self, why: int) -> None:
        """Sign in again."""
        if self.ended_by == 0:
            self.duration, self.ended_by = self.env.now, why
        self.sign_in()

    def sign_in(self) -> None:
        """Begin a family."""
        self.began = self.issued = self.env.now
        self.sign_ins += 1


def drawn_in_python(timetable: Timetable, slots: list[int], random: Random) -> Iterator[int]:
    """The visits of one user, with the cheapest draw that Python has."""
    draw, spread = random.random, timetable.spread
    for begin in slots:
        yield begin + int(draw() * spread)


@numba.njit
def one_pass(visits, ttl, turns, grant, horizon):
    """Go through the visits of each user once; `visits` has a row for each user."""
    found = np.zeros((5, len(visits)), dtype=np.int32)
    for user in range(len(visits)):
        _live(visits[user], ttl, turns, grant, horizon, found, user)
    return found


@numba.njit
def one_pass_drawing(slots, spread, users, rng, ttl, turns, grant, horizon):
    """The same, with the visits of one user drawn at a time."""
    found = np.zeros((5, users), dtype=np.int32)
    visits = np.empty(len(slots), dtype=np.int32)
    for user in range(users):
        for place in range(len(slots)):
            visits[place] = slots[place] + np.int32(rng.random() * spread)
        _live(visits, ttl, turns, grant, horizon, found, user)
    return found


@numba.njit
def _live(visits, ttl, turns, grant, horizon, found, user):
    began = issued = 0
    duration, ended_by, sign_ins, requests, rotations = horizon, 0, 1, 0, 0
    for at in visits:
        if at >= horizon:
            break
        why = TTL if at >= issued + ttl else GRANT if at >= began + grant else 0
        if why:
            if ended_by == 0:
                duration, ended_by = at, why
            sign_ins += 1
            began = issued = at
        else:
            requests += 1
            if at - issued >= turns:
                issued = at
                rotations += 1
    found[0, user], found[1, user], found[2, user] = duration, ended_by, sign_ins
    found[3, user], found[4, user] = requests, rotations

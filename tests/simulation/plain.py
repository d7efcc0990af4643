"""Users led one by one along the walk, with what a population does: what the arrays are held to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from oidc_lab.domain.happening import Answer, By, Event, Happening
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.walk import Walk
from oidc_lab.simulation.steps import CODES, NEVER, Step, Steps
from tests.domain.families import BEGIN, SECOND

ASKS = {Happening.REQUEST, Happening.LOST_REPLY, Happening.TWO_TABS}
WHATS = {code: what for what, code in CODES.items()}
APPLICATION = {By.APPLICATION, By.SECOND_TAB}


@dataclass(frozen=True)
class Thing:
    """What happens to one user; seconds since the first sign-in."""

    at: int
    what: Happening = Happening.REQUEST
    gap: int = 0

    @property
    def event(self) -> Event:
        return Event(at=BEGIN + self.at * SECOND, what=self.what, gap=self.gap * SECOND)


@dataclass(frozen=True)
class Listed:
    """A usage in which exactly these things happen to each user, whoever draws."""

    users: Sequence[Sequence[Thing]]
    plain: bool = False

    def steps(self, users: int, horizon: int, rng: np.random.Generator) -> Iterator[Step]:
        assert users == len(self.users)
        for place in range(max(map(len, self.users), default=0)):
            things = [each[place] if place < len(each) else Thing(NEVER) for each in self.users]
            at = np.array([thing.at for thing in things], dtype=np.int32)
            if self.plain:
                yield Step(at=at)
            else:
                what = np.array([CODES[thing.what] for thing in things], dtype=np.int8)
                yield Step(at=at, what=what, gap=np.array([thing.gap for thing in things], dtype=np.int32))


@dataclass(frozen=True)
class Disguised:
    """A usage of nothing but token requests that does not say so."""

    usage: Steps
    plain: bool = False

    def steps(self, users: int, horizon: int, rng: np.random.Generator) -> Iterator[Step]:
        return self.usage.steps(users, horizon, rng)


def listed(usage: Steps, users: int, horizon: int, rng: np.random.Generator) -> list[list[Thing]]:
    """What a usage draws, user by user."""
    drawn: list[list[Thing]] = [[] for _ in range(users)]
    for step in usage.steps(users, horizon, rng):
        what = np.full(users, CODES[Happening.REQUEST]) if step.what is None else step.what
        gap = np.zeros(users, dtype=int) if step.gap is None else step.gap
        for user in np.flatnonzero(step.at < horizon):
            drawn[user].append(Thing(int(step.at[user]), WHATS[int(what[user])], int(gap[user])))
    return drawn


@dataclass
class Plain:
    """One user's story until the horizon."""

    policy: RefreshPolicy
    horizon: int
    started: dict[str, Any] = field(default_factory=dict)
    duration: int = -1
    ended_by: str = ""
    sign_ins: int = 0
    requests: int = 0
    rotations: int = 0

    def lead(self, things: Sequence[Thing]) -> tuple[int, bool, str, int, int, int]:
        self._sign_in(0)
        for thing in things:
            if thing.at < self.horizon:
                self._happens(thing)
        observed = self.ended_by != ""
        duration = self.duration if observed else self.horizon
        return duration, observed, self.ended_by, self.sign_ins, self.requests, self.rotations

    def _sign_in(self, at: int) -> None:
        self.walk = Walk(self.policy, BEGIN + at * SECOND, **self.started)
        self.sign_ins += 1
        if not self.policy.issued:
            self._out(at, "not_issued")

    def _out(self, at: int, why: str) -> None:
        if self.ended_by == "":
            self.duration, self.ended_by = at, why

    def _happens(self, thing: Thing) -> None:
        if not self.walk.signed_in and thing.what is not Happening.THIEF:
            if thing.what in ASKS:
                self._sign_in(thing.at)
            return
        for row in self.walk.happen(thing.event):
            at = (row.at - BEGIN) // SECOND
            if at >= self.horizon:
                return
            if row.by in APPLICATION and row.answer is not Answer.REFUSED:
                self.requests += 1
                self.rotations += row.answer is Answer.NEW
            if row.ended_by:
                self._out(at, row.ended_by)
                if row.what is not Happening.SIGN_OUT:
                    self._sign_in(at)
                return


def exposure(policy: RefreshPolicy, things: Sequence[Thing], horizon: int, **started: Any) -> tuple[int, bool]:
    """How long a thief can use what it copies one second after the sign-in, and whether it is refused in the end."""
    if not policy.issued:
        return 0, True
    halves = [length // SECOND // 2 for length in (policy.ttl, policy.idle) if length is not None]
    apart = max(1, min([23 * 3600, *halves]))
    thefts = [
        *(Thing(at, Happening.THEFT) for at in [1] if at < horizon),
        *(Thing(at, Happening.THIEF) for at in range(2, horizon, apart)),
    ]
    own = [thing for thing in things if thing.what not in {Happening.THEFT, Happening.THIEF}]
    merged = sorted([*own, *thefts], key=lambda thing: thing.at)  # stable: at the same second the user is first
    walk, here = Walk(policy, BEGIN, **started), True
    for thing in merged:
        if thing.what is Happening.THEFT and not here:
            return 0, True
        at = max(thing.at, (walk.now - BEGIN) // SECOND) if thing.what is Happening.THIEF else thing.at
        if at >= horizon or not (here or thing.what is Happening.THIEF):
            continue
        rows = walk.happen(Thing(max(at, (walk.now - BEGIN) // SECOND), thing.what, thing.gap).event)
        here = here and not any(row.ended_by for row in rows if (row.at - BEGIN) // SECOND < horizon)
        if any(row.what is Happening.THIEF and row.answer is Answer.REFUSED for row in rows):
            return at - 1, True
    return max(0, horizon - 1), False


def lived_plainly(policy: RefreshPolicy, users: Sequence[Sequence[Thing]], horizon: int, **started: Any) -> list[Any]:
    """The columns of each user."""
    return [Plain(policy, horizon, dict(started)).lead(things) for things in users]

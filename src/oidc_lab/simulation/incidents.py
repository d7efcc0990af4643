"""What goes wrong on visits: a reply that is lost on the way, two tabs that ask at once — RFC9700-4.14.2."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from oidc_lab.domain.happening import Happening
from oidc_lab.simulation.habits import DAY
from oidc_lab.simulation.steps import CODES, NEVER, REQUEST, Seconds, Step
from oidc_lab.simulation.timetable import Timetable, drawn, rows_for, sixteen_bits

_NEVER = -1  # no place in a timetable
_LOST, _TABS = CODES[Happening.LOST_REPLY], CODES[Happening.TWO_TABS]


@dataclass(frozen=True, kw_only=True)
class LostReplies:
    """A timetable on whose days, each with the chance `share`, one reply is lost and the application asks again.

    Days are counted from the sign-in, each visit of the day is as likely to be the one, and the application asks again
    after whole seconds that are drawn from an exponential law with this mean and rounded up. The second reply arrives.
    """

    timetable: Timetable
    share: float
    mean_delay: float

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1 or self.mean_delay <= 0:
            raise ValueError("the share of days is above 0 and not above 1, and the mean delay above 0")

    @property
    def plain(self) -> bool:
        """Replies are lost."""
        return False

    def steps(self, users: int, horizon: int, rng: np.random.Generator) -> Iterator[Step]:
        """Draw the visits of so many users; who asks again does so in a step of its own, before the next visit."""
        slots = np.append(self.timetable.slots(horizon), np.int32(horizon))
        losses = _Losses(slots[:-1], self.share, users, rng)
        place, before = np.zeros(users, dtype=np.intp), np.zeros(users, dtype=np.int32)
        again, again_at = np.zeros(0, dtype=np.intp), before[:0]
        while True:
            for moments in drawn(rng, rows_for(users), users, self.timetable.spread):
                at = slots[place] + moments
                at[again] = again_at
                np.maximum(at, before, out=at)
                at[at >= horizon] = NEVER
                lost = losses.of(place, at, again)
                place += 1
                place[again] -= 1
                np.minimum(place, len(slots) - 1, out=place)
                what = np.full(users, REQUEST, dtype=np.int8)
                what[lost] = _LOST
                yield Step(at=at, what=what)
                again, again_at = lost, at[lost] + self._delays(len(lost), horizon, rng)
                if not lost.size and place.min() == len(slots) - 1:
                    return
                before = at

    def _delays(self, count: int, horizon: int, rng: np.random.Generator) -> Seconds:
        delay = np.ceil(rng.standard_exponential(count) * self.mean_delay)
        return np.clip(delay, 1, NEVER - horizon).astype(np.int32)


class _Losses:
    """Which visit of each user is the next one whose reply is lost."""

    def __init__(self, slots: Seconds, share: float, users: int, rng: np.random.Generator) -> None:
        _, first, visits = np.unique(slots // DAY, return_index=True, return_counts=True)
        # The last entry stands for the days after the horizon.
        self._first, self._visits = np.append(first, _NEVER), np.append(visits, 1)
        self._share, self._rng = share, rng
        self._day = np.full(users, -1)
        self._next = np.empty(users, dtype=np.intp)
        self._draw(np.arange(users))

    def of(self, place: np.ndarray, at: Seconds, again: np.ndarray) -> np.ndarray:
        """The users whose reply is lost in this step; those who ask again are spared."""
        due = place == self._next
        due[again] = False
        lost = np.flatnonzero(due & (at != NEVER))
        if lost.size:
            self._draw(lost)
        return lost

    def _draw(self, who: np.ndarray) -> None:
        """Days without a loss are skipped by one draw: their number follows the geometric law."""
        day = self._day[who] + self._rng.geometric(self._share, size=len(who))
        self._day[who] = day = np.minimum(day, len(self._first) - 1)
        self._next[who] = self._first[day] + (self._rng.random(len(who)) * self._visits[day]).astype(np.intp)


@dataclass(frozen=True, kw_only=True)
class Tabs:
    """A timetable on whose visits, each with the chance `share`, two tabs ask with the same token.

    The second tab asks whole seconds after the first one, drawn from an exponential law with this mean and rounded
    down, `longest_gap` at most.
    """

    timetable: Timetable
    share: float
    mean_gap: float
    longest_gap: int

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1 or self.mean_gap <= 0 or self.longest_gap < 0:
            raise ValueError("the share of visits is above 0 and not above 1, the mean gap above 0")

    @property
    def plain(self) -> bool:
        """Two tabs ask at once."""
        return False

    def steps(self, users: int, horizon: int, rng: np.random.Generator) -> Iterator[Step]:
        """Draw the visits of so many users; both tabs ask before the horizon, and before the next visit."""
        free, tosses = np.zeros(users, dtype=np.int32), self._tosses(users, rng)
        for step in self.timetable.steps(users, horizon, rng):
            at = np.maximum(step.at, free)
            both = np.flatnonzero(next(tosses) & (at != NEVER))
            drawn_gap = np.minimum(rng.standard_exponential(len(both)) * self.mean_gap, self.longest_gap)
            gap = np.zeros(users, dtype=np.int32)
            gap[both] = np.minimum(drawn_gap.astype(np.int32), horizon - 1 - at[both])
            what = np.full(users, REQUEST, dtype=np.int8)
            what[both] = _TABS
            free = at + gap
            yield Step(at=at, what=what, gap=gap)

    def _tosses(self, users: int, rng: np.random.Generator) -> Iterator[np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        """On whose visits there are two tabs, step by step."""
        rows = rows_for(users)
        while True:
            yield from (sixteen_bits(rng, rows * users) < self.share * 2**16).reshape(rows, users)

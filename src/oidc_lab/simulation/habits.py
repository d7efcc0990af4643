"""Users who do not keep to a timetable: some go away for weeks, some come back after ever longer gaps."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from oidc_lab.simulation.steps import NEVER, Seconds, Step
from oidc_lab.simulation.timetable import Timetable, drawn, rows_for

DAY = 86400
_YEAR = 365 * DAY


@dataclass(frozen=True, kw_only=True)
class Absences:
    """A timetable that each user is away from a few times a year: once in each of as many parts of the year.

    An absence has whole days, from `shortest` to `longest`, and lies anywhere in its part with equal chance, but for
    the first day of it: so there is the sign-in, and no two absences run into one.
    """

    timetable: Timetable
    a_year: int
    shortest: int
    longest: int

    def __post_init__(self) -> None:
        if not 1 <= self.shortest <= self.longest or self.a_year < 1:
            raise ValueError("an absence has a day at least, and the longest is no shorter than the shortest")
        if self.a_year * (self.longest + 1) * DAY > _YEAR:
            raise ValueError(f"{self.a_year} absences of {self.longest} days are more than a year has room for")

    @property
    def plain(self) -> bool:
        """Nothing but token requests."""
        return True

    def steps(self, users: int, horizon: int, rng: np.random.Generator) -> Iterator[Step]:
        """Draw the visits of so many users; who is away comes next in the first slot after it."""
        slots = np.append(self.timetable.slots(horizon), np.int32(horizon))
        leaves, returns = self._away(slots, users, horizon, rng)
        place, absence = np.zeros(users, dtype=np.intp), np.zeros(users, dtype=np.intp)
        leave, back = leaves[0].copy(), returns[0].copy()
        moments = _endless(rng, users, self.timetable.spread)
        while True:
            while (gone := np.flatnonzero(leave <= place)).size:
                place[gone] = np.maximum(place[gone], back[gone])
                absence[gone] += 1
                leave[gone], back[gone] = leaves[absence[gone], gone], returns[absence[gone], gone]
            np.minimum(place, len(slots) - 1, out=place)
            if place.min() == len(slots) - 1:
                return
            at = slots[place] + next(moments)
            at[at >= horizon] = NEVER
            yield Step(at=at)
            place += 1

    def _away(
        self, slots: Seconds, users: int, horizon: int, rng: np.random.Generator
    ) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.intp]], np.ndarray[tuple[int, int], np.dtype[np.intp]]]:
        """The first slot that each absence of each user covers, and the first one after it; the last row is never."""
        parts = -(-horizon * self.a_year // _YEAR)
        days = rng.integers(self.shortest, self.longest, size=(parts, users), endpoint=True)
        part = _YEAR // self.a_year
        begin = rng.integers(1, part // DAY - days, endpoint=True)
        leave = -(-np.arange(parts)[:, np.newaxis] * part // DAY) + begin
        never = np.full((1, users), len(slots) + 1, dtype=np.intp)
        day = slots[:-1] // DAY
        return (
            np.concatenate((np.searchsorted(day, leave), never)),
            np.concatenate((np.searchsorted(day, leave + days), never)),
        )


@dataclass(frozen=True, kw_only=True)
class HeavyTail:
    """Gaps that follow Pareto's law: of those above `shortest` seconds, a share of (shortest / gap) ** tail is longer.

    The smaller the tail, the heavier: from 1 down, gaps have no mean.
    """

    shortest: int
    tail: float

    def __post_init__(self) -> None:
        if self.shortest < 1 or not 0.1 <= self.tail <= 10:
            raise ValueError("the shortest gap is a second at least, and the tail from 0.1 to 10")

    @property
    def plain(self) -> bool:
        """Nothing but token requests."""
        return True

    def steps(self, users: int, horizon: int, rng: np.random.Generator) -> Iterator[Step]:
        """Draw the visits of so many users, at any time of the day."""
        at = np.zeros(users, dtype=np.int32)
        while True:
            gap = self.shortest * np.exp(rng.standard_exponential(users) / self.tail)
            gone = at >= horizon - gap
            at = np.where(gone, NEVER, at + np.where(gone, 0, gap).astype(np.int32)).astype(np.int32)
            if gone.all():
                return
            yield Step(at=at)


def _endless(rng: np.random.Generator, users: int, spread: int) -> Iterator[Seconds]:
    while True:
        yield from drawn(rng, rows_for(users), users, spread)

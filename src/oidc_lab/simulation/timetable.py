"""Visits by timetable: rounds of so many seconds, with slots in which each user comes at a moment of their own."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from oidc_lab.simulation.steps import NEVER, Seconds, Step

# So many moments are drawn at once: enough that a call costs little, and few enough to stay in the cache.
_AT_ONCE = 2**15
_ROWS = 64


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """A round of `period` seconds, again and again; in each, a slot of `spread` seconds from each of `starts` on.

    A user comes once in every slot, at a moment that is drawn evenly to a 65,536th of the slot. The very first slot is
    the one that the sign-in falls in.
    """

    period: int
    starts: tuple[int, ...] = (0,)
    spread: int = 0

    def __post_init__(self) -> None:
        following = (*self.starts[1:], *(start + self.period for start in self.starts[:1]))
        if not self.starts or not -self.spread <= self.starts[0] <= 0 or following[0] < 0:
            raise ValueError(f"starts: {self.starts}: the first slot must be the one that second 0 falls in")
        if self.period < 1 or any(
            after - start < max(self.spread, 1) for start, after in zip(self.starts, following, strict=True)
        ):
            raise ValueError(f"starts: {self.starts}: a slot of {self.spread} seconds must end before the next begins")

    @property
    def plain(self) -> bool:
        """Nothing but token requests."""
        return True

    def slots(self, horizon: int) -> Seconds:
        """When the slots begin that do so before the horizon, without that of the sign-in."""
        rounds = np.arange(horizon // self.period + 2, dtype=np.int64) * self.period
        begins = (rounds[:, np.newaxis] + np.array(self.starts)).ravel()[1:]
        return np.asarray(begins[begins < horizon], dtype=np.int32)

    def steps(self, users: int, horizon: int, rng: np.random.Generator) -> Iterator[Step]:
        """Draw the visits of so many users, all of whom come in every slot."""
        slots = self.slots(horizon)
        rows = rows_for(users)
        for first in range(0, len(slots), rows):
            begins = slots[first : first + rows, np.newaxis]
            moments = drawn(rng, len(begins), users, self.spread)
            moments += begins
            if begins[-1, 0] + self.spread > horizon:
                moments[moments >= horizon] = NEVER
            for at in moments:
                yield Step(at=at)


def rows_for(users: int) -> int:
    """For how many steps of so many users moments are drawn at once."""
    return min(max(_AT_ONCE // users, 1), _ROWS)


def drawn(rng: np.random.Generator, rows: int, users: int, spread: int) -> Seconds:
    """Draw whole seconds from 0 on and below `spread`, of shape (rows, users)."""
    if spread == 0:
        return np.zeros((rows, users), dtype=np.int32)
    # The product must fit into 32 bits: of a long spread, the last few seconds are left out.
    shift = max(spread.bit_length() - 16, 0)
    scaled = sixteen_bits(rng, rows * users).astype(np.uint32)
    scaled *= np.uint32(spread >> shift)
    scaled >>= np.uint32(16 - shift)
    return scaled.view(np.int32).reshape(rows, users)


def sixteen_bits(rng: np.random.Generator, count: int) -> np.ndarray[tuple[int], np.dtype[np.uint16]]:
    """Draw numbers of 16 bits, four from each 64: less than half of what drawing them one by one takes."""
    return rng.integers(0, 2**64 - 1, size=-(-count // 4), dtype=np.uint64, endpoint=True).view(np.uint16)[:count]

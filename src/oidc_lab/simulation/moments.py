"""Draws users in blocks and puts the steps of several blocks side by side, in memory that is used again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from oidc_lab.domain.happening import Happening
from oidc_lab.simulation.given import check_generator
from oidc_lab.simulation.record import Mask
from oidc_lab.simulation.steps import BLOCK, CODES, NEVER, REQUEST, Codes, Seconds, Step, Steps

_SIGN_IN = CODES[Happening.SIGN_IN]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A step of many users; `there` are those to whom it happens before the horizon, True when that is all of them.

    `latest` is the last `at` of all. Its arrays are written over by the next one.
    """

    at: Seconds
    what: Codes | None
    gap: Seconds | None
    there: Mask | bool
    latest: int


@dataclass(frozen=True, kw_only=True)
class Block:
    """Some users and the generator that only they are drawn from."""

    users: int
    rng: np.random.Generator


def blocks(users: int, rng: np.random.Generator) -> list[Block]:
    """All users in blocks, each with its own child of the generator; the last block has what is left."""
    children = check_generator(rng).spawn(-(-users // BLOCK))
    return [Block(users=min(BLOCK, users - place * BLOCK), rng=child) for place, child in enumerate(children)]


def moments(usage: Steps, drawn: Sequence[Block], horizon: int) -> Iterator[Moment]:
    """The steps of these blocks, side by side; a block to which nothing happens any more waits for the others."""
    side_by_side = _Together(usage, drawn, horizon)
    while side_by_side.next():
        at = side_by_side.at
        latest = int(at.max())
        there = True if latest < horizon else at < horizon
        if side_by_side.what is not None and np.any(there & (side_by_side.what == _SIGN_IN)):
            raise ValueError("a sign-in is no step of a usage: it follows from what happened before")
        yield Moment(at=at, what=side_by_side.what, gap=side_by_side.gap, there=there, latest=latest)


class _Together:
    """The next step of each block, in arrays of all users."""

    def __init__(self, usage: Steps, drawn: Sequence[Block], horizon: int) -> None:
        users = sum(block.users for block in drawn)
        self._plain = usage.plain
        self._open: list[tuple[slice, Iterator[Step]]] = []
        begin = 0
        for block in drawn:
            self._open.append((slice(begin, begin + block.users), usage.steps(block.users, horizon, block.rng)))
            begin += block.users
        self.at = np.zeros(users, dtype=np.int32)
        self.what = None if self._plain else np.full(users, REQUEST, dtype=np.int8)
        self.gap = None if self._plain else np.zeros(users, dtype=np.int32)

    def next(self) -> bool:
        """Whether there was one more."""
        for place, steps in list(self._open):
            step = next(steps, None)
            if step is None:
                self._open.remove((place, steps))
                self.at[place] = NEVER
            else:
                self._put(place, step)
        return bool(self._open)

    def _put(self, place: slice, step: Step) -> None:
        self.at[place] = step.at
        if self.what is None or self.gap is None:
            if step.what is not None:
                raise ValueError("a usage that calls itself plain has a step that is not only token requests")
            return
        self.what[place] = REQUEST if step.what is None else step.what
        self.gap[place] = 0 if step.gap is None else step.gap

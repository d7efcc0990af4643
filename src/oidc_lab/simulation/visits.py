"""Visits that were really made, as a usage pattern: each user's own steps, in the order in which they happened."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

import numpy as np

from oidc_lab.domain.happening import Happening
from oidc_lab.simulation.steps import CODES, NEVER, REQUEST, Codes, Seconds, Step

Visit = tuple[str, datetime, Happening]

# With these, an application that has no token has its user sign in; the others are done to a token that is there.
_SIGNS_IN = {Happening.SIGN_IN, Happening.REQUEST, Happening.LOST_REPLY, Happening.TWO_TABS}
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, eq=False)
class Visits:
    """The steps of all users in a row; those of user n stand from `begins[n]` on, and before `begins[n + 1]`."""

    at: Seconds
    what: Codes
    begins: np.ndarray[tuple[int], np.dtype[np.intp]]

    @classmethod
    def of(cls, visits: Iterable[Visit]) -> "Visits":
        """Sort the visits of each user; the first one is the sign-in and is no step.

        What happens before it is left out, and so is what happens twice; a user who never asks for anything has no
        place. Users stand in the order in which they are first named.
        """
        of_users: dict[str, set[tuple[datetime, Happening]]] = {}
        for user, at, what in visits:
            meant = Happening.REQUEST if what is Happening.SIGN_IN else what
            of_users.setdefault(user, set()).add((at, meant))
        steps = [after for each in of_users.values() if (after := _after_sign_in(sorted(each, key=_order))) is not None]
        flat = [step for each in steps for step in each]
        return cls(
            at=np.array([min(at, NEVER) for at, _ in flat], dtype=np.int32),
            what=np.array([what for _, what in flat], dtype=np.int8),
            begins=np.array([0, *accumulate(map(len, steps))], dtype=np.intp),
        )

    @property
    def users(self) -> int:
        """How many users there are."""
        return len(self.begins) - 1

    @property
    def plain(self) -> bool:
        """Whether all of it is token requests."""
        return bool((self.what == REQUEST).all())

    def steps(self, users: int, horizon: int, rng: np.random.Generator) -> Iterator[Step]:
        """Go through the steps of the users: of all, when so many are asked for; else each one's is drawn from all."""
        who = np.arange(users) if users == self.users else rng.integers(0, self.users, size=users)
        place, end = self.begins[who], self.begins[who + 1]
        at, what = np.append(self.at, NEVER), np.append(self.what, REQUEST).astype(np.int8)
        while True:
            here = np.where(place < end, place, len(self.at))
            now = np.where(at[here] < horizon, at[here], NEVER).astype(np.int32)
            if (now == NEVER).all():
                return
            yield Step(at=now) if self.plain else Step(at=now, what=what[here], gap=np.zeros(users, dtype=np.int32))
            place = place + 1


def _order(step: tuple[datetime, Happening]) -> tuple[datetime, int]:
    return step[0], CODES[step[1]]


def _after_sign_in(steps: list[tuple[datetime, Happening]]) -> list[tuple[int, int]] | None:
    first = next((place for place, (_, what) in enumerate(steps) if what in _SIGNS_IN), None)
    if first is None:
        return None
    begin = steps[first][0]
    return [((at - begin) // _SECOND, CODES[what]) for at, what in steps[first + 1 :]]

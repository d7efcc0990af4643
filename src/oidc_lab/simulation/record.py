"""What became of many users: when and why their first sign-in ended, and how often they and the application asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from oidc_lab.domain.causes import CAUSES
from oidc_lab.simulation.steps import Codes, Seconds

Users: TypeAlias = npt.NDArray[np.intp]
Mask: TypeAlias = npt.NDArray[np.bool_]

# A cause is a place in ENDED; 0 is that nothing ended.
ENDED = tuple(CAUSES)
CAUSE = {name: place for place, name in enumerate(ENDED)}


@dataclass(frozen=True, kw_only=True)
class Lived:
    """What became of users until the horizon, in arrays of shape (users,); durations in seconds.

    `ended_by` is a place in ENDED. `exposure` is how long a thief could use a stolen token; None unless asked for.
    """

    duration: Seconds
    event_observed: Mask
    ended_by: Codes
    sign_ins: Seconds
    requests: Seconds
    rotations: Seconds
    exposure: Seconds | None = None
    exposure_observed: Mask | None = None


class Count:
    """How often something happened to each user; what happens to everybody costs nothing."""

    def __init__(self, users: int) -> None:
        self.each = np.zeros(users, dtype=np.int32)
        self._everybody = 0

    def add(self, where: Mask | bool) -> None:
        """Count those users once."""
        if where is True:
            self._everybody += 1
        elif where is not False:
            np.add(self.each, where, out=self.each)

    def total(self) -> Seconds:
        """The numbers, by user."""
        return self.each + np.int32(self._everybody)


class Record:
    """What is noted of each user on the way."""

    def __init__(self, users: int, horizon: int) -> None:
        self._duration = np.full(users, horizon, dtype=np.int32)
        self._ended_by = np.zeros(users, dtype=np.int8)
        self.sign_ins = np.ones(users, dtype=np.int32)
        self.requests, self.rotations = Count(users), Count(users)

    def out(self, who: Users, at: Seconds, why: Codes) -> None:
        """These users are not signed in any more; only of the first sign-in is it noted."""
        first = self._ended_by[who] == 0
        self._duration[who[first]] = at[first]
        self._ended_by[who[first]] = why[first]

    def lived(self) -> Lived:
        """What became of them."""
        return Lived(
            duration=self._duration, event_observed=self._ended_by != 0, ended_by=self._ended_by,
            sign_ins=self.sign_ins, requests=self.requests.total(), rotations=self.rotations.total(),
        )  # fmt: skip


def first_over(at: Seconds, ends: Sequence[tuple[int, Seconds]]) -> Codes:
    """Of each moment, the first of these causes whose end it has reached, whichever ended first; 0 where none has."""
    why = np.zeros(at.shape, dtype=np.int8)
    for cause, end in reversed(ends):
        why[at >= end] = cause
    return why

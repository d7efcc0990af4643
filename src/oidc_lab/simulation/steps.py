"""What happens next to each of many users, in arrays: what a usage gives, and what lifetimes are computed from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from oidc_lab.domain.happening import Happening

Seconds: TypeAlias = npt.NDArray[np.int32]
Codes: TypeAlias = npt.NDArray[np.int8]

# Of a user to whom nothing happens any more, or a clock that never runs out.
NEVER = np.iinfo(np.int32).max

CODES = {what: code for code, what in enumerate(Happening)}
REQUEST = CODES[Happening.REQUEST]

# Users are drawn in blocks, each from a generator of its own, so that chunks and processes do not change what is drawn.
BLOCK = 1024


@dataclass(frozen=True, kw_only=True)
class Step:
    """The next thing of each user; `at`, of shape (users,), counts whole seconds since the first sign-in.

    It is NEVER for a user to whom nothing happens any more before the horizon; for each user it never falls from step
    to step. `what` has a code of CODES for each user, and None means that all are token requests. `gap` is how many
    seconds later the second of two tabs asks; the user's next `at` is not before that.
    """

    at: Seconds
    what: Codes | None = None
    gap: Seconds | None = None


class Steps(Protocol):
    """What a usage pattern is to the simulation."""

    @property
    def plain(self) -> bool:
        """Whether nothing but token requests happens: then `what` and `gap` are None in every step."""

    def steps(self, users: int, horizon: int, rng: np.random.Generator) -> Iterator[Step]:
        """Draw what happens to so many users up to `horizon`, exclusive, in seconds since the sign-in."""

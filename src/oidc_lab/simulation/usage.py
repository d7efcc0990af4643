"""Usage patterns: when the users of an application come back, and what happens to them then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from oidc_lab.domain.span import span
from oidc_lab.simulation.steps import NEVER, Step, Steps
from oidc_lab.simulation.timetable import Timetable

# Times are 32-bit seconds; a visit of a pattern may fall so much later than its slot begins.
LONGEST_ROUND = 366 * 86400


@dataclass(frozen=True, kw_only=True)
class Usage:
    """A usage pattern with its name; `says` is a sentence, `because` has one on each of its parameters, by name."""

    usage_id: str
    title: str
    says: str
    pattern: Steps = field(repr=False)
    because: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def plain(self) -> bool:
        """Whether nothing but token requests happens."""
        return self.pattern.plain

    def steps(self, users: int, horizon: int, rng: np.random.Generator) -> Iterator[Step]:
        """Draw what happens to so many users before `horizon`, in seconds since the sign-in, a step at a time.

        The same generator, number of users and horizon give the same steps. Raises ValueError for a number of users or
        a horizon that there cannot be.
        """
        if users < 1:
            raise ValueError(f"users: {users}: there must be one at least")
        if not 1 <= horizon <= NEVER - LONGEST_ROUND:
            raise ValueError(f"horizon: {horizon} seconds: it must be from 1 to {NEVER - LONGEST_ROUND}")
        return self.pattern.steps(users, horizon, rng)


def every(interval: timedelta) -> Usage:
    """Visits of every user at exactly this interval: nothing is drawn. Raises ValueError unless it is whole seconds."""
    if not isinstance(interval, timedelta) or interval < timedelta(seconds=1) or interval % timedelta(seconds=1):
        raise ValueError(f"{interval}: visits are whole seconds apart, one at least, as in timedelta(days=1)")
    words = span(interval).removeprefix("1 ") if span(interval).count(" ") == 1 else span(interval)
    return Usage(
        usage_id=f"every-{words.replace(' ', '-')}",
        title=f"Every {words}",
        says=f"A visit every {words}, to the second.",
        pattern=Timetable(period=interval // timedelta(seconds=1)),
    )

"""The regular visitor who stands for a usage pattern: one family, led through the rules visit by visit — RFC6749-6."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from typing import TYPE_CHECKING

import numpy as np

from oidc_lab.domain.happening import Event
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.walk import walk
from oidc_lab.simulation.regular import BEGIN
from oidc_lab.simulation.rows import rows
from oidc_lab.simulation.steps import NEVER, Steps
from oidc_lab.simulation.words import USERS

if TYPE_CHECKING:
    import pandas as pd

# What is led, and played over HTTP, in a moment; and how many users are watched for how long to see how often they ask.
MOST_VISITS = 750
_WATCHED, _DAYS = 64, 90


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """A user who comes every so often; `name` is how words call it: `daily`."""

    name: str
    every: timedelta

    def visits(self, days: int, begin: datetime = BEGIN) -> Sequence[Event]:
        """The visits of so many days after the sign-in, or the first of them where they are too many."""
        many = min((timedelta(days=days) - timedelta(seconds=1)) // self.every, MOST_VISITS)
        return [Event(at=begin + number * self.every) for number in range(1, many + 1)]

    def life(self, policy: RefreshPolicy, days: int, *, offline: bool) -> "pd.DataFrame":
        """A rows frame of what becomes of the visitor under a policy."""
        return rows(walk(policy, self.visits(days), BEGIN, offline=offline))


def visitor_of(usage: Steps, rng: np.random.Generator) -> Visitor:
    """The regular visitor who comes about as often as users of this pattern do."""
    gap = _DAYS * 86400 * _WATCHED / max(_asked(usage, rng), 1)
    name = min(USERS, key=lambda each: abs(log(USERS[each].total_seconds() / gap)))
    return Visitor(name=name, every=USERS[name])


def _asked(usage: Steps, rng: np.random.Generator) -> int:
    drawn = usage.steps(_WATCHED, _DAYS * 86400, rng)
    return sum(int(((step.at != NEVER) & (step.at < _DAYS * 86400)).sum()) for step in drawn)

"""How long users stay signed in when one thing of a policy is another: its lifetime, or its leeway — RFC9700-4.14.2."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.simulation.grid import grid
from oidc_lab.simulation.races import races
from oidc_lab.simulation.steps import Steps
from oidc_lab.simulation.visitor import Visitor

if TYPE_CHECKING:
    import pandas as pd

# In days; and how many users race at most: a few hundred milliseconds each.
_LIFETIMES = (1, 2, 3, 5, 7, 10, 14, 21, 30, 60, 90, 180)
_BETWEEN = (1, 2, 3, 7, 14, 30)
MOST_RACING = 1000
_DAY = timedelta(days=1)


def swept(policy: RefreshPolicy) -> str:
    """The lifetime that a grid varies: the one by which tokens end unless they are used."""
    return next((name for name in ("ttl", "idle", "absolute") if getattr(policy, name) is not None), "ttl")


def by_lifetime(policy: RefreshPolicy, days: int, *, offline: bool) -> "pd.DataFrame":
    """A grid frame of regular visitors, over that lifetime and the days between their visits."""
    varied: dict[str, Any] = {f"{swept(policy)}_in_days": _LIFETIMES, "days_between_visits": _BETWEEN}
    return grid(policy, horizon=days * _DAY, offline=offline, **varied)


def place(policy: RefreshPolicy, visitor: Visitor) -> dict[str, float] | None:
    """Where a policy and a visitor are in such a grid; None where there is no such lifetime."""
    name = swept(policy)
    limit = getattr(policy, name)
    return None if limit is None else {f"{name}_in_days": limit / _DAY, "days_between_visits": visitor.every / _DAY}


def by_leeway(
    policy: RefreshPolicy, usages: Mapping[str, Steps], *, users: int, rng: np.random.Generator, offline: bool
) -> "pd.DataFrame":
    """A races frame of users with several tabs, and of users who lose replies."""
    cases = {"two tabs": usages["tabs"], "lost reply": usages["mobile"]}
    return races(policy, cases, users=min(users, MOST_RACING), rng=rng, offline=offline)

"""Says what is wrong with what a simulation is given, before it begins, with an example of what was meant."""

from typing import Any

import numpy as np

from oidc_lab.simulation.steps import Steps


def check_usage(usage: Any) -> Steps:
    """A usage pattern. Raises TypeError for what is none."""
    if not callable(getattr(usage, "steps", None)) or not hasattr(usage, "plain"):
        raise TypeError(f"{usage!r} is no usage pattern: usages()['daily'] is one, or every(timedelta(days=1))")
    pattern: Steps = usage
    return pattern


def check_users(users: Any) -> int:
    """How many users. Raises TypeError for what is no whole number, ValueError for less than one."""
    if isinstance(users, bool) or not isinstance(users, (int, np.integer)):
        raise TypeError(f"users: {users!r} is no whole number: users=1000 is one")
    if users < 1:
        raise ValueError(f"users: {users}: there must be one at least")
    return int(users)


def check_generator(rng: Any) -> np.random.Generator:
    """A generator. Raises TypeError for what is none, such as a seed."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"{rng!r} is no generator: rng=numpy.random.default_rng(7) is one, with 7 as its seed")
    return rng

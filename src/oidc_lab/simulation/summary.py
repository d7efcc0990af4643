"""Says in a row what became of the users of a policy: how long they stayed signed in, what ended it, at what price.

Durations are counted in bins, rounded up: to the second in the first hour, to the minute in the first day, to the hour
in the first 30 days, to the day beyond. Whole days are ends of bins, so what is said of a whole day is exact. A median
is the end of the bin it falls in: exact within the first hour, and where users come at whole days.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from oidc_lab.simulation.record import ENDED
from oidc_lab.simulation.tally import DAY, HOUR, MINUTE, Tally, Whole, whole_seconds
from oidc_lab.simulation.wilson import wilson

if TYPE_CHECKING:
    import pandas as pd

# One tally or lifetimes frame, or several by the name of their policy, or of their policy and usage.
Tallied: TypeAlias = "Tally | pd.DataFrame | Mapping[str, Any] | Mapping[tuple[str, str], Any]"

_STEPS = ((30 * DAY, DAY), (12 * HOUR, HOUR), (10 * MINUTE, MINUTE), (0, 1))

_SUMMARY = (
    "policy", "usage", "users", "median_days", "never", "signed_in_at_end", "ended_by", "sign_ins_per_year",
    "rotations_per_day", "requests_per_day", "exposure_days", "horizon_days",
)  # fmt: skip


def summary(tallied: Tallied, *, horizon: timedelta | None = None) -> "pd.DataFrame":
    """A row per policy and usage, of a lifetimes frame, a tally, or a mapping of them.

    `policy`, `usage`: their names, empty where none were given. `users`: how many. `median_days`: the moment by which
    half of the users, or more, had been asked to sign in again; `never` is true where more than half were still signed
    in at the horizon, which stands there then. `signed_in_at_end`: their share. `ended_by`: what ended most of the
    others. `sign_ins_per_year`: of a user, in 365 days, the first one counted. `rotations_per_day`, `requests_per_day`:
    of a user. `exposure_days`: the median time for which a stolen token is good, NaN where no thefts were simulated.
    `horizon_days`: how long the users were watched; `horizon` says so of a frame that does not.
    """
    import pandas as pd

    return pd.DataFrame([_row(*entry) for entry in _each(tallied, horizon)], columns=list(_SUMMARY))


def survival(tallied: Tallied, *, horizon: timedelta | None = None) -> "pd.DataFrame":
    """A row per policy, usage and `day`: the share still `signed_in` after it, and its 95 % interval, `low` to `high`.

    `day` counts from the first sign-in: the hours of the first day, then days; with a horizon of up to 30 days hours,
    of up to 12 hours minutes, of up to 10 minutes seconds. The horizon is the last one. The shares are exact.
    """
    return _frames(tallied, horizon, _survival, ("policy", "usage", "day", "signed_in", "low", "high"))


def endings(tallied: Tallied, *, horizon: timedelta | None = None) -> "pd.DataFrame":
    """A row per policy, usage, cause and `day`: which `share` of all users had been ended by it by then.

    `ended_by` is a cause that ended a first sign-in before the horizon, `day` as in `survival`; with those still
    signed in, the shares of a day add up to 1.
    """
    return _frames(tallied, horizon, _endings, ("policy", "usage", "day", "ended_by", "share"))


def moments(horizon: int) -> Whole:
    """The seconds at which survival is told; all are ends of bins, and the last one is the horizon."""
    step = next(step for least, step in _STEPS if horizon > least)
    begun = DAY if step == DAY else 0
    return np.concatenate([np.arange(0, begun, HOUR), np.arange(begun, horizon, step), [horizon]]).astype(np.int64)


def _each(tallied: Tallied, horizon: timedelta | None) -> Iterator[tuple[str, str, Tally]]:
    entries = tallied if isinstance(tallied, Mapping) else {"": tallied}
    for name, one in entries.items():
        policy, usage = name if isinstance(name, tuple) else (name, "")
        tally = (
            one
            if isinstance(one, Tally)
            else Tally.of_lifetimes(one, None if horizon is None else whole_seconds(horizon))
        )
        if not tally.users:
            raise ValueError(f"there are no users to tell of, under policy {policy!r} with usage {usage!r}")
        yield policy, usage, tally


def _frames(
    tallied: Tallied, horizon: timedelta | None, told: Callable[[Tally], dict[str, Any]], columns: tuple[str, ...]
) -> "pd.DataFrame":
    import pandas as pd

    parts = [
        pd.DataFrame({"policy": policy, "usage": usage, **told(tally)}, columns=list(columns))
        for policy, usage, tally in _each(tallied, horizon)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(columns))


def _row(policy: str, usage: str, tally: Tally) -> tuple[Any, ...]:
    seconds, causes, times = tally.ended()
    median = _half(seconds, times, tally.users)
    user_days = tally.users * tally.horizon / DAY
    return (
        policy, usage, tally.users,
        (tally.horizon if median is None else median) / DAY, median is None,
        1 - int(times.sum()) / tally.users, _most(causes, times),
        365 * tally.sign_ins / user_days, tally.rotations / user_days, tally.requests / user_days,
        _exposed(tally), tally.horizon / DAY,
    )  # fmt: skip


def _half(seconds: Whole, times: Whole, users: int) -> int | None:
    """The first moment by which half of the users were counted; None when fewer ever were."""
    reached = np.flatnonzero(2 * np.cumsum(times) >= users)
    return int(seconds[reached[0]]) if len(reached) else None


def _most(causes: Whole, times: Whole) -> str:
    if not len(causes):
        return ""
    counted = np.zeros(len(ENDED), dtype=np.int64)
    np.add.at(counted, causes, times)
    most: str = ENDED[int(counted.argmax())]
    return most


def _exposed(tally: Tally) -> float:
    if not len(tally.exposures):
        return float("nan")
    seconds, stopped = np.divmod(tally.exposures.values, 2)
    median = _half(seconds[stopped == 1], tally.exposures.times[stopped == 1], tally.users)
    return (tally.horizon if median is None else median) / DAY


def _survival(tally: Tally) -> dict[str, Any]:
    seconds, _, times = tally.ended()
    days = moments(tally.horizon)
    left = tally.users - _by(days, seconds, times)
    low, high = wilson(left, tally.users)
    return {"day": days / DAY, "signed_in": left / tally.users, "low": low, "high": high}


def _endings(tally: Tally) -> dict[str, Any]:
    seconds, causes, times = tally.ended()
    days, found = moments(tally.horizon), np.unique(causes)
    shares = [_by(days, seconds[causes == cause], times[causes == cause]) / tally.users for cause in found]
    return {
        "day": np.tile(days / DAY, len(found)),
        "ended_by": [ENDED[cause] for cause in found for _ in days],
        "share": np.concatenate([*shares, np.empty(0)]),
    }


def _by(days: Whole, seconds: Whole, times: Whole) -> Whole:
    """How many were counted by each of these moments."""
    reached = np.concatenate([[0], np.cumsum(times)]).astype(np.int64)
    found: Whole = reached[np.searchsorted(seconds, days, side="right")]
    return found

"""Counts what became of many users, in bounded memory: the tallies of their parts add up to the tally of all."""

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from oidc_lab.simulation.record import ENDED, Lived

if TYPE_CHECKING:
    import pandas as pd

Whole: TypeAlias = npt.NDArray[np.int64]

MINUTE, HOUR, DAY = 60, 3600, 86400
_EXACT, _BY_MINUTE, _BY_HOUR = HOUR, DAY, 30 * DAY


def whole_seconds(duration: timedelta) -> int:
    """A duration as the simulation counts it. Raises ValueError for fractions of a second, and for another thing."""
    if not isinstance(duration, timedelta):
        raise ValueError(f"{duration!r} is no duration: timedelta(days=365) is one")
    seconds, rest = divmod(duration, timedelta(seconds=1))
    if rest:
        raise ValueError(f"{duration}: the simulation counts whole seconds")
    return seconds


def binned(seconds: npt.ArrayLike, horizon: int) -> Whole:
    """Durations rounded up: to the minute after the first hour, to the hour after a day, to the day after 30 days.

    The same for all horizons and policies, so that all tallies can be added. Who was signed in at the end of a bin is
    therefore counted exactly; nothing is rounded beyond the horizon.
    """
    durations = np.asarray(seconds, dtype=np.int64)
    step = np.select([durations <= _EXACT, durations <= _BY_MINUTE, durations <= _BY_HOUR], [1, MINUTE, HOUR], DAY)
    rounded: Whole = np.minimum(-(-durations // step) * step, horizon)
    return rounded


@dataclass(frozen=True, eq=False)
class Counts:
    """How many `times` each of some whole numbers occurred, the least `value` first."""

    values: Whole
    times: Whole

    @classmethod
    def of(cls, numbers: npt.ArrayLike) -> "Counts":
        """Count them."""
        return cls(*np.unique(np.asarray(numbers, dtype=np.int64), return_counts=True))

    def __add__(self, other: "Counts") -> "Counts":
        values, place = np.unique(np.concatenate([self.values, other.values]), return_inverse=True)
        times = np.zeros(len(values), dtype=np.int64)
        np.add.at(times, place, np.concatenate([self.times, other.times]))
        return Counts(values, times)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Counts):
            return NotImplemented
        return np.array_equal(self.values, other.values) and np.array_equal(self.times, other.times)

    def __hash__(self) -> int:
        return hash((self.values.tobytes(), self.times.tobytes()))

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What became of so many users until the horizon, in seconds, and how often they and their applications asked.

    `ends` counts pairs of a duration and a cause, `exposures` pairs of a duration and whether it ended before the
    horizon; both have no more entries than there are bins, however many the users. Tallies of the same horizon add up,
    in any order.
    """

    users: int
    horizon: int
    sign_ins: int
    requests: int
    rotations: int
    ends: Counts
    exposures: Counts

    @classmethod
    def of(cls, lived: Lived, horizon: int) -> "Tally":
        """Count users who lived until a horizon, in seconds."""
        return cls(
            users=len(lived.duration),
            horizon=horizon,
            sign_ins=int(lived.sign_ins.sum(dtype=np.int64)),
            requests=int(lived.requests.sum(dtype=np.int64)),
            rotations=int(lived.rotations.sum(dtype=np.int64)),
            ends=Counts.of(binned(lived.duration, horizon) * len(ENDED) + lived.ended_by),
            exposures=_exposures(lived, horizon),
        )

    @classmethod
    def of_lifetimes(cls, frame: "pd.DataFrame", horizon: int | None = None) -> "Tally":
        """Count the rows of a lifetimes frame; its horizon, in seconds, is told where the frame does not tell it.

        Raises ValueError where nobody tells it, or the users still signed in tell another one.
        """
        return cls.of(_lived(frame), _horizon(frame, horizon))

    @classmethod
    def none(cls, horizon: int) -> "Tally":
        """Of nobody; added to a tally, it changes nothing."""
        nothing = Counts.of([])
        return cls(users=0, horizon=horizon, sign_ins=0, requests=0, rotations=0, ends=nothing, exposures=nothing)

    def ended(self) -> tuple[Whole, Whole, Whole]:
        """After how many seconds, the least first, which causes, by their place in ENDED, ended how many sign-ins."""
        seconds, causes = np.divmod(self.ends.values, len(ENDED))
        ended = causes != 0
        return seconds[ended], causes[ended], self.ends.times[ended]

    def __add__(self, other: "Tally") -> "Tally":
        if self.horizon != other.horizon:
            raise ValueError(f"these tallies end after {self.horizon} and after {other.horizon} seconds")
        if self.users and other.users and bool(len(self.exposures)) != bool(len(other.exposures)):
            raise ValueError("in one of these tallies thefts were simulated, in the other one not")
        added = [field.name for field in fields(self) if field.name != "horizon"]
        return Tally(horizon=self.horizon, **{name: getattr(self, name) + getattr(other, name) for name in added})


def _exposures(lived: Lived, horizon: int) -> Counts:
    if lived.exposure is None or lived.exposure_observed is None:
        return Counts.of([])
    return Counts.of(binned(lived.exposure, horizon) * 2 + lived.exposure_observed)


def _lived(frame: "pd.DataFrame") -> Lived:
    asked = not frame["exposure"].isna().all()
    return Lived(
        duration=_seconds(frame["duration"]),
        event_observed=frame["event_observed"].to_numpy(bool),
        ended_by=np.array([ENDED.index(cause) for cause in frame["ended_by"]], dtype=np.int8),
        sign_ins=frame["sign_ins"].to_numpy(np.int32),
        requests=frame["requests"].to_numpy(np.int32),
        rotations=frame["rotations"].to_numpy(np.int32),
        exposure=_seconds(frame["exposure"]) if asked else None,
        exposure_observed=frame["exposure_observed"].to_numpy(bool) if asked else None,
    )


def _seconds(days: Any) -> npt.NDArray[np.int32]:
    seconds: npt.NDArray[np.int32] = np.rint(days.to_numpy(np.float64) * DAY).astype(np.int32)
    return seconds


def _horizon(frame: "pd.DataFrame", horizon: int | None) -> int:
    told: set[int] = set(_seconds(frame.loc[~frame["event_observed"], "duration"]).tolist())
    if horizon is not None:
        told.add(horizon)
    elif "horizon_days" in frame.attrs:
        told.add(round(frame.attrs["horizon_days"] * DAY))
    if len(told) != 1:
        days = " and ".join(f"{seconds / DAY:g} days" for seconds in sorted(told))
        raise ValueError(f"these lifetimes have no one horizon ({days or 'all were signed out'}): say horizon=")
    return told.pop()

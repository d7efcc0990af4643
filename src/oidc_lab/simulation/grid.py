"""How long users stay signed in over two settings at once, each value of one with each of the other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from oidc_lab.domain.application import Application
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import RefreshPolicy, checked
from oidc_lab.domain.refresh_settings import policy_of
from oidc_lab.domain.session import SESSION_LIFETIME
from oidc_lab.domain.settings import SETTINGS, availability
from oidc_lab.simulation.given import check_generator, check_usage
from oidc_lab.simulation.lifetimes import ENDED, lived
from oidc_lab.simulation.regular import fate
from oidc_lab.simulation.steps import Steps
from oidc_lab.simulation.tally import whole_seconds

if TYPE_CHECKING:
    import pandas as pd

_UNITS = {unit: timedelta(**{unit: 1}) for unit in ("days", "hours", "minutes", "seconds")}
_BETWEEN = {f"{unit}_between_visits": one for unit, one in _UNITS.items()}
_PARAMETERS = {each.name for each in fields(RefreshPolicy)}
_SETTINGS = SETTINGS.keys() & {each.name for each in fields(Application)}


@dataclass(frozen=True)
class Drawn:
    """So many users who come as a usage has it."""

    usage: Steps
    users: int
    rng: np.random.Generator


def grid(
    of: Application | RefreshPolicy,
    *,
    profile: Profile = Profile.DOCUMENTED,
    usage: Steps | None = None,
    users: int = 1000,
    rng: np.random.Generator | None = None,
    horizon: timedelta = timedelta(days=365),
    offline: bool = True,
    session_lifetime: timedelta = SESSION_LIFETIME,
    **settings: Any,
) -> "pd.DataFrame":
    """Vary two of `settings`, the two that are lists, over an application under a profile, or over a policy.

    A setting is one of the application's (`refresh_token_ttl_in_days`), a parameter of RefreshPolicy, of a duration its
    name with a unit (`idle_in_days`, `leeway_in_seconds`; None takes it away), or how often users come:
    `days_between_visits`, or in hours, minutes or seconds. They come daily unless that is said. Regular visitors are
    all alike, so one of them is led through the rules; of a `usage`, so many `users` are drawn from `rng`.

    The columns: the two settings; `median_days`, until half of the users had to sign in again, the horizon if they had
    not; `never`, whether more than half had not by then; `ended_by`, what ended most of those that ended, or "".
    Raises ValueError for a name that is none of these, or that the application's type does not have in the profile, and
    unless exactly two are lists.
    """
    import pandas as pd

    _check(of, profile, settings)
    seconds = whole_seconds(horizon)
    if seconds < 1:
        raise ValueError(f"horizon: {horizon}: there must be time for something to happen")
    names = _varied(settings)
    pairs = [dict(zip(names, pair, strict=True)) for pair in product(*(settings[name] for name in names))]
    cells = [settings | pair for pair in pairs]
    policies = [_policy(of, profile, cell) for cell in cells]
    started = {"offline": offline, "session_lifetime": session_lifetime}
    if usage is None:
        gaps = [_between(cell) for cell in cells]
        found = [_regular(*each, horizon, started) for each in zip(policies, gaps, strict=True)]
    else:
        found = _drawn(policies, _drawing(usage, users, rng, settings), seconds, started)
    told = [pair | dict(zip(_COLUMNS, each, strict=True)) for pair, each in zip(pairs, found, strict=True)]
    return pd.DataFrame(told, columns=[*names, *_COLUMNS])


_NAMES = (
    "name one of the application's, a parameter of RefreshPolicy, with its unit if it is a duration (idle_in_days), or "
    "days_between_visits"
)
_COLUMNS = ("median_days", "never", "ended_by")
_Cell = tuple[float, bool, str]


def _check(of: Application | RefreshPolicy, profile: Profile, settings: Mapping[str, Any]) -> None:
    if not isinstance(of, Application):
        checked(of)
    if profile not in set(Profile):
        raise ValueError(f"profile: {profile!r}: it is one of {', '.join(f'Profile.{each.name}' for each in Profile)}")
    for name in settings:
        if isinstance(of, Application) and name in _SETTINGS:
            effect = availability(name, of.type, profile)
            if not effect.available:
                raise ValueError(f"{name} changes nothing here, in profile {profile.value}: {effect.sentence}")
        elif name not in _BETWEEN and _parameter(name) is None:
            raise ValueError(f"{name!r} is no setting here: {_NAMES}")


def _varied(settings: Mapping[str, Any]) -> list[str]:
    varied = [name for name, value in settings.items() if isinstance(value, Iterable) and not isinstance(value, str)]
    if len(varied) != 2:
        raise ValueError(f"two settings vary, so give lists for exactly two, not for {', '.join(varied) or 'none'}")
    if empty := [name for name in varied if not list(settings[name])]:
        raise ValueError(f"{empty[0]} has nothing in its list")
    return varied


def _parameter(name: str) -> tuple[str, timedelta | None] | None:
    """The parameter of a policy that is meant, with the unit in which it is given; None when none is."""
    if name in _PARAMETERS:
        return name, None
    parameter, _, unit = name.rpartition("_in_")
    return (parameter, _UNITS[unit]) if parameter in _PARAMETERS and unit in _UNITS else None


def _policy(of: Application | RefreshPolicy, profile: Profile, cell: Mapping[str, Any]) -> RefreshPolicy:
    if isinstance(of, Application):
        chosen = {name: value for name, value in cell.items() if name in _SETTINGS}
        of = policy_of(replace(of, **chosen), profile)
    return replace(of, **dict(_parameters(cell)))


def _parameters(cell: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in cell.items():
        if found := _parameter(name):
            parameter, unit = found
            yield parameter, value if unit is None or value is None else _number(name, value) * unit


def _number(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: {value!r} is no number") from None


def _between(cell: Mapping[str, Any]) -> timedelta:
    gaps = [_number(name, cell[name]) * unit for name, unit in _BETWEEN.items() if name in cell]
    if any(gap <= timedelta(0) for gap in gaps):
        raise ValueError("the time between visits must be above 0")
    return sum(gaps, timedelta(0)) or timedelta(days=1)


def _regular(policy: RefreshPolicy, gap: timedelta, horizon: timedelta, started: Mapping[str, Any]) -> _Cell:
    """Lead one user, who comes at equal intervals, through the rules until it is clear what ends it, and when."""
    found = fate(policy, gap, within=horizon, **started)
    if found.ends_after is None:
        return horizon / _UNITS["days"], True, ""
    # The user is asked to sign in again at the first visit after that.
    asked = -(-found.ends_after // gap) * gap
    return (asked / _UNITS["days"], False, found.ended_by) if asked < horizon else (horizon / _UNITS["days"], True, "")


def _drawing(usage: Steps, users: int, rng: np.random.Generator | None, settings: Mapping[str, Any]) -> Drawn:
    if rng is None:
        raise ValueError("users of a usage are drawn: give the generator, as in rng=numpy.random.default_rng(7)")
    if said := sorted(_BETWEEN.keys() & settings):
        raise ValueError(f"a usage says when users come: leave out {', '.join(said)}, or the usage")
    return Drawn(check_usage(usage), users, check_generator(rng))


def _drawn(policies: Sequence[RefreshPolicy], of: Drawn, seconds: int, started: Mapping[str, Any]) -> list[_Cell]:
    """All cells have the same users, so that they differ by their settings alone."""
    named = {str(number): policy for number, policy in enumerate(policies)}
    found = lived(named, of.usage, users=of.users, rng=of.rng, horizon=seconds, **started)
    return [_middle(found[name].duration, found[name].event_observed, found[name].ended_by, seconds) for name in named]


def _middle(duration: Any, ended: Any, ended_by: Any, horizon: int) -> _Cell:
    causes = np.bincount(ended_by[ended], minlength=len(ENDED))
    most = ENDED[int(causes.argmax())] if ended.any() else ""
    half = (len(duration) + 1) // 2
    if ended.sum() < half:
        return horizon / 86400, True, most
    return float(np.sort(duration[ended])[half - 1]) / 86400, False, most

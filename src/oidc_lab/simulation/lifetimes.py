"""Finds how long users stay signed in under a policy and a usage, many at once — RFC6749-6."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.session import SESSION_LIFETIME
from oidc_lab.simulation.disturbed import Disturbed
from oidc_lab.simulation.given import check_usage, check_users
from oidc_lab.simulation.moments import Block, Moment, blocks, moments
from oidc_lab.simulation.record import ENDED, Lived
from oidc_lab.simulation.steps import Steps
from oidc_lab.simulation.tally import whole_seconds
from oidc_lab.simulation.terms import Terms, terms_of
from oidc_lab.simulation.theft import Theft
from oidc_lab.simulation.undisturbed import Undisturbed
from oidc_lab.simulation.unissued import Unissued

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ENDED", "Lived", "lifetimes", "lived"]

# So many blocks go side by side: large enough for numpy, small enough for the processor's cache.
TOGETHER = 8
_DAY = 86400


def lifetimes(
    policy: RefreshPolicy,
    usage: Steps,
    *,
    users: int,
    rng: np.random.Generator,
    horizon: timedelta = timedelta(days=365),
    offline: bool = True,
    session_lifetime: timedelta = SESSION_LIFETIME,
    exposure: bool = False,
) -> "pd.DataFrame":
    """Let users live with a policy until the horizon; gives a row for each.

    Columns: `user`, counted from 0; `duration`, days from the first sign-in until the user was asked to sign in again,
    or else until the horizon; `event_observed`, whether that was before the horizon; `ended_by`, what ended the first
    sign-in, a key of domain/causes, or empty; `sign_ins` until the horizon, the first one included; `requests` of the
    application that were answered with tokens, whether or not it heard; `rotations`, how many new refresh tokens were
    in those answers; `exposure`, days for which a thief could use a token stolen a second after the first sign-in, NaN
    unless asked for; `exposure_observed`, whether the thief was refused before the horizon.

    `offline` and `session_lifetime` are as for a walk. Raises ValueError for what the arrays cannot count, and
    TypeError for what is no policy, usage, number of users or generator.
    """
    import pandas as pd

    one = lived(
        {"": policy}, usage, users=users, rng=rng, horizon=whole_seconds(horizon), offline=offline,
        session_lifetime=session_lifetime, exposure=exposure,
    )[""]  # fmt: skip
    asked = one.exposure is not None
    frame = pd.DataFrame({
        "user": np.arange(users),
        "duration": one.duration / _DAY,
        "event_observed": one.event_observed,
        "ended_by": [ENDED[cause] for cause in one.ended_by.tolist()],
        "sign_ins": one.sign_ins,
        "requests": one.requests,
        "rotations": one.rotations,
        "exposure": one.exposure / _DAY if one.exposure is not None else np.nan,
        "exposure_observed": one.exposure_observed if asked else False,
    })  # fmt: skip
    frame.attrs["horizon_days"] = horizon / timedelta(days=1)  # nobody may be left to tell it
    return frame


def lived(
    policies: Mapping[str, RefreshPolicy],
    usage: Steps,
    *,
    users: int,
    rng: np.random.Generator,
    horizon: int,
    offline: bool = True,
    session_lifetime: timedelta = SESSION_LIFETIME,
    exposure: bool = False,
) -> dict[str, Lived]:
    """Let the same users, drawn once, live with each of several policies until the horizon, in seconds.

    Each block of users is drawn from its own child of the generator, in their order, so that users drawn in parts are
    the same users. Raises ValueError for what the arrays cannot count.
    """
    check_usage(usage)
    check_users(users)
    if horizon < 1:
        raise ValueError(f"horizon: {horizon} seconds: it must be one at least")
    terms = {
        name: terms_of(policy, horizon=horizon, offline=offline, session_lifetime=session_lifetime)
        for name, policy in policies.items()
    }
    drawn = blocks(users, rng)
    parts = [
        _side_by_side(terms, usage, drawn[first : first + TOGETHER], horizon, exposure)
        for first in range(0, len(drawn), TOGETHER)
    ]
    return {name: _joined([part[name] for part in parts]) for name in policies}


def _side_by_side(
    terms: Mapping[str, Terms], usage: Steps, drawn: list[Block], horizon: int, exposure: bool
) -> dict[str, Lived]:
    users = sum(block.users for block in drawn)
    worlds = {name: _World(one, users, horizon, plain=usage.plain, exposure=exposure) for name, one in terms.items()}
    for moment in moments(usage, drawn, horizon):
        for world in worlds.values():
            world.happen(moment)
    return {name: world.lived() for name, world in worlds.items()}


class _World:
    """Some users under one policy, and the same users once more with thieves."""

    def __init__(self, terms: Terms, users: int, horizon: int, *, plain: bool, exposure: bool) -> None:
        issued = terms.policy.issued
        self._users = users
        self._led: Unissued | Undisturbed | Disturbed
        if not issued:
            self._led = Unissued(users)
        else:
            self._led = Undisturbed(terms, users, horizon) if plain else Disturbed(terms, users, horizon)
        self._asked, self._theft = exposure, Theft(terms, users, horizon) if exposure and issued else None

    def happen(self, moment: Moment) -> None:
        self._led.happen(moment)
        if self._theft is not None:
            self._theft.happen(moment)

    def lived(self) -> Lived:
        found = self._led.lived()
        if not self._asked:
            return found
        if self._theft is None:  # where no refresh token is given, none can be stolen
            none = np.zeros(self._users, dtype=np.int32)
            return replace(found, exposure=none, exposure_observed=np.ones(self._users, dtype=np.bool_))
        exposed, observed = self._theft.exposed()
        return replace(found, exposure=exposed, exposure_observed=observed)


def _joined(parts: list[Lived]) -> Lived:
    """Users led in several parts, in one."""
    arrays: dict[str, Any] = {}
    for name in vars(parts[0]):
        each = [getattr(part, name) for part in parts]
        arrays[name] = None if each[0] is None else np.concatenate(each)
    return Lived(**arrays)

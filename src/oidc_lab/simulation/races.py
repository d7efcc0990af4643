"""Finds how often two tabs, or a reply lost on the way, sign users out under each leeway — RFC9700-4.14.2."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from oidc_lab.domain.refresh_parameters import RefreshPolicy, checked
from oidc_lab.domain.session import SESSION_LIFETIME
from oidc_lab.simulation.given import check_generator, check_usage
from oidc_lab.simulation.lifetimes import ENDED, Lived, lived
from oidc_lab.simulation.steps import Steps
from oidc_lab.simulation.wilson import wilson

if TYPE_CHECKING:
    import pandas as pd

LEEWAYS = (0, 1, 2, 3, 5, 10, 20, 30, 60)
MONTH = 30 * 86400
# What ends a sign-in of a user who did nothing but come back: a replaced token was sent.
_UNWANTED = [ENDED.index(cause) for cause in ("refresh_token_spent", "refresh_token_reused")]


def races(
    policy: RefreshPolicy,
    cases: Mapping[str, Steps],
    *,
    users: int,
    rng: np.random.Generator,
    leeways: Sequence[int] = LEEWAYS,
    offline: bool = True,
    session_lifetime: timedelta = SESSION_LIFETIME,
) -> "pd.DataFrame":
    """Let users live for 30 days with a policy under each leeway, in seconds; `cases` are usages by name.

    The columns: `leeway_seconds`; `case`; `sign_outs_per_month`, the share of users whose sign-in was ended within 30
    days because a replaced token was sent; `low` and `high`, the 95 % interval of that share. A user whose sign-in is
    ended by something else before counts as not signed out. All leeways of a case have the same users, so that a longer
    one is not worse by chance.
    """
    import pandas as pd

    if not isinstance(cases, Mapping) or not cases or not leeways:
        raise ValueError("give usages by name, such as {'two tabs': usages()['tabs']}, and a leeway at least")
    checked(policy)
    if not all(isinstance(leeway, int) for leeway in leeways):
        raise TypeError(f"leeways: {list(leeways)!r}: they are whole seconds, such as 0, 3 and 60")
    policies = {str(leeway): replace(policy, leeway=timedelta(seconds=leeway)) for leeway in leeways}
    parts = []
    for (case, usage), own in zip(cases.items(), check_generator(rng).spawn(len(cases)), strict=True):
        found = lived(
            policies, check_usage(usage), users=users, rng=own, horizon=MONTH, offline=offline,
            session_lifetime=session_lifetime,
        )  # fmt: skip
        counted = [_unwanted(found[name]) for name in policies]
        low, high = wilson(counted, users)
        shares = {"sign_outs_per_month": np.array(counted) / users, "low": low, "high": high}
        parts.append(pd.DataFrame({"leeway_seconds": list(leeways), "case": case, **shares}))
    return pd.concat(parts, ignore_index=True)


def _unwanted(found: Lived) -> int:
    return int((found.event_observed & np.isin(found.ended_by, _UNWANTED)).sum())

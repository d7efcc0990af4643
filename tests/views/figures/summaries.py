"""Frames of many users to draw: what became of them is given, their shares are counted."""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from oidc_lab.simulation.wilson import wilson

Survived = tuple[pd.DataFrame, pd.DataFrame]
ENDED = ("refresh_token_expired", "refresh_token_idle", "grant_expired", "signed_out", "not_issued")


def survived(
    policy: str, ended: Sequence[tuple[float, str]], users: int, *, horizon: float = 365.0, usage: str = "daily"
) -> Survived:
    """The survival and the endings frame of so many users, each of whom was ended on a day, by a cause, or was not."""
    days = np.unique([0.0, *(day for day, _ in ended), horizon])
    gone = np.array([sum(day <= each for day, _ in ended) for each in days])
    low, high = wilson(users - gone, users)
    shares = {"day": days, "signed_in": 1 - gone / users, "low": low, "high": high}
    rows = [
        {"day": each, "ended_by": cause, "share": sum(day <= each and why == cause for day, why in ended) / users}
        for cause in dict.fromkeys(why for _, why in ended)
        for each in days
    ]
    names = {"policy": policy, "usage": usage}
    endings = pd.DataFrame(rows, columns=["day", "ended_by", "share"]).assign(**names)
    return pd.DataFrame({**names, **shares}), endings


def row(policy: str, days: float | None, ended_by: str = "", **more: Any) -> dict[str, Any]:
    """A row of a summary frame: half of the users had to sign in again after so many days, or never had."""
    never = days is None
    given = {
        "policy": policy, "usage": "daily", "users": 1000, "median_days": 365.0 if days is None else days,
        "never": never, "signed_in_at_end": 0.8 if never else 0.0, "ended_by": ended_by, "sign_ins_per_year": 1.0,
        "rotations_per_day": 1.0, "requests_per_day": 1.0, "exposure_days": float("nan"), "horizon_days": 365.0,
    }  # fmt: skip
    return given | more


def costs(points: Iterable[tuple[str, float, float]]) -> pd.DataFrame:
    """A summary frame of policies with an exposure in days and sign-ins per year."""
    rows = [row(name, 30.0, exposure_days=days, sign_ins_per_year=asked) for name, days, asked in points]
    return pd.DataFrame(rows, columns=list(row("", 1.0)))


def cells(across: tuple[str, Iterable[Any]], up: tuple[str, Iterable[Any]], median: Any) -> pd.DataFrame:
    """A grid frame; `median` gives days of two values, or None where nothing ends the sign-in within a year."""
    rows = []
    for one, other in product(across[1], up[1]):
        days = median(one, other)
        told = (365.0, True, "") if days is None else (float(days), False, "refresh_token_expired")
        rows.append((one, other, *told))
    return pd.DataFrame(rows, columns=[across[0], up[0], "median_days", "never", "ended_by"])

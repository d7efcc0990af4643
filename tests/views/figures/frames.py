"""Rows frames to draw: families led through what happens to them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from oidc_lab.domain.happening import Event, Happening
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.walk import walk
from oidc_lab.simulation.rows import rows

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def regular(policy: RefreshPolicy, every: timedelta, until: timedelta, **started: Any) -> pd.DataFrame:
    """A request every so often, up to and with `until`."""
    return happened(policy, [(number * every, Happening.REQUEST) for number in range(1, until // every + 1)], **started)


def happened(policy: RefreshPolicy, events: Iterable[tuple[timedelta, Happening]], **started: Any) -> pd.DataFrame:
    """What happens after so much time, in its order."""
    return rows(walk(policy, [Event(at=BEGIN + after, what=what) for after, what in events], BEGIN, **started))

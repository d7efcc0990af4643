"""A walk as a frame: a row per request and deed, with every clock in days — RFC6749-6."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.happening import Row
from oidc_lab.domain.refresh_policy import Limit

if TYPE_CHECKING:
    from pandas import DataFrame

_DAY = timedelta(days=1)

_COLUMNS = {
    "day": "float64", "what": "str", "by": "str", "answer": "str", "sent": "Int64", "given": "Int64", "reason": "str",
    "because": "str", "generation": "int64", **{f"{limit.name.lower()}_ends": "float64" for limit in Limit},
    "binds": "str",
}  # fmt: skip


def rows(walked: Sequence[Row], begin: datetime | None = None) -> "DataFrame":
    """What was led through a walk, a row each.

    `day` counts from `begin`, or else from the first row. `what`, `by` and `answer` are in words; `sent` and `given`
    are the numbers of the tokens, <NA> for none; `reason` is the refusal, `because` why, and `generation` how often a
    token was replaced by then. `ttl_ends`, `idle_ends`, `absolute_ends`, `grant_ends` and `session_ends` are the days
    on which the clocks end, NaN for a clock that there is not; `binds` names the first of them to end, "" for none.
    """
    from pandas import DataFrame

    since = begin if begin is not None or not walked else walked[0].at
    told = [_row(row, since) for row in walked if since is not None]
    return DataFrame(told, columns=list(_COLUMNS)).astype(_COLUMNS)


def _row(row: Row, since: datetime) -> dict[str, Any]:
    # Of two clocks of one name, the one that ends first is the one that counts: they are told in this order.
    ends = {f"{clock.limit.name.lower()}_ends": (clock.at - since) / _DAY for clock in reversed(row.clocks)}
    return {
        "day": (row.at - since) / _DAY,
        "what": row.what.value,
        "by": row.by.value,
        "answer": row.answer.value,
        "sent": row.sent,
        "given": row.given,
        "reason": row.reason,
        "because": row.because,
        "generation": row.generation,
        **ends,
        "binds": row.binds.name.lower() if row.binds else "",
    }

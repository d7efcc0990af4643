"""Says which settings do not hold, because their application follows another policy in their place — RFC9700-4.14.2."""

from collections.abc import Iterable
from dataclasses import replace

from oidc_lab.domain.advice import Advices
from oidc_lab.domain.differences import Difference
from oidc_lab.domain.refresh_parameters import RefreshPolicy

NOT_IN_FORCE = "Not in force: another policy was adopted in its place."


def overruled(policy: RefreshPolicy | None) -> frozenset[str]:
    """The settings that an adopted policy stands in place of; none where none was adopted."""
    if policy is None:
        return frozenset()
    always = () if policy.issued else ("always_issue_refresh_token",)
    return frozenset({"rotate_refresh_token", "refresh_token_ttl_in_days", *always})


def in_force(rows: Iterable[Difference], policy: RefreshPolicy | None) -> tuple[Difference, ...]:
    """What the profiles do with each setting, and where none of it holds, that."""
    names = overruled(policy)
    return tuple(_without(each) if each.setting in names else each for each in rows)


def still_true(advices: Advices, policy: RefreshPolicy | None) -> Advices:
    """What is to be said all the same; of a setting of which nothing holds, nothing is."""
    names = overruled(policy)
    return replace(advices, items=tuple(each for each in advices if each.setting not in names))


def _without(row: Difference) -> Difference:
    return replace(row, documented=NOT_IN_FORCE, logto=NOT_IN_FORCE, strict=NOT_IN_FORCE)

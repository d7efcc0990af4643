"""Reads the parameters of a policy, in seconds as they stand in the data file — RFC6749-6, RFC9700-4.14.2."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from oidc_lab.domain.refresh_parameters import (
    Anchor,
    LeewayAnchor,
    LeewayAnswer,
    MaxLiveScope,
    OnReuse,
    RefreshPolicy,
    Renew,
    Rotate,
    Supersede,
)
from oidc_lab.lab.policy_fields import (
    Reader,
    check_fields,
    duration,
    lifetime,
    one_of,
    or_none,
    percent,
    refuse,
    switch,
    whole,
)


def parameters(given: Any, defaults: Any) -> RefreshPolicy:
    """The policy; `defaults` has what is not given. Raises InvalidSetting."""
    check_fields("parameters", given, PARAMETERS)
    check_fields("defaults", defaults, PARAMETERS)
    read = {name: PARAMETERS[name](f"parameters.{name}", value) for name, value in {**defaults, **given}.items()}
    read["rotate_at"] = _threshold(read.get("rotate", Rotate.NEVER), read.get("rotate_at", 0))
    return RefreshPolicy(**read)


def _threshold(rotate: Rotate, value: Any) -> timedelta | int:
    """What `rotate_at` is beside this `rotate`: a percentage of the lifetime, or a duration."""
    place = "parameters.rotate_at"
    if rotate is Rotate.AFTER_FRACTION:
        return percent(place, value)
    if rotate in {Rotate.AFTER_AGE, Rotate.WHEN_REMAINING}:
        return lifetime(place, value)
    if value != 0 or isinstance(value, bool):
        refuse(place, value, f"it must be 0, or left out, where rotate is {rotate.value}")
    return 0


def _later(_place: str, value: Any) -> Any:
    return value  # what it is depends on `rotate`


PARAMETERS: Mapping[str, Reader[Any]] = {
    "issued": switch,
    "ttl": or_none(lifetime),
    "renew": one_of(Renew),
    "extend_on_use": switch,
    "idle": or_none(lifetime),
    "absolute": or_none(lifetime),
    "absolute_anchor": one_of(Anchor),
    "rotate": one_of(Rotate),
    "rotate_at": _later,
    "rotate_until": or_none(lifetime),
    "rotate_until_anchor": one_of(Anchor),
    "supersede": one_of(Supersede),
    "leeway": duration,
    "leeway_anchor": one_of(LeewayAnchor),
    "leeway_reuses": or_none(whole(0)),
    "leeway_depth": or_none(whole(1)),
    "leeway_answer": one_of(LeewayAnswer),
    "on_reuse": one_of(OnReuse),
    "reuse_memory": or_none(duration),
    "max_live": or_none(whole(1)),
    "max_live_scope": one_of(MaxLiveScope),
    "logout_revokes": or_none(switch),
    "password_change_revokes": or_none(switch),
}

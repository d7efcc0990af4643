"""A refresh-token policy as the management API tells it and is told it: durations in seconds — RFC6749-6."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from enum import StrEnum
from typing import Any

from oidc_lab.domain.refresh_parameters import RefreshPolicy, Rotate


def read_policy(said: Mapping[str, Any]) -> RefreshPolicy:
    """The policy of an answer."""
    read = {each.name: _read(each.type, said[each.name]) for each in fields(RefreshPolicy)}
    if read["rotate"] in {Rotate.AFTER_AGE, Rotate.WHEN_REMAINING}:
        read["rotate_at"] = timedelta(seconds=said["rotate_at"])
    return RefreshPolicy(**read)


def told_policy(policy: RefreshPolicy) -> dict[str, Any]:
    """The parameters, by name."""
    return {each.name: getattr(policy, each.name) for each in fields(RefreshPolicy)}


def _read(kind: Any, value: Any) -> Any:
    if value is None or kind == timedelta | int:
        return value
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    return timedelta(seconds=value) if kind in {timedelta, timedelta | None} else value

"""Says what a change changed, for the audit log: before and after, never a secret — RFC9700-2.6."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any

from oidc_lab.domain.application import Application

_UNSAID = frozenset({"client_id", "created_at", "client_secret"})


def changed_fields(before: Application | None, after: Application) -> dict[str, dict[str, Any]]:
    """The fields that differ, each with both values; without a `before`, those that are set."""
    names = [each.name for each in fields(Application) if each.name not in _UNSAID]
    if before is None:
        return {name: {"after": _said(name, getattr(after, name))} for name in names if name in after.given}
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in names}
    return {
        name: {"before": _said(name, old), "after": _said(name, new)}
        for name, (old, new) in pairs.items()
        if old != new
    }


def _said(name: str, value: Any) -> Any:
    if name == "custom_data" and isinstance(value, Mapping):
        return sorted(value)  # its values are the trainer's own, and may be secret
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return list(value) if isinstance(value, tuple) else value

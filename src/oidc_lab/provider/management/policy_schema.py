"""The parameters of a refresh-token policy in JSON, durations in seconds — RFC6749-6, RFC9700-4.14.2."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marshmallow import ValidationError, fields, post_load

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
from oidc_lab.provider.management.wire import MESSAGES, Body, Choice, Switch
from oidc_lab.provider.management.wire_numbers import Whole

# As many seconds as an int32 holds: 68 years.
_MOST = 2**31 - 1
_DEFAULTS = RefreshPolicy()


class Number(fields.Float):
    """A number that is not below 0; a duration is one, in seconds."""

    default_error_messages = {**MESSAGES, "invalid": "it must be a number"}

    def __init__(self, **more: Any) -> None:
        super().__init__(metadata={"minimum": 0, "maximum": _MOST}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST:
            raise ValidationError(f"it must be a number from 0 to {_MOST}")
        return value


class Duration(Number):
    """A duration in seconds, which may have a fraction."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> Any:
        return None if value is None else _seconds(value)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        return timedelta(seconds=super()._deserialize(value, attr, data, **more))


class Threshold(Number):
    """A percentage, or a duration in seconds: `rotate` says which."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> Any:
        return _seconds(value) if isinstance(value, timedelta) else value


class Parameters(Body):
    """What domain/refresh_parameters has; what is not sent has its default."""

    issued = Switch()
    ttl = Duration(allow_none=True)
    renew = Choice(Renew)
    extend_on_use = Switch()
    idle = Duration(allow_none=True)
    absolute = Duration(allow_none=True)
    absolute_anchor = Choice(Anchor)
    rotate = Choice(Rotate)
    rotate_at = Threshold()
    rotate_until = Duration(allow_none=True)
    rotate_until_anchor = Choice(Anchor)
    supersede = Choice(Supersede)
    leeway = Duration()
    leeway_anchor = Choice(LeewayAnchor)
    leeway_reuses = Whole(least=0, most=_MOST, allow_none=True)
    leeway_depth = Whole(least=0, most=_MOST, allow_none=True)
    leeway_answer = Choice(LeewayAnswer)
    on_reuse = Choice(OnReuse)
    reuse_memory = Duration(allow_none=True)
    max_live = Whole(least=1, most=_MOST, allow_none=True)
    max_live_scope = Choice(MaxLiveScope)
    logout_revokes = Switch(allow_none=True)
    password_change_revokes = Switch(allow_none=True)

    @post_load
    def _policy(self, sent: dict[str, Any], **_: Any) -> RefreshPolicy:
        """Read `rotate_at` as `rotate` says."""
        threshold, rotate = sent.get("rotate_at", 0), sent.get("rotate", _DEFAULTS.rotate)
        if rotate in {Rotate.AFTER_AGE, Rotate.WHEN_REMAINING}:
            sent["rotate_at"] = timedelta(seconds=threshold)
        elif rotate is Rotate.AFTER_FRACTION and (threshold > 100 or threshold % 1):
            raise ValidationError("it must be a whole percentage from 0 to 100 here", "rotate_at")
        else:
            sent["rotate_at"] = int(threshold)
        return RefreshPolicy(**sent)


def _seconds(duration: timedelta) -> float:
    seconds = duration.total_seconds()
    return int(seconds) if seconds.is_integer() else seconds

"""Numbers and times in JSON: durations as seconds, moments as ISO 8601 in UTC — RFC3339-5.6."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields

from oidc_lab.provider.management.wire import MESSAGES


class Whole(fields.Integer):
    """A whole number; `least` and `most` stand in the description, and where no rule of the domain does, are kept."""

    default_error_messages = {**MESSAGES, "invalid": "it must be a whole number"}

    def __init__(self, *, least: int, most: int, **more: Any) -> None:
        described = {"minimum": least, "maximum": most, **more.pop("metadata", {})}
        super().__init__(strict=True, metadata=described, **more)
        self._least, self._most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        number = super()._deserialize(value, attr, data, **more)
        if not self._least <= number <= self._most:
            raise ValidationError(f"it must be a whole number from {self._least} to {self._most}")
        return number


class Digits(Whole):
    """A whole number in a query, where everything is text."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        digits = isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= len(str(self._most))
        if not digits:
            raise ValidationError(f"it must be a whole number from {self._least} to {self._most}")
        return super()._deserialize(int(value), attr, data, **more)


class Seconds(Whole):
    """A duration in whole seconds."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> Any:
        return None if value is None else int(value.total_seconds())

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        return timedelta(seconds=super()._deserialize(value, attr, data, **more))


class Moment(fields.AwareDateTime):
    """A moment; one that does not say its offset from UTC is refused."""

    default_error_messages = {
        **MESSAGES,
        "invalid": "it must be a moment such as 2026-01-05T09:00:00Z",
        "invalid_awareness": "it must say its offset from UTC, as 2026-01-05T09:00:00Z does",
    }

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> Any:
        return None if value is None else value.astimezone(UTC).isoformat()

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> datetime:
        try:
            moment: datetime = super()._deserialize(value, attr, data, **more).astimezone(UTC)
        except OverflowError:
            raise self.make_error("invalid", input=value, obj_type="datetime") from None
        return moment

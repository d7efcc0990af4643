"""How values stand in the JSON of the management API: durations as seconds, moments as ISO 8601 in UTC — RFC3339-5.6."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields

from oidc_lab.domain import setting_rules

_MESSAGES = {"required": "it is missing", "null": "it cannot be taken away"}


class Body(Schema):
    """What is sent; a field that does not exist is refused by name."""

    error_messages = {"unknown": "there is no such field", "type": "it must be a JSON object"}

    class Meta:
        """Also said in the description of the API."""

        unknown = RAISE


class Answer(Schema):
    """What is answered."""

    class Meta:
        """An answer is never read here."""

        unknown = EXCLUDE


class Text(fields.String):
    """Text that every database keeps."""

    default_error_messages = {**_MESSAGES, "invalid": "it must be text"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        if rule := setting_rules.text(text):
            raise ValidationError(rule)
        return str(text)


class Texts(fields.List):
    """A list of texts."""

    default_error_messages = {**_MESSAGES, "invalid": "it must be a list"}

    def __init__(self, **more: Any) -> None:
        super().__init__(Text(), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **more))


class Switch(fields.Boolean):
    """true or false, and nothing that could be taken for one of them."""

    default_error_messages = {**_MESSAGES, "invalid": "it must be true or false"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise self.make_error("invalid", input=value)


class Whole(fields.Integer):
    """A whole number; `least` and `most` stand in the description, and where no rule of the domain does, are kept."""

    default_error_messages = {**_MESSAGES, "invalid": "it must be a whole number"}

    def __init__(self, *, least: int, most: int, **more: Any) -> None:
        described = {"minimum": least, "maximum": most, **more.pop("metadata", {})}
        super().__init__(strict=True, metadata=described, **more)
        self._least, self._most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        number = super()._deserialize(value, attr, data, **more)
        if not self._least <= number <= self._most:
            raise ValidationError(f"it must be a whole number from {self._least} to {self._most}")
        return number


class Seconds(Whole):
    """A duration."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> Any:
        return None if value is None else int(value.total_seconds())

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> timedelta:
        return timedelta(seconds=super()._deserialize(value, attr, data, **more))


class Moment(fields.AwareDateTime):
    """A moment; one that does not say its offset from UTC is refused."""

    default_error_messages = {
        **_MESSAGES,
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


class JsonObject(fields.Dict):
    """Any JSON object whose texts every database keeps."""

    default_error_messages = {**_MESSAGES, "invalid": "it must be a JSON object"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        _check_texts(value)
        return value


def _check_texts(value: Any) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _check_texts(name)
            _check_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_texts(inner)
    elif isinstance(value, str) and (rule := setting_rules.text(value)):
        raise ValidationError(rule)

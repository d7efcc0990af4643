"""What the JSON of the management API is made of: bodies, answers, and fields that need no rule of their own."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing

MESSAGES = {"required": "it is missing", "null": "it cannot be taken away"}


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


class Fixed(fields.Raw):
    """What cannot be sent, and why not."""

    def __init__(self, reason: str) -> None:
        described = {"readOnly": True, "not": {}, "description": f"Not to be sent: {reason}."}
        super().__init__(load_only=True, allow_none=True, metadata=described)
        self._reason = reason

    def deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        """Refuse whatever was sent."""
        if value is missing:
            return missing
        raise ValidationError(self._reason)


class Choice(fields.Enum[Any]):
    """One of the values of an enumeration."""

    default_error_messages = {**MESSAGES, "unknown": "it must be one of {choices}"}

    def __init__(self, of: type[StrEnum], **more: Any) -> None:
        super().__init__(of, by_value=True, **more)


class Switch(fields.Boolean):
    """true or false, and nothing that could be taken for one of them."""

    default_error_messages = {**MESSAGES, "invalid": "it must be true or false"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise self.make_error("invalid", input=value)

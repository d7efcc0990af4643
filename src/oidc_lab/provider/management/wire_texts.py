"""Texts in JSON: only what every database keeps — RFC8259-7."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from oidc_lab.domain import setting_rules
from oidc_lab.provider.management.wire import MESSAGES


class Text(fields.String):
    """Text that every database keeps."""

    default_error_messages = {**MESSAGES, "invalid": "it must be text"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        if rule := setting_rules.text(text):
            raise ValidationError(rule)
        return str(text)


class Identifier(Text):
    """What names a thing for ever, and is part of its address: what every part of an address may have — RFC3986-3.3."""

    def __init__(self, description: str) -> None:
        super().__init__(metadata={"description": description, "pattern": f"^{setting_rules.IDENTIFIER}$"})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        name = super()._deserialize(value, attr, data, **more)
        if rule := setting_rules.identifier(name):
            raise ValidationError(rule)
        return name


class Texts(fields.List[str]):
    """A list of texts."""

    default_error_messages = {**MESSAGES, "invalid": "it must be a list"}

    def __init__(self, **more: Any) -> None:
        super().__init__(Text(), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **more))


class JsonObject(fields.Dict):
    """Any JSON object whose texts every database keeps."""

    default_error_messages = {**MESSAGES, "invalid": "it must be a JSON object"}

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

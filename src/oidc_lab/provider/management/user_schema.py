"""A user in JSON: what is answered, what a new one needs, what can be changed — OIDCC-5.1."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields

from oidc_lab.domain.user import MAXIMUM_USERNAME_LENGTH, User
from oidc_lab.provider.management.wire import Answer, Body, Fixed, Switch
from oidc_lab.provider.management.wire_texts import Identifier, JsonObject, Text

_CLAIMS = {"description": "What the provider can tell applications about the user."}
_USERNAME = {"description": "What is typed at sign-in.", "minLength": 1, "maxLength": MAXIMUM_USERNAME_LENGTH}
_LONGEST_PASSWORD = 1000


@dataclass(frozen=True)
class Listed:
    """A user, and whether one click signs this one in."""

    user: User
    one_click: bool


class ShownUser(Answer):
    """A user without the password."""

    sub = fields.String(required=True, attribute="user.sub")
    username = fields.String(required=True, attribute="user.username")
    claims = fields.Dict(required=True, attribute="user.claims", metadata=_CLAIMS)
    one_click = fields.Boolean(required=True, metadata={"description": "Whether the sign-in page has a button for it."})


class _Password(Text):
    """A password; only its slow hash is kept."""

    def __init__(self) -> None:
        super().__init__(load_only=True, metadata={"writeOnly": True, "minLength": 1, "maxLength": _LONGEST_PASSWORD})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        password = super()._deserialize(value, attr, data, **more)
        if 0 < len(password) <= _LONGEST_PASSWORD:
            return password
        raise ValidationError(f"it must have 1 to {_LONGEST_PASSWORD} characters")


class ChangedUser(Body):
    """What is to be changed; what is not sent stays as it is."""

    username = Text(metadata=_USERNAME)
    claims = JsonObject(allow_none=True, metadata={"description": f"{_CLAIMS['description']} All of them."})
    password = _Password()
    sub = Fixed("it is given when the user is created, and never changed (OIDCC-2)")
    one_click = Fixed("it is given when the user is created, and never changed")


class NewUser(Body):
    """Who a new user is."""

    sub = Identifier("Drawn by the provider; only what moves a user here that others know says it.")
    username = Text(required=True, metadata=_USERNAME)
    claims = JsonObject(allow_none=True, metadata=_CLAIMS)
    password = _Password()
    one_click = Switch(metadata={"description": "Whether the sign-in page has a button for it."})

"""Makes an application or a user from one entry of a data file, and names the field that is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from oidc_lab.domain.application import ONE, Application, ApplicationType, InvalidSetting
from oidc_lab.domain.setting_rules import id_token_ttl_of
from oidc_lab.domain.user import User


@dataclass(frozen=True)
class DemoUser:
    """A user of the demo data and the password it types."""

    user: User
    password: str = field(repr=False)


def application(entry: dict[str, Any]) -> Application:
    """The application of an entry. Raises InvalidSetting."""
    _check_fields(entry, _APPLICATION, required=("client_id", "type", "name"))
    kinds = [each.value for each in ApplicationType]
    if entry["type"] not in kinds:
        raise InvalidSetting("type", entry["type"], f"it must be one of {', '.join(kinds)}")
    entry["type"] = ApplicationType(entry["type"])
    if "id_token_ttl" in entry:
        entry["id_token_ttl"] = id_token_ttl_of(entry["id_token_ttl"])
    made = Application(**entry)
    if made.confidential and made.client_secret is None:
        raise InvalidSetting("client_secret", None, f"it is missing; {ONE[made.type]} has one")
    return made


def demo_user(entry: dict[str, Any]) -> DemoUser:
    """The user of an entry. Raises InvalidSetting."""
    _check_fields(entry, _USER, required=("sub", "username", "password"))
    password = entry.pop("password")
    if not password:
        raise InvalidSetting("password", password, "it must not be empty")
    for name, value in entry.get("claims", {}).items():
        _check_claim(f"claims.{name}", value, _CLAIMS.get(name, str))
    return DemoUser(User(**entry), password)


def _check_claim(name: str, value: object, kind: type) -> None:
    if not _is(value, kind):
        raise InvalidSetting(name, value, f"it must be {_KINDS[kind]}")
    if isinstance(value, dict):
        for member, text in value.items():
            _check_claim(f"{name}.{member}", text, str)


def _is(value: object, kind: type) -> bool:
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


_KINDS: Mapping[type, str] = {
    str: "text in quotes",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "a table",
}

# OIDCC-5.1: the standard claims that are no text; a claim of one's own is text as well.
_CLAIMS: Mapping[str, type] = {
    "email_verified": bool,
    "phone_number_verified": bool,
    "updated_at": int,
    "address": dict,
}

_APPLICATION: Mapping[str, type] = {
    **{each.name: str for each in fields(Application) if each.name != "created_at"},
    "redirect_uris": list,
    "post_logout_redirect_uris": list,
    "cors_allowed_origins": list,
    "always_issue_refresh_token": bool,
    "rotate_refresh_token": bool,
    "refresh_token_ttl_in_days": int,
    "id_token_ttl": int,
    "backchannel_logout_session_required": bool,
    "custom_data": dict,
}
_USER: Mapping[str, type] = {"sub": str, "username": str, "password": str, "claims": dict}


def _check_fields(entry: dict[str, Any], known: Mapping[str, type], *, required: tuple[str, ...]) -> None:
    for name in required:
        if name not in entry:
            raise InvalidSetting(name, None, "it is missing")
    for name, value in entry.items():
        if name not in known:
            raise InvalidSetting(name, value, f"there is no such field; there are {', '.join(known)}")
        if not _is(value, known[name]):
            raise InvalidSetting(name, value, f"it must be {_KINDS[known[name]]}")
        if isinstance(value, list) and not all(isinstance(each, str) for each in value):
            raise InvalidSetting(name, value, "each of its values must be text in quotes")

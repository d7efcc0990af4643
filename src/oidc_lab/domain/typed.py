"""Settings as they are typed into fields: text is read into a value, and a value is written as text — OIDCR-2."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.setting import in_words


class Kind(StrEnum):
    """How a setting is typed."""

    LINE = "one line"
    TEXT = "several lines"
    LIST = "one on each line"
    SWITCH = "on or off"
    NUMBER = "a number"
    DURATION = "a number and a unit"
    CHOICE = "one of a few"
    JSON = "a JSON object"


# What only the provider gives, or has an address of its own, is not typed.
KINDS: Mapping[str, Kind] = {
    "type": Kind.CHOICE,
    "name": Kind.LINE,
    "description": Kind.TEXT,
    "redirect_uris": Kind.LIST,
    "post_logout_redirect_uris": Kind.LIST,
    "cors_allowed_origins": Kind.LIST,
    "always_issue_refresh_token": Kind.SWITCH,
    "rotate_refresh_token": Kind.SWITCH,
    "refresh_token_ttl_in_days": Kind.NUMBER,
    "id_token_ttl": Kind.DURATION,
    "id_token_signed_response_alg": Kind.CHOICE,
    "backchannel_logout_uri": Kind.LINE,
    "backchannel_logout_session_required": Kind.SWITCH,
    "custom_data": Kind.JSON,
}

# What a field of Application is when nobody says anything; a new one has no name.
UNSET: Mapping[str, Any] = {
    each.name: each.default_factory() if each.default_factory is not MISSING else each.default
    for each in fields(Application)
    if each.name in KINDS and each.name not in {"type", "name"}
} | {"name": ""}

ON, OFF = "on", "off"
_WHOLE = re.compile(r"[+-]?[0-9]{1,12}")
_DURATION = re.compile(r"([0-9]{1,9})\s*([a-z]*)", re.IGNORECASE)
_UNITS = {
    "s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400,
}  # fmt: skip


def lines(text: str) -> tuple[tuple[int, str], ...]:
    """What stands on each line, with the line's number; empty ones are left out."""
    numbered = ((number, each.strip(" \t\r")) for number, each in enumerate(text.split("\n"), 1))
    return tuple((number, each) for number, each in numbered if each)


def read(name: str, text: str) -> Any:
    """The value that a text stands for, or the text itself when it stands for none: the setting's rule says so.

    Raises ValueError for what is no JSON.
    """
    kind = KINDS[name]
    if not text.strip() and name in UNSET and kind is not Kind.TEXT:
        return UNSET[name]
    return _READ[kind](text)


def write(value: object) -> str:
    """How a value is typed; None is typed as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return ON if value else OFF
    if isinstance(value, timedelta):
        return str(value.total_seconds()) if value % timedelta(seconds=1) else in_words(value)
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, indent=2) if value else ""
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "\n".join(map(str, value))
    return str(value)


def _type_or_text(text: str) -> str:
    return ApplicationType(text) if text in list(ApplicationType) else text


def _switch(text: str) -> bool | str:
    return {ON: True, OFF: False}.get(text, text)


def _number(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text.strip()) else text


def _duration(text: str) -> object:
    """A number alone is one of seconds, as on the wire."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return text
    unit = found[2].casefold()
    size = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"), 0) if unit else 1
    try:
        return timedelta(seconds=int(found[1]) * size) if size else text
    except OverflowError:
        return text


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no JSON: {error}") from None


_READ: Mapping[Kind, Callable[[str], Any]] = {
    Kind.LINE: str,
    Kind.TEXT: str,
    Kind.LIST: lambda text: tuple(each for _, each in lines(text)),
    Kind.SWITCH: _switch,
    Kind.NUMBER: _number,
    Kind.DURATION: _duration,
    Kind.CHOICE: _type_or_text,
    Kind.JSON: _json,
}

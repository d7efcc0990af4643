"""Reads the demo applications, users and test keys that a trainer can edit, and says exactly what is wrong in them."""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from joserfc.jwk import KeySet

from oidc_lab.domain.application import Application, ApplicationType, InvalidSetting
from oidc_lab.domain.user import User

TEST_KEYS = "test-signing-keys.json"

Entry = TypeVar("Entry")


class DataError(ValueError):
    """A mistake in a data file: names the file, the entry and the field."""

    def __init__(self, file: Path, entry: str, problem: str) -> None:
        super().__init__(f"{file.name}, {entry}: {problem}")


@dataclass(frozen=True)
class DemoUser:
    """A user of the demo data and the password it types."""

    user: User
    password: str = field(repr=False)


def folder() -> Path:
    """Where the data is: in the installed package, or at the top of the checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_data"
    return installed if installed.is_dir() else package.parents[1] / "data"


def read_applications(data: Path) -> list[Application]:
    """The applications of `applications.toml`. Raises DataError."""
    return _read(data / "applications.toml", "application", "client_id", _application)


def read_users(data: Path) -> list[DemoUser]:
    """The users of `users.toml`. Raises DataError."""
    users = _read(data / "users.toml", "user", "sub", _demo_user)
    _refuse_twice(data / "users.toml", "user", "username", [each.user.username for each in users])
    return users


def read_test_keys(data: Path) -> KeySet:
    """The labelled test keys that a lab signs with."""
    kept = json.loads((data / TEST_KEYS).read_text("utf-8"))
    return KeySet.import_key_set({"keys": kept["keys"]})


def _read(file: Path, kind: str, key: str, make: Callable[[dict[str, Any]], Entry]) -> list[Entry]:
    entries = _entries(file, kind)
    made = []
    for number, entry in enumerate(entries, start=1):
        name = f"{kind} {entry[key]!r}" if isinstance(entry.get(key), str) else f"{kind} number {number}"
        try:
            made.append(make(dict(entry)))
        except InvalidSetting as error:
            raise DataError(file, name, str(error)) from None
    _refuse_twice(file, kind, key, [entry.get(key) for entry in entries])
    return made


def _entries(file: Path, kind: str) -> list[dict[str, Any]]:
    try:
        read = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise DataError(file, "the file", f"there is none in {file.parent}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(file, "the file", f"it is no TOML: {error}") from None
    entries = read.pop(kind, [])
    if read or not isinstance(entries, list):
        known = f"only entries that begin with [[{kind}]] belong here"
        raise DataError(file, "the file", f"{', '.join(read) or kind}: {known}")
    return entries


def _refuse_twice(file: Path, kind: str, key: str, values: list[Any]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise DataError(file, f"{kind} {value!r}", f"{key}: {value!r} is there twice; each needs its own")


def _application(entry: dict[str, Any]) -> Application:
    _check_fields(entry, _APPLICATION, required=("client_id", "type", "name"))
    kinds = [each.value for each in ApplicationType]
    if entry["type"] not in kinds:
        raise InvalidSetting("type", entry["type"], f"it must be one of {', '.join(kinds)}")
    entry["type"] = ApplicationType(entry["type"])
    for name in ("redirect_uris", "post_logout_redirect_uris"):
        entry[name] = tuple(entry.get(name, ()))
    return Application(**entry)


def _demo_user(entry: dict[str, Any]) -> DemoUser:
    _check_fields(entry, _USER, required=("sub", "username", "password"))
    password = entry.pop("password")
    if not password:
        raise InvalidSetting("password", password, "it must not be empty")
    return DemoUser(User(**entry), password)


_KINDS: Mapping[type, str] = {str: "text in quotes", bool: "true or false", list: "a list", dict: "a table"}

_APPLICATION: Mapping[str, type] = {
    **{each.name: str for each in fields(Application) if each.name != "created_at"},
    "redirect_uris": list,
    "post_logout_redirect_uris": list,
    "backchannel_logout_session_required": bool,
}
_USER: Mapping[str, type] = {"sub": str, "username": str, "password": str, "claims": dict}


def _check_fields(entry: dict[str, Any], known: Mapping[str, type], *, required: tuple[str, ...]) -> None:
    for name in required:
        if name not in entry:
            raise InvalidSetting(name, None, "it is missing")
    for name, value in entry.items():
        if name not in known:
            raise InvalidSetting(name, value, f"there is no such field; there are {', '.join(known)}")
        if not isinstance(value, known[name]):
            raise InvalidSetting(name, value, f"it must be {_KINDS[known[name]]}")
        if isinstance(value, list) and not all(isinstance(each, str) for each in value):
            raise InvalidSetting(name, value, "each of its values must be text in quotes")

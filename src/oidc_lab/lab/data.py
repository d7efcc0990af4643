"""Reads the demo applications, users and test keys that a trainer can edit, and says exactly what is wrong in them."""

import json
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from oidc_lab.domain.application import SIGNING_ALGORITHMS, Application, InvalidSetting
from oidc_lab.lab.entry import DemoUser, application, demo_user

TEST_KEYS = "test-signing-keys.json"

Entry = TypeVar("Entry")

__all__ = ["TEST_KEYS", "DataError", "DemoUser", "folder", "read_applications", "read_test_keys", "read_users"]


class DataError(ValueError):
    """A mistake in a data file: names the file, the entry and the field."""

    def __init__(self, file: Path, entry: str, problem: str) -> None:
        super().__init__(f"{file.name}, {entry}: {problem}")


def folder() -> Path:
    """Where the data is: in the installed package, or at the top of the checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_data"
    return installed if installed.is_dir() else package.parents[1] / "data"


def or_the_kits(data: Path, name: str) -> Path:
    """A file of a data folder, or the kit's when it has none. Raises DataError where there is no such folder."""
    if not data.is_dir():
        raise DataError(data, "the folder", f"there is none in {data.parent}")
    return data / name if (data / name).exists() else folder() / name


def read_applications(data: Path) -> list[Application]:
    """The applications of `applications.toml`. Raises DataError."""
    return read_entries(data / "applications.toml", "application", "client_id", application)


def read_users(data: Path) -> list[DemoUser]:
    """The users of `users.toml`. Raises DataError."""
    users = read_entries(data / "users.toml", "user", "sub", demo_user)
    refuse_twice(data / "users.toml", "user", "username", [each.user.username for each in users])
    return users


def read_test_keys(data: Path) -> KeySet:
    """The labelled test keys that a lab signs with. Raises DataError."""
    file = data / TEST_KEYS
    text = text_of(file)
    try:
        keys = _keys(text)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise DataError(file, "the file", f"it is no set of keys: {error}") from None
    for algorithm in SIGNING_ALGORITHMS:
        if not any(key.alg == algorithm for key in keys.keys):
            raise DataError(file, "keys", f"there is none whose alg is {algorithm}")
    return keys


@cache
def _keys(text: str) -> KeySet:
    # Reading an RSA key checks that its numbers are prime, which takes half of the time that a lab needs to start.
    return KeySet.import_key_set({"keys": json.loads(text)["keys"]})


def read_entries(file: Path, kind: str, key: str, make: Callable[[dict[str, Any]], Entry]) -> list[Entry]:
    """What is made of each [[kind]] of a TOML file, in the order of the file. Raises DataError."""
    entries = _entries(file, kind)
    made = []
    for number, entry in enumerate(entries, start=1):
        name = f"{kind} {entry[key]!r}" if isinstance(entry.get(key), str) else f"{kind} number {number}"
        try:
            made.append(make(dict(entry)))
        except InvalidSetting as error:
            raise DataError(file, name, str(error)) from None
    refuse_twice(file, kind, key, [entry.get(key) for entry in entries])
    return made


def _entries(file: Path, kind: str) -> list[dict[str, Any]]:
    try:
        read = tomllib.loads(text_of(file))
    except tomllib.TOMLDecodeError as error:
        raise DataError(file, "the file", f"it is no TOML: {error}") from None
    entries = read.pop(kind, [])
    if read or not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        known = f"only entries that begin with [[{kind}]] belong here"
        raise DataError(file, "the file", f"{', '.join(read) or kind}: {known}")
    return entries


def text_of(file: Path) -> str:
    """What stands in a data file. Raises DataError."""
    try:
        return file.read_text("utf-8-sig")  # Windows editors put a mark in front
    except FileNotFoundError:
        raise DataError(file, "the file", f"there is none in {file.parent}") from None
    except UnicodeDecodeError:
        raise DataError(file, "the file", "it is no text in UTF-8") from None
    except OSError as error:
        raise DataError(file, "the file", f"it cannot be read: {error.strerror}") from None


def refuse_twice(file: Path, kind: str, key: str, values: list[Any]) -> None:
    """Raises DataError when two entries have the same value."""
    for value in values:
        if values.count(value) > 1:
            raise DataError(file, f"{kind} {value!r}", f"{key}: {value!r} is there twice; each needs its own")

"""Reads single values of a JSON data file, and says of each what it must be — RFC8259-3.

A reader takes the place of a value, for the message, and the value. Each raises InvalidSetting.
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from oidc_lab.domain.application import InvalidSetting

# As many seconds as an int32 holds, 68 years: arrays of lifetimes are of that type.
MOST = 2**31 - 1

Value = TypeVar("Value")
Kind = TypeVar("Kind", bound=StrEnum)
Reader = Callable[[str, Any], Value]


def refuse(place: str, value: object, rule: str) -> NoReturn:
    """Raise InvalidSetting."""
    raise InvalidSetting(place, value, rule)


def check_fields(place: str, given: Any, known: Collection[str], *, required: Collection[str] = ()) -> None:
    """Refuse what is no object, what is missing in it, and what does not belong there."""
    inside = f"{place}." if place else ""
    if not isinstance(given, dict):
        refuse(place or "the entry", given, "it must be an object")
    for name in required:
        if name not in given:
            refuse(f"{inside}{name}", None, "it is missing")
    for name, value in given.items():
        if name not in known:
            refuse(f"{inside}{name}", value, f"there is no such field; there are {', '.join(known)}")


def text(place: str, value: Any) -> str:
    """Text in which something is."""
    if not isinstance(value, str) or not value.strip():
        refuse(place, value, "it must be text that is not empty")
    return value


def words(place: str, value: Any) -> str:
    """Text that may be empty."""
    return "" if value == "" else text(place, value)


def texts(place: str, value: Any) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, list):
        refuse(place, value, "it must be a list of texts")
    return tuple(text(place, each) for each in value)


def switch(place: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        refuse(place, value, "it must be true or false")
    return value


def whole(least: int) -> Reader[int]:
    """A whole number that is not below `least`."""

    def read(place: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST:
            refuse(place, value, f"it must be a whole number from {least} to {MOST}")
        return value

    return read


def duration(place: str, value: Any) -> timedelta:
    """Seconds, 0 included."""
    return timedelta(seconds=whole(0)(place, value))


def lifetime(place: str, value: Any) -> timedelta:
    """Seconds, one at least: with a lifetime of 0 nothing would ever be honoured."""
    return timedelta(seconds=whole(1)(place, value))


def percent(place: str, value: Any) -> int:
    """A fraction, as a percentage."""
    rule = "it must be a fraction above 0 and up to 1, in whole hundredths, such as 0.7"
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        refuse(place, value, rule)
    nearest = round(value * 100)  # 0.57 * 100 is 56.99999999999999
    if nearest / 100 != value:
        refuse(place, value, rule)
    return nearest


def or_none(reader: Reader[Value]) -> Reader[Value | None]:
    """What the reader reads, or null."""
    return lambda place, value: None if value is None else reader(place, value)


def one_of(kind: type[Kind]) -> Reader[Kind]:
    """One of a few words."""

    def read(place: str, value: Any) -> Kind:
        if not isinstance(value, str) or value not in list(kind):
            refuse(place, value, f"it must be one of {', '.join(kind)}")
        return kind(value)

    return read

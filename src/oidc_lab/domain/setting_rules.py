"""Says why a value of a setting cannot be used, whatever the type and the profile — OIDCR-2."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from reprlib import Repr

MAXIMUM_NAME_LENGTH = 256
MAXIMUM_TTL_IN_DAYS = 180
# No specification has a bound; this one is that of refresh tokens, and keeps expiries inside the calendar.
MAXIMUM_ID_TOKEN_TTL = timedelta(days=MAXIMUM_TTL_IN_DAYS)
SIGNING_ALGORITHMS = ("RS256", "EdDSA")

# What identifies an application or a user: RFC6749-A.1 allows blanks as well, which nobody can see in a log.
# It is part of an address in the management API, so it has what every part of an address may have — RFC3986-3.3.
IDENTIFIER = r"""[!"$-\-0->@-~][!"$-.0->@-~]{0,254}"""
NAME = re.compile(IDENTIFIER)
NAME_RULE = "it must have 1 to 255 characters of printable ASCII, without blanks and / ? #, and not begin with a dot"

# Not every database keeps NUL, and half a surrogate pair has no UTF-8.
_UNKEPT = re.compile(r"[\0\ud800-\udfff]")

# A value may be anything, of any size and depth.
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 300


class InvalidSetting(ValueError):
    """A setting of an application or user cannot be as given: names the field, the value and the rule."""

    def __init__(self, setting: str, value: object, rule: str) -> None:
        super().__init__(f"{setting}: {_SHORT.repr(value)} cannot be used: {rule}")
        self.setting, self.value, self.rule = setting, value, rule
        self.others: tuple[InvalidSetting, ...] = ()


def together(faults: Iterable[InvalidSetting]) -> InvalidSetting:
    """The first of several that are wrong at once; it names the others."""
    first, *others = faults
    first.others = tuple(others)
    for each in others:
        first.add_note(str(each))
    return first


def identifier(value: object) -> str | None:
    """Of a client_id."""
    return None if isinstance(value, str) and NAME.fullmatch(value) else NAME_RULE


def name(value: object) -> str | None:
    """Of a name that people read."""
    rule = f"it must have 1 to {MAXIMUM_NAME_LENGTH} characters"
    if not isinstance(value, str) or not 0 < len(value) <= MAXIMUM_NAME_LENGTH:
        return rule
    if not any(each.isprintable() and not each.isspace() for each in value):
        return f"{rule}, one of which can be seen"
    if any(ord(each) < 0x20 or ord(each) == 0x7F for each in value):
        return "it must not contain control characters, such as line breaks"
    return text(value)


def text(value: object) -> str | None:
    """Of any text."""
    if not isinstance(value, str):
        return "it must be text"
    return (
        "it contains a character that cannot be kept (NUL or half a surrogate pair)" if _UNKEPT.search(value) else None
    )


def switch(value: object) -> str | None:
    """Of a setting that is on or off."""
    return None if isinstance(value, bool) else "it must be true or false"


def ttl_in_days(value: object) -> str | None:
    """Of refresh_token_ttl_in_days; True is no number of days."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAXIMUM_TTL_IN_DAYS:
        return None
    return f"it must be a whole number from 1 to {MAXIMUM_TTL_IN_DAYS}"


def id_token_ttl(value: object) -> str | None:
    """Of id_token_ttl: exp and iat are whole seconds on the wire — OIDCC-2."""
    second = timedelta(seconds=1)
    if isinstance(value, timedelta) and second <= value <= MAXIMUM_ID_TOKEN_TTL and not value % second:
        return None
    return f"it must be a duration of whole seconds, from 1 second to {MAXIMUM_TTL_IN_DAYS} days"


def id_token_ttl_of(seconds: object) -> timedelta:
    """The id_token_ttl that stands in a file or a message as a number of seconds. Raises InvalidSetting."""
    most = MAXIMUM_ID_TOKEN_TTL // timedelta(seconds=1)
    if isinstance(seconds, int) and not isinstance(seconds, bool) and 1 <= seconds <= most:
        return timedelta(seconds=seconds)
    raise InvalidSetting("id_token_ttl", seconds, f"it must be a whole number of seconds, from 1 to {most}")


def algorithm(value: object) -> str | None:
    """Of id_token_signed_response_alg."""
    return None if value in SIGNING_ALGORITHMS else f"it must be one of {', '.join(SIGNING_ALGORITHMS)}"


def moment(value: object) -> str | None:
    """Of a time: one that says its offset."""
    known = isinstance(value, datetime) and value.utcoffset() is not None
    return None if known else "it must be a time with its offset from UTC"


def texts(value: object, what: str) -> str | None:
    """Of a list of texts, each of which may stand there once."""
    if isinstance(value, str) or not isinstance(value, Collection):
        return f"it must be a list of {what}, also when there is one"
    if not all(isinstance(each, str) for each in value):
        return f"each of its values must be text: {what}"
    given = list(value)
    twice = next((each for number, each in enumerate(given) if each in given[:number]), None)
    return None if twice is None else f"{twice!r} stands there twice"

"""How long something is, and when something is, in words: written for people, and read from what they type."""

import re
from datetime import UTC, datetime, timedelta

_UNITS = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)
# A month is no length of time: it may have 28 days or 31.
_TYPED = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
    "d": 86400, "day": 86400, "days": 86400, "w": 604800, "week": 604800, "weeks": 604800,
}  # fmt: skip
_PAIR = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]+)", re.ASCII)
_BETWEEN = re.compile(r"[\s,+]*(?:and\b)?[\s,+]*")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)

EXAMPLES = "write a span such as 3 days 2 hours or 90 min, or a moment such as 2026-02-01, 2026-02-01 18:30 or 18:30"


def span(length: timedelta) -> str:
    """A length in its two largest units: `13 days 23 hours`, `58 minutes`."""
    if length < timedelta(seconds=1):
        return "less than a second"
    parts, rest = [], length
    for name, unit in _UNITS:
        count, rest = divmod(rest, unit)
        parts.append(f"{count} {name}{'' if count == 1 else 's'}" if count else "")
    first = next(place for place, part in enumerate(parts) if part)
    return " ".join(part for part in parts[first : first + 2] if part)


def date(moment: datetime) -> str:
    """A moment's day, with its weekday: `Monday 5 January 2026`."""
    return f"{moment:%A} {moment.day} {moment:%B %Y}"


def when(moment: datetime, now: datetime, *, dated: bool = False) -> str:
    """A moment as short as can be: its time, its day when that is not today, its year when that is not this one.

    `dated` has the day stand there in any case.
    """
    time = f"{moment:%H:%M:%S}"
    if moment.date() == now.date() and not dated:
        return time
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{moment:%a} {moment.day} {moment:%b}{year}, {time}"


def exactly(moment: datetime) -> str:
    """A moment to the second, wherever one stands: `Mon 5 Jan 2026, 09:00:00 UTC`."""
    at = moment.astimezone(UTC)
    return f"{at:%a} {at.day} {at:%b %Y}, {at:%H:%M:%S} UTC"


def read_moment(typed: str, now: datetime) -> datetime:
    """The moment that is meant by a span from now on, a time of day, a date, or both; in UTC unless it says otherwise.

    Raises ValueError with a sentence that says what can be written.
    """
    words = " ".join(typed.split())
    if not words:
        raise ValueError(EXAMPLES)
    if found := _TIME.fullmatch(words):
        hour, minute, second = (int(each or 0) for each in found.groups())
        today = now.replace(hour=hour, minute=minute, second=second, microsecond=0)
        return today if today > now else today + timedelta(days=1)
    try:
        moment = datetime.fromisoformat(words.upper())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    try:
        return now + _read_span(words.lower())
    except OverflowError:
        raise ValueError("that is further ahead than the calendar goes, which ends with the year 9999") from None


def _read_span(words: str) -> timedelta:
    total, place = timedelta(0), 0
    while place < len(words):
        found = _PAIR.match(words, place)
        if found is None:
            raise ValueError(f"{words!r} is no span and no moment: {EXAMPLES}")
        number, unit = found.groups()
        if unit not in _TYPED:
            more = "; months differ in length, so say it in days" if unit.startswith("mo") or unit[0] == "y" else ""
            raise ValueError(f"{unit!r} is no unit{more}: {EXAMPLES}")
        total += timedelta(seconds=float(number.replace(",", ".")) * _TYPED[unit])
        between = _BETWEEN.match(words, found.end())
        place = between.end() if between else found.end()
    return total

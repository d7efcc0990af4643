"""Says a moment as people do: on the provider's clock, and how far it is from now — RFC3339-4."""

from datetime import UTC, datetime, timedelta

# Not strftime: it would follow the language of the machine, and a page is the same bytes everywhere.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def moment(at: datetime) -> str:
    """Say a moment to the minute, as in “13 January 2026, 09:00 UTC”."""
    return f"{_day(at)}, {at.astimezone(UTC):%H:%M} UTC"


def exact_moment(at: datetime) -> str:
    """Say a moment to the second, as a log needs it."""
    return f"{_day(at)}, {at.astimezone(UTC):%H:%M:%S} UTC"


def from_now(at: datetime, now: datetime) -> str:
    """Say how far a moment is from now, in the largest whole unit: “3 days ago”, “in 11 days”."""
    for unit, name in _UNITS:
        # Rounded towards now on both sides: nothing lives as long as it says, and one more.
        if count := abs(at - now) // unit:
            words = f"{count} {name}" if count == 1 else f"{count} {name}s"
            return f"{words} ago" if at < now else f"in {words}"
    return "just now" if at <= now else "in less than a minute"


def _day(at: datetime) -> str:
    there = at.astimezone(UTC)
    return f"{there.day} {_MONTHS[there.month - 1]} {there.year}"

"""Reads one row of a table of visits, and names the column that is wrong — RFC3339-5.6."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from oidc_lab.domain.happening import Happening
from oidc_lab.simulation.visits import Visit

# A thief is asked for with exposure=True, for any usage pattern.
WORDS = {each.value: each for each in Happening if each not in {Happening.THEFT, Happening.THIEF}}


class InvalidVisit(ValueError):
    """A cell of the table cannot be read: names the column, the value, and what to write."""

    def __init__(self, column: str, value: object, what_to_do: str) -> None:
        super().__init__(f"{column}: {'nothing' if _nothing(value) else repr(value)} is there: {what_to_do}")


def visit(row: Mapping[str, Any]) -> Visit:
    """The visit of a row. Raises InvalidVisit."""
    return _user(row["user"]), _moment(row["at"]), _what(row.get("what"))


def _user(value: Any) -> str:
    if _nothing(value):
        raise InvalidVisit("user", value, "write who came; any name will do that is the same on each visit")
    return str(value).strip()


def _moment(value: Any) -> datetime:
    try:
        moment = value if isinstance(value, datetime) and not _nothing(value) else _read(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        example = "2026-01-05T09:30:00, which is in UTC, or 2026-01-05T09:30:00+01:00"
        raise InvalidVisit("at", value, f"write a date and time such as {example}") from None


def _read(value: Any) -> datetime:
    if not isinstance(value, str):
        raise ValueError
    return datetime.fromisoformat(value.strip().upper())


def _what(value: Any) -> Happening:
    if _nothing(value):
        return Happening.REQUEST
    words = " ".join(str(value).lower().split())
    if words not in WORDS:
        raise InvalidVisit("what", value, f"write nothing for a token request, or one of {', '.join(WORDS)}")
    return WORDS[words]


def _nothing(value: object) -> bool:
    """Whether a cell is empty; what a frame has in empty cells differs from itself, or cannot say."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    return bool(value != value)  # noqa: PLR0124  # what pandas puts where nothing is, not equal to itself

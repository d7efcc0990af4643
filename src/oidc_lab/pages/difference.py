"""Shows where a received value departs from the registered ones — RFC3986-6.2.1, simple string comparison."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from oidc_lab.pages.render import is_invisible

# Many a typeface draws these alike, as it does letters of two scripts: the name tells them apart.
_LOOK_ALIKE = frozenset("Il1|O0")


@dataclass(frozen=True)
class Parts:
    """A value cut in three: as in the other value, different, as in the other value again."""

    before: str
    differing: str
    after: str


@dataclass(frozen=True)
class Difference:
    """The registered value nearest to the received one, and where the two part."""

    registered: Parts
    received: Parts
    others: tuple[str, ...]
    sentence: str


def find_difference(*, registered: Sequence[str], received: str) -> Difference | None:
    """Compare a received value with the nearest registered one; None when nothing is registered."""
    if not registered:
        return None
    pairs = [_cut(value, received) for value in registered]
    nearest = min(range(len(pairs)), key=lambda index: _size(pairs[index]))
    ours, theirs = pairs[nearest]
    others = tuple(value for index, value in enumerate(registered) if index != nearest)
    return Difference(ours, theirs, others, _sentence(ours, theirs))


def _cut(registered: str, received: str) -> tuple[Parts, Parts]:
    prefix = _common(registered, received)
    ours, theirs = registered[prefix:], received[prefix:]
    suffix = _common(ours[::-1], theirs[::-1])
    return _parts(registered, prefix, suffix), _parts(received, prefix, suffix)


def _common(one: str, other: str) -> int:
    shorter = min(len(one), len(other))
    return next((index for index in range(shorter) if one[index] != other[index]), shorter)


def _parts(value: str, prefix: int, suffix: int) -> Parts:
    end = len(value) - suffix
    return Parts(before=value[:prefix], differing=value[prefix:end], after=value[end:])


# Linear in the length of the values: the received one may be as long as whoever sent it likes.
def _size(pair: tuple[Parts, Parts]) -> int:
    return len(pair[0].differing) + len(pair[1].differing)


def _sentence(registered: Parts, received: Parts) -> str:
    if not registered.differing and not received.differing:
        return "The two are equal."
    position = len(registered.before) + 1
    ours, theirs = _first_character(registered), _first_character(received)
    return f"They part at character {position}: registered is {ours}, received was {theirs}."


def _first_character(parts: Parts) -> str:
    rest = parts.differing + parts.after
    if not rest:
        return "the end of the value"
    character = rest[0]
    if character.isascii() and not is_invisible(character) and character not in _LOOK_ALIKE:
        return f"\u201c{character}\u201d"
    name = unicodedata.name(character, "a control character").lower()
    shown = "" if is_invisible(character) else f"\u201c{character}\u201d, "
    return f"{shown}{name} (U+{ord(character):04X})"

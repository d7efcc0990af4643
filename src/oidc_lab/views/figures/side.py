"""One side of a figure over two settings: what its values are called, and where each of them lies."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, isnan
from numbers import Real
from typing import Any

from oidc_lab.views.figures.fit import length, number

_PARTS = {"ttl": "TTL", "id": "ID"}


@dataclass(frozen=True, kw_only=True)
class Side:
    """A setting by its name in a frame, which has its unit in it if it has one, and its values in order."""

    name: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, name: str, values: Iterable[Any]) -> "Side":
        """Numbers come in their order, after them what is no number; all else as it comes."""
        found = list(dict.fromkeys(map(known, values)))
        if all(value is None or is_number(value) for value in found):
            found.sort(key=lambda value: (value is None, value or 0))
        return cls(name=name, values=tuple(found))

    @property
    def words(self) -> str:
        """What it is called, without its unit."""
        _, _, between = self.name.partition("_between_")
        name = f"time_between_{between}" if between else self.name.removesuffix(f"_in_{self.unit}")
        return " ".join(_PARTS.get(part, part) for part in name.split("_"))

    @property
    def unit(self) -> str:
        """The unit in its name; empty when there is none."""
        if "_between_" in self.name:
            return self.name.partition("_between_")[0]
        if self.name == "rotate_at":
            return "%"
        words, _, unit = self.name.rpartition("_in_")
        return unit if words else ""

    @property
    def label(self) -> str:
        """Its name and unit, as an axis has them."""
        return f"{self.words} ({self.unit})" if self.unit else self.words

    def said(self, value: Any) -> str:
        """A value with its name: `idle 14 days`."""
        if self.unit == "days" and is_number(value) and 0 < value < 1:
            return f"{self.words} {length(value)}"
        unit = self.unit.removesuffix("s") if value == 1 else self.unit
        return " ".join(part for part in (self.words, written(value), unit if is_number(value) else "") if part)

    def place(self, value: Any) -> float | None:
        """Where a value lies, counted in values; between two of them if it does, None outside of all."""
        if value in self.values:
            return float(self.values.index(value))
        measured = [each for each in self.values if is_number(each)]
        above = next((place for place, each in enumerate(measured) if each > value), 0) if is_number(value) else 0
        if not above:
            return None
        low, high = measured[above - 1], measured[above]
        return float(above - 1 + (value - low) / (high - low))

    def every(self, inches: float, needed: float) -> list[int]:
        """The places that are written at an axis of so many inches, when one of them needs so many."""
        step = max(1, ceil(needed * len(self.values) / max(inches, 0.1)))
        return list(range(0, len(self.values), step))


def known(value: Any) -> Any:
    """A value of a frame, in which what is not there may be NaN."""
    return None if isinstance(value, float) and isnan(value) else value


def is_number(value: Any) -> bool:
    """Whether a value can be compared with others as a number."""
    return isinstance(value, Real) and not isinstance(value, bool)


def written(value: Any) -> str:
    """A value of a setting, in words."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return number(float(value)) if is_number(value) else str(value).replace("_", " ")

"""Where both sides of a bench stand at one moment, to return to — RFC6749-1.2."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from oidc_lab.domain.rewindable import Rewindable


class CannotGoBack(RuntimeError):
    """The bench cannot return to an earlier moment: says why not."""


@dataclass(frozen=True)
class Moment:
    """What every part of a bench held at `now`: the provider's store, cookies, clock, chance and what was heard."""

    now: datetime
    _images: tuple[tuple[Rewindable, Any], ...] = field(repr=False)

    @classmethod
    def of(cls, now: datetime, parts: Sequence[Rewindable]) -> "Moment":
        """The present moment of these parts."""
        return cls(now, tuple((each, each.image()) for each in parts))

    def come_back(self, *only: type) -> None:
        """Put every part back, or only those of these kinds."""
        for part, image in self._images:
            if not only or isinstance(part, only):
                part.restore(image)

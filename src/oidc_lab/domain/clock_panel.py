"""A clock to move, with what lives, what dies next, and what died of what — RFC6749-1.5.

What a panel shows is one look: a picture of a moment, with no rule left in it for views.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from oidc_lab.domain.deaths import Deaths, Jump, Move
from oidc_lab.domain.living import Death, Kind, Living
from oidc_lab.domain.shown import Shown
from oidc_lab.domain.span import read_moment
from oidc_lab.domain.watched import Watched


class PanelClock(Protocol):
    """The clock of a panel.

    `moves` are those it made, oldest first, as pairs of moments; `turned_back` counts how often it was. `barred` says
    why nobody moves it, empty when it can be moved. `start` is None when it has none.
    """

    start: datetime | None
    barred: str

    @property
    def now(self) -> datetime:
        """The present moment."""

    @property
    def moves(self) -> Sequence[Move]:
        """Its moves."""

    @property
    def turned_back(self) -> int:
        """How often it was turned back."""

    def move_to(self, moment: datetime, /) -> datetime:
        """Move."""

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Have `changed` called after each move."""


# What lives at a moment, and what ended since another one: the latter may hold what ended before that, too.
LookAround = Callable[[datetime, datetime], tuple[list[Living], list[Death]]]
Watch = Callable[[Callable[[], None]], object]


@dataclass(frozen=True, kw_only=True)
class NextEnd:
    """The next moment at which something that the provider keeps ends."""

    at: datetime
    things: tuple[Living, ...]


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a panel shows; `jumps` newest first, `living` in the order in which it ends."""

    now: datetime
    start: datetime | None
    barred: str
    living: tuple[Living, ...]
    next: NextEnd | None
    jumps: tuple[Jump, ...]

    @property
    def ending(self) -> tuple[Living, ...]:
        """What lives and has an end, what ends first coming first."""
        return tuple(each for each in self.living if each.ends_at is not None)

    @property
    def latest(self) -> tuple[Jump, ...]:
        """The last move of the clock, and before it what died of what was done since; newest first."""
        moved = next((place for place, jump in enumerate(self.jumps) if jump.moved), len(self.jumps))
        return self.jumps[: moved + 1]

    @property
    def earlier(self) -> tuple[Jump, ...]:
        """The moves before that, newest first."""
        return self.jumps[len(self.latest) :]

    def read(self, typed: str) -> datetime:
        """The moment that a person means. Raises ValueError with a sentence when it is none, or has passed."""
        moment = read_moment(typed, self.now)
        if moment < self.now:
            raise ValueError(f"{moment:%Y-%m-%d %H:%M:%S} has passed: the clock only moves forward")
        return moment

    def dies_until(self, moment: datetime) -> tuple[Living, ...]:
        """What would die of its own if the clock moved to a moment."""
        return tuple(each for each in self.living if each.ends_at is not None and each.ends_at <= moment)

    @property
    def endless(self) -> tuple[Living, ...]:
        """What lives until somebody ends it."""
        return tuple(each for each in self.living if each.ends_at is None)


class ClockPanel(Shown, Watched):
    """Moves a clock and tells what dies. What ended since the last look is found at each look, however it ended.

    `watch` has it told when anything else changes; `typed` is what stands in the field for a span or a moment.
    """

    typed = ""

    def __init__(self, clock: PanelClock, look_around: LookAround, *, watch: Watch | None = None) -> None:
        self._clock, self._look_around = clock, look_around
        self._since, self._turned_back = clock.start or clock.now, clock.turned_back
        self._deaths = Deaths(self._since)
        clock.watch(self._changed)
        if watch is not None:
            watch(self._changed)

    def look(self) -> Look:
        """The present picture."""
        now = self._clock.now
        if self._turned_back != self._clock.turned_back:
            self._turned_back, self._deaths = self._clock.turned_back, Deaths(self._since)
        living, ended = self._look_around(now, self._deaths.looked_at)
        self._deaths.note(living, ended, now)
        return Look(
            now=now,
            start=self._clock.start,
            barred=self._clock.barred,
            living=tuple(living),
            next=next_end(living),
            jumps=self._deaths.by_jumps(self._clock.moves),
        )

    def jump(self, span: timedelta) -> datetime:
        """Move forward by a span. Raises ValueError when it is negative."""
        try:
            return self.jump_to(self._clock.now + span)
        except OverflowError:
            raise ValueError("that is further ahead than the calendar goes, which ends with the year 9999") from None

    def jump_to(self, moment: datetime) -> datetime:
        """Move to a moment. Raises ValueError when it has passed, RuntimeError when nobody moves this clock."""
        self.look()  # what was done until now is dated now, not after the move
        return self._clock.move_to(moment)

    def jump_to_next(self) -> NextEnd:
        """Move to where the next thing ends, and say what. Raises ValueError when nothing will."""
        found = self.look().next
        if found is None:
            raise ValueError("nothing that the provider keeps will end: sign somebody in first")
        self._clock.move_to(found.at)
        return found

    def go(self, typed: str) -> datetime:
        """Move by a span, or to a moment, as a person types it: `3 days 2 hours`, `2026-02-01`, `18:30`.

        Raises ValueError with a sentence when it is neither, or has passed.
        """
        return self.jump_to(self.look().read(typed))

    def __repr__(self) -> str:
        return f"ClockPanel({self._clock!r})"


def next_end(living: Sequence[Living]) -> NextEnd | None:
    """What ends next of what the provider keeps: what applications hold, they look after themselves."""
    ends = [(each.ends_at, each) for each in living if each.ends_at is not None and each.kind is not Kind.ID_TOKEN]
    if not ends:
        return None
    at = min(ends_at for ends_at, _ in ends)
    return NextEnd(at=at, things=tuple(each for ends_at, each in ends if ends_at == at))

"""The clocks: one that a lesson moves, and the machine's for a provider that people use for real."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from oidc_lab.domain.clock_panel import ClockPanel, LookAround, Watch
from oidc_lab.domain.deaths import Move
from oidc_lab.domain.watched import Watched

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

NextExpiry = Callable[[datetime], tuple[datetime, str] | None]

# As many moves as are remembered.
_MOST = 200


def system_clock() -> datetime:
    """Answer the machine's time, in UTC."""
    return datetime.now(UTC)


class BenchClock(Watched, ABC):
    """What both clocks have: a panel, which shows what lives.

    `look_around` tells it what lives at a moment, `watch_around` when that changed. `moves` are the latest ones, oldest
    first; `turned_back` counts how often the bench returned to an earlier moment; `barred` says why nobody moves it.
    """

    start: datetime | None = None
    barred = ""
    turned_back = 0
    moves: tuple[Move, ...] = ()
    look_around: LookAround | None = None
    watch_around: Watch | None = None
    _panel: ClockPanel | None = None

    def __call__(self) -> datetime:
        """Answer the present moment, an aware datetime in UTC."""
        return self.now

    @property
    @abstractmethod
    def now(self) -> datetime:
        """The present moment, an aware datetime in UTC."""

    @abstractmethod
    def move_to(self, moment: datetime, /) -> datetime:
        """Move to a moment and answer it, where that can be."""

    def panel(self) -> ClockPanel:
        """A panel to move the clock, with what lives and what died of what; asked for again, it is the same one."""
        if self._panel is None:
            look_around = self.look_around or (lambda _now, _since: ([], []))
            self._panel = ClockPanel(self, look_around, watch=self.watch_around)
        return self._panel


class LabClock(BenchClock):
    """A clock that stands still until it is moved, and moves everything on the bench together.

    It starts at a fixed instant, so that a run is the same on every day it is made. It never goes back alone: what
    was issued later must not come to lie in the future. The whole bench can: Lab.return_to.
    """

    def __init__(self, start: datetime = START, next_expiry: NextExpiry | None = None) -> None:
        self._now = self.start = _aware(start)
        self._next_expiry = next_expiry

    @property
    def now(self) -> datetime:
        """The present moment, an aware datetime in UTC."""
        return self._now

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Move forward by a span and answer the new moment. Raises ValueError when the span is negative."""
        try:
            return self.move_to(self._now + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds))
        except OverflowError:
            raise ValueError("that is further ahead than the calendar goes, which ends with the year 9999") from None

    def move_to(self, moment: datetime) -> datetime:
        """Move to a moment and answer it. Raises ValueError when it lies in the past or has no time zone."""
        moment = _aware(moment)
        if moment < self._now:
            rule = "the clock only moves forward; start a new Lab() to begin again"
            raise ValueError(f"{moment.isoformat()} is before {self._now.isoformat()}: {rule}")
        if moment > self._now:
            self.moves = (*self.moves[1 - _MOST :], (self._now, moment))
        self._now = moment
        self._changed()
        return moment

    def image(self) -> tuple[datetime, tuple[Move, ...]]:
        """The present moment, and how the clock came there."""
        return self._now, self.moves

    def restore(self, image: tuple[datetime, tuple[Move, ...]]) -> None:
        """Show a moment again, also an earlier one, as part of a bench that returns to it."""
        self._now, self.moves = image
        self.turned_back += 1
        self._changed()

    def move_to_next_expiry(self) -> str:
        """Move to the moment at which the next thing ends and say what that is.

        Raises ValueError when nothing that the provider keeps will end.
        """
        ending = self._next_expiry(self._now) if self._next_expiry else None
        if ending is None:
            raise ValueError("nothing that the provider keeps will end: sign somebody in first")
        moment, what = ending
        self.move_to(moment)
        return what

    def __repr__(self) -> str:
        return f"LabClock({self._now:%A %d %B %Y, %H:%M:%S} UTC)"


class RealClock(BenchClock):
    """The machine's clock, for a bench at a provider that is served: nobody moves it."""

    def __init__(self, where: str) -> None:
        what = "it is other people's clock as well; a Lab() of your own has one that moves"
        self.barred = f"the provider at {where} goes by the machine's clock, which nobody moves: {what}"

    @property
    def now(self) -> datetime:
        """The present moment, an aware datetime in UTC."""
        return system_clock()

    def advance(self, **_: float) -> NoReturn:
        """Never: raises RuntimeError that says why not."""
        raise RuntimeError(self.barred)

    def move_to(self, _: datetime) -> NoReturn:
        """Never: raises RuntimeError that says why not."""
        raise RuntimeError(self.barred)

    def move_to_next_expiry(self) -> NoReturn:
        """Never: raises RuntimeError that says why not."""
        raise RuntimeError(self.barred)

    def __repr__(self) -> str:
        return f"RealClock({self.now:%A %d %B %Y, %H:%M:%S} UTC)"


def _aware(moment: datetime) -> datetime:
    if not isinstance(moment, datetime):
        raise TypeError(f"{moment!r} is no moment; write for example datetime(2026, 2, 1, tzinfo=UTC)")
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; write for example {moment.isoformat()}+00:00")
    return moment.astimezone(UTC)

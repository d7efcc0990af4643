"""Both sides of one stepping on a bench: its runs, and where it can return to — RFC6749-1.2."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

from oidc_lab.domain.span import span
from oidc_lab.lab.beginning import begin
from oidc_lab.lab.clock import LabClock
from oidc_lab.lab.entropy import SeededEntropy
from oidc_lab.lab.moment import Moment
from oidc_lab.lab.named import UnknownName
from oidc_lab.lab.offering import options
from oidc_lab.pages.render import STYLESHEET
from oidc_lab.relying_party.choices import CannotBegin, Choices, Options
from oidc_lab.relying_party.provider_page import UserPassword
from oidc_lab.relying_party.run import Run

if TYPE_CHECKING:
    from oidc_lab.lab.steps import Steps


@dataclass(frozen=True)
class Place:
    """Where both sides stood, and what it takes to say what happened since."""

    moment: Moment
    runs: frozenset[Run]
    under_way: Mapping[Run, int]
    changes: int


class Sides:
    """What a stepping needs of its bench; `key` is its own among the steppings of that."""

    def __init__(self, steps: "Steps", key: int) -> None:
        self._steps, self._lab, self._key = steps, steps.lab, key
        self._mine: WeakSet[Run] = WeakSet()
        self._began: WeakKeyDictionary[Run, Place] = WeakKeyDictionary()
        self._mark: object = None
        self._offered: tuple[Any, Options] | None = None

    @property
    def closed(self) -> str:
        """Why nothing can be sent any more."""
        return self._lab.closed

    @property
    def barred(self) -> str:
        """Why they cannot be put back."""
        return self._steps.barred

    @property
    def stylesheet(self) -> str:
        """The stylesheet of the provider's pages."""
        return STYLESHEET.read_text(encoding="utf-8")

    def password_of(self, user: str) -> UserPassword | None:
        """What a user types to sign in, where the bench knows it."""
        try:
            return UserPassword(self._lab.users.own(user).username, self._lab.passwords[user])
        except UnknownName:
            return None

    def options(self, choices: Choices) -> Options:
        """What there is to pick from; it is looked up again when something happened, while there is a lab to ask."""
        state = choices, self._steps.looks
        if self.closed:
            return self._offered[1] if self._offered is not None else Options()
        if self._offered is None or self._offered[0] != state:
            self._offered = state, options(self._lab, self._steps.applications(), choices)
        return self._offered[1]

    def preview(self, choices: Choices) -> Run:
        """Begin a run of which nothing will be sent."""
        run = self.begin(choices)
        self.forget(run)
        return run

    def begin(self, choices: Choices) -> Run:
        """Begin a run."""
        try:
            run = begin(self._lab, self._steps.application(choices.application), choices)
        except CannotBegin:
            raise
        except (ValueError, LookupError, OSError, RuntimeError) as error:
            raise CannotBegin(str(error)) from None
        self._mine.add(run)
        return run

    def forget(self, run: Run) -> None:
        """Leave a run out of the history."""
        self._lab.history.forget(run)

    def mark(self) -> None:
        """Both sides know now what was sent so far."""
        self._mark = self._steps.known[self._key] = object()

    def know_the_run(self) -> bool:
        """Whether they still do."""
        return self._steps.known.get(self._key) is self._mark

    def place(self) -> Place | None:
        """Where both sides stand now."""
        if self.barred:
            return None
        others = [each for each in self._lab.history if each not in self._mine]
        under_way = {each: len(each.trace.exchanges) for each in others if each.next_step is not None}
        return Place(self._lab.moment(), frozenset(others), under_way, self._lab.changes)

    def began(self, run: Run, place: Place | None) -> None:
        """Know where a run's first message went: those that began there are one run, told more than once."""
        if place is not None:
            self._began[run] = place

    def return_to(self, place: Place, run: Run | None = None) -> None:
        """Stand there again."""
        if run is None:
            place.moment.come_back()
            return
        beginning = self._began.get(run)
        told_before = [each for each, there in self._began.items() if there is beginning]
        self._lab.return_to(place.moment)
        self._lab.history.put(run, instead=told_before)

    def replay_at(self, place: Place) -> None:
        """Have clock and chance as they were there."""
        place.moment.come_back(LabClock, SeededEntropy)

    def undone(self, place: Place) -> str:
        """What else happened since, in words."""
        happened = ", ".join(self._happened(place))
        return f"also takes back: {happened}" if happened else ""

    def _happened(self, place: Place) -> Iterator[str]:
        runs = self._runs_since(place)
        if runs:
            yield f"{runs} other run{_s(runs)}"
        changes = self._lab.changes - place.changes
        if changes > 0:
            yield f"{changes} change{_s(changes)} made at the provider"
        moved = self._lab.clock.now - place.moment.now
        if moved > timedelta(0):
            yield f"the clock's {span(moved)}"

    def _runs_since(self, place: Place) -> int:
        """How many other runs began since, or went on."""
        there = frozenset(self._lab.history)
        begun = sum(each not in self._mine for each in there - place.runs)
        went_on = (len(each.trace.exchanges) != sent for each, sent in place.under_way.items() if each in there)
        return begun + sum(went_on)


def _s(count: int) -> str:
    return "" if count == 1 else "s"

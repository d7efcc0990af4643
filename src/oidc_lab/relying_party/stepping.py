"""A flow that a learner steps through: forth, back, and forth again another way — OIDCC-3.1.1."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oidc_lab.domain.shown import Shown
from oidc_lab.domain.watched import Watched
from oidc_lab.relying_party.both_sides import BothSides
from oidc_lab.relying_party.branches import Branch, built_of
from oidc_lab.relying_party.choices import CannotBegin, Choices, FlowKind, Option, Options
from oidc_lab.relying_party.comparison import Comparison, Difference, Row, compared
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.journey import Journey, how_it_ended
from oidc_lab.relying_party.message import Request
from oidc_lab.relying_party.provider_page import ProviderPage, UserPassword, page_after
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.trace import Exchange, Step, Trace

__all__ = [
    "BothSides", "Branch", "CannotBegin", "Choices", "Comparison", "Difference", "FlowKind", "Option", "Options",
    "ProviderPage", "Row", "Stepping", "UserPassword",
]  # fmt: skip

# How many messages a flow usually has; where it was at its end before, that is known better.
_USUAL = {FlowKind.SIGN_IN: 10, FlowKind.REFRESH: 3, FlowKind.SIGN_OUT: 3}


class Stepping(Shown, Watched):
    """A flow, message by message; `choices` are what was picked for it.

    `back()` returns both sides to the moment before the last message, clock and cookies included, and with them
    whatever else happened since. Going on otherwise makes a second branch; both stay, to `compare` or `switch` to.
    """

    def __init__(self, sides: BothSides, choices: Choices) -> None:
        self.choices = choices
        self._sides, self._journey = sides, Journey(sides)
        self._cannot: CannotBegin | None = None
        self._filled, self._busy = False, False
        self._page: tuple[Exchange | None, ProviderPage | None] = (None, None)
        self._begin()
        self._said = self._sayings()

    @property
    def problem(self) -> str:
        """Why nothing can begin, or go on; "" when it can."""
        return self._sides.closed or (str(self._cannot) if self._cannot else self._journey.problem)

    @property
    def run(self) -> Run | None:
        """The run of the present branch, None when none can begin; it is another one after each way back."""
        return self._journey.run

    @property
    def trace(self) -> Trace:
        """What has passed on the present branch so far."""
        return Trace("") if self.run is None else self.run.trace

    @property
    def next_step(self) -> Step | None:
        """The step whose request goes next; None when the run has ended, or `problem` says why it cannot go."""
        return None if self.run is None or self.problem else self.run.next_step

    @property
    def original_step(self) -> Step | None:
        """That step as the flow built it, before it was changed."""
        return None if self.next_step is None else self._journey.built

    @property
    def built(self) -> Mapping[int, Step]:
        """The messages so far that were changed before they went, by their place, as the flow had built them."""
        return built_of(self._journey.path)

    @property
    def page(self) -> ProviderPage | None:
        """The provider's page with a form that the browser has in front of it; None when nothing there waits."""
        return None if self.next_step is None else self._page_shown()

    @property
    def password(self) -> UserPassword | None:
        """What the picked user types on the page that waits; None when none is asked for there, or none is known."""
        page = self.page
        return self._sides.password_of(self.choices.user) if page is not None and page.asks_password else None

    @property
    def awaits(self) -> str:
        """What the learner has to do on the page before anything can go; "" when nothing."""
        step = self.next_step
        if step is None or self._filled or not self.choices.by_hand or step.receiver is not Party.PROVIDER:
            return ""
        return "" if self._page_shown() is None else step.title

    @property
    def branches(self) -> tuple[Branch, ...]:
        """Every way that was taken with these choices."""
        return tuple(each.branch() for each in self._journey.lines)

    @property
    def here(self) -> int:
        """The place of the present branch among them."""
        return self._journey.lines.here

    @property
    def back_barred(self) -> str:
        """Why there is no way back now; "" when there is one."""
        return (
            self._sides.closed
            or self._sides.barred
            or self.problem
            or ("" if self._journey.path else "nothing was sent yet")
        )

    @property
    def back_undoes(self) -> str:
        """What `back` takes back besides the last message, in words; "" when nothing."""
        return "" if self.back_barred else self._sides.undone(self._journey.path[-1].place)

    @property
    def again_barred(self) -> str:
        """Why it cannot begin anew now; "" when it can."""
        return self._sides.closed or ("" if self.run is not None else self.problem)

    @property
    def again_undoes(self) -> str:
        """What `again` takes back besides this run, in words; "" when nothing."""
        return "" if self.back_barred else self._sides.undone(self._journey.path[0].place)

    def switch_undoes(self, index: int) -> str:
        """What `switch` takes back besides this run, in words; "" when nothing."""
        path = self._journey.lines[index].path
        return "" if self._sides.barred or not path else self._sides.undone(path[-1].place)

    def options(self) -> Options:
        """What there is to pick from, given what is picked."""
        return self._sides.options(self.choices)

    def choose(self, **choices: Any) -> None:
        """Begin anew with these, where both sides stand now; `problem` says it when that cannot be.

        The branches stay when the choices are the same.
        """
        picked = self.choices.changed(choices)
        if picked != self.choices:
            self._journey.lines.clear()
        self.choices = picked
        self._begin()
        self._tell()

    def change(self, /, **parameters: str | None) -> Step:
        """Change, add or (None) take out parameters of the request that is due. Raises RuntimeError when none is."""
        run, due, _ = self._due()
        return self._have_due(run, due.request.changed(parameters), filled=True)

    def change_header(self, name: str, value: str | None) -> Step:
        """Change, add or (None) take out a header of the request that is due. Raises RuntimeError when none is."""
        run, due, built = self._due()
        return self._have_due(run, due.request.with_header(name, value, built.request.headers), filled=self._filled)

    def unchange(self) -> Step:
        """Have the request that is due as the flow built it. Raises RuntimeError when none is."""
        run, _, built = self._due()
        return self._have_due(run, built.request, filled=False, by_hand=False)

    def fill(self, action: str, values: Sequence[tuple[str, str]]) -> Step:
        """Have what a form of the page sends as the request that is due: where it leads, and its fields in order.

        Raises RuntimeError when no page waits, ValueError when the page has no form that leads there.
        """
        (run, _, _), page = self._due(), self.page
        if page is None:
            raise RuntimeError("no page of the provider waits now")
        return self._have_due(run, page.filled(action, values), filled=True, by_hand=True)

    def next(self) -> Exchange:
        """Send the request that is due. Raises RuntimeError when none is, or when a page waits for the learner."""
        self._due()
        if self.awaits:
            raise RuntimeError(f"the provider's page waits: {self.awaits} first")
        self._move(self._send)
        return self._journey.path[-1].exchange

    def until(self, title: str) -> "Stepping":
        """Send messages until the one whose title has these words is due; nothing when it has gone already.

        Raises LookupError when no such message comes before the end.
        """
        while not any(title.casefold() in each.casefold() for each in self._titles()):
            if self.next_step is None or self.awaits:
                raise LookupError(f"no message has {title!r} in its title; there were: {'; '.join(self._titles())}")
            self.next()
        return self

    def back(self) -> None:
        """Return both sides to the moment before the last message. Raises RuntimeError that says why not."""
        if self.back_barred:
            raise RuntimeError(self.back_barred)
        self._move(self._journey.back)

    def again(self) -> None:
        """Return both sides to the moment before the first message; where no way leads back, begin anew now.

        Raises RuntimeError once the lab is closed.
        """
        if self._sides.closed:
            raise RuntimeError(self._sides.closed)
        self._move(self._begin if self.back_barred else self._journey.again)

    def to_the_end(self) -> Iterator[float]:
        """Send what is left, message by message, until the learner has to act; says each time how much is done."""
        ends = [len(each.path) for each in self._journey.lines if each.ended]
        usual = max(ends, default=_USUAL.get(FlowKind(self.choices.flow), 2))
        while self.next_step is not None and not self.awaits:
            self.next()
            sent, goes_on = len(self._journey.path), self.next_step is not None and not self.awaits
            yield sent / max(usual, sent + 1) if goes_on else 1.0

    def finish(self) -> Run:
        """Send at once what `to_the_end` sends; gives the run. Raises RuntimeError that says why none is there."""
        for _ in self.to_the_end():
            pass
        if self.run is None or self.problem:
            raise RuntimeError(self.problem)
        return self.run

    def switch(self, index: int) -> None:
        """Return both sides to where another branch stands, to go on there. Raises RuntimeError where none can."""
        if barred := self._sides.closed or self._sides.barred:
            raise RuntimeError(barred)
        self._move(lambda: self._journey.switch(index))

    def compare(self, one: int, other: int) -> Comparison:
        """Lay two branches beside each other."""
        return compared(self._journey.lines[one].branch(), self._journey.lines[other].branch())

    def look(self) -> None:
        """Look whether something happened on the bench that matters here; tells those who watch."""
        if self._busy:
            return
        if self._cannot is not None and self._cannot.for_want_of_tokens:
            self._begin()
        if self._sayings() != self._said:
            self._tell()

    def __repr__(self) -> str:
        return f"{self.choices.flow}, step by step: {self.problem or repr(self.run)}"

    def _titles(self) -> list[str]:
        due = [] if self.next_step is None else [self.next_step]
        return [each.title for each in (*(each.step for each in self.trace.exchanges), *due)]

    def _begin(self) -> None:
        self._filled, self._cannot = False, None
        try:
            self._journey.begin(self.choices)
        except CannotBegin as why:
            self._cannot = why

    def _send(self) -> None:
        try:
            self._journey.send()
        except CannotBegin as why:  # what it was begun with is gone by now
            self._cannot = why
            raise RuntimeError(str(why)) from None

    def _move(self, there: Any) -> None:
        """Go somewhere; nobody is told of what is passed on the way."""
        self._busy = True
        try:
            there()
            self._filled = False
        finally:
            self._busy = False
            self._tell()

    def _have_due(self, run: Run, request: Request, *, filled: bool, by_hand: bool | None = None) -> Step:
        self._filled = filled
        step = run.replace_request(request, by_hand=self._due()[1].by_hand if by_hand is None else by_hand)
        self._tell()
        return step

    def _due(self) -> tuple[Run, Step, Step]:
        """The run, the step that is due, and that as the flow built it."""
        run, built = self.run, self._journey.built
        if run is None or self.problem:
            raise RuntimeError(self.problem)
        if run.next_step is None or built is None:
            raise RuntimeError(f"{run.title} has ended: {how_it_ended(run)}")
        return run, run.next_step, built

    def _page_shown(self) -> ProviderPage | None:
        last = self._journey.path[-1].exchange if self._journey.path else None
        if self._page[0] is not last:
            self._page = (last, page_after(last, self._sides.stylesheet))
        return self._page[1]

    def _sayings(self) -> tuple[str, ...]:
        return self.problem, self.back_undoes, self.again_undoes

    def _tell(self) -> None:
        self._said = self._sayings()
        self._changed()

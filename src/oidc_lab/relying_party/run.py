"""Runs a flow step by step and keeps what became of each message — OIDCC-3.1.1."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from oidc_lab.domain.shown import Shown
from oidc_lab.domain.watched import Watched
from oidc_lab.relying_party.deed import sent_instead
from oidc_lab.relying_party.errors import FlowRefused
from oidc_lab.relying_party.flow import Flow
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.message import Request
from oidc_lab.relying_party.trace import Exchange, Refusal, Step, Trace
from oidc_lab.relying_party.wire import Wire


class Run(Shown, Watched):
    """A flow under way: `advance()` sends the next request, `finish()` all that are left.

    A refusal ends the run and stays in its trace; `refusal` says who refused. `user` is what the user is called.
    """

    def __init__(
        self, title: str, flow: Flow, *, wire: Wire, ledger: Ledger, clock: Callable[[], datetime], user: str = ""
    ) -> None:
        self.title, self._user = title, user
        self.refusal: Refusal | None = None
        self._flow, self._wire, self._ledger, self._clock = flow, wire, ledger, clock
        self._exchanges: list[Exchange] = []
        self._result: Any = None
        self._finished = False
        self._next: Step | None = None
        self._built: Step | None = None
        self._resume(lambda: next(flow))

    @property
    def next_step(self) -> Step | None:
        """The step whose request goes next, None when the run has ended; look at it, or `change` it."""
        return self._next

    @property
    def trace(self) -> Trace:
        """What has passed so far."""
        return Trace(self.title, tuple(self._exchanges), self.refusal)

    @property
    def finished(self) -> bool:
        """Whether the flow reached its end without a refusal."""
        return self._finished

    @property
    def result(self) -> Any:
        """What the flow gave.

        Raises RuntimeError while steps are left, FlowRefused when somebody refused.
        """
        if self.refusal is not None:
            raise FlowRefused(self.refusal.who, self.refusal.error, self.refusal.description)
        if not self._finished:
            raise RuntimeError(f"{self.title} has steps left: call finish() first")
        return self._result

    def change(self, **parameters: str | None) -> Step:
        """Change, add or (None) take out parameters of the next request, before it goes.

        Raises RuntimeError when the run has ended.
        """
        step = self._due()
        return self.replace_request(step.request.changed(parameters), by_hand=step.by_hand)

    def replace_request(self, request: Request, *, by_hand: bool = False) -> Step:
        """Send another request than the flow built; `by_hand` when a person filled in the provider's page for it.

        On a page, what is sent says what the user does, and the step is called by that. Raises RuntimeError when the
        run has ended.
        """
        built, before = self._built or self._due(), self._exchanges[-1] if self._exchanges else None
        self._next = sent_instead(built, request, before, self._user, by_hand=by_hand)
        self._changed()
        return self._next

    def advance(self) -> Exchange:
        """Send the next request and let the flow read the answer. Raises RuntimeError when the run has ended."""
        step = self._due()
        try:
            sent, response, refusals, told = self._wire.send(step)
        except FlowRefused as refused:
            return self._not_sent(step, refused)
        self._exchanges.append(Exchange(sent, response, self._clock(), told, refusals))
        self._resume(lambda: self._flow.send(self._exchanges[-1]))
        self._changed()
        return self._exchanges[-1]

    def replay(self, exchange: Exchange) -> None:
        """Let the flow read what became of its next message once before; nothing is sent.

        The flow reads clock and chance again, so both must stand as they did. Raises RuntimeError when it has ended.
        """
        self._due()
        self._exchanges.append(replace(exchange, checks=exchange.told))
        self._resume(lambda: self._flow.send(self._exchanges[-1]))

    def finish(self) -> "Run":
        """Send everything that is left; gives the run itself."""
        while self._next is not None:
            self.advance()
        return self

    def _not_sent(self, step: Step, refused: FlowRefused) -> Exchange:
        self._flow.close()
        self._exchanges.append(Exchange(step, None, self._clock()))
        self._end(refused)
        self._changed()
        return self._exchanges[-1]

    def _end(self, refused: FlowRefused) -> None:
        self._next = self._built = None
        self.refusal = Refusal(refused.who, refused.error, refused.description)

    def _resume(self, continue_flow: Callable[[], Step]) -> None:
        known = len(self._ledger.checks)
        self._next = self._built = None
        try:
            self._next = self._built = continue_flow()
        except StopIteration as end:
            self._finished, self._result = True, end.value
        except FlowRefused as refused:
            self._end(refused)
        if self._exchanges:
            last = self._exchanges[-1]
            self._exchanges[-1] = replace(last, checks=(*last.told, *self._ledger.checks[known:]))

    def _due(self) -> Step:
        if self._next is None:
            how = f"the {self.refusal.who} refused" if self.refusal else "every step is done"
            raise RuntimeError(f"{self.title} has ended: {how}")
        return self._next

    def __repr__(self) -> str:
        sent = len(self._exchanges)
        if self.refusal is not None:
            how = f"the {self.refusal.who} refused: {self.refusal.error}"
        else:
            how = "done" if self._finished else f"next: {self._next and self._next.title}"
        return f"{self.title}: {sent} message{'s' if sent != 1 else ''}, {how}"

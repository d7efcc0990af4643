"""Runs a flow step by step: the one place that sends — OIDCC-3.1.1."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import httpx2

from oidc_lab.domain.shown import Shown
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.flow import Flow
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.message import Request, Response
from oidc_lab.relying_party.trace import Exchange, Refusal, Step, Trace


class Lane:
    """Sends for one party. A browser keeps cookies between its requests; the application has none to keep."""

    def __init__(self, transport: httpx2.BaseTransport | None = None) -> None:
        self._client = httpx2.Client(transport=transport, follow_redirects=False, timeout=30)
        # What the library would say of itself differs between machines, and a trace must not.
        for name in ("accept", "accept-encoding", "connection"):
            del self._client.headers[name]
        self._client.headers["user-agent"] = "oidc-lab"

    def send(self, request: Request) -> tuple[Request, Response]:
        """Send a request; gives it as it went out, cookies included, and its answer."""
        content = request.body.encode() or None
        built = self._client.build_request(request.method, request.url, headers=list(request.headers), content=content)
        answer = self._client.send(built)
        headers = tuple((name.title(), value) for name, value in built.headers.multi_items())
        received = tuple((name.title(), value) for name, value in answer.headers.multi_items())
        return replace(request, headers=headers), Response(answer.status_code, received, answer.text)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


@dataclass(frozen=True)
class Wire:
    """The two lanes of a run and the lab's own channel: `truths` tells what was refused while something was sent."""

    browser: Lane
    relying_party: Lane
    truths: Callable[[], Sequence[str]] = tuple

    def send(self, step: Step) -> tuple[Step, Response | None, tuple[str, ...]]:
        """Send a step's request on the lane of its sender."""
        if step.receiver is Party.RELYING_PARTY:
            return step, None, ()
        lane = self.browser if step.sender is Party.BROWSER else self.relying_party
        known = len(self.truths())
        request, response = lane.send(step.request)
        return replace(step, request=request), response, tuple(self.truths()[known:])


class Run(Shown):
    """A flow under way: `advance()` sends the next request, `finish()` all that are left.

    A refusal ends the run and stays in its trace; `refusal` says who refused.
    """

    def __init__(self, title: str, flow: Flow, *, wire: Wire, ledger: Ledger, clock: Callable[[], datetime]) -> None:
        self.title = title
        self.refusal: Refusal | None = None
        self._flow, self._wire, self._ledger, self._clock = flow, wire, ledger, clock
        self._exchanges: list[Exchange] = []
        self._result: Any = None
        self._finished = False
        self._next: Step | None = None
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
        return self.replace_request(step.request.changed(parameters))

    def replace_request(self, request: Request) -> Step:
        """Send another request than the flow built. Raises RuntimeError when the run has ended."""
        self._next = replace(self._due(), request=request)
        return self._next

    def advance(self) -> Exchange:
        """Send the next request and let the flow read the answer. Raises RuntimeError when the run has ended."""
        step = self._due()
        sent, response, truth = self._wire.send(step)
        self._exchanges.append(Exchange(sent, response, self._clock(), truth=truth))
        self._resume(lambda: self._flow.send(self._exchanges[-1]))
        return self._exchanges[-1]

    def finish(self) -> "Run":
        """Send everything that is left; gives the run itself."""
        while self._next is not None:
            self.advance()
        return self

    def _resume(self, continue_flow: Callable[[], Step]) -> None:
        known = len(self._ledger.checks)
        self._next = None
        try:
            self._next = continue_flow()
        except StopIteration as end:
            self._finished, self._result = True, end.value
        except FlowRefused as refused:
            self.refusal = Refusal(refused.who, refused.error, refused.description)
        if self._exchanges:
            checks = tuple(self._ledger.checks[known:])
            self._exchanges[-1] = replace(self._exchanges[-1], checks=checks)

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

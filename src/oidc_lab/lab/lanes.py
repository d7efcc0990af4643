"""The ways of a bench to its provider: one for each browser, one for its applications — RFC6749-1.2."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any, Self

import httpx2

from oidc_lab.domain.checked import Checked
from oidc_lab.domain.entropy import Entropy
from oidc_lab.domain.refusal import Refused
from oidc_lab.domain.watched import Watched
from oidc_lab.lab.history import History
from oidc_lab.relying_party.wire import Lane


class Lanes(Watched, ABC):
    """What every bench has: randomness, ways to its provider, and an ear for what that refuses."""

    # Held by what must not happen while a message is under way.
    _turn: AbstractContextManager[Any] = nullcontext()

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._lanes: dict[str, Lane] = {}
        self._history = History()
        self._closed = False

    @property
    @abstractmethod
    def refusals(self) -> list[Refused]:
        """Everything that the provider refused, oldest first, with the true reason."""

    @property
    def history(self) -> History:
        """The latest runs, oldest first."""
        return self._history

    @abstractmethod
    def _transport(self) -> httpx2.BaseTransport:
        """A new way to the provider."""

    @abstractmethod
    def _heard(self) -> Sequence[Refused]:
        """What was refused so far of what this thread sends."""

    def _told(self) -> AbstractContextManager[Sequence[Checked]]:
        """What is checked meanwhile of what this thread sends; a provider that is served tells nothing."""
        return nullcontext(())

    def close(self) -> None:
        """Close the connections."""
        self._closed = True
        for lane in self._lanes.values():
            lane.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def image(self) -> dict[str, Any]:
        """The cookies on every way."""
        return {name: lane.image() for name, lane in self._lanes.items()}

    def restore(self, image: dict[str, Any]) -> None:
        """Have those cookies again; a way that was not there yet has none."""
        for name, lane in self._lanes.items():
            lane.restore(image.get(name, ()))

    @property
    def closed(self) -> str:
        """Why nothing can be sent any more; "" when it can."""
        return "this lab is closed; make a new Lab()" if self._closed else ""

    def _check_open(self) -> None:
        if self.closed:
            raise RuntimeError(self.closed)

    def _lane(self, whose: str) -> Lane:
        if whose not in self._lanes:
            self._lanes[whose] = Lane(self._transport(), self._turn)
        return self._lanes[whose]

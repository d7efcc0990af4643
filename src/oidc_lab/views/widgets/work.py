"""Long work in a live view: it shows how far it is, lets other things happen in between, and can be stopped."""

import asyncio
import math
import time
from collections.abc import Callable, Iterator

from oidc_lab.views import html
from oidc_lab.views.controls import button, row
from oidc_lab.views.widgets.part import Part

_AT_ONCE = 0.25  # seconds: longer work gets a progress bar
_A_TURN = 0.1  # seconds of work between two looks at what was pressed
_LISTENING = 0.01


class Work:
    """The work of a frame, one at a time; `attempt` calls what may fail and shows what went wrong."""

    def __init__(self, attempt: Callable[[Callable[[], None]], None]) -> None:
        # The bar is drawn again and again: a button in it would be gone before the mouse is up again.
        self.bar, self.stopper = Part(), Part()
        self.under_way = ""
        self._attempt, self._stopping = attempt, False

    # How long somebody waits is measured on that person's clock; the lab's stands still meanwhile.

    def begin(self, steps: Iterator[float], what: str, done: Callable[[], None]) -> None:
        """Work for a moment, and, where a kernel runs, go on later with a bar and a button."""
        self._stopping = False
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None  # nobody could press the button
        try:
            ended = self._go_until(steps, time.monotonic() + _AT_ONCE if loop else math.inf)
        except BaseException:
            self._attempt(done)
            raise
        if ended or loop is None:
            done()
        else:
            self.under_way = what
            self.stopper.show(button("stop work", "Stop", live=True))
            self._task = loop.create_task(self._go_on(steps, what, done))

    def stop(self) -> None:
        """Have the work end after the present step."""
        self._stopping = True

    async def _go_on(self, steps: Iterator[float], what: str, done: Callable[[], None]) -> None:
        ended = False

        def turn() -> None:
            nonlocal ended
            ended = True  # unless it goes well
            ended = self._go_until(steps, time.monotonic() + _A_TURN, what)

        try:
            while not ended:
                await asyncio.sleep(_LISTENING)
                self._attempt(turn)
        finally:
            self.under_way = ""
            self.bar.show("")
            self.stopper.show("")
            self._attempt(getattr(steps, "close", lambda: None))
            self._attempt(done)

    def _go_until(self, steps: Iterator[float], end: float, what: str = "") -> bool:
        """Whether the work has ended, by itself or because it was stopped."""
        if not self._stopping:
            for share in steps:
                if time.monotonic() >= end:
                    if what:
                        bar = f'<progress max="1" value="{share:.3f}" aria-label="{html.text(what)}"></progress>'
                        self.bar.show(row([bar, html.text(what)]))
                    return False
        return True

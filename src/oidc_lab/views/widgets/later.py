"""Gathers several wishes to draw in one drawing that comes a little later."""

import asyncio
from collections.abc import Callable


def later(call: Callable[[], None], seconds: float = 0.1) -> Callable[[], None]:
    """Gather several calls in one that comes a little later; without a kernel's loop it comes at once."""
    waiting: list[asyncio.AbstractEventLoop] = []

    def ask() -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            call()
            return
        if not waiting or waiting[0].is_closed():
            waiting[:] = [loop]
            loop.call_later(seconds, come)

    def come() -> None:
        waiting.clear()
        call()

    return ask

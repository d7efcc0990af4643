"""Tells those who watch that something changed, so that a picture of it can be drawn anew — OIDCC-1."""

from collections.abc import Callable


class Watched:
    """Something that changes, and can be watched."""

    _watchers: tuple[Callable[[], None], ...] = ()

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Have `changed` called after each change; gives what ends that."""
        self._watchers = (*self._watchers, changed)

        def stop() -> None:
            self._watchers = tuple(each for each in self._watchers if each is not changed)

        return stop

    def _changed(self) -> None:
        for each in self._watchers:
            each()

"""The runs of a bench, so that one can go on where another ended — RFC6749-6."""

from collections.abc import Container, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from oidc_lab.relying_party.desk import Desk
from oidc_lab.relying_party.run import Run

_MOST = 200  # a loop over users makes thousands; who needs those keeps them


class History(Sequence[Run]):
    """The latest runs, oldest first."""

    def __init__(self) -> None:
        self._runs: tuple[Run, ...] = ()
        self._desks: WeakKeyDictionary[Run, tuple[str, Desk]] = WeakKeyDictionary()
        self._numbered = 0

    def add(self, run: Run, desk: Desk) -> None:
        """Note one more, and whose it is."""
        self._runs = (*self._runs, run)[-_MOST:]
        self._numbered += 1
        self._desks[run] = str(self._numbered), desk

    def forget(self, run: Run) -> None:
        """Leave one out that came to nothing."""
        self._runs = tuple(each for each in self._runs if each is not run)

    def put(self, run: Run, instead: Container[Run]) -> None:
        """Have a run that was told again in the place of what it stands for, under the same key."""
        for old in self._runs:
            if old in instead and old is not run:
                self._desks[run] = self._desks[old][0], self._desks[run][1]
        self._runs = tuple(run if each in instead else each for each in self._runs)

    def key(self, run: Run) -> str:
        """The name of one of these runs, by which it can be picked."""
        return self._desks[run][0]

    def desk(self, run: Run) -> Desk:
        """Whose run it is: the application, and the user if one takes part."""
        return self._desks[run][1]

    def __getitem__(self, index: Any) -> Any:
        return self._runs[index]

    def __len__(self) -> int:
        return len(self._runs)

    def image(self) -> tuple[Run, ...]:
        """The runs that there are now."""
        return self._runs

    def restore(self, image: tuple[Run, ...]) -> None:
        """Have these runs again, and no later ones."""
        self._runs = image

    def __repr__(self) -> str:
        return "\n".join(map(repr, self._runs)) or "no runs yet"

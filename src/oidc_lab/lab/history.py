"""The runs of a bench, so that one can go on where another ended — RFC6749-6."""

from collections.abc import Sequence

from oidc_lab.relying_party.run import Run

_MOST = 200  # a loop over users makes thousands; who needs those keeps them


class History(Sequence[Run]):
    """The latest runs, oldest first."""

    def __init__(self) -> None:
        self._runs: tuple[Run, ...] = ()

    def add(self, run: Run) -> None:
        """Note one more."""
        self._runs = (*self._runs, run)[-_MOST:]

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
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

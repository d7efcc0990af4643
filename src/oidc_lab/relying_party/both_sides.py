"""What a stepping needs of a bench: to begin a run, and to put both sides back to where they stood — RFC6749-1.2."""

from typing import Any, Protocol

from oidc_lab.relying_party.choices import Choices, Options
from oidc_lab.relying_party.provider_page import UserPassword
from oidc_lab.relying_party.run import Run


class BothSides(Protocol):
    """The provider and the relying party of one stepping."""

    @property
    def closed(self) -> str:
        """Why nothing can be sent any more; "" when it can."""
        ...

    @property
    def barred(self) -> str:
        """Why they cannot be put back; "" when they can."""
        ...

    def options(self, choices: Choices) -> Options:
        """What there is to pick from."""
        ...

    def preview(self, choices: Choices) -> Run:
        """A run that shows what would go first; the bench does not count it. Raises CannotBegin."""
        ...

    def begin(self, choices: Choices) -> Run:
        """Begin a run. Raises CannotBegin."""
        ...

    def forget(self, run: Run) -> None:
        """A run that was begun came to nothing."""
        ...

    def began(self, run: Run, place: Any) -> None:
        """Where a run stood before its first message: all that began there are one run, told more than once."""
        ...

    def mark(self) -> None:
        """Both sides know now what was sent so far."""
        ...

    def know_the_run(self) -> bool:
        """Whether they still do: somebody else may have put them back."""
        ...

    def place(self) -> Any:
        """Where both sides stand now, to return to; nothing of use when they cannot be put back."""
        ...

    def return_to(self, place: Any, run: Run | None = None) -> None:
        """Stand there again; `run` takes the place of the run that was under way. Without, it is only in passing."""
        ...

    def replay_at(self, place: Any) -> None:
        """Have clock and chance as they were there, for a run that is told again what it was told then."""
        ...

    def undone(self, place: Any) -> str:
        """What else than this run a return to a place takes back, in words; "" when nothing."""
        ...

    def password_of(self, user: str) -> UserPassword | None:
        """What a user types to sign in; None when it is not known."""
        ...

    @property
    def stylesheet(self) -> str:
        """The stylesheet of the provider's pages."""
        ...

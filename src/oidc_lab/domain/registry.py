"""What a form needs of whoever keeps the applications, which is a provider behind its management API — RFC7592-2."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from oidc_lab.domain.advice import Advice, Advices
from oidc_lab.domain.application import Application
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.secret import Secret
from oidc_lab.domain.shown import Shown

if TYPE_CHECKING:  # a form asks its registry, which keeps the forms
    from oidc_lab.domain.draft import Draft


class Made(Protocol):
    """A secret with its value."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def value(self) -> str:
        """What it is worth."""


class Registry(Protocol):
    """Who keeps the applications: a provider, over its management API. What it refuses raises what that raises."""

    def profile(self) -> Profile:
        """Whose rules are followed."""

    def now(self) -> datetime:
        """The present moment."""

    def applications(self) -> Sequence[Application]:
        """All of them."""

    def form_of(self, client_id: str) -> "Draft":
        """The form of one, with what was typed into it. Raises LookupError when there is none."""

    def new_form(self) -> "Draft":
        """The form of a new one."""

    def unsaved(self) -> Sequence[str]:
        """The client_ids of those in whose form something is typed and not saved."""

    def begun(self) -> Mapping[str, "Draft"]:
        """The forms of new applications in which something is typed, each by a key that stays."""

    def find(self, client_id: str) -> Application | None:
        """An application, None when there is none."""

    def create(self, settings: Mapping[str, Any]) -> Application:
        """Register one; it comes with its secret when it has one."""

    def change(self, client_id: str, settings: Mapping[str, Any]) -> Application:
        """Change settings; None takes one away."""

    def delete(self, client_id: str) -> None:
        """Delete one."""

    def adopted(self, client_id: str) -> RefreshPolicy | None:
        """The policy that one follows in place of its settings; None when it follows them."""

    def endpoints_of(self, client_id: str) -> Mapping[str, str]:
        """Where it finds the provider."""

    def secrets_of(self, client_id: str) -> Sequence[Secret]:
        """Its secrets."""

    def add_secret(self, client_id: str, name: str, days: int | None) -> Made:
        """Give it another secret."""

    def delete_secret(self, client_id: str, name: str) -> None:
        """Take one of its secrets away."""

    def advise(self, application: Application, profile: Profile, secrets: Sequence[Secret]) -> Advices:
        """What will hurt."""

    def play(self, advice: Advice) -> Shown:
        """Show what an advice says."""

"""The forms of a provider's applications: each is the same one until it is saved, whoever asks for it — RFC7592-2."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from oidc_lab.domain import advising
from oidc_lab.domain.advice import Advice, Registration
from oidc_lab.domain.application import Application
from oidc_lab.domain.draft import Draft
from oidc_lab.domain.overruled import still_true
from oidc_lab.domain.profile import RULES, Profile
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.secret import Secret
from oidc_lab.lab.applications import Applications, NewSecret, Secrets
from oidc_lab.lab.playable import PlayableAdvice, PlayableAdvices, playable
from oidc_lab.relying_party.demonstration import Demonstration


class Drafts:
    """The forms, and what they ask of the provider over its management API."""

    def __init__(self, applications: Applications) -> None:
        self._applications = applications
        self._forms: list[Draft] = []
        self._begun: Draft | None = None

    def new_form(self) -> Draft:
        """The form of a new application: the one that is begun, as long as it is not saved."""
        if self._begun is not None and self._begun.application is None:
            self._begun.refresh()
        else:
            self._begun = self._kept(Draft(self))
        return self._begun

    def form_of(self, client_id: str) -> Draft:
        """The form of an application, with what was typed into it. Raises LookupError when there is none."""
        for each in self._forms:
            if each.client_id == client_id:
                each.refresh()
        # Not one that found its application deleted.
        known = next((each for each in self._forms if each.client_id == client_id), None)
        return known or self._kept(Draft(self, self._applications[client_id]))

    def unsaved(self) -> Sequence[str]:
        """The client_ids of those in whose form something is typed and not saved."""
        return [each.client_id for each in self._forms if each.application is not None and each.changed]

    def begun(self) -> Mapping[str, Draft]:
        """The forms of new applications in which something is typed, each by a key that stays."""
        return {str(key): each for key, each in enumerate(self._forms) if each.application is None and each.changed}

    def applications(self) -> Sequence[Application]:
        """All of them."""
        return self._applications.all()

    def profile(self) -> Profile:
        """Whose rules are followed."""
        return self._applications.profile()

    def now(self) -> datetime:
        """The present moment."""
        return self._applications.clock()

    def find(self, client_id: str) -> Application | None:
        """An application, None when there is none."""
        try:
            return self._applications[client_id]
        except LookupError:
            return None

    def create(self, settings: Mapping[str, Any]) -> Application:
        """Register one."""
        return self._applications.create(**settings)

    def change(self, client_id: str, settings: Mapping[str, Any]) -> Application:
        """Change settings."""
        return self._applications.change(client_id, settings)

    def delete(self, client_id: str) -> None:
        """Delete one."""
        self._applications.delete(client_id)

    def adopted(self, client_id: str) -> RefreshPolicy | None:
        """The policy that one follows in place of its settings."""
        return self._applications.adopted(client_id)

    def endpoints_of(self, client_id: str) -> Mapping[str, str]:
        """Where it finds the provider."""
        endpoints: Mapping[str, str] = self._applications.management.ask("GET", "applications", client_id)["endpoints"]
        return endpoints

    def secrets_of(self, client_id: str) -> Sequence[Secret]:
        """Its secrets."""
        return tuple(self._secrets(client_id))

    def add_secret(self, client_id: str, name: str, days: int | None) -> NewSecret:
        """Give it another secret."""
        return self._secrets(client_id).create(name, days=days)

    def delete_secret(self, client_id: str, name: str) -> None:
        """Take one of its secrets away."""
        self._secrets(client_id).delete(name)

    def advise(self, application: Application, profile: Profile, secrets: Sequence[Secret]) -> PlayableAdvices:
        """What will hurt, each with a run that shows it."""
        known, now = tuple(secrets), self.now()
        about = Registration(application=application, profile=profile, rules=RULES[profile], secrets=known, now=now)
        found = advising.about(application, profile, secrets=known, now=now)
        return playable(still_true(found, self.adopted(application.client_id)), about)

    def play(self, advice: Advice) -> Demonstration:
        """Show what an advice says. Raises ValueError when nothing of it is seen over HTTP."""
        if not isinstance(advice, PlayableAdvice):
            raise ValueError(f"no run is known that shows what is said about {advice.setting}")
        return advice.play()

    def _kept(self, draft: Draft) -> Draft:
        self._forms.append(draft)
        return draft

    def _secrets(self, client_id: str) -> Secrets:
        return Secrets(self._applications.management, client_id)

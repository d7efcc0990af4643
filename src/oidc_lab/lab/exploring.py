"""What a bench does for an explorer: it saves what is explored, and plays it at a provider of its own — RFC6749-6."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.random import SFC64, Generator

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.explored import Explored
from oidc_lab.domain.happening import Row
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.setting import in_words
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.lab.applications import RegisteredApplication
from oidc_lab.lab.playing import Play
from oidc_lab.lab.usages import read_usages
from oidc_lab.simulation.explorer import Explorer
from oidc_lab.simulation.visitor import Visitor

if TYPE_CHECKING:
    from oidc_lab.lab.managed import Managed

_CALLBACK = "https://application.example/callback"
_SECRET = "test-secret-of-a-copy"
_SEED = 7


def explore(lab: "Managed", application: Application | str | None, choices: dict[str, Any], *, data: Path) -> Explorer:
    """What Managed.explore does."""
    client_id = application.client_id if isinstance(application, Application) else application or _first(lab)
    desk = BenchDesk(lab, client_id, data)
    explorer = Explorer(desk, desk.saved())
    return explorer.change(**choices) if choices else explorer


class BenchDesk:
    """The desk of a bench, for one of its applications."""

    def __init__(self, lab: "Managed", client_id: str, data: Path) -> None:
        self._lab, self._client_id = lab, client_id
        self.policies, self.usages = lab.policies, read_usages(data)

    def application(self) -> RegisteredApplication:
        """The application, as the provider has it now."""
        return self._lab.applications[self._client_id]

    def profile(self) -> Profile:
        """Whose rules the lab's provider follows."""
        return self._lab.profile

    def chance(self) -> Generator:
        """The same users each time."""
        return Generator(SFC64(_SEED))

    def saved(self) -> Explored:
        """The choices that the application has now."""
        saved, first = self.application(), Explored()
        adopted = self._lab.applications.adopted(self._client_id)
        known = (name for name, each in self.policies.items() if adopted is not None and each.policy == adopted)
        return replace(
            first,
            type=saved.type,
            profile=self.profile(),
            ttl=saved.refresh_token_ttl_in_days or first.ttl,
            rotate=saved.rotate_refresh_token is not False,
            always=saved.always_issue_refresh_token is True,
            policy=next(known, ""),
        )

    def save(self, chosen: Explored) -> str:
        """Have the application follow the settings, or the policy in their place."""
        saved = self.application()
        if chosen.policy:
            adopted = self._lab.adopt(chosen.policy, saved)
            return " ".join([f"{adopted.title}.", *adopted.warnings])
        changed = saved.update(**chosen.settings)
        if self._lab.applications.adopted(self._client_id) is not None:
            self._lab.follow_settings(changed)
        told = ", ".join(f"{SETTINGS[name].label}: {in_words(value)}" for name, value in chosen.settings.items())
        other = chosen.profile is not self.profile()
        under = f" What is shown here is under {chosen.profile.value}; the lab follows {self.profile().value}."
        return f"Saved on {changed.name}: {told}.{under if other else ''}"

    def play(self, chosen: Explored, visitor: Visitor) -> Iterator[Row]:
        """The visits of a visitor to a copy of the application, in a lab of its own: this one's clock stands still."""
        from oidc_lab.lab.bench import Lab

        with Lab(profile=chosen.profile) as lab:
            copy = _copy(self.application(), chosen)
            lab.register(copy)
            if chosen.policy:
                lab.adopt(self.policies[chosen.policy], copy)
            offline = chosen.offline or bool(chosen.policy)
            played = Play(lab, copy, next(iter(lab.users.values())), offline=offline)
            yield played.begun
            for event in visitor.visits(chosen.days, lab.clock.now):
                if played.held is None:
                    return
                yield from played.happen(event)


def _first(lab: "Managed") -> str:
    """The first application that users sign in to."""
    found = [each.client_id for each in lab.applications.values() if each.oauth.response_types]
    if not found:
        raise ValueError("there is no application that users sign in to: register one first")
    return found[0]


def _copy(application: Application, chosen: Explored) -> Application:
    """The explored settings under the application's name, with what it takes to sign in."""
    nobody = not chosen.application.oauth.response_types
    kind = ApplicationType.TRADITIONAL if nobody else chosen.type
    confidential = kind is ApplicationType.TRADITIONAL
    return Application(
        client_id="copy",
        type=kind,
        name=application.name,
        redirect_uris=(_CALLBACK,),
        client_secret=_SECRET if confidential else None,
        **({} if chosen.policy else chosen.settings),
    )

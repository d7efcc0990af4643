"""What an advice is: something about a registration that will hurt, said before it runs — RFC9700-2."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, overload

from oidc_lab.domain.profile import Profile, Rules
from oidc_lab.domain.scenario import Scenario
from oidc_lab.domain.secret import Secret
from oidc_lab.domain.shown import Shown

if TYPE_CHECKING:  # an application offers its advice as a method
    from oidc_lab.domain.application import Application


@dataclass(frozen=True, kw_only=True)
class Advice:
    """One thing that will hurt; `scenario` names a run that shows it, None when there is nothing to see over HTTP.

    `sends` is what that run sends: the redirect URI, post-logout redirect URI or origin that makes the difference.
    """

    setting: str
    value: str
    reason: str
    clause: str
    remedy: str
    scenario: Scenario | None = None
    sends: str = ""


@dataclass(frozen=True)
class Advices(Sequence[Advice], Shown):
    """What is to be said about one application in one profile; empty when there is nothing."""

    client_id: str
    profile: Profile
    items: tuple[Advice, ...]

    @overload
    def __getitem__(self, index: int) -> Advice: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Advice, ...]: ...
    def __getitem__(self, index: int | slice) -> Advice | tuple[Advice, ...]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __str__(self) -> str:
        lines = [f"- {each.setting} = {each.value}: {each.reason}" for each in self]
        return "\n".join([f"{self.client_id} under {self.profile}: {len(self) or 'nothing'} to advise", *lines])

    def of(self, setting: str) -> tuple[Advice, ...]:
        """What is said about one setting."""
        return tuple(each for each in self.items if each.setting == setting)


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What is looked at."""

    application: "Application"
    profile: Profile
    rules: Rules
    secrets: tuple[Secret, ...]
    now: datetime | None

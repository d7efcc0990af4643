"""What is explored: an application's settings or a real provider's policy, and who uses it how — RFC9700-4.14.2."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from oidc_lab.domain.application import LABEL, Application, ApplicationType
from oidc_lab.domain.profile import RULES, Profile
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.refresh_settings import issues_refresh_token, policy_of
from oidc_lab.domain.setting import Effect
from oidc_lab.domain.setting_rules import MAXIMUM_TTL_IN_DAYS
from oidc_lab.domain.settings import DEFAULT_TTL_IN_DAYS, SETTINGS, availability

MOST_USERS, MOST_DAYS = 1_000_000, 3650
# The settings by the short names that they have here.
SETTING = {
    "ttl": "refresh_token_ttl_in_days", "rotate": "rotate_refresh_token", "always": "always_issue_refresh_token",
}  # fmt: skip


class Figure(StrEnum):
    """What is drawn."""

    SURVIVAL = "survival"
    FAMILY = "family"
    ROTATION = "rotation"
    SWEEP = "sweep"
    RACE = "race"


@dataclass(frozen=True, kw_only=True)
class Explored:
    """The choices of an explorer; `policy` is the id of a real provider's, in place of the settings before it.

    `offline` is whether the application asks for offline access and the user agrees. `usage` is the id of a usage
    pattern, `days` is how long the users are watched, `figure` what is drawn of them.
    """

    type: ApplicationType = ApplicationType.TRADITIONAL
    profile: Profile = Profile.DOCUMENTED
    ttl: int = DEFAULT_TTL_IN_DAYS
    rotate: bool = True
    always: bool = False
    offline: bool = True
    policy: str = ""
    usage: str = "daily"
    users: int = 10_000
    days: int = 365
    figure: Figure = Figure.SURVIVAL

    def changed(self, **choices: Any) -> Self:
        """The same with other choices, typed or as text. Raises ValueError with a sentence for one that cannot be."""
        for name in choices:
            if name not in _READ:
                raise ValueError(f"there is no choice {name!r}; there are {', '.join(_READ)}")
        return replace(self, **{name: _READ[name](name, value) for name, value in choices.items()})

    def effect(self, name: str) -> Effect:
        """What one of the settings does for this type in this profile; when it is not available, why not."""
        return availability(SETTING[name], self.type, self.profile)

    @property
    def settings(self) -> dict[str, Any]:
        """What can be set of an application of this type in this profile, by the settings' own names."""
        return {own: getattr(self, name) for name, own in SETTING.items() if self.effect(name).available}

    @property
    def application(self) -> Application:
        """An application with these settings."""
        return Application(client_id="explored", type=self.type, name="Explored", **self.settings)

    @property
    def settings_policy(self) -> RefreshPolicy:
        """What the settings mean in the profile."""
        application = self.application
        policy = policy_of(application, self.profile)
        issued = issues_refresh_token(application, self.profile, offline=self.offline)
        return policy if issued else replace(policy, issued=False)

    @property
    def outlives_session(self) -> bool:
        """Whether refresh tokens live on when the user's session is over — OIDCC-11."""
        always = RULES[self.profile].always_issued_is_offline and self.always and self.effect("always").available
        return self.offline or bool(self.policy) or always

    @property
    def title(self) -> str:
        """The settings in a few words."""
        ttl = f", {self.ttl} day{'' if self.ttl == 1 else 's'}" if self.effect("ttl").available else ""
        return f"{self.profile.value} ({LABEL[self.type]}{ttl})"


def label(name: str) -> str:
    """What a choice is called."""
    return SETTINGS[SETTING[name]].label if name in SETTING else _LABELS[name]


_LABELS = {
    "type": "Application type", "profile": "Profile", "offline": "Asks for offline access",
    "policy": "What is explored", "usage": "Usage pattern", "users": "Number of users", "days": "Days looked at",
    "figure": "Figure",
}  # fmt: skip


def _one_of(kinds: type[StrEnum]) -> Any:
    def read(name: str, value: object) -> StrEnum:
        if value not in list(kinds):
            raise ValueError(f"{name}: {value!r} is none of {', '.join(kinds)}")
        return kinds(str(value))

    return read


def _number(most: int) -> Any:
    def read(name: str, value: object) -> int:
        typed = str(value).replace(",", "").replace("_", "").replace(" ", "")
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else 0
        if isinstance(value, bool) or not 1 <= number <= most:
            raise ValueError(f"{name}: {value!r} is no whole number from 1 to {most:,}")
        return number

    return read


def _switch(name: str, value: object) -> bool:
    if value not in (True, False, "on", ""):
        raise ValueError(f"{name}: {value!r} is neither on nor off: write True or False")
    return value in (True, "on")


def _name(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name}: {value!r} is no name")
    return value


_READ = {
    "type": _one_of(ApplicationType), "profile": _one_of(Profile), "ttl": _number(MAXIMUM_TTL_IN_DAYS),
    "rotate": _switch, "always": _switch, "offline": _switch, "policy": _name, "usage": _name,
    "users": _number(MOST_USERS), "days": _number(MOST_DAYS), "figure": _one_of(Figure),
}  # fmt: skip

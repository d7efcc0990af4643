"""What a setting of an application is, and what it does for one type in one profile — OIDCR-2."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from oidc_lab.domain.application_type import ApplicationType
from oidc_lab.domain.profile import Profile


class Given(StrEnum):
    """When a setting can be given."""

    ANY_TIME = "at any time"
    CREATION = "when the application is created, never changed"
    NEVER = "by the provider alone"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a setting does for one type in one profile; when it is not available, why not.

    `on` and `off` are what each position of a switch does.
    """

    available: bool
    clause: str
    text: str = ""
    on: str = ""
    off: str = ""

    @property
    def of_value(self) -> bool:
        """Whether it says anything only of a value."""
        return "{value}" in self.text

    @property
    def sentence(self) -> str:
        """The effect, whatever the value."""
        return f"On: {self.on} Off: {self.off}" if self.on else self.text.format(value="the TTL")

    def of(self, value: object) -> str:
        """The effect of one value, as it stands in the application."""
        if not self.on:
            return self.text.format(value=in_words(value))
        said = self.on if value else self.off
        return said[0].upper() + said[1:]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One effect and where it holds."""

    types: frozenset[ApplicationType]
    profiles: frozenset[Profile]
    effect: Effect


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting: `name` is Application's field, `label` what the product calls it, `default` what holds unset."""

    name: str
    label: str
    meaning: str
    clause: str
    default: object
    cases: tuple[Case, ...]
    given: Given = Given.ANY_TIME

    def effect(self, kind: ApplicationType, profile: Profile) -> Effect:
        """What it does for this type in this profile."""
        return next(each.effect for each in self.cases if kind in each.types and profile in each.profiles)


_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def in_words(value: object) -> str:
    """A value of a setting as people read it: `on`, `14 days`, `https://a.example, https://b.example`, `none`."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return _duration(value * 86400)  # the one number is refresh_token_ttl_in_days
    if isinstance(value, timedelta):
        return _duration(int(value.total_seconds()))
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, Mapping):
        return ", ".join(value) or "none"
    return "none" if value is None or value == "" else str(value)


def _duration(seconds: int) -> str:
    """In the largest unit that needs no fraction."""
    unit, size = next((unit, size) for unit, size in _UNITS if seconds % size == 0)
    number = seconds // size
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"

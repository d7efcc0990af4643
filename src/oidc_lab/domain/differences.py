"""Shows, setting by setting, what each profile makes of one registration — OIDCR-2."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from oidc_lab.domain import origin, redirect_uri, settings
from oidc_lab.domain.profile import RULES, Origins, Profile
from oidc_lab.domain.setting import Given, Setting, in_words
from oidc_lab.domain.shown import Shown

if TYPE_CHECKING:  # an application offers this as a method
    from oidc_lab.domain.application import Application


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What the three profiles do with one setting; `value` is the default when it is not `is_set`."""

    setting: str
    label: str
    value: str
    is_set: bool
    documented: str
    logto: str
    strict: str

    @property
    def agree(self) -> bool:
        """Whether it is the same in all three."""
        return self.documented == self.logto == self.strict

    def under(self, profile: Profile) -> str:
        """What one profile does with it."""
        return {Profile.DOCUMENTED: self.documented, Profile.LOGTO: self.logto, Profile.STRICT: self.strict}[profile]


@dataclass(frozen=True)
class Differences(Sequence[Difference], Shown):
    """A row for each setting that some profile has for this type of application."""

    client_id: str
    rows: tuple[Difference, ...]

    @overload
    def __getitem__(self, index: int) -> Difference: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Difference, ...]: ...
    def __getitem__(self, index: int | slice) -> Difference | tuple[Difference, ...]:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        unlike = [each.label for each in self.disagreeing]
        return f"{self.client_id}: the profiles treat {len(unlike)} of {len(self)} settings differently" + (
            f": {', '.join(unlike)}" if unlike else ""
        )

    @property
    def disagreeing(self) -> tuple[Difference, ...]:
        """The rows in which the profiles are not of one mind."""
        return tuple(each for each in self.rows if not each.agree)

    def of(self, setting: str) -> Difference:
        """The row of a setting. Raises KeyError when the type does not have it."""
        for each in self.rows:
            if each.setting == setting:
                return each
        raise KeyError(setting)


def of(application: "Application") -> Differences:
    """The rows of one application, in the order of the table; what nobody can set is left out."""
    shown = (each for each in settings.SETTINGS.values() if each.given is not Given.NEVER)
    rows = (_row(application, each) for each in shown if not settings.refused_everywhere(each.name, application.type))
    return Differences(application.client_id, tuple(rows))


def _row(application: "Application", setting: Setting) -> Difference:
    value, is_set = _value(application, setting)
    said = {profile.value: _sentence(application, setting, profile, value) for profile in Profile}
    words = "not shown" if setting.name == "secrets" else in_words(value)
    return Difference(setting=setting.name, label=setting.label, value=words, is_set=is_set, **said)


def _value(application: "Application", setting: Setting) -> tuple[object, bool]:
    if setting.name == "secrets":
        return setting.default, True  # a confidential application has one; only a digest of it is kept
    value = getattr(application, setting.name)
    return (setting.default if value is None else value), setting.name in application.given


def _sentence(application: "Application", setting: Setting, profile: Profile, value: object) -> str:
    effect = setting.effect(application.type, profile)
    if not effect.available:
        return f"Not available. {effect.of(value)}"
    more = _MORE.get(setting.name)
    return " ".join((effect.of(value), *(more(application, setting.name, profile) if more else ())))


def _unusable(application: "Application", name: str, profile: Profile) -> tuple[str, ...]:
    uris = getattr(application, name)
    problems = ((uri, redirect_uri.problem_in(profile, uri, application.type)) for uri in uris)
    return tuple(f"Not {uri}: {rule}." for uri, rule in problems if rule)


def _added(application: "Application", _name: str, profile: Profile) -> tuple[str, ...]:
    if RULES[profile].origins is Origins.LISTED:
        return ()
    listed = application.cors_allowed_origins
    added = [each for each in origin.of_redirect_uris(application.redirect_uris) if each not in listed]
    return (f"That adds {', '.join(added)}.",) if added else ()


_MORE = {"redirect_uris": _unusable, "post_logout_redirect_uris": _unusable, "cors_allowed_origins": _added}

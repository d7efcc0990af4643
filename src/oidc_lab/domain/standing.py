"""What stands in the fields of a form: what of it is changed, what breaks a rule, what it makes — OIDCR-2."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from oidc_lab.domain.application import Application, ApplicationType, InvalidSetting
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.setting import Effect
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.domain.typed import KINDS, UNSET, Kind, lines, read, write

# What stands for an application until it is saved.
CLIENT_ID, NAME = "draft", "New application"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why a field cannot be saved as it is; `line` is that of a list, None when it is about the whole field."""

    setting: str
    value: str
    rule: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"Line {self.line}, {self.value}" if self.line else SETTINGS[self.setting].label
        return f"{where}: {self.rule}"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What lies before who fills in a form: what is saved, what was typed, under which profile and adopted policy."""

    saved: Application | None
    typed: Mapping[str, str]
    profile: Profile
    refused: Mapping[str, str] = field(default_factory=dict)
    theirs: Mapping[str, str] = field(default_factory=dict)
    adopted: RefreshPolicy | None = None

    @property
    def type(self) -> ApplicationType:
        """The type that it has or is to have."""
        return ApplicationType(self.text("type"))

    def text(self, name: str) -> str:
        """What stands in a field."""
        return self.typed.get(name, write(self.value_saved(name)))

    def value_saved(self, name: str) -> Any:
        """What is saved, or what a new application has when nobody says anything."""
        if self.saved is not None:
            return getattr(self.saved, name)
        return ApplicationType.SPA if name == "type" else UNSET[name]

    def effect(self, name: str) -> Effect:
        """What the setting does for this type in this profile."""
        return SETTINGS[name].effect(self.type, self.profile)

    def changed(self, name: str) -> bool:
        """Whether something else than what is saved stands in a field."""
        if name not in self.typed:
            return False
        try:
            return bool(read(name, self.text(name)) != self.value_saved(name))
        except ValueError:
            return True

    @cached_property
    def faults(self) -> Mapping[str, tuple[Fault, ...]]:
        """Why the fields cannot be saved."""
        return {name: self._faults(name) for name in KINDS}

    def _faults(self, name: str) -> tuple[Fault, ...]:
        """What is saved already, or was never said, is not asked again; the provider does not, either."""
        if not self.changed(name) and (self.saved is not None or name != "name"):
            return ()
        own, said = tuple(self._own_faults(name)), self.refused.get(name)
        return own or (() if said is None else (Fault(setting=name, value=self.text(name), rule=said),))

    def _own_faults(self, name: str) -> Iterator[Fault]:
        text = self.text(name)
        try:
            value = read(name, text)
        except ValueError as error:
            yield Fault(setting=name, value=text, rule=str(error))
            return
        broken = list(self._broken_lines(name, text)) if KINDS[name] is Kind.LIST else []
        yield from broken
        if not broken and (rule := self._rule(name, value)):
            yield Fault(setting=name, value=text, rule=rule)

    def _broken_lines(self, name: str, text: str) -> Iterator[Fault]:
        if not self.effect(name).available:
            return
        for number, each in lines(text):
            if rule := self._rule(name, (each,)):
                yield Fault(setting=name, value=each, rule=rule, line=number)

    def _rule(self, name: str, value: Any) -> str | None:
        """The rule that one value breaks, asked alone, as the provider asks it."""
        given = {"client_id": CLIENT_ID, "type": self.type, "name": NAME, name: value}
        try:
            Application(**given).check_for(self.profile)
        except InvalidSetting as error:
            return error.rule
        return None

    def application(self) -> Application:
        """The application that would be saved, without what cannot be."""
        made = self.saved or Application(client_id=CLIENT_ID, type=self.type, name=NAME)
        for name in KINDS:
            if name != "type" and self.changed(name):
                value = self._usable(name)
                made = made if value is None else replace(made, **{name: value[0]})
        return made

    def _usable(self, name: str) -> tuple[Any] | None:
        faults = self.faults[name]
        if not faults:
            return (read(name, self.text(name)),)
        if not all(each.line for each in faults):
            return None
        bad = {each.value for each in faults}
        return (tuple(dict.fromkeys(each for _, each in lines(self.text(name)) if each not in bad)),)

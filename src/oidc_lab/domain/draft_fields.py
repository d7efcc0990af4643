"""What stands in each field of an application's form: whether it may, what it does, what it was — OIDCR-2."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.application_type import LABEL, OAUTH_MAPPING
from oidc_lab.domain.overruled import NOT_IN_FORCE, overruled
from oidc_lab.domain.profile import RULES, Profile
from oidc_lab.domain.setting import Given, in_words
from oidc_lab.domain.setting_rules import SIGNING_ALGORITHMS
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.domain.standing import CLIENT_ID, NAME, Fault, Standing
from oidc_lab.domain.typed import KINDS, UNSET, Kind, lines, read

OPTIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "type": tuple((each.value, LABEL[each]) for each in ApplicationType),
    "id_token_signed_response_alg": tuple((each, each) for each in SIGNING_ALGORITHMS),
}
# What is chosen cannot be mistyped, and any text is one.
_AT_ONCE = {Kind.SWITCH, Kind.CHOICE, Kind.TEXT}
_LINE_OF = {"cors_allowed_origins": "origin"}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One setting as it stands in a form.

    `fixed` says why it cannot be typed any more, `effect` what it does now or why the type does not have it, nothing
    when that hangs on a value that is at fault; `was` is what is saved when something else stands here, `theirs` what
    somebody else has saved meanwhile.
    """

    name: str
    kind: Kind
    text: str
    value: Any
    available: bool
    effect: str
    clause: str
    fixed: str = ""
    touched: bool = False
    changed: bool = False
    was: str = ""
    theirs: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def label(self) -> str:
        """What people call it."""
        return SETTINGS[self.name].label

    @property
    def meaning(self) -> str:
        """What it is, in a sentence."""
        return SETTINGS[self.name].meaning

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """What can be chosen, as value and label."""
        return OPTIONS.get(self.name, ())

    @property
    def by_default(self) -> bool:
        """Whether nobody said anything, so that the default holds."""
        return self.name in UNSET and not self.faults and self.value == UNSET[self.name]

    @property
    def on(self) -> bool:
        """Whether a switch is on, by default or because somebody said so."""
        return bool(in_effect(self.name, self.value))

    @property
    def ok(self) -> str:
        """That what was typed can be saved, in a word; nothing when nobody typed."""
        if self.faults or not self.changed or not self.available or not self.text.strip() or self.kind in _AT_ONCE:
            return ""
        if self.kind is not Kind.LIST:
            return "ok"
        what, number = _LINE_OF.get(self.name, "URI"), len(lines(self.text))
        return f"ok, {number} {what}{'s' if number > 1 else ''}"


def fields_of(standing: Standing) -> tuple[Field, ...]:
    """Every setting that is typed, in the order of the table."""
    made = standing.application()
    said = {each.setting: each.under(standing.profile) for each in made.differences()}
    return tuple(_field(standing, name, made, said) for name in SETTINGS if name in KINDS)


def in_effect(name: str, value: Any) -> Any:
    """What holds: the default where nothing is set."""
    return SETTINGS[name].default if value is None else value


def _field(standing: Standing, name: str, made: Application, said: Mapping[str, str]) -> Field:
    faults, effect, changed = standing.faults[name], standing.effect(name), standing.changed(name)
    saved, given = standing.saved is not None, SETTINGS[name].given
    return Field(
        name=name,
        kind=KINDS[name],
        text=standing.text(name),
        value=_value(standing, name),
        available=effect.available,
        effect=_effect(standing, name, made, said),
        clause=effect.clause,
        fixed=f"It is given {given}." if saved and given is Given.CREATION else "",
        touched=name in standing.typed,
        changed=changed,
        was=in_words(in_effect(name, standing.value_saved(name))) if saved and changed else "",
        theirs=standing.theirs.get(name, ""),
        faults=faults,
    )


def _value(standing: Standing, name: str) -> Any:
    try:
        return read(name, standing.text(name))
    except ValueError:
        return standing.text(name)


def _effect(standing: Standing, name: str, made: Application, said: Mapping[str, str]) -> str:
    """What it does now, or why it is not there."""
    effect = standing.effect(name)
    if not effect.available:
        return effect.sentence
    if standing.faults[name]:
        return "" if effect.of_value else effect.sentence
    if name in overruled(standing.adopted):
        return NOT_IN_FORCE
    if name == "type":
        return _of_type(standing.type, standing.profile)
    if effect.on:
        on = in_effect(name, getattr(made, name))
        return f"On: {effect.on}" if on else f"Off: {effect.off}"
    return said[name]


def _of_type(kind: ApplicationType, profile: Profile) -> str:
    """What a type means on the wire — RFC6749-2.1."""
    means = OAUTH_MAPPING[kind]
    pkce = Application(client_id=CLIENT_ID, type=kind, name=NAME).requires_pkce(RULES[profile])
    secret = "Confidential: it has a secret." if means.confidential else "Public: it cannot keep a secret."
    needs = " PKCE is required." if pkce else ""
    return f"{secret} Its grant types: {', '.join(means.grant_types)}.{needs}"

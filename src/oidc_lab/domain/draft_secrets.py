"""The secrets of an application whose form is filled in: those there are, and a new one — RFC6749-2.3.1.

What a secret is worth is in no text of these objects; only `made.value` has it, and only until it is put away.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from oidc_lab.domain.registry import Made, Registry
from oidc_lab.domain.secret import Secret
from oidc_lab.domain.setting_rules import InvalidSetting, together

# What the provider calls the field that is called `days` here.
_WIRE = {"expires_in_days": "days", "expires_at": "days"}
_LONG = 10
_DAYS = "it must be a whole number of days, or nothing for a secret that never expires"


@dataclass(frozen=True, kw_only=True)
class MadeSecret:
    """The secret that an application was given when it was created."""

    name: str
    value: str = field(repr=False)


class DraftSecrets:
    """The secrets of an application that is saved, and what was typed for the next one."""

    def __init__(self, registry: Registry, client_id: str, changed: Callable[[], None]) -> None:
        self._registry, self._client_id, self._told = registry, client_id, changed
        self._refused: dict[str, str] = {}
        self._listed: tuple[Secret, ...] = ()
        self.typed = {"name": "", "days": ""}
        self.made: Made | None = None
        self.read()

    def __iter__(self) -> Iterator[Secret]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    def __repr__(self) -> str:
        return f"secrets: {', '.join(each.name for each in self) or 'none'}"

    @property
    def now(self) -> datetime:
        """The present moment, which decides which of them are good."""
        return self._registry.now()

    @property
    def faults(self) -> dict[str, str]:
        """Why no secret can be made of what was typed, by field: `name`, `days`."""
        found = {}
        if rule := self._name_rule():
            found["name"] = rule
        if self.typed["days"].strip() and self._days() is None:
            found["days"] = _DAYS
        return {**self._refused, **found}

    @property
    def begun(self) -> bool:
        """Whether something was typed for a new one."""
        return any(self.typed.values())

    def enter(self, field: str, text: str) -> None:
        """Type into a field of the next secret. Raises KeyError when there is no such field."""
        if self.typed[field] != text:
            self.typed[field] = text
            self._refused.pop(field, None)
            self._told()

    def add(self, name: str | None = None, days: int | None = None) -> Made:
        """Make a secret, of what was typed or as it is said here; this alone gives its `value`.

        Raises InvalidSetting when the name or the days break a rule, ValueError when there is one of this name.
        """
        if name is not None:
            self.typed = {"name": name, "days": "" if days is None else str(days)}
            self._refused = {}
        if self.faults:
            raise together([InvalidSetting(each, self.typed[each], rule) for each, rule in self.faults.items()])
        try:
            self.made = self._registry.add_secret(self._client_id, self.typed["name"], self._days())
        except InvalidSetting as error:
            self._refused[_WIRE.get(error.setting, error.setting)] = error.rule
            self._told()
            raise
        self.typed = {"name": "", "days": ""}
        self.read()
        self._told()
        return self.made

    def delete(self, name: str) -> None:
        """Take one away. Raises LookupError when there is none of that name."""
        try:
            self._registry.delete_secret(self._client_id, name)
        finally:
            self.read()
            self._told()

    def put_away(self) -> None:
        """Show the value of the one that was just made no more."""
        if self.made is not None:
            self.made = None
            self._told()

    def read(self) -> None:
        """Read anew which there are."""
        self._listed = tuple(self._registry.secrets_of(self._client_id))

    def _name_rule(self) -> str | None:
        try:
            Secret(name=self.typed["name"], created_at=self._registry.now())
        except InvalidSetting as error:
            return error.rule
        return None

    def _days(self) -> int | None:
        text = self.typed["days"].strip()
        return int(text) if text.isascii() and text.isdecimal() and len(text) < _LONG else None

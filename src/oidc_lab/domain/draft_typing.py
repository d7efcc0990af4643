"""What was typed into an application's form, whether that may be saved, and what it would do — OIDCR-2."""

from collections.abc import Sequence
from typing import Any, Self

from oidc_lab.domain.advice import Advices
from oidc_lab.domain.application import Application, InvalidSetting
from oidc_lab.domain.draft_fields import OPTIONS, Field, fields_of, in_effect
from oidc_lab.domain.draft_secrets import DraftSecrets
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.registry import Registry
from oidc_lab.domain.setting import Given
from oidc_lab.domain.setting_rules import together
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.domain.shown import Shown
from oidc_lab.domain.standing import Fault, Standing
from oidc_lab.domain.typed import KINDS, OFF, ON, Kind, read, write
from oidc_lab.domain.watched import Watched


class Typing(Shown, Watched):
    """A form as it is filled in: `set` types into it, `faults` and `advice` look at it.

    `application` is what is saved, None for a new one; `notice` is what is to be said about the last thing done.
    `adopted` is the policy that it follows in place of what its settings mean.
    """

    def __init__(self, registry: Registry, application: Application | None = None) -> None:
        self.registry = registry
        self._typed: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._theirs: dict[str, str] = {}
        self.application = application
        self.profile = registry.profile()
        self.notice = ""
        self.adopted: RefreshPolicy | None = None
        self.secrets: DraftSecrets | None = None
        self._fields: tuple[Field, ...] | None = None
        self._advice: Advices | None = None

    def __repr__(self) -> str:
        what = f"of {self.client_id}" if self.application else "of a new application"
        return f"form {what}: {_counted(self.changed, 'change')}, {_counted(self.faults, 'fault')}"

    @property
    def client_id(self) -> str:
        """What it is called on the wire; empty until it is saved."""
        return self.application.client_id if self.application else ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every setting that can be typed, also those that the type does not have in this profile."""
        if self._fields is None:
            self._fields = fields_of(self._standing())
        return self._fields

    def field(self, name: str) -> Field:
        """One of them. Raises KeyError when there is none of that name."""
        return {each.name: each for each in self.fields}[name]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that stands in the way of saving."""
        return tuple(fault for each in self.fields for fault in each.faults)

    @property
    def changed(self) -> tuple[str, ...]:
        """The settings in which something else stands than is saved."""
        return tuple(each.name for each in self.fields if each.changed)

    @property
    def preview(self) -> Application:
        """The application as it would be, without what cannot be saved."""
        return self._standing().application()

    @property
    def advice(self) -> Advices:
        """What will hurt of what stands in the form; `play` shows it."""
        if self._advice is None:
            self._advice = self.registry.advise(self.preview, self.profile, tuple(self.secrets or ()))
        return self._advice

    @property
    def barred(self) -> str:
        """Why it cannot be saved now; empty when it can."""
        if self.faults:
            labels = list(dict.fromkeys(SETTINGS[each.setting].label for each in self.faults))
            return f"This cannot be saved as it stands: {', '.join(labels)}."
        return "" if self.application is None or self.changed else "Nothing is changed."

    def set(self, **settings: Any) -> Self:
        """Put values, or text as it is typed, into fields; None takes a setting away.

        What breaks a rule is kept, and said in `faults`. Raises InvalidSetting for what no form can change.
        """
        __tracebackhide__ = True
        for name, value in settings.items():
            self._check_can_be_typed(name, write(value))
        for name, value in settings.items():
            self._type(name, write(value))
        self._changed()
        return self

    def enter(self, name: str, text: str) -> None:
        """Type into a field; a box that is ticked says `on`, one that is not says nothing."""
        if KINDS.get(name) is Kind.SWITCH:
            text = self._switched(name, ON if text else OFF)
        if text != self._standing().text(name):
            self.set(**{name: text})

    def undo(self) -> None:
        """Put back what is saved."""
        self._forget()
        self._typed = {}
        self._changed()

    def _changed(self) -> None:
        self._fields = self._advice = None
        super()._changed()

    def _standing(self) -> Standing:
        return Standing(
            saved=self.application,
            typed=self._typed,
            profile=self.profile,
            refused=self._refused,
            theirs=self._theirs,
            adopted=self.adopted,
        )

    def _check_can_be_typed(self, name: str, text: str) -> None:
        __tracebackhide__ = True
        if name not in SETTINGS:
            raise ValueError(f"there is no setting {name!r}; there are {', '.join(KINDS)}")
        if name not in KINDS:
            raise InvalidSetting(name, text, f"it is given {Given.NEVER}")
        if name == "type" and self.application is not None and text != self.application.type:
            raise InvalidSetting(name, text, f"it is given {Given.CREATION}")
        if name == "type" and text not in dict(OPTIONS[name]):
            raise InvalidSetting(name, text, f"it must be one of {', '.join(dict(OPTIONS[name]))}")

    def _type(self, name: str, text: str) -> None:
        self._typed[name] = text
        self._refused.pop(name, None)
        self.notice = ""

    def _switched(self, name: str, text: str) -> str:
        """A switch that is back where it was is as it was, also when nobody ever set it."""
        saved = self._standing().value_saved(name)
        return write(saved) if read(name, text) == in_effect(name, saved) else text

    def _check_faults(self) -> None:
        __tracebackhide__ = True
        if self.faults:
            raise together([InvalidSetting(each.setting, each.value, each.rule) for each in self.faults])

    def _forget(self) -> None:
        """Forget what was said about the last thing done."""
        self._refused, self._theirs, self.notice = {}, {}, ""
        if self.secrets is not None:
            self.secrets.made = None


def _counted(things: Sequence[object], what: str) -> str:
    return f"{len(things)} {what}{'' if len(things) == 1 else 's'}"

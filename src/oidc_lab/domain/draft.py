"""An application's form: what was typed, whether that may be saved, and saving it — OIDCR-2, RFC7592-2.2."""

from collections.abc import Mapping, Sequence
from typing import Any

from oidc_lab.domain.advice import Advices
from oidc_lab.domain.application import Application, InvalidSetting
from oidc_lab.domain.draft_fields import OPTIONS, Field, fields_of, in_effect
from oidc_lab.domain.draft_secrets import DraftSecrets, MadeSecret
from oidc_lab.domain.registry import Registry
from oidc_lab.domain.setting import Given, in_words
from oidc_lab.domain.setting_rules import together
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.domain.shown import Shown
from oidc_lab.domain.standing import Fault, Standing
from oidc_lab.domain.typed import KINDS, OFF, ON, Kind, read, write
from oidc_lab.domain.watched import Watched


class ChangedMeanwhile(RuntimeError):
    """Somebody else changed or deleted the application; what was typed still stands in the form."""


class Draft(Shown, Watched):
    """The form of an application, new or saved. `set` types into it, `faults` and `advice` look at it, `save` saves it.

    `application` is what is saved, None for a new one; `notice` is what is to be said about the last thing done.
    """

    def __init__(self, registry: Registry, application: Application | None = None) -> None:
        self.registry = registry
        self._typed: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        self._theirs: dict[str, str] = {}
        self.application = application
        self.profile = registry.profile()
        self.notice = ""
        self.secrets: DraftSecrets | None = None
        self.endpoints: Mapping[str, str] = {}
        self._fields: tuple[Field, ...] | None = None
        self._advice: Advices | None = None
        self._read_around()

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

    def set(self, **settings: Any) -> "Draft":
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

    def save(self) -> Application:
        """Save what was changed, and give the application.

        Raises InvalidSetting when something cannot be saved, ChangedMeanwhile when somebody else changed the same or
        deleted it; nothing that was typed is lost.
        """
        __tracebackhide__ = True
        self._check_faults()
        if self.application is not None and not self.changed:
            return self.application
        self._forget()
        try:
            return self._create() if self.application is None else self._update(self.application)
        except InvalidSetting as error:
            self._refused = {each.setting: each.rule for each in (error, *error.others)}
            self.profile = self.registry.profile()  # it may be that which changed
            raise
        finally:
            self._changed()

    def delete(self) -> None:
        """Delete the application; what it was still stands in the form, as a new one."""
        gone = self._saved()
        self.registry.delete(gone.client_id)
        self._become_new(gone, f"{gone.name} ({gone.client_id}) is deleted, with everything that was given to it.")
        self._changed()

    def play(self, setting: str, number: int = 0) -> Shown:
        """Show what an advice on a setting says, over HTTP, on a bench of its own."""
        return self.registry.play(self.advice.of(setting)[number])

    def refresh(self) -> None:
        """Read anew what is saved, and the profile; what was typed stays."""
        self.profile, self._refused = self.registry.profile(), {}
        if self.application is not None:
            present = self.registry.find(self.client_id)
            if present is None:
                self._become_new(self.application, _GONE)
            else:
                self._rebase(self.application, present)
        self._read_around()
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

    def _create(self) -> Application:
        made = self.preview
        given = {name: getattr(made, name) for name in KINDS if name in made.given}
        saved = self.registry.create(given)
        self._settle(saved, f"{saved.name} is registered.")
        if self.secrets is not None and saved.client_secret is not None:
            self.secrets.made = MadeSecret(name=next(each.name for each in self.secrets), value=saved.client_secret)
        return saved

    def _update(self, base: Application) -> Application:
        present = self.registry.find(base.client_id)
        if present is None:
            self._become_new(base, _GONE)
            raise ChangedMeanwhile(_GONE)
        theirs = self._rebase(base, present)
        if self._theirs:
            raise ChangedMeanwhile(_BOTH.format(settings=_labels(self._theirs)))
        values = {name: read(name, self._typed[name]) for name in self._typed if self._standing().changed(name)}
        saved = self.registry.change(base.client_id, values) if values else present
        also = f" Somebody else changed {_labels(theirs)} meanwhile; that stays." if theirs else ""
        self._settle(saved, f"Saved: {_labels(values) or 'nothing was left to save'}.{also}")
        return saved

    def _settle(self, saved: Application, notice: str) -> None:
        self._forget()
        self.application, self._typed, self.notice = saved, {}, notice
        self._read_around()

    def _rebase(self, base: Application, present: Application) -> tuple[str, ...]:
        """Take over what somebody else saved; `_theirs` says where something else was typed here."""
        theirs = tuple(name for name in KINDS if getattr(base, name) != getattr(present, name))
        typed = [name for name in self._typed if self._standing().changed(name)]
        self.application = present
        self._typed = {name: self._typed[name] for name in typed if self._standing().changed(name)}
        self._theirs |= {name: in_words(getattr(present, name)) for name in theirs if name in self._typed}
        return tuple(name for name in theirs if name not in self._typed)

    def _become_new(self, gone: Application, notice: str) -> None:
        """Keep everything that it was and that was typed, as a new application."""
        known = {name: write(getattr(gone, name)) for name in KINDS if name in gone.given}
        self._typed = known | self._typed
        self._forget()
        self.application, self.notice = None, f"{notice} {_KEPT}"
        self._read_around()

    def _forget(self) -> None:
        """Forget what was said about the last thing done."""
        self._refused, self._theirs, self.notice = {}, {}, ""
        if self.secrets is not None:
            self.secrets.made = None

    def _saved(self) -> Application:
        if self.application is None:
            raise LookupError("it is not saved yet")
        return self.application

    def _read_around(self) -> None:
        """What belongs to it besides its settings."""
        if self.application is None:
            self.secrets, self.endpoints = None, {}
            return
        known = self.secrets
        if not SETTINGS["secrets"].effect(self.application.type, self.profile).available:
            self.secrets = None
        elif known is None:
            self.secrets = DraftSecrets(self.registry, self.client_id, self._changed)
        else:
            known.read()
        self.endpoints = self.registry.endpoints_of(self.client_id)


_GONE = "Somebody else deleted it meanwhile."
_KEPT = "What it was still stands here: saving it makes a new application of it."
_BOTH = (
    "Nothing is saved yet: somebody else changed the same meanwhile ({settings}). Save again to put yours in place of"
    " theirs, or undo your changes to keep theirs."
)


def _labels(names: Any) -> str:
    return ", ".join(SETTINGS[name].label for name in names)


def _counted(things: Sequence[object], what: str) -> str:
    return f"{len(things)} {what}{'' if len(things) == 1 else 's'}"

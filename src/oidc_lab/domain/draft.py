"""An application's form: saving what was typed, beside what others saved meanwhile — RFC7592-2.2, RFC7592-2.3."""

from collections.abc import Iterable, Mapping

from oidc_lab.domain.application import Application, InvalidSetting
from oidc_lab.domain.draft_secrets import DraftSecrets, MadeSecret
from oidc_lab.domain.draft_typing import Typing
from oidc_lab.domain.registry import Registry
from oidc_lab.domain.setting import in_words
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.domain.shown import Shown
from oidc_lab.domain.typed import KINDS, read, write


class ChangedMeanwhile(RuntimeError):
    """The application was changed or went away meanwhile; what was typed still stands in the form."""


class Draft(Typing):
    """The form of an application, new or saved. `set` types into it, `faults` and `advice` look at it, `save` saves it.

    `application` is what is saved, None for a new one; `notice` is what is to be said about the last thing done.
    """

    def __init__(self, registry: Registry, application: Application | None = None) -> None:
        super().__init__(registry, application)
        self.endpoints: Mapping[str, str] = {}
        self._read_around()

    def save(self) -> Application:
        """Save what was changed, and give the application.

        Raises InvalidSetting when something cannot be saved, ChangedMeanwhile when somebody else changed the same or
        it is there no more; nothing that was typed is lost.
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

    def _saved(self) -> Application:
        if self.application is None:
            raise LookupError("it is not saved yet")
        return self.application

    def _read_around(self) -> None:
        """What belongs to it besides its settings."""
        if self.application is None:
            self.secrets, self.endpoints, self.adopted = None, {}, None
            return
        known = self.secrets
        if not SETTINGS["secrets"].effect(self.application.type, self.profile).available:
            self.secrets = None
        elif known is None:
            self.secrets = DraftSecrets(self.registry, self.client_id, self._changed)
        else:
            known.read()
        self.endpoints = self.registry.endpoints_of(self.client_id)
        self.adopted = self.registry.adopted(self.client_id)


_GONE = "The provider does not have it any more: it was deleted, or the lab went back to before it was there."
_KEPT = "What it was still stands here: saving it makes a new application of it."
_BOTH = (
    "Nothing is saved yet: somebody else changed the same meanwhile ({settings}). Save again to put yours in place of"
    " theirs, or undo your changes to keep theirs."
)


def _labels(names: Iterable[str]) -> str:
    return ", ".join(SETTINGS[name].label for name in names)

"""The list of applications beside a form: searched, and each opened in the form — RFC7592-2.1."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oidc_lab.domain.application import LABEL, Application
from oidc_lab.domain.draft import Draft
from oidc_lab.domain.watched import Watched


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An application in the list; `unsaved` is that something in its form is not saved."""

    client_id: str
    name: str
    type: str
    open: bool
    unsaved: bool


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A new application in the list, which is saved nowhere; `key` finds its form."""

    key: str
    name: str
    type: str
    open: bool


class Catalog(Watched):
    """A form and the list beside it; `draft` is the form that is open.

    It watches the form only as long as somebody watches it, so that one who only looks leaves nothing behind.
    """

    def __init__(self, draft: Draft) -> None:
        self._registry = draft.registry
        self.draft, self.query = draft, ""
        self._all: Sequence[Application] = self._registry.applications()
        self._saved = draft.application
        self._leave: Callable[[], None] | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The applications in which what is searched for occurs: name, client_id, type, redirect URIs."""
        begun = set(self._registry.unsaved())
        sought = self.query.strip().casefold()
        return tuple(self._entry(each, begun) for each in self._listed() if sought in _searched(each))

    @property
    def count(self) -> int:
        """How many there are, whatever is searched for."""
        return len(self._listed())

    @property
    def begun(self) -> tuple[Begun, ...]:
        """The new applications in whose form something is typed; also those that are saved no more."""
        return tuple(self._begun(key, each) for key, each in self._registry.begun().items())

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Have `changed` called after each change of the list or of the open form; gives what ends that."""
        stop = super().watch(changed)
        self._follow()

        def end() -> None:
            stop()
            self._follow()

        return end

    def search(self, query: str) -> None:
        """Look for a part of a name, client_id, type or redirect URI."""
        self.query = query
        self._changed()

    def open(self, client_id: str) -> None:
        """Open the form of an application. Raises LookupError when there is none."""
        self._show(self._registry.form_of(client_id))

    def begin(self) -> None:
        """Open the form of a new one."""
        self._show(self._registry.new_form())

    def go_on(self, key: str) -> None:
        """Open the form of a new one that is begun. Raises LookupError when nothing stands in it any more."""
        begun = self._registry.begun()
        if key not in begun:
            raise LookupError("it is saved, or nothing stands in it any more")
        begun[key].refresh()
        self._show(begun[key])

    def refresh(self) -> None:
        """Read anew which there are, and what is saved of the open one."""
        self._all = self._registry.applications()
        self.draft.refresh()

    def _show(self, draft: Draft) -> None:
        if self.draft.secrets is not None:
            self.draft.secrets.put_away()
        self.draft = draft
        self._follow()
        self._changed()

    def _follow(self) -> None:
        """Watch the open form, as long as somebody watches here."""
        if self._leave is not None:
            self._leave()
        self._leave = self.draft.watch(self._changed) if self._watchers else None

    def _listed(self) -> Sequence[Application]:
        if self.draft.application is not self._saved:
            self._saved = self.draft.application
            self._all = self._registry.applications()
        return self._all

    def _entry(self, application: Application, begun: set[str]) -> Entry:
        return Entry(
            client_id=application.client_id,
            name=application.name,
            type=LABEL[application.type],
            open=application.client_id == self.draft.client_id,
            unsaved=application.client_id in begun,
        )

    def _begun(self, key: str, draft: Draft) -> Begun:
        name, kind = draft.field("name").text.strip() or "New application", LABEL[draft.preview.type]
        return Begun(key=key, name=name, type=kind, open=draft is self.draft)


def _searched(application: Application) -> str:
    parts = (application.name, application.client_id, application.type, LABEL[application.type])
    return "\n".join((*parts, *application.redirect_uris)).casefold()

"""The live form of an application: a field and what is said of it are parts of their own, so that typing goes on."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any

import ipywidgets

from oidc_lab.domain.catalog import Catalog
from oidc_lab.domain.draft import Draft
from oidc_lab.domain.draft_secrets import DraftSecrets
from oidc_lab.views import application_form as form
from oidc_lab.views import catalog as beside
from oidc_lab.views import html, secrets_form, setting_field
from oidc_lab.views.controls import button
from oidc_lab.views.widgets.frame import Frame, Part

_NUMBERS = count(1)
_NEXT, _PLAYED, _SECRETS = "next secret", "played: ", "secrets"
_BELOW = (_SECRETS, _NEXT, "adding", _PLAYED + _SECRETS, "endpoints", "deletion")
_SIDE_BY_SIDE = {"flex_flow": "row wrap", "grid_gap": "4px 26px", "align_items": "flex-start"}
# Two columns where there is room for both, otherwise what is said stands below its field.
_IN_PAIRS = {"grid_template_columns": "repeat(auto-fit, minmax(max(17em, 40%), 1fr))", "grid_gap": "0 22px"}


def make(draft: Draft) -> Frame:
    """The form, with the list of applications beside it."""
    return Form(Catalog(draft))


class Form(Frame):
    """A form and the list; what is typed draws anew what is said of it, and never the field."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(form.TITLE, ("body", "outcome", "made", "below"), told=("outcome",))
        self._catalog, self._key = catalog, f"ol-form-{next(_NUMBERS)}-"
        self._typing = ""
        self._opened = catalog.draft
        self.place("body", [self._laid_out()])
        self.place("below", [self._part(each) for each in _BELOW])
        self.parts["search"].show(beside.show_search(catalog, live=True))
        self._act()
        catalog.watch(self._draw)
        self._draw()

    def _part(self, name: str) -> Part:
        self.parts[name] = Part()
        return self.parts[name]

    def _laid_out(self) -> ipywidgets.Widget:
        groups = (each for name, names in form.GROUPS.items() for each in self._group(name, names))
        inside = [self._part("head"), *groups, self._part("actions")]
        main = ipywidgets.VBox(inside, layout=ipywidgets.Layout(flex="4 1 34em", min_width="0", max_width="100%"))
        listed = ipywidgets.VBox(
            [self._part("search"), self._part("entries")],
            layout=ipywidgets.Layout(flex="1 1 15em", min_width="0", max_width="100%"),
        )
        return ipywidgets.Box([listed, main], layout=ipywidgets.Layout(**_SIDE_BY_SIDE))

    def _group(self, name: str, names: tuple[str, ...]) -> Iterator[ipywidgets.Widget]:
        heading = Part()
        heading.show(form.show_group(name))
        yield heading
        pairs = [self._part(part) for each in names for part in (each, f"said: {each}")]
        yield ipywidgets.GridBox(pairs, layout=ipywidgets.Layout(**_IN_PAIRS))
        yield self._part(_PLAYED + name)

    def _act(self) -> None:
        catalog = self._catalog
        self.on("search", lambda value, **_: catalog.search(value))
        self.on("open", catalog.open)
        self.on("begin", catalog.begin)
        self.on("go on", catalog.go_on)
        self.on("refresh", catalog.refresh)
        self.on("enter", lambda name, value: self._type(name, lambda: catalog.draft.enter(name, value)))
        self.on("take away", lambda name: self._with_draft("set", **{name: None}))
        for do in ("save", "undo", "delete"):
            self.on(do, partial(self._with_draft, do))
        self.on("play", self._play)
        self.on("close", lambda part: self.parts[part].show(""))
        self.on("enter secret", lambda name, value: self._type(_NEXT, lambda: self._secrets().enter(name, value)))
        for do in ("add", "delete", "put_away"):
            self.on(f"{do} secret", partial(self._with_secrets, do))

    def _with_draft(self, do: str, **said: Any) -> None:
        getattr(self._catalog.draft, do)(**said)

    def _with_secrets(self, do: str, **said: Any) -> None:
        getattr(self._secrets(), do)(**said)

    def _type(self, part: str, enter: Callable[[], None]) -> None:
        self._typing = part
        try:
            enter()
        finally:
            self._typing = ""

    def _draw(self) -> None:
        draft = self._catalog.draft
        if draft is not self._opened:
            self._opened = draft
            for name, part in self.parts.items():
                if name.startswith(_PLAYED):
                    part.show("")
        for field in draft.fields:
            self._draw_fields(field.name, setting_field.show_field(field, key=self._key))
            said = setting_field.show_said(field, draft.advice.of(field.name), live=True, key=self._key)
            self.parts[f"said: {field.name}"].show(said)
        self._draw_fields(_NEXT, secrets_form.show_next_secret(draft, key=self._key))
        self.parts["entries"].show(beside.show_entries(self._catalog, live=True))
        self.parts["head"].show(form.show_head(draft, live=True))
        self.parts["actions"].show(form.show_actions(draft, live=True))
        self.parts["outcome"].show(form.show_outcome(draft, live=True))
        self.parts["made"].show(secrets_form.show_made(draft))
        self.parts[_SECRETS].show(secrets_form.show_secrets(draft, live=True))
        self.parts["adding"].show(secrets_form.show_adding(draft, key=self._key, live=True))
        self.parts["endpoints"].show(form.show_endpoints(draft, live=True))
        self.parts["deletion"].show(form.show_deletion(draft, live=True))

    def _draw_fields(self, part: str, wanted: str) -> None:
        (self.parts[part].keep if part == self._typing else self.parts[part].show)(wanted)

    def _play(self, setting: str, which: str) -> None:
        shown = self._catalog.draft.play(setting, int(which))
        part = _PLAYED + next((group for group, names in form.GROUPS.items() if setting in names), _SECRETS)
        close = button("close", "Close", live=True, part=part)
        self.parts[part].show(html.card(shown._repr_mimebundle_()["text/html"] + close))

    def _secrets(self) -> DraftSecrets:
        secrets = self._catalog.draft.secrets
        if secrets is None:
            raise LookupError("it has no secrets")
        return secrets

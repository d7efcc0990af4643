"""The live lab panel: sections that unfold into the other widgets, each made when it is opened — OIDCC-1."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import ipywidgets

from oidc_lab.domain.overview import Overviewed
from oidc_lab.domain.shown import Shown
from oidc_lab.views import lab_panel as view
from oidc_lab.views.lab_look import Look
from oidc_lab.views.widgets.frame import Frame, Part, widget_of

# What can be opened, in the order in which it stands: the module of its shell, and what it is called.
_SHELLS = {
    "form": ("application_form", "the form"),
    "clock": ("clock_panel", "the clock"),
    "step": ("stepper", "the stepper"),
    "inspect": ("inspector", "the token"),
}
_LAYOUT = ipywidgets.Layout(width="100%", overflow="visible")


def make(model: Overviewed) -> Frame:
    """Make the live panel of a lab."""
    return LabPanel(model)


class LabPanel(Frame):
    """A frame that knows what is unfolded, what is looked for in the log, and what is open in which place."""

    def __init__(self, model: Overviewed) -> None:
        super().__init__("The lab", ("head", "hint", "bench", *view.SECTIONS))
        self._panel = model.panel
        self._unfolded: set[str] = set()
        self._filter: dict[str, str] = {}
        self._open: dict[str, dict[str, ipywidgets.VBox]] = {}
        self._onward = Part()
        self._connect()
        for name in ("bench", *view.SECTIONS):
            self.place(name, ())
        self._panel.watch(self.later(self.draw))
        self.draw()

    def draw(self) -> None:
        """Draw everything as it is now; what has not changed stays as it is."""
        lab = self._panel.overview()
        wanted = {"client_id": self._filter.get("client_id", ""), "sub": self._filter.get("sub", "")}
        refused = bool(self._filter.get("refused"))
        found = None if lab.closed or not any(self._filter.values()) else self._panel.entries(**wanted, refused=refused)
        look = Look(live=True, unfolded=frozenset(self._unfolded), **wanted, refused=refused, found=found)
        self._show("head", view.show_head(lab, live=not lab.closed))
        self._show("hint", view.show_hint(lab, live=True))
        self._onward.show(view.live_part(view.show_onward(lab)))
        for name in view.SECTIONS:
            self._show(name, view.show_section(name, lab, look))

    def _repr_mimebundle_(self, **more: Any) -> dict[str, object]:
        self.draw()
        return super()._repr_mimebundle_(**more)

    def _show(self, name: str, body: str) -> None:
        self.parts[name].show(view.live_part(body))

    def _connect(self) -> None:
        panel = self._panel
        self.on("fold", self._fold)
        self.on("filter", self._look_for)
        self.on("look", self.draw)
        self.on("follow", lambda value, **_: self._change(panel.follow, value))
        self.on("end", lambda sid: self._change(panel.end_session, sid))
        self.on("revoke", lambda grant_id: self._change(panel.revoke, grant_id))
        self.on("form", lambda opens, client_id="": self._place(opens, "form", panel.form(client_id)))
        self.on("step", self._step)
        self.on("clock", lambda opens: self._place(opens, "clock", panel.clock()))
        self.on("inspect", lambda opens, run: self._place(opens, "inspect", panel.inspect(run)))
        self.on("close", self._close)

    def _fold(self, section: str, now: str) -> None:
        # The page shows it already: it is only drawn so when something else has it drawn anew.
        (self._unfolded.add if now else self._unfolded.discard)(section)

    def _look_for(self, name: str, value: str) -> None:
        self._filter[name] = value
        self.draw()

    def _change(self, call: Callable[[str], Any], value: str) -> None:
        call(value)
        self.draw()

    def _step(self, opens: str, **choices: str) -> None:
        """Open a flow where one is open already, and say what became of the run that was there."""
        before = next((each.sent for each in self._opened(opens, "step").children if hasattr(each, "sent")), None)
        model = self._panel.step(**choices)
        self._place(opens, "step", model, before)

    def _place(self, where: str, what: str, model: Shown, before: Any = None) -> None:
        """Open a live view in a place, which has one of each kind; `before` is the run that was there."""
        shell, label = _SHELLS[what]
        shown = widget_of(model, import_module(f"oidc_lab.views.widgets.{shell}").make)
        shown.bring()
        bar = Part()
        former = "" if before is None or before is getattr(shown, "sent", None) else before.title
        bar.show(view.show_bar(where, what, label, former))
        below = [self._onward] if what == "form" else []
        self._opened(where, what).children = (bar, shown, *below)

    def _close(self, where: str, what: str) -> None:
        self._opened(where, what).children = ()

    def _opened(self, where: str, what: str) -> ipywidgets.VBox:
        # Boxes that stay: a page draws everything anew that stands behind what comes or goes.
        if where not in self._open:
            self._open[where] = {each: ipywidgets.VBox(layout=_LAYOUT) for each in _SHELLS}
            self.place(where, self._open[where].values())
        return self._open[where][what]

"""The live explorer: figures and words follow what is chosen; what is long is worked through, and can be stopped."""

from collections.abc import Iterator
from itertools import count

import ipywidgets

from oidc_lab.domain.explored import Figure
from oidc_lab.simulation.explorer import Explorer
from oidc_lab.views import policy_choices, policy_figures, policy_view
from oidc_lab.views.widgets.frame import Frame, Part

_NUMBERS = count(1)
_PARTS = ("choices", "doubts", "words", "figures", "picture", "summary", "actions", "outcome", "played")
_TICKS = ("rotate", "always", "offline")
_ROWS = (("policy", "type", "profile"), ("ttl",), _TICKS, policy_choices.USERS)
# As many beside each other as there is room for; the names of policies are long.
_ROW = {
    "flex_flow": "row wrap", "grid_gap": "0 22px", "align_items": "flex-start", "width": "100%", "overflow": "visible",
}  # fmt: skip
_WIDE, _USUAL = "4 1 20em", "1 1 11em"


def make(model: Explorer) -> Frame:
    """Make the live view of an explorer."""
    return LiveExplorer(model)


class LiveExplorer(Frame):
    """A frame whose work begins anew with each choice; what is typed in is not drawn over."""

    def __init__(self, model: Explorer) -> None:
        super().__init__(policy_view.TITLE, _PARTS, told=("words", "outcome"), errors_after="choices")
        self._model, self._key = model, f"ol-explorer-{next(_NUMBERS)}-"
        self._typing, self._anew, self._drawn, self._begun = "", False, False, False
        self._played: object = None
        self._boxes: dict[str, ipywidgets.Box] = {}
        self.place("choices", [self._laid_out(names) for names in _ROWS])
        self.on("enter", self._enter, meanwhile=True)
        self.on("save", self._save)
        self.on("play", lambda: self.work(model.playing(), "Playing at a live provider", self._worked))
        model.watch(lambda: self._tried(self._draw))
        self._draw()

    def _laid_out(self, names: tuple[str, ...]) -> ipywidgets.Widget:
        self._boxes |= {name: self._box(name) for name in names}
        return ipywidgets.Box([self._boxes[name] for name in names], layout=ipywidgets.Layout(**_ROW))

    def _box(self, name: str) -> ipywidgets.Box:
        """A control, which stays while one types in it, and what is said of it."""
        self.parts[f"choice: {name}"], self.parts[f"said: {name}"] = Part(), Part()
        flex = _WIDE if name == "policy" else _USUAL
        layout = ipywidgets.Layout(flex=flex, min_width="0", max_width="100%", overflow="visible")
        return ipywidgets.VBox([self.parts[f"choice: {name}"], self.parts[f"said: {name}"]], layout=layout)

    def _enter(self, name: str, value: str, **_: str) -> None:
        self._typing = name
        try:
            self._model.enter(name, value)
        finally:
            self._typing = ""

    def _save(self) -> None:
        self._model.save()

    def _draw(self) -> None:
        """What is chosen, at once; then the rest, as soon as it is computed."""
        model = self._model
        for name in policy_choices.CHOICES:
            gone = name in policy_choices.SETTINGS and model.of is not None
            self._boxes[name].layout.display = "none" if gone else None
            self._draw_control(f"choice: {name}", name, policy_choices.show_choice(model, name, key=self._key))
            self.parts[f"said: {name}"].show(policy_choices.show_said(model, name, key=self._key))
        marks = policy_choices.STYLE + policy_choices.show_figures(model, key=self._key)
        self._draw_control("figures", "figure", marks)
        self.parts["doubts"].show(policy_choices.show_doubts(model.of))
        self._draw_said()
        self._compute()

    def _draw_control(self, part: str, name: str, wanted: str) -> None:
        (self.parts[part].keep if name == self._typing else self.parts[part].show)(wanted)

    def _draw_said(self) -> None:
        self.parts["actions"].show(policy_view.show_actions(self._model, live=True))
        self.parts["outcome"].show(policy_view.show_outcome(self._model))
        if self._played is not self._model.played:  # a drawing that takes its time
            self._played = self._model.played
            self.parts["played"].show(policy_figures.show_played(self._model))

    def _compute(self) -> None:
        """Begin, or have what is under way end, and begin anew after that."""
        if self.at_work:
            self._anew = True
            self.stop()
        else:
            self.work(self._steps(), "Simulating", self._worked)

    def _steps(self) -> Iterator[float]:
        self._drawn, self._begun = False, False
        for number, share in enumerate(self._model.preparing()):
            if number == 1 and self._model.chosen.figure is not Figure.SURVIVAL:  # what it needs is there
                self._draw_figure()
            if number and self.at_work:
                self._draw_so_far()
            yield share

    def _worked(self) -> None:
        if self._anew:
            self._anew = False
            self._compute()
            return
        if not self._drawn:
            self._draw_figure()
        self._draw_words()
        self.parts["summary"].show(policy_view.show_summary(self._model))

    def _draw_so_far(self) -> None:
        """Once, of the first users: who waits for the others looks at nothing that was chosen before."""
        self._draw_words()
        if self._model.ready and not self._begun:
            self._begun = True
            self.parts["summary"].show(policy_view.show_summary(self._model))
            if not self._drawn:
                self.parts["picture"].show(policy_figures.show_figure(self._model))

    def _draw_figure(self) -> None:
        self._drawn = True
        self.parts["picture"].show(policy_figures.show_figure(self._model))

    def _draw_words(self) -> None:
        self.parts["words"].show(policy_view.show_words(self._model))

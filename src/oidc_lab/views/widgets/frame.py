"""The frame round every live view: parts that are drawn anew only when they change, and errors that are shown.

A part is HTML; what is done in it, a press or a typed letter, reaches Python through one hidden field, the wire. So a
view costs one widget for each part, not one for each button, and its page is the same pure HTML as its static form.
"""

import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import ipywidgets
from IPython.core.getipython import get_ipython

from oidc_lab.views import html
from oidc_lab.views.controls import STYLE, button, messages
from oidc_lab.views.widgets.later import later
from oidc_lab.views.widgets.part import Part, parts_in
from oidc_lab.views.widgets.work import Work

__all__ = ["Frame", "Part", "later", "live", "widget_of"]

# Runs in the page when a view of the frame comes into it: an event that reaches HTML set by a script, unlike <script>.
_WIRING = html.text((Path(__file__).parent / "frame.js").read_text(encoding="utf-8"))
_HEAD = STYLE.replace("<style>", f'<style onload="{_WIRING}">')

_WHILE_AT_WORK = ("stop work", "dismiss error")
_RED = "var(--jp-error-color1,rgb(210,60,50))"


class Frame(ipywidgets.VBox):
    """A live view. `on` says what happens when a control with that `data-do` is used.

    What comes into the parts named in `told` is also told to people who do not see it. What goes wrong and how far long
    work is stand below the title, or behind the part `errors_after`.
    """

    children: tuple[Any, ...]

    def __init__(self, label: str, parts: Iterable[str], told: Iterable[str] = (), *, errors_after: str = "") -> None:
        self._actions: dict[str, Callable[..., None]] = {}
        self._meanwhile = set(_WHILE_AT_WORK)
        self._last = 0.0
        self._wire = ipywidgets.Text(layout=ipywidgets.Layout(display="none"))
        self._wire.add_class("ol-wire")
        self._wire.observe(lambda change: self._heard(str(change["new"])), "value")
        self._error, self._work = Part(), Work(self._tried)
        self.parts = {name: Part() for name in parts}
        for name in told:
            self.parts[name].add_class("ol-told")
        title = f'<div class="ol-title" role="heading" aria-level="3">{html.text(label)}</div>'
        self._error.add_class("ol-error")
        inside = [ipywidgets.HTML(_HEAD + title), *self.parts.values(), self._wire]
        behind = inside.index(self.parts[errors_after]) if errors_after else 0
        inside[behind + 1 : behind + 1] = (self._work.bar, self._work.stopper, self._error)
        super().__init__(inside, layout=ipywidgets.Layout(width="100%"))
        self.add_class("ol-frame")
        self._places: dict[str, ipywidgets.VBox] = {}
        self.on("stop work", self._work.stop)
        self.on("dismiss error", lambda: None)

    def on(self, do: str, call: Callable[..., None], *, meanwhile: bool = False) -> None:
        """Have `call` called when a control with this `data-do` is used; its other data are the arguments.

        `meanwhile` is whether it can be done while long work is under way.
        """
        self._actions[do] = call
        if meanwhile:
            self._meanwhile.add(do)

    def place(self, name: str, children: Iterable[ipywidgets.Widget]) -> None:
        """Put other widgets behind a part, in place of those that were put there before."""
        if name not in self._places:
            there = list(self.children)
            self._places[name] = ipywidgets.VBox(layout=ipywidgets.Layout(width="100%", overflow="visible"))
            there.insert(there.index(self.parts[name]) + 1, self._places[name])
            self.children = tuple(there)
        self._places[name].children = tuple(children)

    def do(self, action: str, **data: str) -> None:
        """Do what a control does. What goes wrong is shown in the frame: a notebook would hide it."""
        self._error.show("")
        try:
            if self._work.under_way and action not in self._meanwhile:
                raise RuntimeError(f"{self._work.under_way} is still under way: wait for its end, or press Stop.")
            self._actions[action](**data)
        except Exception as error:
            self.show_error(error)

    def later(self, call: Callable[[], None]) -> Callable[[], None]:
        """Gather several calls in one that comes a little later, as `later` does; what goes wrong is shown here."""
        return later(lambda: self._tried(call))

    def bring(self) -> None:
        """Have a new page of this view show what was typed in another one."""
        for part in parts_in(self):
            part.bring()

    def _repr_mimebundle_(self, **more: object) -> dict[str, object]:
        self.bring()
        shown: dict[str, object] = super()._repr_mimebundle_(**more)
        return shown

    def show_error(self, error: BaseException) -> None:
        """Show what went wrong, where a person looks."""
        notes = "".join(f"<div>{html.text(each)}</div>" for each in getattr(error, "__notes__", ()))
        expected = isinstance(error, ValueError | LookupError | RuntimeError | ConnectionError | PermissionError)
        lines = "" if expected else html.fold("where", html.block("".join(traceback.format_exception(error))))
        said = html.text(error) if str(error) else html.text(type(error).__name__)
        kind = "" if expected else f"<b>{html.text(type(error).__name__)}</b>: "
        close = button("dismiss error", "Close", live=True)
        self._error.show(
            f'<div role="alert" style="border-left:4px solid {_RED};padding:4px 0 4px 12px;margin:8px 0">'
            f"<div>✗ {kind}{said}</div>{notes}{lines}{close}</div>"
        )

    def work(self, steps: Iterator[float], what: str, done: Callable[[], None] = lambda: None) -> None:
        """Work through `steps`, which yield the share that is done (0 to 1); call `done` at the end, however it comes.

        What takes longer than a moment gets a progress bar and a button that stops it after the present step.
        """
        self._work.begin(steps, what, done)

    @property
    def at_work(self) -> bool:
        """Whether long work is under way."""
        return bool(self._work.under_way)

    def stop(self) -> None:
        """Have long work end after its present step."""
        self._work.stop()

    def _tried(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception as error:
            self.show_error(error)

    def _heard(self, said: str) -> None:
        for number, action, data in messages(said):
            if number > self._last:
                self._last = number
                if action in self._actions:
                    self.do(action, **data)


def live() -> bool:
    """Whether a notebook's kernel runs this."""
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def widget_of(model: Any, make: Callable[[Any], Frame]) -> Frame:
    """The one widget of a thing: shown again, also by a cell that runs again, it is where it was."""
    known: Frame | None = vars(model).get("_shown_by")
    if known is None or known.comm is None:  # never shown, or closed
        known = make(model)
        object.__setattr__(model, "_shown_by", known)  # some are frozen; this is neither compared nor shown
    return known

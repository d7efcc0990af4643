"""The frame round every live view: parts that are drawn anew only when they change, and errors that are shown.

A part is HTML; what is done in it, a press or a typed letter, reaches Python through one hidden field, the wire. So a
view costs one widget for each part, not one for each button, and its page is the same pure HTML as its static form.
"""

import asyncio
import math
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import ipywidgets
from IPython.core.getipython import get_ipython

from oidc_lab.views import html
from oidc_lab.views.controls import STYLE, button, messages, row

# Runs in the page when a view of the frame comes into it: an event that reaches HTML set by a script, unlike <script>.
_WIRING = html.text((Path(__file__).parent / "frame.js").read_text(encoding="utf-8"))
_HEAD = STYLE.replace("<style>", f'<style onload="{_WIRING}">')

_AT_ONCE = 0.25  # seconds: longer work gets a progress bar
_A_TURN = 0.1  # seconds of work between two looks at what was pressed
_LISTENING = 0.01
_WHILE_AT_WORK = ("stop work", "dismiss error")
_RED = "var(--jp-error-color1,rgb(210,60,50))"


class Part(ipywidgets.HTML):
    """A part of a frame. What is shown already is not drawn again."""

    value: str
    _body, _drawn = "", 0
    _kept = _keeping = False

    def show(self, body: str) -> None:
        """Show HTML."""
        if body == self._body:
            return
        if self._kept:  # the page may know the same HTML from before something was typed, and would not draw it
            self._kept, self._drawn = False, self._drawn + 1
        self._set(body)

    def keep(self, body: str) -> None:
        """Know that a page holds this already, because it was typed or chosen there: only a later page draws it."""
        self._kept = self._keeping = True
        try:
            self._set(body)
        finally:
            self._keeping = False

    def bring(self) -> None:
        """Have the pages draw what was only kept."""
        if self._kept:
            self.send_state("value")

    def notify_change(self, change: Any) -> None:
        """Tell the pages of a change, unless it comes from there."""
        if not self._keeping:
            super().notify_change(change)

    def _set(self, body: str) -> None:
        self._body = body
        # In one element, so that the page can compare what was there with what comes.
        drawn = f' data-drawn="{self._drawn}"' if self._drawn else ""
        self.value = f"<div{drawn}>{body}</div>" if body else ""


class Frame(ipywidgets.VBox):
    """A live view. `on` says what happens when a control with that `data-do` is used.

    What comes into the parts named in `told` is also told to people who do not see it.
    """

    children: tuple[Any, ...]

    def __init__(self, label: str, parts: Iterable[str], told: Iterable[str] = ()) -> None:
        self._actions: dict[str, Callable[..., None]] = {}
        self._last = 0.0
        self._wire = ipywidgets.Text(layout=ipywidgets.Layout(display="none"))
        self._wire.add_class("ol-wire")
        self._wire.observe(lambda change: self._heard(str(change["new"])), "value")
        # The bar is drawn again and again: a button in it would be gone before the mouse is up again.
        self._error, self._progress, self._stopper = Part(), Part(), Part()
        self.parts = {name: Part() for name in parts}
        for name in told:
            self.parts[name].add_class("ol-told")
        title = f'<div class="ol-title" role="heading" aria-level="3">{html.text(label)}</div>'
        own = (self._progress, self._stopper, self._error, self._wire)
        inside = (ipywidgets.HTML(_HEAD + title), *self.parts.values(), *own)
        super().__init__(inside, layout=ipywidgets.Layout(width="100%"))
        self.add_class("ol-frame")
        self._places: dict[str, ipywidgets.VBox] = {}
        self._task: asyncio.Task[None] | None = None
        self._at_work, self._stopping = "", False
        self.on("stop work", self._stop)
        self.on("dismiss error", lambda: None)

    def on(self, do: str, call: Callable[..., None]) -> None:
        """Have `call` called when a control with this `data-do` is used; its other data are the arguments."""
        self._actions[do] = call

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
            if self._at_work and action not in _WHILE_AT_WORK:
                raise RuntimeError(f"{self._at_work} is still under way: wait for its end, or press Stop.")
            self._actions[action](**data)
        except Exception as error:
            self.show_error(error)

    def later(self, call: Callable[[], None]) -> Callable[[], None]:
        """Gather several calls in one that comes a little later, as `later` does; what goes wrong is shown here."""
        return later(lambda: self._tried(call))

    def bring(self) -> None:
        """Have a new page of this view show what was typed in another one."""
        for part in _parts_in(self):
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
        self._stopping = False
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None  # no kernel, so nobody could press the button
        try:
            ended = self._run_until(steps, time.monotonic() + _AT_ONCE if loop else math.inf)
        except BaseException:
            self._tried(done)
            raise
        if ended or loop is None:
            done()
        else:
            self._at_work = what
            self._task = loop.create_task(self._go_on(steps, what, done))

    async def _go_on(self, steps: Iterator[float], what: str, done: Callable[[], None]) -> None:
        self._stopper.show(button("stop work", "Stop", live=True))
        try:
            while not self._run_until(steps, time.monotonic() + _A_TURN, what):
                await asyncio.sleep(_LISTENING)
        except Exception as error:
            self.show_error(error)
        finally:
            self._at_work = ""
            self._progress.show("")
            self._stopper.show("")
            self._tried(getattr(steps, "close", lambda: None))
            self._tried(done)

    def _run_until(self, steps: Iterator[float], end: float, what: str = "") -> bool:
        """Whether the work has ended, by itself or because it was stopped."""
        if not self._stopping:
            for share in steps:
                if time.monotonic() >= end:
                    if what:
                        bar = f'<progress max="1" value="{share:.3f}" aria-label="{html.text(what)}"></progress>'
                        self._progress.show(row([bar, html.text(what)]))
                    return False
        return True

    def _stop(self) -> None:
        self._stopping = True

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


def _parts_in(box: ipywidgets.Box) -> Iterator[Part]:
    for each in box.children:
        if isinstance(each, Part):
            yield each
        elif isinstance(each, ipywidgets.Box):
            yield from _parts_in(each)


def later(call: Callable[[], None], seconds: float = 0.1) -> Callable[[], None]:
    """Gather several calls in one that comes a little later; without a kernel's loop it comes at once."""
    waiting: list[asyncio.AbstractEventLoop] = []

    def ask() -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            call()
            return
        if not waiting or waiting[0].is_closed():
            waiting[:] = [loop]
            loop.call_later(seconds, come)

    def come() -> None:
        waiting.clear()
        call()

    return ask


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

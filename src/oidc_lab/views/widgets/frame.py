"""The frame round every live view: parts that are drawn anew only when they change, and errors that are shown.

A part is HTML; what is done in it, a press or a typed letter, reaches Python through one hidden field, the wire. So a
view costs one widget for each part, not one for each button, and its page is the same pure HTML as its static form.
"""

import asyncio
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import ipywidgets
from IPython.core.getipython import get_ipython

from oidc_lab.views import html
from oidc_lab.views.controls import STYLE, button, messages, row

Data = dict[str, Any]

# Kept so far by the wire, so that nothing is lost when two things are done before the kernel has read the first.
_KEPT = 60

_SEND = f"""
const send=(e,more)=>{{const t=this.closest('.ol-frame').querySelector('.ol-wire input');
t.olSaid=(t.olSaid||[]).slice(-{_KEPT});t.olNumber=Math.max(Date.now(),(t.olNumber||0)+1);
t.olSaid.push({{...e.dataset,...more,number:t.olNumber}});t.value=JSON.stringify(t.olSaid);
for(const n of ['input','change'])t.dispatchEvent(new Event(n,{{bubbles:true}}));}};
const e=event.target.closest('[data-do]');if(!e||event.target.closest('.ol-wire'))return;
const value=e.type==='checkbox'?(e.checked?'on':''):e.value;
"""
_CLICKED = _SEND + "if(e.tagName==='BUTTON')send(e,{})"
_TYPED = _SEND + "if(e.tagName!=='BUTTON'&&e.dataset.on===event.type)send(e,{value})"
# Enter in a field presses the button of this name.
_ENTERED = _SEND + (
    "if(event.key==='Enter'&&e.dataset.enter){event.preventDefault();send(e,{value,do:e.dataset.do});"
    "send({dataset:{do:e.dataset.enter}},{})}"
)
_HANDLERS = "".join(
    f' on{name}="{html.text(" ".join(code.split()))}"'
    for name, code in (("click", _CLICKED), ("input", _TYPED), ("change", _TYPED), ("keydown", _ENTERED))
)

_AT_ONCE = 0.25  # seconds: longer work gets a progress bar
_RED = "var(--jp-error-color1,rgb(210,60,50))"


class Part(ipywidgets.HTML):
    """A part of a frame. What is shown already is not drawn again, so that folds stay open and the focus stays."""

    value: str

    def show(self, body: str, *, live: bool = True) -> None:
        """Show HTML; `live` has what is done in it said to Python."""
        # A notebook's own keys, such as d d for deleting a cell, must not see what is typed here.
        wanted = f'<div data-lm-suppress-shortcuts="true"{_HANDLERS}>{body}</div>' if live and body else body
        if wanted != self.value:
            self.value = wanted


class Frame(ipywidgets.VBox):
    """A live view. `on` says what happens when a control with that `data-do` is used."""

    children: tuple[Any, ...]

    def __init__(self, label: str, parts: Iterable[str]) -> None:
        self._actions: dict[str, Callable[..., None]] = {}
        self._last = 0.0
        self._wire = ipywidgets.Text(layout=ipywidgets.Layout(display="none"))
        self._wire.add_class("ol-wire")
        self._wire.observe(lambda change: self._heard(str(change["new"])), "value")
        self._error, self._progress = Part(), Part()
        self.parts = {name: Part() for name in parts}
        title = f'<div class="ol-title" role="heading" aria-level="3">{html.text(label)}</div>'
        inside = (ipywidgets.HTML(STYLE + title), *self.parts.values(), self._progress, self._error, self._wire)
        super().__init__(inside, layout=ipywidgets.Layout(width="100%"))
        self.add_class("ol-frame")
        self._stopping = False
        self.on("stop work", self._stop)
        self.on("dismiss error", lambda: self._error.show(""))

    def on(self, do: str, call: Callable[..., None]) -> None:
        """Have `call` called when a control with this `data-do` is used; its other data are the arguments."""
        self._actions[do] = call

    def place(self, name: str, children: Iterable[ipywidgets.Widget]) -> None:
        """Put other widgets behind a part, in place of those that were put there before."""
        part, mine = self.parts[name], set(self.parts.values()) | {self._progress, self._error, self._wire}
        there = list(self.children)
        at = there.index(part) + 1
        behind = next(index for index in range(at, len(there)) if there[index] in mine)
        self.children = (*there[:at], *children, *there[behind:])

    def do(self, action: str, **data: Any) -> None:
        """Do what a control does. What goes wrong is shown in the frame: a notebook would hide it."""
        try:
            self._actions[action](**data)
        except Exception as error:
            self.show_error(error)
        else:
            self._error.show("")

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
        """Work through `steps`, which yield the share that is done (0 to 1).

        What takes longer than a moment gets a progress bar and a button that stops it after the present step.
        """
        self._stopping = False
        if self._run_until(steps, time.monotonic() + _AT_ONCE):
            done()
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel, so nobody could press the button
            self._run_until(steps, float("inf"))
            done()
            return
        self._task = loop.create_task(self._go_on(steps, what, done))

    async def _go_on(self, steps: Iterator[float], what: str, done: Callable[[], None]) -> None:
        try:
            while not self._stopping and not self._run_until(steps, time.monotonic() + 0.1, what):
                await asyncio.sleep(0.01)
        except Exception as error:
            self.show_error(error)
        finally:
            self._progress.show("")
            done()

    def _run_until(self, steps: Iterator[float], end: float, what: str = "") -> bool:
        for share in steps:
            if self._stopping:
                break
            if time.monotonic() >= end:
                if what:
                    bar = f'<progress max="1" value="{share:.3f}" aria-label="{html.text(what)}"></progress>'
                    self._progress.show(row([bar, html.text(what), button("stop work", "Stop", live=True)]))
                return False
        return True

    def _stop(self) -> None:
        self._stopping = True

    def _heard(self, said: str) -> None:
        for each in messages(said):
            number = each.pop("number", 0)
            if not isinstance(number, int | float) or number <= self._last:
                continue
            self._last = number
            action = str(each.pop("do", ""))
            for own in ("on", "enter"):
                each.pop(own, None)
            if action in self._actions:
                self.do(action, **each)


def later(call: Callable[[], None], seconds: float = 0.1) -> Callable[[], None]:
    """Gather several calls in one that comes a little later; without a kernel's loop it comes at once."""
    waiting: list[asyncio.TimerHandle] = []

    def ask() -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            call()
            return
        if not waiting:
            waiting.append(loop.call_later(seconds, come))

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
    if known is None:
        known = make(model)
        object.__setattr__(model, "_shown_by", known)  # some are frozen; this is neither compared nor shown
    return known

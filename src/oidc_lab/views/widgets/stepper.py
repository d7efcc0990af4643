"""The live stepper: what is pressed and typed goes to the flow, and what becomes of it is drawn — OIDCC-3.1.1."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from oidc_lab.relying_party.credentials import HEADER, credentials_in, written
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.relying_party.trace import Exchange
from oidc_lab.views import branches, picking, stepper, stepper_bar, stepper_past
from oidc_lab.views import run as whole
from oidc_lab.views.widgets.frame import Frame, Part

_PARTS = (
    "flows", "picked", "more", "lead", "bar", "diagram", "why", "onward", "page", "request", "send", "changes",
    "answer", "branches", "compare", "compared", "messages",
)  # fmt: skip
_PICKED = ("flows", "picked", "more")
# What a press is for. What there is to pick from is looked up on the whole bench: that can come after it.
_PRESSED = tuple(each for each in _PARTS if each not in _PICKED)
# What differs in a part only because of what is chosen in it.
_CHOSEN = re.compile(r' selected| checked| open|(?<= spellcheck="false") value="[^"]*"')


def make(model: Stepping) -> Frame:
    """Make the live stepper of a flow."""
    return Stepper(model)


class Stepper(Frame):
    """A frame that also knows what a person sees of a flow: the whole diagram or its end, which branches compared."""

    def __init__(self, model: Stepping) -> None:
        super().__init__("Step through a flow", _PARTS, told=("lead",), errors_after="bar")
        self._model = model
        self._entire = False
        self._two: tuple[int, int] | None = None
        # Parts whose fields hold something else than what was drawn last: what a person typed there.
        self._typed: set[str] = set()
        self._times: Counter[str] = Counter()
        self._drawn: list[tuple[Exchange, Part]] = []
        self._doing = False
        self._draw_picked_later = self.later(lambda: self._draw(_PICKED))
        self._connect()
        ask = self.later(self.draw)
        model.watch(lambda: None if self._doing else ask())
        self.draw()

    @property
    def sent(self) -> Run | None:
        """The run of which something was sent here, None before that."""
        return self._model.run if self._model.trace.exchanges else None

    def draw(self, but: tuple[str, ...] = ()) -> None:
        """Draw what has changed, `but` what a person types in just now."""
        self._draw(_PARTS, but)

    def _draw(self, names: Iterable[str], but: tuple[str, ...] = ()) -> None:
        self._typed |= set(but)
        for name in names:
            shown = self._shown(name)
            if name in but:
                self.parts[name].keep(shown)
                continue
            if name in self._typed:
                self._typed.discard(name)
                self._times[name] += 1
            # What was drawn so before is drawn again when the page holds something else.
            again = f"<!--{self._times[name]}-->" if self._times[name] else ""
            self.parts[name].show(shown + again if shown else "")
        if "messages" in names:
            self._draw_messages()

    def _shown(self, name: str) -> str:
        model = self._model
        shows: dict[str, Callable[[], str]] = {
            "flows": lambda: stepper.show_flows(model, live=True),
            "picked": lambda: picking.show(model, live=True),
            "more": lambda: picking.show_more(model, live=True),
            "lead": lambda: stepper_bar.show_lead(model),
            "bar": lambda: stepper_bar.show_bar(model, live=True),
            "diagram": lambda: stepper.show_diagram(model, live=True, entire=self._entire),
            "why": lambda: stepper_past.show_why(model),
            "onward": lambda: stepper_past.show_onward(model, live=True),
            "page": lambda: stepper.show_page(model, live=True),
            "request": lambda: stepper.show_request(model, live=True),
            "send": lambda: stepper.show_send(model, live=True),
            "changes": lambda: stepper.show_changes(model, live=True),
            "answer": lambda: stepper_past.show_answer(model),
            "branches": lambda: branches.show(model, live=True),
            "compare": lambda: branches.show_choice(model, self._compared(), live=True),
            "compared": lambda: branches.show_compared(model, self._compared()),
            "messages": lambda: stepper.show_messages_head(model),
        }
        return shows[name]()

    def _draw_messages(self) -> None:
        sent = self._model.trace.exchanges
        for number, each in enumerate(sent, 1):
            if number > len(self._drawn):
                self._drawn.append((each, Part()))
            elif self._drawn[number - 1][0] == each:
                continue
            part = self._drawn[number - 1][1]
            part.show(whole.show_message(number, each, live=True))
            self._drawn[number - 1] = (each, part)
        self.place("messages", [part for _, part in self._drawn[: len(sent)]])

    def _compared(self) -> tuple[int, int]:
        if self._two is None or max(self._two) >= len(self._model.branches):
            self._two = None
            return branches.usual_two(self._model)
        return self._two

    def _connect(self) -> None:
        model = self._model
        self.on("choose", self._choose_and_draw)
        self._does("next", model.next)
        self._does("back", model.back)
        self._does("again", model.again)
        self._does("unchange", lambda: self._anew("request", model.unchange))
        self._does("add parameter", lambda name, value: model.change(**{name.strip(): value}))
        self._does("change parameter", lambda name, value: model.change(**{name: value}), typed=("request",))
        self._does("send parameter", self._send_parameter, typed=("request",))
        self._does("change credential", self._change_credential, typed=("request",))
        self._does("send credentials", self._send_credentials, typed=("request",))
        self._does("fill", self._fill)
        self._does("go on", lambda flow: model.choose(flow=flow, tokens_of=""))
        self._does("switch", lambda index: model.switch(int(index)))
        self._does("compare", self._lay_beside, typed=("compare",))
        self._does("entire", self._turn)
        self.on("to the end", lambda: self.work(model.to_the_end(), "Sending what is left", self.draw))

    def _does(self, do: str, call: Callable[..., Any], typed: tuple[str, ...] = ()) -> None:
        def act(**data: str) -> None:
            self._doing = True
            try:
                call(**data)
            finally:
                self._doing = False
                self._draw(_PRESSED, typed)
                self._draw_picked_later()

        self.on(do, act)

    def _anew(self, part: str, call: Callable[[], object]) -> None:
        self._typed.add(part)
        call()

    def _choose(self, name: str, value: str) -> None:
        self._model.choose(**{name: bool(value) if name in picking.TICKS else value})

    def _choose_and_draw(self, name: str, value: str, **_: str) -> None:
        # A list that is used keeps the focus: it is drawn anew only when there is something else to choose from.
        before, self._doing = self._shapes(), True
        try:
            self._choose(name, value)
        finally:
            self._doing = False
            after = self._shapes()
            self.draw(tuple(each for each in _PICKED if before[each] == after[each]))

    def _shapes(self) -> dict[str, str]:
        return {name: _CHOSEN.sub("", self._shown(name)) for name in _PICKED}

    def _send_parameter(self, name: str, text: str, value: str) -> None:
        self._model.change(**{name: text if value else None})

    def _change_credential(self, name: str, value: str) -> None:
        due = self._model.next_step
        if due is not None:
            self._model.change_header(HEADER, written({**credentials_in(due.request), name: value}))

    def _send_credentials(self, name: str, text: str, value: str) -> None:
        self._model.change_header(name, written(json.loads(text)) if value else None)

    def _fill(self, to: str, values: str) -> None:
        self._model.fill(to, [(str(name), str(value)) for name, value in json.loads(values)])
        self._model.next()

    def _lay_beside(self, name: str, value: str) -> None:
        one, other = self._compared()
        self._two = (int(value), other) if name == "one" else (one, int(value))

    def _turn(self) -> None:
        self._entire = not self._entire

    def _repr_mimebundle_(self, **more: object) -> dict[str, object]:
        self.draw()
        shown: dict[str, object] = super()._repr_mimebundle_(**more)
        return shown

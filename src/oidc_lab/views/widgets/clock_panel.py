"""The live clock panel: presses move the clock, and what becomes of everything is drawn — RFC6749-1.5."""

from collections.abc import Callable
from datetime import datetime, timedelta

from oidc_lab.domain.clock_panel import ClockPanel
from oidc_lab.views import clock_panel, jumps
from oidc_lab.views.widgets.frame import Frame

_PARTS = ("now", "buttons", "field", "advice", "latest", "living", "history")


def make(panel: ClockPanel) -> Frame:
    """Make the live panel of a clock."""
    return LivePanel(panel)


class LivePanel(Frame):
    """A frame that draws one look at a time."""

    def __init__(self, panel: ClockPanel) -> None:
        super().__init__(clock_panel.TITLE, _PARTS, told=("advice", "latest"))
        self._panel = panel
        self.on("jump", lambda minutes: self._move(panel.jump, timedelta(minutes=int(minutes))))
        self.on("jump to", lambda moment: self._move(panel.jump_to, datetime.fromisoformat(moment)))
        self.on("next", lambda: self._move(panel.jump_to_next))
        self.on("go", self._go)
        self.on("look", self.draw)
        self.on("typed", self._type)
        panel.watch(self.later(self.draw))
        self.draw()

    def draw(self) -> None:
        """Draw what has changed; the field stays as it is."""
        self._look = look = self._panel.look()
        self.parts["now"].show(clock_panel.show_now(look))
        self.parts["buttons"].show(clock_panel.show_buttons(look, live=True))
        self.parts["field"].show(clock_panel.show_field(look, live=True))
        self.parts["latest"].show(jumps.show_latest(look))
        self.parts["living"].show(clock_panel.show_living(look, live=True))
        self.parts["history"].show(jumps.show_history(look))
        self._advise()

    def _move(self, move: Callable[..., object], *given: object) -> None:
        move(*given)
        self.draw()

    def _go(self) -> None:
        try:
            self._move(self._panel.go, self._panel.typed)
        except ValueError:
            if not self._panel.typed.strip():
                raise  # anything else that is wrong stands below the field already

    def _type(self, value: str, **_: str) -> None:
        self._panel.typed = value
        self._advise()

    def _advise(self) -> None:
        self.parts["advice"].show(clock_panel.show_advice(self._look, self._panel.typed))

"""The live diagram: it follows its run; a message once unfolded stays so while others come — OIDCC-3.1.1."""

from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.trace import Trace
from oidc_lab.views import run as view
from oidc_lab.views.widgets.frame import Frame, Part


def make(model: Run | Trace) -> Frame:
    """Make the live diagram of a run or a trace."""
    frame = Frame("Sequence diagram", ("picture", "end", "messages", "taking"))
    drawn: list[Part] = []

    def show() -> None:
        frame.parts["picture"].show(view.show_picture(model))
        frame.parts["end"].show(view.show_end(model))
        sent = (model.trace if isinstance(model, Run) else model).exchanges
        if len(sent) > len(drawn):
            drawn.extend(Part() for _ in range(len(sent) - len(drawn)))
            frame.place("messages", drawn)
        for number, (part, each) in enumerate(zip(drawn, sent, strict=True), 1):
            part.show(view.show_message(number, each, live=True))
        frame.parts["taking"].show(view.show_taking(model, live=True))

    if isinstance(model, Run):
        model.watch(frame.later(show))
    show()
    return frame

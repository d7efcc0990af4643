"""The live token inspector: times follow the clock, and a press asks and checks again — RFC7662-2."""

from oidc_lab.relying_party.inspection import Inspection
from oidc_lab.views import inspector
from oidc_lab.views.widgets.frame import Frame


def make(model: Inspection) -> Frame:
    """Make the live inspector of some tokens."""
    tokens = {f"token {number}": number for number in range(len(model.tokens))}
    frame = Frame("Token inspector", ("bar", *tokens, "missing"), told=("bar",))

    def draw() -> None:
        frame.parts["bar"].show(inspector.show_bar(model, live=True))
        for name, number in tokens.items():
            frame.parts[name].show(inspector.show_token(model, number, live=True))
        frame.parts["missing"].show(inspector.show_missing(model))

    frame.on("look again", model.look_again)
    frame.on("look as", lambda value, **_: model.look_as(value))
    model.watch(frame.later(draw))
    draw()
    return frame

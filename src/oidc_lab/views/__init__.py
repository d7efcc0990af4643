"""What notebooks show: pure functions from a lab object to HTML, SVG or text. A view has no rules."""

from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.trace import Exchange, Step, Trace
from oidc_lab.views.run import exchange_view, run_view, step_view, trace_view


def put_on() -> None:
    """Give the lab's objects their views."""
    Trace.view = staticmethod(trace_view)
    Run.view = staticmethod(run_view)
    Exchange.view = staticmethod(exchange_view)
    Step.view = staticmethod(step_view)

"""What notebooks show: pure functions from a lab object to HTML, SVG or text. A view has no rules."""

from oidc_lab.domain.advice import Advices
from oidc_lab.domain.audit import DrawnLog
from oidc_lab.domain.differences import Differences
from oidc_lab.domain.sheet import Sheet
from oidc_lab.domain.user import User
from oidc_lab.relying_party.demonstration import Demonstration
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.trace import Exchange, Step, Trace
from oidc_lab.relying_party.why import Why
from oidc_lab.views.activity import activity
from oidc_lab.views.demonstration import demonstration_view
from oidc_lab.views.run import exchange_view, run_view, step_view, trace_view
from oidc_lab.views.settings import advices_view, differences_view
from oidc_lab.views.sheet import sheet_view, user_view
from oidc_lab.views.why import why_view


def put_on() -> None:
    """Give the lab's objects their views."""
    Trace.view = staticmethod(trace_view)
    Run.view = staticmethod(run_view)
    Exchange.view = staticmethod(exchange_view)
    Step.view = staticmethod(step_view)
    Why.view = staticmethod(why_view)
    Differences.view = staticmethod(differences_view)
    Advices.view = staticmethod(advices_view)
    Demonstration.view = staticmethod(demonstration_view)
    Sheet.view = staticmethod(sheet_view)
    User.view = staticmethod(user_view)
    DrawnLog.drawing = staticmethod(activity)

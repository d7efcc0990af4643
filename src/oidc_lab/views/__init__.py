"""What notebooks show: pure functions from a lab object to HTML, SVG or text. A view has no rules."""

from oidc_lab.domain.advice import Advices
from oidc_lab.domain.audit import DrawnLog
from oidc_lab.domain.clock_panel import ClockPanel
from oidc_lab.domain.differences import Differences
from oidc_lab.domain.draft import Draft
from oidc_lab.domain.overview import Overviewed
from oidc_lab.domain.sheet import Sheet
from oidc_lab.domain.user import User
from oidc_lab.relying_party.comparison import Comparison
from oidc_lab.relying_party.demonstration import Demonstration
from oidc_lab.relying_party.inspection import Inspection
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.relying_party.trace import Exchange, Step, Trace
from oidc_lab.relying_party.why import Why
from oidc_lab.views.activity import activity
from oidc_lab.views.application_form import application_form_view
from oidc_lab.views.branches import comparison_view
from oidc_lab.views.clock_panel import clock_panel_view
from oidc_lab.views.demonstration import demonstration_view
from oidc_lab.views.inspector import inspector_view
from oidc_lab.views.lab_panel import lab_view
from oidc_lab.views.run import exchange_view, run_view, step_view, trace_view
from oidc_lab.views.settings import advices_view, differences_view
from oidc_lab.views.sheet import sheet_view, user_view
from oidc_lab.views.stepper import stepper_view
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
    Draft.view = staticmethod(application_form_view)
    User.view = staticmethod(user_view)
    Comparison.view = staticmethod(comparison_view)
    Stepping.view = staticmethod(stepper_view)
    Inspection.view = staticmethod(inspector_view)
    ClockPanel.view = staticmethod(clock_panel_view)
    Overviewed.view = staticmethod(lab_view)
    DrawnLog.drawing = staticmethod(activity)

"""What notebooks show: pure functions from a lab object to HTML, SVG or text. A view has no rules."""

from importlib import import_module
from typing import Any

from oidc_lab.domain.adopted import Adopted
from oidc_lab.domain.advice import Advices
from oidc_lab.domain.audit import DrawnLog
from oidc_lab.domain.clock_panel import ClockPanel
from oidc_lab.domain.differences import Differences
from oidc_lab.domain.draft import Draft
from oidc_lab.domain.explorable import Explorable
from oidc_lab.domain.overview import Overviewed
from oidc_lab.domain.provider_policy import ProviderPolicy
from oidc_lab.domain.sheet import Sheet
from oidc_lab.domain.user import User
from oidc_lab.relying_party.comparison import Comparison
from oidc_lab.relying_party.demonstration import Demonstration
from oidc_lab.relying_party.inspection import Inspection
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.relying_party.trace import Exchange, Step, Trace
from oidc_lab.relying_party.why import Why


def _drawn_by(module: str, name: str) -> Any:
    """Draw with a function that is imported when something is drawn for the first time: most labs never are."""

    def draw(*shown: Any, **how: Any) -> Any:
        return getattr(import_module(f"oidc_lab.views.{module}"), name)(*shown, **how)

    return staticmethod(draw)


def put_on() -> None:
    """Give the lab's objects their views."""
    Trace.view = _drawn_by("run", "trace_view")
    Run.view = _drawn_by("run", "run_view")
    Exchange.view = _drawn_by("run", "exchange_view")
    Step.view = _drawn_by("run", "step_view")
    Why.view = _drawn_by("why", "why_view")
    Differences.view = _drawn_by("settings", "differences_view")
    Advices.view = _drawn_by("settings", "advices_view")
    Demonstration.view = _drawn_by("demonstration", "demonstration_view")
    Sheet.view = _drawn_by("sheet", "sheet_view")
    ProviderPolicy.view = _drawn_by("policies", "policy_view")
    Draft.view = _drawn_by("application_form", "application_form_view")
    User.view = _drawn_by("sheet", "user_view")
    Comparison.view = _drawn_by("branches", "comparison_view")
    Stepping.view = _drawn_by("stepper", "stepper_view")
    Inspection.view = _drawn_by("inspector", "inspector_view")
    ClockPanel.view = _drawn_by("clock_panel", "clock_panel_view")
    Overviewed.view = _drawn_by("lab_panel", "lab_view")
    Explorable.view = _drawn_by("policy_view", "explorer_view")
    Explorable.drawing = _drawn_by("policy_figures", "draw")
    Adopted.view = _drawn_by("adopted", "adopted_view")
    DrawnLog.drawing = _drawn_by("activity", "activity")

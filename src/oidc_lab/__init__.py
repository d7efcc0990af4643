"""OIDC Lab: OpenID Connect to take apart. `from oidc_lab import Lab` is all that a lesson needs."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oidc_lab.domain.application import Application, ApplicationType
    from oidc_lab.domain.happening import Event, Happening
    from oidc_lab.domain.refresh_parameters import OnReuse, RefreshPolicy, Renew, Rotate
    from oidc_lab.domain.user import User
    from oidc_lab.domain.walk import walk
    from oidc_lab.lab import Lab
    from oidc_lab.lab.policies import provider_policies
    from oidc_lab.lab.usages import from_visits, usages
    from oidc_lab.provider.app import create_app
    from oidc_lab.relying_party.why import explain
    from oidc_lab.simulation.grid import grid
    from oidc_lab.simulation.lifetimes import lifetimes
    from oidc_lab.simulation.races import races
    from oidc_lab.simulation.rows import rows
    from oidc_lab.simulation.summary import summary
    from oidc_lab.simulation.sweep import sweep
    from oidc_lab.simulation.usage import every
    from oidc_lab.simulation.words import in_words
    from oidc_lab.views import figures
    from oidc_lab.views.activity import activity
    from oidc_lab.views.checks import table as checks
    from oidc_lab.views.mermaid import mermaid
    from oidc_lab.views.sequence import svg
    from oidc_lab.views.token import decode

__all__ = [
    "Application", "ApplicationType", "Event", "Happening", "Lab", "OnReuse", "RefreshPolicy",
    "Renew", "Rotate", "User", "activity", "checks", "create_app", "decode",
    "every", "explain", "figures", "from_visits", "grid", "in_words", "lifetimes", "mermaid", "provider_policies",
    "races", "rows", "summary", "svg", "sweep", "usages", "walk",
]  # fmt: skip

_FROM = {
    "Application": ("oidc_lab.domain.application", "Application"),
    "ApplicationType": ("oidc_lab.domain.application", "ApplicationType"),
    "Event": ("oidc_lab.domain.happening", "Event"),
    "Happening": ("oidc_lab.domain.happening", "Happening"),
    "Lab": ("oidc_lab.lab", "Lab"),
    "OnReuse": ("oidc_lab.domain.refresh_parameters", "OnReuse"),
    "RefreshPolicy": ("oidc_lab.domain.refresh_parameters", "RefreshPolicy"),
    "Renew": ("oidc_lab.domain.refresh_parameters", "Renew"),
    "Rotate": ("oidc_lab.domain.refresh_parameters", "Rotate"),
    "User": ("oidc_lab.domain.user", "User"),
    "activity": ("oidc_lab.views.activity", "activity"),
    "checks": ("oidc_lab.views.checks", "table"),
    "create_app": ("oidc_lab.provider.app", "create_app"),
    "decode": ("oidc_lab.views.token", "decode"),
    "every": ("oidc_lab.simulation.usage", "every"),
    "explain": ("oidc_lab.relying_party.why", "explain"),
    "figures": ("oidc_lab.views.figures", ""),
    "from_visits": ("oidc_lab.lab.usages", "from_visits"),
    "grid": ("oidc_lab.simulation.grid", "grid"),
    "in_words": ("oidc_lab.simulation.words", "in_words"),
    "lifetimes": ("oidc_lab.simulation.lifetimes", "lifetimes"),
    "mermaid": ("oidc_lab.views.mermaid", "mermaid"),
    "provider_policies": ("oidc_lab.lab.policies", "provider_policies"),
    "races": ("oidc_lab.simulation.races", "races"),
    "rows": ("oidc_lab.simulation.rows", "rows"),
    "summary": ("oidc_lab.simulation.summary", "summary"),
    "svg": ("oidc_lab.views.sequence", "svg"),
    "sweep": ("oidc_lab.simulation.sweep", "sweep"),
    "usages": ("oidc_lab.lab.usages", "usages"),
    "walk": ("oidc_lab.domain.walk", "walk"),
}


def __getattr__(name: str) -> Any:
    """Load a part when it is first asked for, so that importing one does not cost all of them."""
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _FROM[name]
    if name in {"Lab", "provider_policies"}:
        import_module("oidc_lab.views").put_on()
    found = import_module(module)
    return getattr(found, attribute) if attribute else found

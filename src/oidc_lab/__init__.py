"""OIDC Lab: OpenID Connect to take apart. `from oidc_lab import Lab` is all that a lesson needs."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oidc_lab.domain.application import Application, ApplicationType
    from oidc_lab.domain.user import User
    from oidc_lab.lab import Lab
    from oidc_lab.provider.app import create_app
    from oidc_lab.relying_party.why import explain
    from oidc_lab.views.activity import activity
    from oidc_lab.views.checks import table as checks
    from oidc_lab.views.mermaid import mermaid
    from oidc_lab.views.sequence import svg
    from oidc_lab.views.token import decode

__all__ = [
    "Application", "ApplicationType", "Lab", "User", "activity", "checks", "create_app", "decode", "explain", "mermaid",
    "svg",
]  # fmt: skip

_FROM = {
    "Application": ("oidc_lab.domain.application", "Application"),
    "ApplicationType": ("oidc_lab.domain.application", "ApplicationType"),
    "Lab": ("oidc_lab.lab", "Lab"),
    "User": ("oidc_lab.domain.user", "User"),
    "activity": ("oidc_lab.views.activity", "activity"),
    "checks": ("oidc_lab.views.checks", "table"),
    "create_app": ("oidc_lab.provider.app", "create_app"),
    "decode": ("oidc_lab.views.token", "decode"),
    "explain": ("oidc_lab.relying_party.why", "explain"),
    "mermaid": ("oidc_lab.views.mermaid", "mermaid"),
    "svg": ("oidc_lab.views.sequence", "svg"),
}


def __getattr__(name: str) -> Any:
    """Load a part when it is first asked for, so that importing one does not cost all of them."""
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _FROM[name]
    if name == "Lab":
        import_module("oidc_lab.views").put_on()
    return getattr(import_module(module), attribute)

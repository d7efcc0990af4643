"""OIDC Lab: OpenID Connect to take apart. `from oidc_lab import Lab` is all a lesson needs."""

import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oidc_lab.lab import Lab

__all__ = ["Lab"]

# joserfc warns about the name "EdDSA" since RFC 9864 gave each curve a name of its own. Applications register
# "EdDSA", which is what nearly every relying party knows.
warnings.filterwarnings("ignore", message="EdDSA is deprecated via RFC 9864")


def __getattr__(name: str) -> Any:
    """Load the bench when it is first asked for, so that importing one part does not cost all of them."""
    if name == "Lab":
        from oidc_lab import views
        from oidc_lab.lab import Lab

        views.put_on()
        return Lab
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

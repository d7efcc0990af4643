"""What a person sees who opens the issuer's address in a browser — OIDCD-4."""

from collections.abc import Sequence

from oidc_lab.pages.render import render


def home_page(
    *,
    stylesheet: str,
    issuer: str,
    endpoints: Sequence[tuple[str, str]],
    applications: Sequence[tuple[str, str]],
    places: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the home page; endpoints and places to go are (name, URL), applications (name, description)."""
    return render(
        "home.html",
        stylesheet=stylesheet,
        issuer=issuer,
        discovery=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        endpoints=endpoints,
        applications=applications,
        places=places,
    )

"""What a person sees who opens the issuer's address, and the stylesheet of all pages."""

from flask import Blueprint, Response

from oidc_lab.domain.application import LABEL
from oidc_lab.pages.home import home_page
from oidc_lab.pages.render import STYLESHEET
from oidc_lab.provider.context import context
from oidc_lab.provider.discovery import metadata
from oidc_lab.provider.door import APPLICATIONS
from oidc_lab.provider.page import page, stylesheet
from oidc_lab.provider.sign_in import YOUR_APPLICATIONS

blueprint = Blueprint("home", __name__)


@blueprint.get("/", strict_slashes=False)
def home() -> Response:
    """Say what this is and where its endpoints are."""
    endpoints = [(name, value) for name, value in metadata().items() if name.endswith(("_endpoint", "_uri"))]
    applications = [(each.name, LABEL[each.type]) for each in context().store.applications.all()]
    body = home_page(
        stylesheet=stylesheet(),
        issuer=context().issuer,
        endpoints=endpoints,
        applications=applications,
        places=_places(),
    )
    return page(body)


def _places() -> list[tuple[str, str]]:
    """Where a user can go from here, and a trainer when there is a token to let one in."""
    places = [("Your applications", context().path + YOUR_APPLICATIONS)]
    if context().management_token:
        places.append(("All applications, for trainers", context().path + APPLICATIONS))
    return places


@blueprint.get("/pages/style.css")
def style() -> Response:
    """The stylesheet."""
    return Response(STYLESHEET.read_bytes(), mimetype="text/css", headers={"X-Content-Type-Options": "nosniff"})

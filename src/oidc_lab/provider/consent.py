"""Where a user agrees, once, to what an application asks for — OIDCC-3.1.2.4."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from oidc_lab.domain.authentication_request import AuthenticationRequest
from oidc_lab.domain.interaction import Page
from oidc_lab.domain.user import User
from oidc_lab.pages import consent as pages
from oidc_lab.provider.agreement import agree
from oidc_lab.provider.authentication_request import read_authentication_request
from oidc_lab.provider.authorization import declined, go_on, start_over
from oidc_lab.provider.browser import current_session
from oidc_lab.provider.client import SCOPES
from oidc_lab.provider.context import context
from oidc_lab.provider.page import page, stylesheet
from oidc_lab.provider.sign_in import application_of, user_of, waiting_interaction
from oidc_lab.provider.store.sign_ins import Interaction

blueprint = Blueprint("consent", __name__)


@blueprint.route("/consent", methods=["GET", "POST"])
def consent() -> Response:
    """Show what is asked for, or receive the user's answer."""
    waiting = waiting_interaction(Page.CONSENT)
    user, session = user_of(waiting), current_session()
    if user is None or session is None:
        return start_over(waiting)
    asked = read_authentication_request(MultiDict(waiting.parameters), application_of(waiting))
    if request.method != "POST":
        return _consent_page(waiting, asked, user)
    if request.form.get("action") != "allow":
        return declined(waiting)
    agree(asked, session)
    return go_on(waiting, consented=True)


def _consent_page(waiting: Interaction, asked: AuthenticationRequest, user: User) -> Response:
    application = application_of(waiting)
    scopes = [pages.ScopeAsked(scope, pages.MEANING[scope]) for scope in SCOPES if scope in asked.scopes]
    body = pages.consent_page(
        stylesheet=stylesheet(),
        action=context().path + "/consent",
        interaction=waiting.interaction_id,
        csrf=waiting.csrf,
        application=application.name,
        application_description=application.description,
        account=user.name,
        scopes=scopes,
        claims=sorted(asked.single_claims),
        destination=_destination(asked.redirect_uri),
        reason=waiting.because,
    )
    return page(body, leads_to=asked.redirect_uri)


def _destination(redirect_uri: str) -> str:
    parts = urlsplit(redirect_uri)
    return parts.netloc or f"{parts.scheme}:"

"""The authorization endpoint: sends the user on to the page that is due, or answers the application — OIDCC-3.1.2."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2 import OAuth2Request
from flask import Blueprint, Response, redirect, request
from werkzeug.datastructures import MultiDict

from oidc_lab.domain import interaction
from oidc_lab.domain.authentication_request import AuthenticationRequest
from oidc_lab.domain.interaction import INTERACTION_LIFETIME, Ask, Progress
from oidc_lab.provider.authorization_response import authorization_response, destination
from oidc_lab.provider.browser import current_browser, current_session
from oidc_lab.provider.context import context
from oidc_lab.provider.page import refusal_page
from oidc_lab.provider.refusal import RefusalError, record, refuse
from oidc_lab.provider.server import Payload, authorization_server
from oidc_lab.provider.store.sign_ins import Interaction

blueprint = Blueprint("authorization", __name__)


@blueprint.route("/authorize", methods=["GET", "POST"])
def authorize() -> Response:
    """Receive an authentication request — OIDCC-3.1.2.1."""
    if request.method == "POST":
        return _as_get()
    return proceed(request.args)


def proceed(
    parameters: MultiDict[str, str], progress: Progress = Progress(), waiting: Interaction | None = None
) -> Response:
    """Go on with a request as far as it goes without the user; `waiting` is the page the user comes from."""
    try:
        return _proceed(parameters, progress, waiting)
    except RefusalError as error:
        if error.redirect_uri is None:
            return refusal_page(error)
        if waiting is not None:
            context().store.interactions.close(waiting.interaction_id)
        return refused_at_redirect_uri(parameters, error)


def refused_at_redirect_uri(parameters: Mapping[str, str], error: RefusalError) -> Response:
    """Tell the application what was wrong, with its state and the issuer — RFC6749-4.1.2.1."""
    record(error)
    return authorization_response(destination(parameters), dict(error.get_body()))


def _proceed(parameters: MultiDict[str, str], progress: Progress, waiting: Interaction | None) -> Response:
    grant = authorization_server().get_consent_grant(_as_oauth2_request(parameters))
    asked: AuthenticationRequest = grant.asked
    session = current_session()
    agreed = context().store.grants.find(session.sub, asked.client_id) if session else None
    ask = interaction.decide(asked, session, progress, agreed, context().now)
    if ask.refusal and (ask.page is None or asked.silent):
        _refuse_at(asked, ask)
    if ask.page is not None or session is None:
        return _show(ask, parameters, waiting)
    if waiting is not None:
        context().store.interactions.close(waiting.interaction_id)
    grant.session = session
    response: Response = grant.create_authorization_response(
        asked.redirect_uri, context().store.users.find(session.sub)
    )
    return response


def _refuse_at(asked: AuthenticationRequest, ask: Ask) -> None:
    try:
        refuse(ask.refusal, client_id=asked.client_id, because=ask.because)
    except RefusalError as error:
        error.redirect_uri = asked.redirect_uri
        raise


def _show(ask: Ask, parameters: MultiDict[str, str], waiting: Interaction | None) -> Response:
    assert ask.page is not None, "without a session the sign-in page is due"
    if waiting is None:
        waiting = _open(ask, parameters)
    else:
        changed: dict[str, Any] = {"page": ask.page.value, "because": ask.because}
        changed |= {"signed_in": waiting.signed_in, "account_selected": waiting.account_selected}
        context().store.interactions.change(waiting.interaction_id, **changed)
    address = f"{context().path}/{ask.page.value}?{urlencode({'interaction': waiting.interaction_id})}"
    return redirect(address, code=303)  # type: ignore[return-value]  # Flask gives its own Response


def _open(ask: Ask, parameters: Mapping[str, str]) -> Interaction:
    assert ask.page is not None
    opened = Interaction(
        interaction_id=context().entropy.token(22),
        browser=current_browser(),
        csrf=context().entropy.token(),
        parameters=dict(parameters.items()),
        page=ask.page.value,
        because=ask.because,
        expires_at=context().now + INTERACTION_LIFETIME,
    )
    context().store.interactions.open(opened)
    return opened


def go_on(waiting: Interaction, *, consented: bool = False) -> Response:
    """Go on with a request after its user has acted on a page."""
    progress = replace(waiting.progress, consented=consented)
    return proceed(MultiDict(waiting.parameters), progress, waiting)


def signed_in(waiting: Interaction) -> Interaction:
    """The request after its user gave a password, in the browser whose cookie was renewed by that."""
    return replace(waiting, signed_in=True, browser=current_browser())


def declined(waiting: Interaction) -> Response:
    """Tell the application that its user said no — RFC6749-4.1.2.1."""
    context().store.interactions.close(waiting.interaction_id)
    try:
        refuse("user_declined", client_id=waiting.parameters["client_id"])
    except RefusalError as error:
        return refused_at_redirect_uri(waiting.parameters, error)


def _as_oauth2_request(parameters: MultiDict[str, str]) -> OAuth2Request:
    asking = OAuth2Request("GET", context().address("/authorize"))
    asking.payload = Payload(parameters)
    return asking


def _as_get() -> Response:
    # A form posted from another site comes without our SameSite=Lax cookie; after the redirect it is there.
    address = f"{context().path}/authorize?{urlencode(list(request.form.items(multi=True)))}"
    return redirect(address, code=303)  # type: ignore[return-value]  # Flask gives its own Response

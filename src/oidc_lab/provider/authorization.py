"""The authorization endpoint: sends the user on to the page that is due, or answers the application — OIDCC-3.1.2."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from authlib.oauth2 import OAuth2Request
from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from oidc_lab.domain import interaction
from oidc_lab.domain.authentication_request import AuthenticationRequest
from oidc_lab.domain.interaction import INTERACTION_LIFETIME, Ask, Page, Progress
from oidc_lab.domain.refusal import CATALOGUE
from oidc_lab.domain.session import Session
from oidc_lab.provider.agreement import agree, agreed
from oidc_lab.provider.authorization_response import authorization_response, destination
from oidc_lab.provider.browser import again_with_get, current_browser, current_session
from oidc_lab.provider.checked import checked, moment
from oidc_lab.provider.client import find_application, only_redirect_uri
from oidc_lab.provider.context import context
from oidc_lab.provider.exact import see_other
from oidc_lab.provider.page import refusal_page
from oidc_lab.provider.refusal import RefusalError, record, refuse
from oidc_lab.provider.server import Payload, authorization_server, with_values
from oidc_lab.provider.store.sign_ins import Interaction

blueprint = Blueprint("authorization", __name__)

NOTHING_DONE = Progress()


@blueprint.route("/authorize", methods=["GET", "POST"])
def authorize() -> Response:
    """Receive an authentication request — OIDCC-3.1.2.1."""
    if request.method == "POST":
        return again_with_get()
    return proceed(_with_redirect_uri(with_values(request.args)))


def _with_redirect_uri(parameters: MultiDict[str, str]) -> MultiDict[str, str]:
    """Add the redirect URI that a request leaves out, where the profile takes the only one that is registered."""
    application = find_application(parameters.get("client_id", ""))
    if "redirect_uri" not in parameters and application is not None and (only := only_redirect_uri(application)):
        parameters.add("redirect_uri", only)
    return parameters


def proceed(
    parameters: MultiDict[str, str], progress: Progress = NOTHING_DONE, waiting: Interaction | None = None
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
    agreement = agreed(session, asked.client_id) if session else None
    ask = interaction.decide(asked, session, progress, agreement, context().now)
    if session is not None and ask.page is Page.CONSENT and context().rules.consents_by_itself and not asked.silent:
        agreement, ask = agree(asked, session), interaction.NOTHING
    refused = bool(ask.refusal and (ask.page is None or asked.silent))
    _note_session(asked, session, ask, refused=refused)
    if refused:
        _refuse_at(asked, ask)
    if ask.page is not None or session is None or agreement is None:
        # Without a session the sign-in page is due, whatever else is.
        return _show(ask.page or Page.SIGN_IN, ask.because if ask.unusual else "", parameters, session, waiting)
    if waiting is not None:
        context().store.interactions.close(waiting.interaction_id)
    grant.session, grant.agreed = session, agreement
    response: Response = grant.create_authorization_response(
        asked.redirect_uri, context().store.users.find(session.sub)
    )
    return response


def _note_session(asked: AuthenticationRequest, session: Session | None, ask: Ask, *, refused: bool) -> None:
    """Note what the session is to the request: it is enough, a page is due first, or the request is refused."""
    since = f"{session.sub} signed in at {moment(session.auth_time)}. " if session else ""
    wanted = [f"prompt={' '.join(sorted(asked.prompts))}"] if asked.prompts else []
    if asked.max_age is not None:
        wanted.append(f"max_age={int(asked.max_age.total_seconds())}")
    expected = f"what {' and '.join(wanted)} asks for" if wanted else "a user who is signed in and agreed"
    clause = CATALOGUE[ask.refusal].clause if refused else ask.clause
    holds = False if refused else True if ask.page is None else None
    checked("session", clause, since + ask.because, expected, holds)


def _refuse_at(asked: AuthenticationRequest, ask: Ask) -> None:
    try:
        refuse(ask.refusal, client_id=asked.client_id, because=ask.because)
    except RefusalError as error:
        error.redirect_uri = asked.redirect_uri
        raise


def _show(
    page: Page, because: str, parameters: MultiDict[str, str], session: Session | None, waiting: Interaction | None
) -> Response:
    interactions = context().store.interactions
    known = waiting or new_interaction(parameters)
    shown = replace(known, page=page.value, because=because, sid=session.sid if session else "")
    if waiting is None:
        interactions.open(shown)
    else:
        interactions.update(shown)
    return to_page(page, shown)


def to_page(page: str, waiting: Interaction) -> Response:
    """Send the browser to the page that is due."""
    address = f"{context().path}/{page}?{urlencode({'interaction': waiting.interaction_id})}"
    return see_other(address)


def new_interaction(parameters: Mapping[str, str]) -> Interaction:
    """A request that has just arrived in the present browser."""
    return Interaction(
        interaction_id=context().entropy.token(22),
        browser=current_browser(),
        csrf=context().entropy.token(),
        parameters=dict(parameters.items()),
        page="",
        because="",
        expires_at=context().now + INTERACTION_LIFETIME,
    )


def go_on(waiting: Interaction, *, consented: bool = False) -> Response:
    """Go on with a request after its user has acted on a page."""
    progress = replace(waiting.progress, consented=consented)
    return proceed(MultiDict(waiting.parameters), progress, waiting)


def start_over(waiting: Interaction) -> Response:
    """Ask again from the beginning: who is signed in is not who the page was about."""
    return go_on(replace(waiting, signed_in=False, account_selected=False))


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

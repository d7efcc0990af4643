"""The end session endpoint: an application asks to sign its user out — OIDCRIL-2."""

import json
from typing import cast
from urllib.parse import urlencode

from authlib.oauth2 import OAuth2Request
from authlib.oidc.rpinitiated import EndSessionEndpoint, EndSessionRequest
from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from oidc_lab.domain.audit import Key
from oidc_lab.domain.session import Session
from oidc_lab.domain.user import User
from oidc_lab.pages import signed_out as pages
from oidc_lab.provider.browser import COOKIE, again_with_get, current_session, end_session
from oidc_lab.provider.checked import RIGHT, UNKNOWN, WRONG, checked
from oidc_lab.provider.client import Client, find_client
from oidc_lab.provider.context import context
from oidc_lab.provider.form import check_form, form_token
from oidc_lab.provider.id_token import Hint, read_hint
from oidc_lab.provider.page import page, stylesheet
from oidc_lab.provider.refusal import RefusalError, record, refuse
from oidc_lab.provider.server import Payload, authorization_server, posted, with_values

blueprint = Blueprint("logout", __name__)

# The members of a request that the page which asks the user hands on.
_PARAMETERS = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state", "logout_hint", "ui_locales")


@blueprint.route("/end-session", methods=["GET", "POST"])
def logout() -> Response:
    """Receive a logout request; ask the user first when it does not prove whom it is about — OIDCRIL-6."""
    if request.method == "POST" and COOKIE not in request.cookies:
        return again_with_get()
    asked = _validated(posted() if request.method == "POST" else with_values(request.args))
    session = current_session()
    if session is not None and _must_ask(asked, session):
        return _ask_the_user(asked, session)
    return _end(asked)


@blueprint.post("/end-session/confirm")
def confirm() -> Response:
    """Receive the user's answer."""
    check_form()
    if request.form.get("action") != "sign-out":
        user = _signed_in_user(current_session())
        if user is None:  # signed out meanwhile, in another tab
            return page(pages.signed_out_page(stylesheet=stylesheet()))
        return page(pages.still_signed_in_page(stylesheet=stylesheet(), account=user.name))
    return _end(_validated(_handed_on()))


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Sign out a user who asks for it on a page of this provider, not at an application."""
    check_form()
    session = current_session()
    if session is not None:
        end_session(session, Key.SIGN_OUT)
    return page(pages.signed_out_page(stylesheet=stylesheet()))


class EndSession(EndSessionEndpoint):
    """Authlib's two phases, validate and then end, with the reasons of the catalogue."""

    def validate_request(self, request: OAuth2Request) -> EndSessionRequest:
        """Check the hint and that client_id agrees with it — OIDCRIL-2."""
        data = request.payload.data
        if repeated := request.payload.repeated:
            refuse("logout_parameter_repeated", repeated=", ".join(repeated))
        hint = self._validate_id_token_hint(data["id_token_hint"]) if "id_token_hint" in data else None
        client = self._client(data.get("client_id"), hint)
        received = data.get("post_logout_redirect_uri")
        accepted = client is not None and received is not None and _accepts(client, received, hint)
        return EndSessionRequest(
            request=request,
            client=client,
            id_token_claims=None if hint is None else {"sub": hint.sub},
            redirect_uri=_with_state(received, data.get("state")) if accepted else None,
        )

    def _validate_id_token_hint(self, id_token_hint: str) -> Hint:
        hint = read_hint(id_token_hint)
        seen = WRONG if hint is None else RIGHT
        checked("signature of the id_token_hint", "OIDCRIL-2", seen, "an ID Token of this provider", hint is not None)
        return hint or refuse("logout_hint_untrusted")

    def _client(self, client_id: str | None, hint: Hint | None) -> Client | None:
        if client_id and hint:
            same = client_id == hint.client_id
            checked("audience of the id_token_hint", "OIDCRIL-2", hint.client_id, client_id, same)
        if client_id and hint and client_id != hint.client_id:
            refuse("logout_client_differs", client_id=client_id, issued_to=hint.client_id)
        named = client_id or (hint and hint.client_id)
        client = find_client(named) if named else None
        if named:
            seen = named if client else UNKNOWN
            checked("client_id", "OIDCRIL-2", seen, "a registered application", client is not None)
        if named and client is None:
            refuse("logout_client_unknown", client_id=named)
        return client

    def create_response(self, validated_request: EndSessionRequest) -> tuple[int, str, list[tuple[str, str]]] | None:
        """End the session; 303, so that a browser that posted does not post again — RFC9110-15.4.4."""
        answer = super().create_response(validated_request)
        return answer and (303, "", [*answer[2], ("Cache-Control", "no-store")])

    def end_session(self, end_session_request: EndSessionRequest) -> None:
        """Sign this browser out; what was not granted for offline use ends with the session."""
        session = current_session()
        if session is not None:
            end_session(session, Key.SIGN_OUT)


def _validated(parameters: MultiDict[str, str]) -> EndSessionRequest:
    asked = OAuth2Request("POST", context().address("/end-session"))
    asked.payload = Payload(parameters)
    return cast(EndSessionRequest, authorization_server().validate_endpoint_request("end_session", asked))


def _accepts(client: Client, received: str, hint: Hint | None) -> bool:
    rules = context().rules
    registered = client.application.accepts_post_logout_redirect_uri(received, rules=rules)
    uris = client.application.post_logout_redirect_uris
    checked("post_logout_redirect_uri", "OIDCRIL-3", received, uris, registered)
    if not registered and rules.logout_refuses_unregistered:
        refuse("logout_uri_refused", client_id=client.client_id, registered=uris, received=received)
    return registered and (hint is not None or not rules.logout_redirect_needs_hint)


def _must_ask(asked: EndSessionRequest, session: Session) -> bool:
    if not context().rules.logout_asks:
        return False
    return bool(asked.needs_confirmation or asked.id_token_claims["sub"] != session.sub)


def _end(asked: EndSessionRequest) -> Response:
    answer = authorization_server().create_endpoint_response("end_session", asked)
    return cast(Response, answer) if answer is not None else _signed_out_page(asked)


def _signed_out_page(asked: EndSessionRequest) -> Response:
    received = asked.request.payload.data.get("post_logout_redirect_uri")
    if not received:
        return page(pages.signed_out_page(stylesheet=stylesheet()))
    client_id = asked.client.client_id if asked.client else None
    registered = asked.client.application.post_logout_redirect_uris if asked.client else ()
    accepted = asked.client and asked.client.application.accepts_post_logout_redirect_uri(
        received, rules=context().rules
    )
    try:
        if accepted:
            refuse("logout_redirect_unproven", client_id=client_id, received=received)
        refuse("logout_uri_unregistered", client_id=client_id, registered=registered, received=received)
    except RefusalError as error:
        record(error)  # OIDCRIL-4: the user is told, and nobody is sent anywhere
    if accepted:
        notice = "The application asked to send you on, but did not prove that it was the one you signed in to."
        return page(pages.signed_out_page(stylesheet=stylesheet(), notice=notice))
    notice = "The application asked to send you to an address that is not registered for it."
    if asked.client is None:
        notice = "The application asked to send you to an address, but did not say which application it is."
    body = pages.signed_out_page(stylesheet=stylesheet(), notice=notice, registered=registered, received=received)
    return page(body)


def _ask_the_user(asked: EndSessionRequest, session: Session) -> Response:
    user = _signed_in_user(session)
    data = asked.request.payload.data
    body = pages.confirm_sign_out_page(
        stylesheet=stylesheet(),
        action=context().path + "/end-session/confirm",
        csrf=form_token(),
        request=json.dumps({name: data[name] for name in _PARAMETERS if name in data}),
        application=asked.client.application.name if asked.client else None,
        account=user.name if user else "",
    )
    return page(body, leads_to=asked.redirect_uri)


def _handed_on() -> MultiDict[str, str]:
    try:
        read = json.loads(request.form.get("request", ""))
    except (ValueError, RecursionError):
        refuse("form_untrusted")
    if not isinstance(read, dict) or not all(isinstance(value, str) for value in read.values()):
        refuse("form_untrusted")
    return MultiDict(read)


def _signed_in_user(session: Session | None) -> User | None:
    return context().store.users.find(session.sub) if session else None


def _with_state(address: str, state: str | None) -> str:
    if state is None:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'state': state})}"

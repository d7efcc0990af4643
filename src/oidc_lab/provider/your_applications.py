"""Where a user sees which applications have access, and takes it away — RFC6749-1.3, RFC9700-4.14.2."""

from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from oidc_lab.domain.audit import Key, Result
from oidc_lab.domain.grant import Grant
from oidc_lab.domain.session import Session
from oidc_lab.pages import your_applications as pages
from oidc_lab.pages.consent import MEANING, ScopeAsked
from oidc_lab.provider import access
from oidc_lab.provider.access import Access
from oidc_lab.provider.browser import current_session
from oidc_lab.provider.client import SCOPES, find_application
from oidc_lab.provider.context import context
from oidc_lab.provider.exact import see_other
from oidc_lab.provider.form import check_form, form_token
from oidc_lab.provider.page import page, stylesheet
from oidc_lab.provider.refusal import refuse
from oidc_lab.provider.sign_in import YOUR_APPLICATIONS, ask_to_sign_in
from oidc_lab.provider.store.log import LogFilter

blueprint = Blueprint("your_applications", __name__)

# For so long the page says what was just taken away.
_NEWS = timedelta(minutes=5)


@blueprint.get(YOUR_APPLICATIONS)
def your_applications() -> Response:
    """Show who has access to the signed-in user's account; when nobody is signed in, that comes first."""
    session = current_session()
    return ask_to_sign_in() if session is None else _page(session)


@blueprint.post(YOUR_APPLICATIONS)
def take_away() -> Response:
    """End what one application was given, at once and for good; the page that follows says so."""
    check_form()
    session = current_session()
    if session is None:
        return ask_to_sign_in()
    grant_id = request.form.get("grant", "")
    grant = next((each for each in context().store.grants.all(sub=session.sub) if each.grant_id == grant_id), None)
    if grant is not None:
        access.take_away(grant, session=session)
    elif _taken_away(grant_id, session, []) is None:  # a button that is pressed twice sends its form twice
        refuse("grant_unknown")
    address = f"{context().path}{YOUR_APPLICATIONS}?{urlencode({'taken_away': grant_id})}"
    return see_other(address)


def _page(session: Session) -> Response:
    user, found = context().store.users.find(session.sub), access.accesses(sub=session.sub)
    body = pages.your_applications_page(
        stylesheet=stylesheet(),
        action=context().path + YOUR_APPLICATIONS,
        csrf=form_token(),
        sign_out=context().path + "/sign-out",
        account=user.name if user else "",
        grants=[_shown(each, session) for each in found],
        now=context().now,
        taken_away=_taken_away(request.args.get("taken_away", ""), session, found),
        must_ask=not context().rules.consents_by_itself,
    )
    return page(body)


def _taken_away(grant_id: str, session: Session, left: list[Access]) -> pages.TakenAway | None:
    """What was taken away in this session a moment ago, as the log has it: an invented address says nothing."""
    since = context().now - _NEWS
    wanted = LogFilter(sub=session.sub, key=Key.GRANT_REVOKED, result=Result.SUCCESS, since=since)
    for entry in context().store.log.find(wanted):
        if (entry.sid, entry.grant_id) == (session.sid, grant_id) and "tokens_ended" in entry.details:
            client_id = entry.client_id or ""
            application = find_application(client_id)
            still = any(each.grant.client_id == client_id for each in left)
            name = application.name if application else client_id
            return pages.TakenAway(name, entry.details["tokens_ended"], still=still)
    return None


def _shown(given: Access, session: Session) -> pages.GrantShown:
    grant, until = given.grant, [each.ends_at for each in given.refresh_tokens]
    return pages.GrantShown(
        grant_id=grant.grant_id,
        application=given.application.name,
        description=given.application.description,
        since=grant.created_at,
        scopes=tuple(ScopeAsked(scope, MEANING[scope]) for scope in SCOPES if scope in grant.scopes),
        claims=tuple(sorted(grant.claims)),
        last_used=grant.last_used_at,
        ends=given.ends,
        offline=bool(until),
        offline_until=max((each for each in until if each), default=None) if None not in until else None,
        live_tokens=given.live_tokens,
        belongs_to=_session_of(grant, session),
    )


def _session_of(grant: Grant, session: Session) -> str:
    if not grant.sid:
        return ""
    return "Your sign-in in this browser" if grant.sid == session.sid else "A sign-in in another browser"

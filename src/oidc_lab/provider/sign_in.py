"""Where a user proves who they are, or chooses an account — OIDCC-3.1.2.3."""

import hmac
from dataclasses import replace

from flask import Blueprint, Response, abort, request
from werkzeug.security import check_password_hash, generate_password_hash

from oidc_lab.domain.application import Application
from oidc_lab.domain.interaction import Page
from oidc_lab.domain.refusal import CATALOGUE
from oidc_lab.domain.user import User
from oidc_lab.pages import sign_in as pages
from oidc_lab.provider import browser
from oidc_lab.provider.authorization import declined, go_on, new_interaction, signed_in, start_over, to_page
from oidc_lab.provider.client import find_application
from oidc_lab.provider.context import context
from oidc_lab.provider.exact import see_other
from oidc_lab.provider.page import page, stylesheet
from oidc_lab.provider.refusal import RefusalError, record, refuse
from oidc_lab.provider.store.sign_ins import Interaction

blueprint = Blueprint("sign_in", __name__)

# Where a user goes who signs in without an application.
YOUR_APPLICATIONS = "/your-applications"

# One answer for both, so that nobody learns here which user names exist.
WRONG = "The user name or the password is not right."

# What an unknown user's password is compared with, so that the answer takes as long; nobody's password.
_NOBODY = (
    "scrypt:32768:8:1$ThisIsNobodysSalt$"
    "d04b98f48e8f8bcc15c6ae5ac050801cd6dcfd428fb5f9e65c4e16e7807340fa"
    "d04b98f48e8f8bcc15c6ae5ac050801cd6dcfd428fb5f9e65c4e16e7807340fa"
)


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response:
    """Show the sign-in page, or receive what the user did on it."""
    waiting = waiting_interaction(Page.SIGN_IN)
    if request.method != "POST":
        return _sign_in_page(waiting)
    if request.form.get("action") == "cancel":
        return declined(waiting) if _has_application(waiting) else _leave_for("/", waiting)
    clicked = request.form.get("demo_user")
    user = context().store.users.find_demo(clicked) if clicked is not None else _user_by_password(waiting)
    if user is None:
        return _sign_in_page(waiting, problem=WRONG)
    browser.sign_in(user.sub, waiting.parameters.get("client_id"))
    return go_on(signed_in(waiting)) if _has_application(waiting) else _leave_for(YOUR_APPLICATIONS, waiting)


def ask_to_sign_in() -> Response:
    """Have a user sign in whom no application sent; the pages and their forms are guarded as for those who were."""
    waiting = replace(new_interaction({}), page=Page.SIGN_IN.value)
    context().store.interactions.open(waiting)
    return to_page(Page.SIGN_IN, waiting)


@blueprint.route("/select-account", methods=["GET", "POST"])
def select_account() -> Response:
    """Show who is signed in, or receive whether the user goes on as that one."""
    waiting = waiting_interaction(Page.SELECT_ACCOUNT)
    user = user_of(waiting)
    if user is None:
        return start_over(waiting)
    if request.method != "POST":
        return _select_account_page(waiting, user)
    if request.form.get("action") == "cancel":
        return declined(waiting)
    if request.form.get("action") == "other":
        return _sign_in_instead(waiting)
    return go_on(replace(waiting, account_selected=True))


def waiting_interaction(due: Page) -> Interaction:
    """The request this page belongs to, in the browser that brought it; forms must carry its CSRF token."""
    name = request.values.get("interaction", "")
    # Another site's form comes without the cookie; a new one in its place would sign out whoever is signed in.
    known = browser.COOKIE in request.cookies
    waiting = context().store.interactions.find(name, browser.current_browser(), context().now) if known else None
    if waiting is None:
        refuse("interaction_unknown")
    if waiting.page != due:  # the user went back in the browser, or sent a form twice
        abort(to_page(waiting.page, waiting))
    if request.method == "POST" and not hmac.compare_digest(
        request.form.get("csrf", "").encode(), waiting.csrf.encode()
    ):
        refuse("form_untrusted", client_id=waiting.parameters.get("client_id"))
    return waiting


def user_of(waiting: Interaction) -> User | None:
    """Whom the page is about; None when nobody, or somebody else, is signed in by now."""
    session = browser.current_session()
    if session is None or session.sid != waiting.sid:
        return None
    return context().store.users.find(session.sub)


def application_of(waiting: Interaction) -> Application:
    """The application that the waiting request comes from."""
    application = find_application(waiting.parameters["client_id"])
    if application is None:
        refuse("client_unknown", client_id=waiting.parameters["client_id"])
    return application


def _has_application(waiting: Interaction) -> bool:
    return "client_id" in waiting.parameters


def _leave_for(place: str, waiting: Interaction) -> Response:
    context().store.interactions.close(waiting.interaction_id)
    return see_other(context().path + place)


def _sign_in_page(waiting: Interaction, problem: str = "") -> Response:
    application = application_of(waiting) if _has_application(waiting) else None
    demo = [pages.DemoUser(user.sub, user.name, user.username) for user in context().store.users.demo()]
    body = pages.sign_in_page(
        stylesheet=stylesheet(),
        action=context().path + "/sign-in",
        interaction=waiting.interaction_id,
        csrf=waiting.csrf,
        application=application.name if application else None,
        application_description=application.description if application else "",
        login_hint=request.form.get("username") or waiting.parameters.get("login_hint", ""),
        problem=problem,
        demo_users=demo,
        reason=waiting.because,
    )
    return page(body, leads_to=waiting.parameters.get("redirect_uri"))


def _select_account_page(waiting: Interaction, user: User) -> Response:
    body = pages.select_account_page(
        stylesheet=stylesheet(),
        action=context().path + "/select-account",
        interaction=waiting.interaction_id,
        csrf=waiting.csrf,
        application=application_of(waiting).name,
        account=user.name,
    )
    return page(body, leads_to=waiting.parameters["redirect_uri"])


def _sign_in_instead(waiting: Interaction) -> Response:
    because = "You chose to use another account."
    context().store.interactions.update(replace(waiting, page=Page.SIGN_IN.value, because=because))
    return to_page(Page.SIGN_IN, waiting)


def _user_by_password(waiting: Interaction) -> User | None:
    password = request.form.get("password", "")
    user = context().store.users.named(request.form.get("username", ""))
    if user is not None and _is_password_of(user, password):
        return user
    reason = CATALOGUE["user_unknown" if user is None else "password_wrong"]
    record(RefusalError(reason, client_id=waiting.parameters.get("client_id")))
    if user is None:
        check_password_hash(_NOBODY, password)
    return None


def _is_password_of(user: User, password: str) -> bool:
    """Compare with the slow hash. A demo user's is made at the first sign-in: six at every start would be slow.

    Whatever the answer, it takes one slow hash, as it does for an unknown user.
    """
    users, initial = context().store.users, context().initial_passwords.get(user.sub)
    kept = users.password_hash(user.sub)
    if kept is not None or initial is None:
        return check_password_hash(kept or _NOBODY, password)
    if not hmac.compare_digest(password.encode(), initial.encode()):
        return check_password_hash(_NOBODY, password)
    users.set_password_hash(user.sub, generate_password_hash(password))
    return True

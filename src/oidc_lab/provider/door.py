"""The door before the trainer's pages: lets a browser in that brings the management token — RFC6750-2."""

import hmac
from urllib.parse import quote

from flask import Response, abort, request

from oidc_lab.domain.audit import Key
from oidc_lab.domain.refusal import CATALOGUE
from oidc_lab.pages.door import door_page
from oidc_lab.provider.audit import note
from oidc_lab.provider.context import context
from oidc_lab.provider.exact import see_other
from oidc_lab.provider.form import check_form, form_token
from oidc_lab.provider.page import page, stylesheet
from oidc_lab.provider.refusal import RefusalError, record

COOKIE = "oidc_lab_trainer"
APPLICATIONS = "/applications"


def guard() -> Response | None:
    """Show the door instead of a page to a browser that is not inside; without a token there is nothing to show."""
    if not context().management_token:
        abort(404)
    return None if request.method == "POST" or _inside() else _door()


def enter() -> Response:
    """Receive the token; who has it sees the page that was asked for."""
    check_form()
    if not hmac.compare_digest(request.form.get("token", "").encode(), _token()):
        refusal = CATALOGUE["management_token_wrong"]
        record(RefusalError(refusal))
        return _door(problem=refusal.description)
    note(Key.TRAINER_SIGN_IN)
    response = see_other(quote(request.path))
    response.set_cookie(
        COOKIE,
        _badge(),
        path=context().path + APPLICATIONS,
        secure=context().secure,
        httponly=True,
        samesite="Strict",
    )
    return response


def leave() -> Response:
    """Receive the wish to go out; the next page is the door."""
    check_form()
    response = see_other(context().path + APPLICATIONS)
    response.delete_cookie(
        COOKIE, path=context().path + APPLICATIONS, secure=context().secure, httponly=True, samesite="Strict"
    )
    return response


def _door(problem: str = "") -> Response:
    return page(door_page(stylesheet=stylesheet(), action=quote(request.path), csrf=form_token(), problem=problem))


def _inside() -> bool:
    return hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), _badge().encode())


def _badge() -> str:
    """What the cookie holds: made from the token, so that it is worth nothing once that is another."""
    return hmac.digest(_token(), b"the trainer's pages", "sha256").hex()


def _token() -> bytes:
    return (context().management_token or "").encode()

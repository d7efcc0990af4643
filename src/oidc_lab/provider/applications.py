"""The trainer's pages: all applications, and all that is known of one, behind a door — OIDCR-2."""

from urllib.parse import quote

from flask import Blueprint, Response, request

from oidc_lab.domain.application import LABEL
from oidc_lab.pages import applications as pages
from oidc_lab.pages.error import error_page
from oidc_lab.provider import door
from oidc_lab.provider.access import users_of
from oidc_lab.provider.application import shown
from oidc_lab.provider.client import find_application
from oidc_lab.provider.context import context
from oidc_lab.provider.door import APPLICATIONS
from oidc_lab.provider.form import form_token
from oidc_lab.provider.page import page, stylesheet

blueprint = Blueprint("applications", __name__)
blueprint.before_request(door.guard)

# A client_id may have slashes.
_ONE = f"{APPLICATIONS}/<path:client_id>"
# With GET this is an application's page as well.
_LEAVE = f"{APPLICATIONS}/door/leave"


@blueprint.get(APPLICATIONS)
def applications() -> Response:
    """List the applications, or those whose name, type or client_id contains `q`."""
    query, everyone = request.args.get("q", "").strip(), context().store.applications.all()
    last, users = context().store.log.last_of_each(), users_of()
    rows = [
        pages.ApplicationRow(
            address=f"{_address(APPLICATIONS)}/{quote(each.client_id, safe='')}",
            client_id=each.client_id,
            name=each.name,
            type=LABEL[each.type],
            users=len(users.get(each.client_id, ())),
            last_activity=last.get(each.client_id),
        )
        for each in everyone
        if any(query.casefold() in text.casefold() for text in (each.name, LABEL[each.type], each.client_id))
    ]
    body = pages.applications_page(
        stylesheet=stylesheet(),
        action=_address(APPLICATIONS),
        query=query,
        applications=rows,
        total=len(everyone),
        now=context().now,
        leave=_address(_LEAVE),
        csrf=form_token(),
    )
    return page(body)


@blueprint.get(_ONE)
def application(client_id: str) -> Response:
    """Show one application."""
    found = find_application(client_id)
    if found is None:
        return _no_application()
    body = pages.application_page(
        stylesheet=stylesheet(),
        back=_address(APPLICATIONS),
        application=shown(found),
        profile=context().profile.value,
        now=context().now,
        leave=_address(_LEAVE),
        csrf=form_token(),
    )
    return page(body)


@blueprint.post(APPLICATIONS)
@blueprint.post(_ONE)
def enter(client_id: str = "") -> Response:
    """Receive the management token at the page that was asked for."""
    return door.enter()


@blueprint.post(_LEAVE)
def leave() -> Response:
    """Go out."""
    return door.leave()


def _address(path: str) -> str:
    return context().path + path


def _no_application() -> Response:
    body = error_page(
        stylesheet=stylesheet(),
        title="There is no such application",
        what="No application with this client_id is registered here. The list of all applications has those that are.",
        error="404 Not Found",
    )
    return page(body, status=404)

"""Lists, creates, reads, changes and deletes applications — OIDCR-2, RFC7592-2."""

from dataclasses import fields, replace
from typing import Any

from flask.views import MethodView
from sqlalchemy.exc import IntegrityError

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.audit import Key
from oidc_lab.provider.audit import note
from oidc_lab.provider.context import context
from oidc_lab.provider.management import drawn
from oidc_lab.provider.management.application_schema import (
    ChangedApplication,
    CreatedApplication,
    NewApplication,
    ShownApplication,
)
from oidc_lab.provider.management.blueprint import Blueprint
from oidc_lab.provider.management.changes import changed_fields
from oidc_lab.provider.management.errors import not_found, refuse_field
from oidc_lab.provider.management.wire import Body, Choice
from oidc_lab.provider.management.wire_texts import Text

PATH = "/applications"
blueprint = Blueprint("applications", __name__, description="The registered applications.")

_UNSET = {each.name: each for each in fields(Application)}


class Search(Body):
    """Which applications to list."""

    q = Text(metadata={"description": "Part of the name, the description or the client_id, in any case."})
    type = Choice(ApplicationType)


def application_of(client_id: str) -> Application:
    """The application of an address; refuses the request when there is none."""
    return context().store.applications.find(client_id) or not_found("application", client_id)


@blueprint.at("")
class Applications(MethodView):
    """All applications."""

    @blueprint.operation(200, ShownApplication(many=True), query=Search)
    def get(self, search: dict[str, Any]) -> list[Application]:
        """List the applications, oldest first."""
        found = context().store.applications.all()
        kind, part = search.get("type"), search.get("q", "").casefold()
        return [each for each in found if kind in {None, each.type} and part in _searched(each)]

    @blueprint.operation(201, CreatedApplication, body=NewApplication, refuses=(409,))
    def post(self, sent: dict[str, Any]) -> Application:
        """Create an application. A confidential one is given a secret, which is shown here and never again."""
        client_id = sent.pop("client_id", None) or drawn.unused_client_id()
        application = _checked(Application(client_id=client_id, **_given(sent)))
        if application.confidential and "client_secret" not in sent:
            application = replace(application, client_secret=drawn.secret())
        _add(application)
        settings = {name: value["after"] for name, value in changed_fields(None, application).items()}
        note(Key.APPLICATION_CREATED, client_id=client_id, details=settings)
        return replace(application_of(client_id), client_secret=application.client_secret)


@blueprint.at("/<client_id>")
class OneApplication(MethodView):
    """One application."""

    @blueprint.operation(200, ShownApplication, refuses=(404,))
    def get(self, client_id: str) -> Application:
        """Read an application."""
        return application_of(client_id)

    @blueprint.operation(200, ShownApplication, body=ChangedApplication, refuses=(404,))
    def patch(self, sent: dict[str, Any], client_id: str) -> Application:
        """Change settings; those that are not sent stay as they are, and null takes one away."""
        before = application_of(client_id)
        given = _given(sent)
        # Asked alone: what was set in another profile does not stand in the way of another change.
        _checked(replace(Application(client_id=client_id, type=before.type, name=before.name), **given))
        after = replace(before, **given)
        context().store.applications.change(after)
        if changed := changed_fields(before, after):
            note(Key.APPLICATION_CHANGED, client_id=client_id, details=changed)
        return after

    @blueprint.operation(204, refuses=(404,))
    def delete(self, client_id: str) -> None:
        """Delete an application and everything that was given to it."""
        gone = application_of(client_id)
        context().store.applications.delete(client_id)
        context().adopted.pop(client_id, None)
        note(Key.APPLICATION_DELETED, client_id=client_id, details={"name": gone.name})


def _searched(application: Application) -> str:
    return "\n".join((application.client_id, application.name, application.description)).casefold()


def _given(sent: dict[str, Any]) -> dict[str, Any]:
    """The fields that were sent; null is what a field is when nobody says anything."""
    return {name: _default(name) if value is None else value for name, value in sent.items()}


def _default(name: str) -> Any:
    each = _UNSET[name]
    return {} if name == "custom_data" else each.default


def _checked(application: Application) -> Application:
    """Refuse what its type does not have in the present profile, instead of ignoring it."""
    application.check_for(context().profile)
    return application


def _add(application: Application) -> None:
    store = context().store
    try:
        with store.transaction() as connection, connection.begin_nested():
            store.applications.add(application, context().now)
    except IntegrityError:
        taken = f"there is an application {application.client_id!r} already; give it another client_id"
        refuse_field("client_id", application.client_id, taken, 409)

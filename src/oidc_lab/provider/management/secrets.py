"""An application's secrets: several at once, each with a name and perhaps an end — RFC6749-2.3.1."""

from datetime import datetime, timedelta
from typing import Any

from flask.views import MethodView
from marshmallow import fields
from sqlalchemy.exc import IntegrityError

from oidc_lab.domain.application import MAXIMUM_NAME_LENGTH, ONE
from oidc_lab.domain.audit import Key
from oidc_lab.domain.secret import Secret
from oidc_lab.domain.settings import availability
from oidc_lab.provider.audit import note
from oidc_lab.provider.context import context
from oidc_lab.provider.management import drawn
from oidc_lab.provider.management.applications import application_of
from oidc_lab.provider.management.blueprint import Blueprint
from oidc_lab.provider.management.errors import not_found, refuse_field
from oidc_lab.provider.management.wire import Answer, Body
from oidc_lab.provider.management.wire_numbers import Moment, Whole
from oidc_lab.provider.management.wire_texts import Text

PATH = "/applications/<client_id>/secrets"
blueprint = Blueprint("secrets", __name__, description="The secrets of an application, by name.")

# Ten years; later than that, nobody remembers what a secret was for.
_MOST_DAYS = 3650


class ShownSecret(Answer):
    """A secret without its value, which nobody but the application keeps."""

    name = fields.String(required=True)
    created_at = Moment(required=True)
    expires_at = Moment(required=True, allow_none=True)


class CreatedSecret(ShownSecret):
    """A secret in the one answer that shows its value."""

    value = fields.String(required=True)


class NewSecret(Body):
    """What a new secret is to be called, and when it is to end; without either end it never does."""

    name = Text(required=True, metadata={"minLength": 1, "maxLength": MAXIMUM_NAME_LENGTH})
    expires_in_days = Whole(least=1, most=_MOST_DAYS, allow_none=True)
    expires_at = Moment(allow_none=True)


@blueprint.at("")
class Secrets(MethodView):
    """All of an application's secrets."""

    @blueprint.operation(200, ShownSecret(many=True), refuses=(404,))
    def get(self, client_id: str) -> list[Secret]:
        """List the secrets by name, without their values."""
        application_of(client_id)
        return context().store.applications.secrets(client_id)

    @blueprint.operation(201, CreatedSecret, body=NewSecret, refuses=(404, 409))
    def post(self, sent: dict[str, Any], client_id: str) -> dict[str, Any]:
        """Add a secret; its value is drawn, shown here and never again."""
        _check_has_secrets(client_id)
        now = context().now
        secret = Secret(name=sent["name"], created_at=now, expires_at=_end(sent, now))
        value = drawn.secret()
        _add(client_id, secret, value)
        expires_at = None if secret.expires_at is None else secret.expires_at.isoformat()
        note(Key.SECRET_CREATED, client_id=client_id, details={"name": secret.name, "expires_at": expires_at})
        return {**vars(secret), "value": value}


@blueprint.at("/<path:name>", "DELETE")
@blueprint.operation(204, refuses=(404,))
def delete(client_id: str, name: str) -> None:
    """Take a secret away: from now on it proves nothing."""
    application_of(client_id)
    if not context().store.applications.delete_secret(client_id, name):
        not_found("secret", name)
    note(Key.SECRET_DELETED, client_id=client_id, details={"name": name})


def _check_has_secrets(client_id: str) -> None:
    application = application_of(client_id)
    effect = availability("secrets", application.type, context().profile)
    if not effect.available:
        refuse_field("secrets", None, f"{ONE[application.type]} does not have it. {effect.sentence}")


def _end(sent: dict[str, Any], now: datetime) -> datetime | None:
    days, at = sent.get("expires_in_days"), sent.get("expires_at")
    if days is not None and at is not None:
        refuse_field("expires_at", at.isoformat(), "give expires_in_days or expires_at, not both")
    if days is None:
        return at
    try:
        return now + timedelta(days=days)
    except OverflowError:
        refuse_field("expires_in_days", days, "the calendar ends with the year 9999")


def _add(client_id: str, secret: Secret, value: str) -> None:
    store = context().store
    try:
        with store.transaction() as connection, connection.begin_nested():
            store.applications.add_secret(client_id, secret, value)
    except IntegrityError:
        refuse_field("name", secret.name, f"there is a secret {secret.name!r} already; give it another name", 409)

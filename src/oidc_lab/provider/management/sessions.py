"""Lists who is signed in in which browser, and signs out — OIDCC-3.1.2.3."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.views import MethodView
from marshmallow import fields

from oidc_lab.domain.session import Session
from oidc_lab.provider.browser import end_session
from oidc_lab.provider.context import context
from oidc_lab.provider.management.blueprint import Blueprint
from oidc_lab.provider.management.errors import not_found
from oidc_lab.provider.management.wire import Answer, Body
from oidc_lab.provider.management.wire_numbers import Moment
from oidc_lab.provider.management.wire_texts import Text

PATH = "/sessions"
blueprint = Blueprint("sessions", __name__, description="Who is signed in in which browser.")


@dataclass(frozen=True)
class InBrowser:
    """A session, and what its browser says it is."""

    session: Session
    user_agent: str


class ShownSession(Answer):
    """A session that lives."""

    sid = fields.String(required=True, attribute="session.sid")
    sub = fields.String(required=True, attribute="session.sub")
    auth_time = Moment(required=True, attribute="session.auth_time")
    began_at = Moment(required=True, attribute="session.began_at")
    expires_at = Moment(required=True, attribute="session.expires_at")
    user_agent = fields.String(required=True)


class Whose(Body):
    """Whose sessions to list."""

    sub = Text()


@blueprint.at("")
class Sessions(MethodView):
    """All sessions."""

    @blueprint.operation(200, ShownSession(many=True), query=Whose)
    def get(self, whose: Mapping[str, Any]) -> list[InBrowser]:
        """List the sessions that live, oldest first."""
        found = context().store.sessions.all(context().now, **whose)
        return [InBrowser(session, user_agent) for session, user_agent in found]


@blueprint.at("/<sid>", "DELETE")
@blueprint.operation(204, refuses=(404,))
def delete(sid: str) -> None:
    """End a session as a sign-out does: its browser is signed out, and what lives with it ends."""
    end_session(context().store.sessions.find(sid, context().now) or not_found("session", sid))

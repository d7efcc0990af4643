"""Lists what lives, until when and because of which clock, and what ended of late — RFC6749-1.4, RFC6749-1.5."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView
from marshmallow import fields

from oidc_lab.domain.living import Cause, Kind
from oidc_lab.provider.living import Lives, lives
from oidc_lab.provider.management.blueprint import Blueprint
from oidc_lab.provider.management.wire import Answer, Body, Choice
from oidc_lab.provider.management.wire_numbers import Moment

PATH = "/living"
blueprint = Blueprint("living", __name__, description="What lives, until when, and what ends it.")


class ShownThing(Answer):
    """A code, a token, a session, a grant or a secret; `key` tells it from others. What does not apply is empty."""

    key = fields.String(required=True)
    kind = Choice(Kind, required=True)
    since = Moment(required=True)
    ends_at = Moment(required=True, allow_none=True, metadata={"description": "When the first clock ends it."})
    because = Choice(Cause, required=True, allow_none=True, metadata={"description": "Which clock or deed that is."})
    refusal = fields.String(required=True, metadata={"description": "What the lab calls its refusal from then on."})
    client_id = fields.String(required=True)
    application = fields.String(required=True)
    sub = fields.String(required=True)
    user = fields.String(required=True)
    name = fields.String(required=True)
    sid = fields.String(required=True)
    grant_id = fields.String(required=True)
    family_id = fields.String(required=True)


class ShownDeath(Answer):
    """What ended, when and of what; `detail` is the deed that ended it."""

    of = fields.Nested(ShownThing, required=True)
    at = Moment(required=True)
    because = Choice(Cause, required=True)
    detail = fields.String(required=True)


class ShownLives(Answer):
    """What lives, what ends first coming first, and what ended, the latest last."""

    now = Moment(required=True)
    living = fields.List(fields.Nested(ShownThing), required=True)
    ended = fields.List(fields.Nested(ShownDeath), required=True)


class Since(Body):
    """From when on what ended is listed; without it, nothing that ended is."""

    since = Moment()


@blueprint.at("")
class OneLook(MethodView):
    """What lives."""

    @blueprint.operation(200, ShownLives, query=Since)
    def get(self, asked: Mapping[str, Any]) -> Lives:
        """List what lives and, when asked, what ended since a moment; what ended earlier may be among that."""
        return lives(**asked)

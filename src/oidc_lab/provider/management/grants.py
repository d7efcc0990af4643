"""Lists what users let applications have, until when that lives, and takes it away — RFC7009-2."""

from collections.abc import Mapping
from typing import Any

from flask.views import MethodView
from marshmallow import fields

from oidc_lab.domain.grant import Grant
from oidc_lab.provider.access import Access, access_of, take_away
from oidc_lab.provider.context import context
from oidc_lab.provider.management.blueprint import Blueprint
from oidc_lab.provider.management.errors import not_found
from oidc_lab.provider.management.wire import Answer, Body
from oidc_lab.provider.management.wire_numbers import Moment
from oidc_lab.provider.management.wire_texts import Text

PATH = "/grants"
blueprint = Blueprint("grants", __name__, description="What users let applications have.")


class ShownToken(Answer):
    """A refresh token, which is known here by its digest only."""

    issued_at = Moment(required=True, attribute="token.issued_at")
    expires_at = Moment(required=True, allow_none=True, attribute="token.expires_at")
    generation = fields.Integer(required=True, attribute="token.generation")
    last_used_at = Moment(required=True, allow_none=True, attribute="token.last_used_at")
    ends_at = Moment(required=True, allow_none=True, metadata={"description": "When the first clock ends it."})
    because = fields.String(required=True, allow_none=True, metadata={"description": "How its refusal is called then."})


class ShownGrant(Answer):
    """A grant; `sid` is empty when it is remembered for the user, whatever the session."""

    grant_id = fields.String(required=True, attribute="grant.grant_id")
    sub = fields.String(required=True, attribute="grant.sub")
    client_id = fields.String(required=True, attribute="grant.client_id")
    sid = fields.String(required=True, attribute="grant.sid")
    scopes = fields.Function(lambda held: sorted(held.grant.scopes), metadata={"type": "array", "items": {}})
    claims = fields.Function(lambda held: sorted(held.grant.claims), metadata={"type": "array", "items": {}})
    created_at = Moment(required=True, attribute="grant.created_at")
    last_used_at = Moment(required=True, allow_none=True, attribute="grant.last_used_at")
    expires_at = Moment(required=True, allow_none=True, attribute="ends")
    refresh_tokens = fields.List(fields.Nested(ShownToken), required=True)


class Whose(Body):
    """Whose grants to list."""

    sub = Text()
    client_id = Text()


@blueprint.at("")
class Grants(MethodView):
    """All grants."""

    @blueprint.operation(200, ShownGrant(many=True), query=Whose)
    def get(self, whose: Mapping[str, Any]) -> list[Access]:
        """List the grants that are not over, oldest first."""
        found = [access_of(each) for each in context().store.grants.all(**whose)]
        return [each for each in found if each.ends is None or context().now < each.ends]


@blueprint.at("/<grant_id>")
class OneGrant(MethodView):
    """One grant."""

    @blueprint.operation(200, ShownGrant, refuses=(404,))
    def get(self, grant_id: str) -> Access:
        """Read a grant."""
        return access_of(_grant(grant_id))

    @blueprint.operation(204, refuses=(404,))
    def delete(self, grant_id: str) -> None:
        """Take a grant away, and every token that was given because of it."""
        take_away(_grant(grant_id))


def _grant(grant_id: str) -> Grant:
    return next(iter(context().store.grants.all(grant_id=grant_id)), None) or not_found("grant", grant_id)

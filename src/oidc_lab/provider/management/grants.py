"""Lists what users let applications have, until when that lives, and takes it away — RFC7009-2."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask.views import MethodView
from marshmallow import fields

from oidc_lab.domain.audit import Key
from oidc_lab.domain.grant import Grant
from oidc_lab.domain.refresh_policy import RefreshPolicy, endings, over
from oidc_lab.domain.tokens import RefreshToken
from oidc_lab.provider.audit import note
from oidc_lab.provider.context import context
from oidc_lab.provider.issue import policy_for
from oidc_lab.provider.management.applications import application_of
from oidc_lab.provider.management.blueprint import Blueprint
from oidc_lab.provider.management.errors import not_found
from oidc_lab.provider.management.wire import Answer, Body
from oidc_lab.provider.management.wire_numbers import Moment
from oidc_lab.provider.management.wire_texts import Text

PATH = "/grants"
blueprint = Blueprint("grants", __name__, description="What users let applications have.")


@dataclass(frozen=True)
class LiveToken:
    """A refresh token that is honoured now; `because` names the clock that ends it, both None when none does."""

    token: RefreshToken
    ends_at: datetime | None
    because: str | None


@dataclass(frozen=True)
class Held:
    """A grant, until when it lives, and the refresh tokens that live of it."""

    grant: Grant
    expires_at: datetime | None
    refresh_tokens: list[LiveToken]


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
    expires_at = Moment(required=True, allow_none=True)
    refresh_tokens = fields.List(fields.Nested(ShownToken), required=True)


class Whose(Body):
    """Whose grants to list."""

    sub = Text()
    client_id = Text()


@blueprint.at("")
class Grants(MethodView):
    """All grants."""

    @blueprint.operation(200, ShownGrant(many=True), query=Whose)
    def get(self, whose: Mapping[str, Any]) -> list[Held]:
        """List the grants that are not over, oldest first."""
        found = [_held(each) for each in context().store.grants.all(**whose)]
        return [each for each in found if each.expires_at is None or context().now < each.expires_at]


@blueprint.at("/<grant_id>")
class OneGrant(MethodView):
    """One grant."""

    @blueprint.operation(200, ShownGrant, refuses=(404,))
    def get(self, grant_id: str) -> Held:
        """Read a grant."""
        return _held(_grant(grant_id))

    @blueprint.operation(204, refuses=(404,))
    def delete(self, grant_id: str) -> None:
        """Take a grant away, and every token that was given because of it."""
        revoke(_grant(grant_id))


def revoke(grant: Grant) -> None:
    """Forget an agreement and end every family that was given because of it."""
    store = context().store
    ended = store.tokens.revoke_of_grant(grant.grant_id, context().now, "grant_revoked")
    store.grants.forget(grant.grant_id)
    note(
        Key.GRANT_REVOKED,
        client_id=grant.client_id,
        sub=grant.sub,
        sid=grant.sid or None,
        grant_id=grant.grant_id,
        details={"families_ended": ended},
    )


def _grant(grant_id: str) -> Grant:
    return next(iter(context().store.grants.all(grant_id=grant_id)), None) or not_found("grant", grant_id)


def _held(grant: Grant) -> Held:
    lifetime = context().rules.grant_lifetime
    policy, now = policy_for(application_of(grant.client_id)), context().now
    living = [each for each in context().store.tokens.of_grant(grant.grant_id) if over(each, policy, now) is None]
    tokens = [_live(each, policy) for each in living]
    return Held(grant, None if lifetime is None else grant.created_at + lifetime, tokens)


def _live(token: RefreshToken, policy: RefreshPolicy) -> LiveToken:
    first = next(iter(endings(token, policy)), None)
    return LiveToken(token, None, None) if first is None else LiveToken(token, first.at, first.limit.value)

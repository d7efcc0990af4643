"""Says whose rules the provider follows, and changes that while it runs — RFC9700-2."""

from typing import Any

from flask.views import MethodView
from marshmallow import fields

from oidc_lab.domain.audit import Key
from oidc_lab.domain.profile import Profile
from oidc_lab.provider.audit import note
from oidc_lab.provider.context import Context, context
from oidc_lab.provider.management.blueprint import Blueprint
from oidc_lab.provider.management.wire import Answer, Body, Choice

PATH = "/profile"
blueprint = Blueprint("profile", __name__, description="Whose rules the provider follows.")


class ShownProfile(Answer):
    """The profile, and the provider whose it is."""

    profile = Choice(Profile, required=True)
    issuer = fields.String(required=True)


class ChosenProfile(Body):
    """The profile to follow from now on."""

    profile = Choice(Profile, required=True)


@blueprint.at("")
class OneProfile(MethodView):
    """The profile."""

    @blueprint.operation(200, ShownProfile)
    def get(self) -> Context:
        """Say whose rules are followed."""
        return context()

    @blueprint.operation(200, ShownProfile, body=ChosenProfile)
    def put(self, chosen: dict[str, Any]) -> Context:
        """Follow other rules from now on."""
        before, context().profile = context().profile, chosen["profile"]
        if before is not context().profile:
            note(Key.PROFILE_CHANGED, details={"before": before.value, "after": context().profile.value})
        return context()

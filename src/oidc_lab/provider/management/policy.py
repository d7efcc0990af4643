"""Says how an application's refresh tokens live, and lets it follow a policy in place of its settings — RFC6749-6."""

from dataclasses import dataclass, fields
from typing import Any

from flask.views import MethodView
from marshmallow import fields as wire

from oidc_lab.domain.application import Application
from oidc_lab.domain.audit import Key
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.provider.audit import note
from oidc_lab.provider.context import context
from oidc_lab.provider.issue import policy_for
from oidc_lab.provider.management.applications import application_of
from oidc_lab.provider.management.blueprint import Blueprint
from oidc_lab.provider.management.policy_schema import Parameters
from oidc_lab.provider.management.wire import Answer, Body

PATH = "/applications/<client_id>/policy"
blueprint = Blueprint("policy", __name__, description="How an application's refresh tokens live.")


@dataclass(frozen=True)
class Held:
    """What holds for an application, and whether it was adopted."""

    parameters: RefreshPolicy
    adopted: bool


class ShownPolicy(Answer):
    """The policy that decides; `adopted` is that it stands in place of what the settings mean in the profile."""

    adopted = wire.Boolean(required=True)
    parameters = wire.Nested(Parameters, required=True)


class AdoptedPolicy(Body):
    """The policy to follow from now on; it is forgotten when the provider stops, as the profile is."""

    parameters = wire.Nested(Parameters, required=True)


@blueprint.at("")
class OnePolicy(MethodView):
    """The policy of one application."""

    @blueprint.operation(200, ShownPolicy, refuses=(404,))
    def get(self, client_id: str) -> Held:
        """Read the policy that decides."""
        return _held(application_of(client_id))

    @blueprint.operation(200, ShownPolicy, body=AdoptedPolicy, refuses=(404,))
    def put(self, sent: dict[str, Any], client_id: str) -> Held:
        """Follow a policy in place of the settings; what it does not name has its default."""
        before = _held(application_of(client_id))
        context().adopted[client_id] = sent["parameters"]
        return _changed(client_id, before)

    @blueprint.operation(204, refuses=(404,))
    def delete(self, client_id: str) -> None:
        """Follow the settings again."""
        before = _held(application_of(client_id))
        context().adopted.pop(client_id, None)
        _changed(client_id, before)


def _held(application: Application) -> Held:
    return Held(policy_for(application), application.client_id in context().adopted)


def _changed(client_id: str, before: Held) -> Held:
    after = _held(application_of(client_id))
    if before != after:
        details = {"adopted": {"before": before.adopted, "after": after.adopted}}
        note(Key.POLICY_CHANGED, client_id=client_id, details=details | _differing(before.parameters, after.parameters))
    return after


def _differing(before: RefreshPolicy, after: RefreshPolicy) -> dict[str, Any]:
    old, new = (Parameters().dump(each) for each in (before, after))
    names = [each.name for each in fields(RefreshPolicy)]
    return {name: {"before": old[name], "after": new[name]} for name in names if old[name] != new[name]}

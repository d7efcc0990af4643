"""What is to be said about an application before it runs: advice, and what the profiles make of it — RFC9700-2."""

from marshmallow import fields as wire

from oidc_lab.domain.advice import Advice
from oidc_lab.domain.differences import Difference
from oidc_lab.domain.overruled import in_force, still_true
from oidc_lab.provider.context import context
from oidc_lab.provider.management.applications import application_of
from oidc_lab.provider.management.blueprint import Blueprint
from oidc_lab.provider.management.wire import Answer

PATH = "/applications/<client_id>"
blueprint = Blueprint("findings", __name__, description="What is to be said about an application before it runs.")


class AdviceShown(Answer):
    """One thing that will hurt."""

    setting = wire.String(required=True)
    value = wire.String(required=True)
    reason = wire.String(required=True)
    clause = wire.String(required=True)
    remedy = wire.String(required=True)
    scenario = wire.String(required=True, allow_none=True)


class DifferenceShown(Answer):
    """What the profiles do with one setting."""

    setting = wire.String(required=True)
    label = wire.String(required=True)
    value = wire.String(required=True)
    is_set = wire.Boolean(required=True)
    documented = wire.String(required=True)
    logto = wire.String(required=True)
    strict = wire.String(required=True)


@blueprint.at("/advice")
@blueprint.operation(200, AdviceShown(many=True), refuses=(404,))
def advice(client_id: str) -> list[Advice]:
    """What will hurt in the present profile."""
    application, secrets = application_of(client_id), context().store.applications.secrets(client_id)
    found = application.advice(context().profile, secrets=secrets, now=context().now)
    return list(still_true(found, context().adopted.get(client_id)))


@blueprint.at("/differences")
@blueprint.operation(200, DifferenceShown(many=True), refuses=(404,))
def differences(client_id: str) -> list[Difference]:
    """What each profile does with each setting."""
    return list(in_force(application_of(client_id).differences(), context().adopted.get(client_id)))

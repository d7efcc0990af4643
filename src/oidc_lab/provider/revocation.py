"""The revocation endpoint: an application gives back a token that it does not need any more — RFC7009-2."""

from typing import Any, cast

from authlib.oauth2 import OAuth2Request, rfc7009
from flask import Blueprint, Response

from oidc_lab.domain.audit import Key
from oidc_lab.domain.tokens import AccessToken, Family, RefreshToken
from oidc_lab.provider.audit import note
from oidc_lab.provider.client import Client
from oidc_lab.provider.context import context
from oidc_lab.provider.presented import KIND, check_parameters, find_token, is_jwt
from oidc_lab.provider.refusal import RefusalError, record, refuse
from oidc_lab.provider.server import authorization_server

blueprint = Blueprint("revocation", __name__)

# What a family says of its end; a refusal shows it to the lab.
_BECAUSE = "revoked_by_application"


@blueprint.post("/revocation")
def revocation() -> Response:
    """Take a token back."""
    return cast(Response, authorization_server().create_endpoint_response("revocation"))


class RevocationEndpoint(rfc7009.RevocationEndpoint):
    """Authlib's endpoint over the lab's store; what falls with a token is the profile's."""

    def check_params(self, request: OAuth2Request, client: Client) -> None:
        """One token, and perhaps a hint — RFC7009-2.1."""
        check_parameters(request, client, missing="revocation_token_missing")

    def authenticate_token(self, request: OAuth2Request, client: Client) -> AccessToken | RefreshToken | None:
        """The token, when there is one and it is this application's; None when there is nothing to do."""
        self.check_params(request, client)
        value = request.form["token"]
        token = find_token(value, request.form.get("token_type_hint"))
        if token is None:
            _check_unknown(value, client)
            return None
        if token.family.client_id != client.client_id:
            _refuse_foreign(token.family, client)
            return None
        return token

    def revoke_token(self, token: AccessToken | RefreshToken, request: OAuth2Request) -> None:
        """End the token and what falls with it — RFC7009-2.1."""
        details = {"kind": KIND[type(token)], "families_ended": _end(token)}
        note(Key.REVOCATION, family=token.family, details=details)


def _end(token: AccessToken | RefreshToken) -> int:
    tokens, now, family = context().store.tokens, context().now, token.family
    if family.revoked_at is not None:
        return 0  # RFC7009-2.2: nor does what the same grant gave since then fall
    if context().rules.revocation_ends_grant and family.grant_id is not None:
        if isinstance(token, RefreshToken):
            context().store.grants.forget(family.grant_id)
        return tokens.revoke_of_grant(family.grant_id, now, _BECAUSE)
    if isinstance(token, RefreshToken):
        # RFC7009-2.1: the access tokens as well, not only those to come.
        return tokens.revoke_family(family.family_id, now, _BECAUSE)
    if token.revoked_at is None:
        tokens.revoke_access_token(token, now)
    return 0


def _check_unknown(value: str, client: Client) -> None:
    if is_jwt(value):
        refuse("revocation_of_jwt", client_id=client.client_id)
    # RFC7009-2.2: what it was for is so already.
    details: dict[str, Any] = {"kind": "unknown", "families_ended": 0}
    note(Key.REVOCATION, client_id=client.client_id, details=details)


def _refuse_foreign(family: Family, client: Client) -> None:
    told: dict[str, Any] = {"client_id": client.client_id, "family": family, "issued_to": family.client_id}
    if context().rules.revocation_refuses_foreign:
        refuse("revocation_of_another_application", **told)
    if client.application.confidential:
        refuse("revocation_of_another_application_invalid", **told)
    try:
        refuse("revocation_of_another_application_ignored", **told)
    except RefusalError as error:
        record(error)  # the answer is the one of a revocation that was done

"""The introspection endpoint: whether a token is good at this moment, and for what — RFC7662-2."""

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from authlib.oauth2 import OAuth2Request, rfc7662
from flask import Blueprint, Response

from oidc_lab.domain import refresh_policy
from oidc_lab.domain.audit import Key, Result
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.tokens import AccessToken, RefreshToken
from oidc_lab.domain.user import User
from oidc_lab.provider.audit import note
from oidc_lab.provider.client import Client, find_application
from oidc_lab.provider.context import context
from oidc_lab.provider.issue import policy_for, user_of
from oidc_lab.provider.presented import KIND, check_parameters, find_token, is_jwt
from oidc_lab.provider.refresh import refuse_ended
from oidc_lab.provider.refusal import RefusalError, record, refuse
from oidc_lab.provider.server import authorization_server
from oidc_lab.provider.userinfo import BearerToken, IssuedAccessToken

blueprint = Blueprint("introspection", __name__)


@blueprint.post("/introspection")
def introspection() -> Response:
    """Answer what a token is worth."""
    return cast(Response, authorization_server().create_endpoint_response("introspection"))


class IntrospectionEndpoint(rfc7662.IntrospectionEndpoint):
    """Authlib's endpoint over the lab's store. Why a token is not active only the lab hears — RFC7662-2.2."""

    def check_params(self, request: OAuth2Request, client: Client) -> None:
        """One token, and perhaps a hint — RFC7662-2.1."""
        check_parameters(request, client, missing="introspection_token_missing")

    def authenticate_token(self, request: OAuth2Request, client: Client) -> AccessToken | RefreshToken | None:
        """The token, when it is good and this application may know; None when not."""
        self.check_params(request, client)
        try:
            token = _visible(request.form["token"], request.form.get("token_type_hint"), client)
            _check(token)
        except RefusalError as error:
            _tell_the_lab(error, client)
            return None
        family = token.family
        details = {"active": True, "kind": KIND[type(token)], "issued_to": family.client_id}
        note(Key.INTROSPECTION, family=family, client_id=client.client_id, details=details)
        return token

    def create_introspection_payload(self, token: AccessToken | RefreshToken | None) -> dict[str, Any]:
        """Say of a good token what it is worth, of any other that it is not active and nothing else — RFC7662-2.2."""
        return {"active": False} if token is None else self.introspect_token(token)

    def introspect_token(self, token: AccessToken | RefreshToken) -> dict[str, Any]:
        """What is known of a good token; a member that does not apply is left out."""
        family, user, until = token.family, _user(token), _ends_at(token)
        said = {
            "active": True,
            "scope": " ".join(sorted(token.scopes)) or None,
            "client_id": family.client_id,
            "username": user and user.username,
            # RFC6749-7.1: how to use it at an API. A refresh token is not used there, and an API sees so by this.
            "token_type": "Bearer" if isinstance(token, AccessToken) else None,
            "exp": until and int(until.timestamp()),
            "iat": int(token.issued_at.timestamp()),
            "sub": family.sub,
            "iss": context().issuer,
        }
        return {name: value for name, value in said.items() if value is not None}


def _visible(value: str, hint: str | None, client: Client) -> AccessToken | RefreshToken:
    token = find_token(value, hint)
    if token is None:
        refuse("introspected_jwt" if is_jwt(value) else "introspected_unknown")
    # RFC7662-4: whoever has no secret could be anybody, trying values.
    if token.family.client_id != client.client_id and not client.application.confidential:
        refuse("introspected_of_another_application", family=token.family, issued_to=token.family.client_id)
    return token


def _check(token: AccessToken | RefreshToken) -> None:
    """Refuse a token as it would be refused where it is used."""
    if isinstance(token, AccessToken):
        BearerToken().validate_token(IssuedAccessToken(token), [], None)
    else:
        application = find_application(token.family.client_id) or refuse("introspected_unknown")
        policy, now = policy_for(application), context().now
        if refusal := refresh_policy.over(token, policy, now):
            refuse_ended(refusal, token, application, policy)
        decision = refresh_policy.decide(token, policy, now)
        if decision.refusal is not None:
            refuse(decision.refusal, family=token.family, because=decision.because)
    _user(token)


def _user(token: AccessToken | RefreshToken) -> User | None:
    return None if token.family.sub is None else user_of(token.family)


def _ends_at(token: AccessToken | RefreshToken) -> datetime | None:
    if isinstance(token, RefreshToken):
        return next((ending.at for ending in refresh_policy.endings(token, _policy(token))), None)
    session_ends = None if token.family.offline else token.family.session_expires_at
    grant_ends = token.family.grant_ends_at(context().rules.grant_lifetime)
    return min(each for each in (token.expires_at, session_ends, grant_ends) if each is not None)


def _policy(token: RefreshToken) -> RefreshPolicy:
    return policy_for(find_application(token.family.client_id) or refuse("introspected_unknown"))


def _tell_the_lab(error: RefusalError, client: Client) -> None:
    # The wire says neither the error nor its status: only that the token is not active.
    silent = replace(error.refusal, error="", description="", status=200)
    told = RefusalError(silent, client_id=client.client_id, details=error.details, family=error.family)
    record(told, result=Result.SUCCESS, active=False)  # to say that a token is worth nothing is a good answer

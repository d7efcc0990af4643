"""Keeps the tokens of a token response before it leaves, until when the policy says — RFC6749-5.1."""

from datetime import datetime, timedelta
from typing import Any

from oidc_lab.domain.application import Application
from oidc_lab.domain.authentication_request import ClaimsRequest
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.refresh_settings import policy_of
from oidc_lab.domain.tokens import AccessToken, Code, Family, RefreshToken
from oidc_lab.domain.user import User
from oidc_lab.provider.context import context
from oidc_lab.provider.refusal import refuse
from oidc_lab.provider.store.tables import digest


def policy_for(application: Application) -> RefreshPolicy:
    """How this application's refresh tokens live: by a policy it adopted, or by its settings and the profile."""
    return context().adopted.get(application.client_id) or policy_of(application, context().profile)


def user_of(family: Family) -> User:
    """Whom a code or token is about; refuses when nobody of that name is there any more."""
    return (family.sub and context().store.users.find(family.sub)) or refuse("user_gone", family=family)


def keep_access_token(token: dict[str, Any], family: Family, claims: ClaimsRequest) -> None:
    """Keep the access token of a response."""
    access = AccessToken(
        digest=digest(token["access_token"]),
        family=family,
        claims=claims,
        scopes=frozenset(token.get("scope", "").split()),
        issued_at=context().now,
        expires_at=context().now + timedelta(seconds=token["expires_in"]),
    )
    context().store.tokens.keep(access)


def keep_refresh_token(
    token: dict[str, Any], source: Code | RefreshToken, *, expires_at: datetime | None, generation: int = 0
) -> None:
    """Keep the refresh token of a response; without `expires_at` it has no end of its own."""
    now = context().now
    # It keeps the scopes the user agreed to, also when this access token has fewer — RFC6749-6.
    refresh = RefreshToken(
        digest=digest(token["refresh_token"]),
        family=source.family,
        claims=source.claims,
        scopes=source.scopes,
        issued_at=now,
        expires_at=expires_at,
        ttl=None if expires_at is None else expires_at - now,
        generation=generation,
    )
    context().store.tokens.keep(refresh)

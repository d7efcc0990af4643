"""Keeps the tokens of a token response before it leaves — RFC6749-5.1."""

from datetime import timedelta
from typing import Any

from oidc_lab.domain.refresh_policy import RefreshPolicy
from oidc_lab.domain.tokens import AccessToken, Code, RefreshToken
from oidc_lab.provider.context import context
from oidc_lab.provider.store.tables import digest

METHODS = ["client_secret_basic", "client_secret_post", "none"]

# Authlib keeps one lifetime per grant type, shared with the access token; the refresh token's is ours.
POLICY = RefreshPolicy()


def keep_tokens(token: dict[str, Any], source: Code | RefreshToken) -> None:
    """Keep the access token of a response, and its refresh token when it has one."""
    now, tokens = context().now, context().store.tokens
    common: Any = {"family": source.family, "claims": source.claims, "issued_at": now}
    lifetime = timedelta(seconds=token["expires_in"])
    access = AccessToken(
        **common,
        digest=digest(token["access_token"]),
        scopes=frozenset(token["scope"].split()),
        expires_at=now + lifetime,
    )
    tokens.keep(access)
    if "refresh_token" in token:
        # It keeps the scopes the user agreed to, also when this access token has fewer — RFC6749-6.
        refresh = RefreshToken(
            **common,
            digest=digest(token["refresh_token"]),
            scopes=source.scopes,
            expires_at=now + POLICY.ttl,
        )
        tokens.keep(refresh)

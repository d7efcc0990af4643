"""Keeps the tokens of a token response before it leaves — RFC6749-5.1."""

from datetime import datetime, timedelta
from typing import Any

from oidc_lab.domain.refresh_policy import RefreshPolicy
from oidc_lab.domain.tokens import AccessToken, Code, RefreshToken
from oidc_lab.provider.context import context
from oidc_lab.provider.store.tables import digest

# Authlib keeps one lifetime per grant type, shared with the access token; the refresh token's is ours.
POLICY = RefreshPolicy()


def keep_tokens(
    token: dict[str, Any], source: Code | RefreshToken, *, refresh_token_expires_at: datetime | None
) -> None:
    """Keep the access token of a response, and its refresh token when it has one, until the policy says."""
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
    if refresh_token_expires_at is not None:
        # It keeps the scopes the user agreed to, also when this access token has fewer — RFC6749-6.
        refresh = RefreshToken(
            **common,
            digest=digest(token["refresh_token"]),
            scopes=source.scopes,
            expires_at=refresh_token_expires_at,
        )
        tokens.keep(refresh)

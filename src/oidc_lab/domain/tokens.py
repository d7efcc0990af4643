"""What a code and a token are, as the provider keeps them: never in clear, only their digest — RFC6749-1.4."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from oidc_lab.domain.authentication_request import ClaimsRequest

CODE_LIFETIME = timedelta(seconds=60)
ACCESS_TOKEN_LIFETIME = timedelta(hours=1)
ID_TOKEN_LIFETIME = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Family:
    """Everything that descends from one sign-in; when it is revoked, all of it ends at once.

    `sid` is the session it was given in; what is `offline` outlives it.
    """

    family_id: str
    client_id: str
    sub: str
    sid: str
    auth_time: datetime
    offline: bool
    revoked_at: datetime | None = None
    revoked_because: str = ""


@dataclass(frozen=True, kw_only=True)
class Code:
    """An authorization code, bound to an application, a redirect URI and a challenge — RFC6749-4.1.2."""

    digest: str
    family: Family
    redirect_uri: str
    scopes: frozenset[str]
    claims: ClaimsRequest
    nonce: str | None
    code_challenge: str | None
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AccessToken:
    """An access token; `claims` are the single claims it may read at userinfo besides those of its scopes."""

    digest: str
    family: Family
    scopes: frozenset[str]
    claims: ClaimsRequest
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class RefreshToken:
    """A refresh token; `used_at` is when it was replaced by its successor."""

    digest: str
    family: Family
    scopes: frozenset[str]
    claims: ClaimsRequest
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

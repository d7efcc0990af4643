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

    A machine's has no user, session or grant. What is `offline` outlives the session with the name `sid`; the rest ends
    with it, at `session_expires_at`. `first_issued_at` is when its first refresh token was given out, `last_used_at`
    when one was last honoured, and `generation` how often one was replaced.
    """

    family_id: str
    client_id: str
    sub: str | None
    sid: str | None
    auth_time: datetime | None
    offline: bool
    grant_id: str | None = None
    grant_began_at: datetime | None = None
    first_issued_at: datetime | None = None
    last_used_at: datetime | None = None
    generation: int = 0
    session_began_at: datetime | None = None
    session_expires_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_because: str = ""

    def session_over(self, now: datetime) -> bool:
        """Whether it is bound to a session whose time is over; one that was ended has revoked it."""
        return not self.offline and self.session_expires_at is not None and now >= self.session_expires_at

    def grant_ends_at(self, lifetime: timedelta | None) -> datetime | None:
        """When the agreement behind it is over, where agreements have a lifetime."""
        return None if lifetime is None or self.grant_began_at is None else self.grant_began_at + lifetime

    def grant_over(self, now: datetime, lifetime: timedelta | None) -> bool:
        """Whether the agreement behind it is over."""
        end = self.grant_ends_at(lifetime)
        return end is not None and now >= end


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
    """An access token; `claims` are the single claims it may read at userinfo besides those of its scopes.

    `revoked_at` is when it was taken back by itself; what ends its family ends it too.
    """

    digest: str
    family: Family
    scopes: frozenset[str]
    claims: ClaimsRequest
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RefreshToken:
    """A refresh token; without `expires_at` it has no end of its own.

    `ttl` is the lifetime it was given at first, whatever extended it since. `used_at` is when it was replaced,
    `last_used_at` when it was last honoured, and `reuses` how often that happened after it was replaced.
    """

    digest: str
    family: Family
    scopes: frozenset[str]
    claims: ClaimsRequest
    issued_at: datetime
    expires_at: datetime | None
    ttl: timedelta | None = None
    generation: int = 0
    used_at: datetime | None = None
    last_used_at: datetime | None = None
    reuses: int = 0

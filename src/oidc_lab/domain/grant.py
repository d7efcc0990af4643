"""What a grant is: what one user let one application have — RFC6749-1.3."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from oidc_lab.domain.authentication_request import AuthenticationRequest
from oidc_lab.domain.claims import claims_of


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Remembered consent: the scopes and the single claims that the user agreed to.

    `sid` is the session it is remembered for; empty when for the user, whatever the browser. It is never extended.
    """

    grant_id: str
    sub: str
    client_id: str
    scopes: frozenset[str]
    claims: frozenset[str]
    created_at: datetime
    sid: str = ""
    last_used_at: datetime | None = None

    def expired(self, now: datetime, lifetime: timedelta | None) -> bool:
        """Whether it is over, when grants have this lifetime; None when they have no end."""
        ends = self.ends_at(lifetime)
        return ends is not None and now >= ends

    def ends_at(self, lifetime: timedelta | None) -> datetime | None:
        """When it is over, when grants have this lifetime."""
        return None if lifetime is None else self.created_at + lifetime

    def covers(self, request: AuthenticationRequest) -> bool:
        """Whether the user has already agreed to everything that `request` asks for."""
        return request.scopes <= self.scopes and request.single_claims <= self.claims | claims_of(self.scopes)

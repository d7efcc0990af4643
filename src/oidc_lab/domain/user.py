"""What a user is, and what the provider can tell an application about one — OIDCC-5.1."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oidc_lab.domain.application import NAME, NAME_RULE, InvalidSetting
from oidc_lab.domain.shown import Shown

MAXIMUM_USERNAME_LENGTH = 255


@dataclass(frozen=True, kw_only=True)
class User(Shown):
    """A person who can sign in. `sub` never changes and is never given to another — OIDCC-2.

    Raises InvalidSetting when a value breaks its rule.
    """

    sub: str
    username: str
    claims: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.sub):
            raise InvalidSetting("sub", self.sub, f"{NAME_RULE} (OIDCC-2)")
        if not 0 < len(self.username) <= MAXIMUM_USERNAME_LENGTH:
            raise InvalidSetting("username", self.username, f"it must have 1 to {MAXIMUM_USERNAME_LENGTH} characters")
        if "sub" in self.claims:
            raise InvalidSetting("claims.sub", self.claims["sub"], "sub stands beside the claims, not among them")

    @property
    def name(self) -> str:
        """What to call this user on a page."""
        return str(self.claims.get("name") or self.username)

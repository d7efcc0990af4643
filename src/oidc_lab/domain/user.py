"""What a user is, and what the provider can tell an application about one — OIDCC-5.1."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oidc_lab.domain.application import InvalidSetting

MAXIMUM_SUB_LENGTH = 255


@dataclass(frozen=True, kw_only=True)
class User:
    """A person who can sign in. `sub` never changes and is never given to another — OIDCC-2.

    Raises InvalidSetting when a value breaks its rule.
    """

    sub: str
    username: str
    claims: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.sub or not self.sub.isascii() or len(self.sub) > MAXIMUM_SUB_LENGTH:
            rule = f"it must have 1 to {MAXIMUM_SUB_LENGTH} ASCII characters (OIDCC-2)"
            raise InvalidSetting("sub", self.sub, rule)
        if not self.username:
            raise InvalidSetting("username", self.username, "it must not be empty")
        if "sub" in self.claims:
            raise InvalidSetting("claims.sub", self.claims["sub"], "sub stands beside the claims, not among them")

    @property
    def name(self) -> str:
        """What to call this user on a page."""
        return str(self.claims.get("name") or self.username)

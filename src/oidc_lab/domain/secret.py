"""What a secret of an application is, apart from its value, which nobody but the application keeps — RFC6749-2.3.1."""

from dataclasses import dataclass
from datetime import datetime

from oidc_lab.domain import setting_rules
from oidc_lab.domain.setting_rules import InvalidSetting


@dataclass(frozen=True, kw_only=True)
class Secret:
    """One of an application's secrets; it may have several at once, so that one can be replaced without a pause.

    `expires_at` is None when it never does. Raises InvalidSetting when a value breaks its rule.
    """

    name: str
    created_at: datetime
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        # It is the last part of the secret's address: these would lead to another one — RFC3986-5.2.4.
        elsewhere = "it must not be . or .." if self.name in {".", ".."} else None
        rule = setting_rules.name(self.name) or elsewhere
        if rule:
            raise InvalidSetting("name", self.name, rule)
        if rule := setting_rules.moment(self.created_at):
            raise InvalidSetting("created_at", self.created_at, rule)
        if self.expires_at is None:
            return
        if rule := setting_rules.moment(self.expires_at):
            raise InvalidSetting("expires_at", self.expires_at, rule)
        if self.expires_at <= self.created_at:
            raise InvalidSetting("expires_at", self.expires_at, "it must be later than the moment it is created at")

    def expired(self, now: datetime) -> bool:
        """Whether it is good no more: from the moment at which it expires — OIDCR-3.2."""
        return self.expires_at is not None and now >= self.expires_at

"""What every step of the provider is given: issuer, clock, entropy, store and keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import cast
from urllib.parse import urlsplit

from flask import current_app
from joserfc.jwk import KeySet

from oidc_lab.domain.checked import Checked
from oidc_lab.domain.clock import Clock
from oidc_lab.domain.entropy import Entropy
from oidc_lab.domain.profile import RULES, Profile, Rules
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.refusal import Refused
from oidc_lab.provider.store import Store

EXTENSION = "oidc_lab"


@dataclass(kw_only=True)
class Context:
    """`on_refusal` is the lab's own channel: it hears the true reason of every refusal. So is `on_check`: it
    hears every check; without it, none is told.

    `initial_passwords` holds, by sub, what demo users type until their slow hash is made at the first sign-in. The
    profile may be changed while the provider runs. Without a `management_token` there is no management.
    """

    issuer: str
    clock: Clock
    entropy: Entropy
    store: Store
    keys: KeySet
    on_refusal: Callable[[Refused], None]
    on_check: Callable[[Checked], None] | None = None
    initial_passwords: Mapping[str, str] = field(default_factory=dict)
    profile: Profile = Profile.DOCUMENTED
    management_token: str | None = field(default=None, repr=False)
    # By client_id: policies that stand in place of what an application's settings mean, such as another provider's.
    adopted: dict[str, RefreshPolicy] = field(default_factory=dict)
    # Rules that stand in place of the profile's.
    own_rules: Rules | None = None

    @property
    def rules(self) -> Rules:
        """What the profile decides."""
        return self.own_rules or RULES[self.profile]

    @cached_property
    def request_ids(self) -> Entropy:
        """Names requests in the audit log, without a draw from what codes and tokens are drawn from."""
        return self.entropy.child("request")

    @cached_property
    def successor_key(self) -> str:
        """What a token's one successor is made with, where a policy answers a replay with the same one again."""
        return self.entropy.child("successor").token()

    def image(self) -> tuple[Profile, Mapping[str, RefreshPolicy], Rules | None]:
        """Whose rules are followed now."""
        return self.profile, dict(self.adopted), self.own_rules

    def restore(self, image: tuple[Profile, Mapping[str, RefreshPolicy], Rules | None]) -> None:
        """Follow those again."""
        self.profile, adopted, self.own_rules = image
        self.adopted = dict(adopted)

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.clock()

    @cached_property
    def public_keys(self) -> KeySet:
        """What anybody may know of the keys — OIDCC-10.1.1."""
        return KeySet.import_key_set(self.keys.as_dict(private=False))

    @cached_property
    def path(self) -> str:
        """The issuer's path: empty, or `/something` when the provider does not live at the root."""
        return urlsplit(self.issuer).path.rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether browsers reach the provider over https."""
        return self.issuer.startswith("https:")

    def address(self, path: str) -> str:
        """The absolute address of an endpoint."""
        return self.issuer.rstrip("/") + path


def context() -> Context:
    """What the provider that serves the present request was given."""
    return cast(Context, current_app.extensions[EXTENSION])

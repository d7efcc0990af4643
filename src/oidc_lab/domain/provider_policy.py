"""The refresh-token policy of a real provider, with where it was read and what of it is not established — RFC6749-6."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.shown import Shown

# What a provider lets be set: from the shortest to the longest, or in its own words.
Allowed = tuple[timedelta, timedelta] | str


class Confidence(StrEnum):
    """How well something is known; MIXED is a policy of which some parameters are not established."""

    VERIFIED = "verified"
    SECONDARY = "verified-secondary"
    MIXED = "mixed"
    MEMORY = "memory"

    @property
    def words(self) -> str:
        """What it says of a source, or of a policy."""
        return _WORDS[self]


_WORDS: Mapping[Confidence, str] = {
    Confidence.VERIFIED: "read in the source itself",
    Confidence.SECONDARY: "read in a copy or a quotation by someone else",
    Confidence.MIXED: "read in part; the rest is not established",
    Confidence.MEMORY: "not read at all",
}


class ClientKind(StrEnum):
    """The applications that a policy is for — RFC6749-2.1."""

    ANY = "any"
    CONFIDENTIAL = "confidential"
    SPA = "public-spa"
    NATIVE = "public-native"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where something was read, and the figure that stood there; `address_inferred`: the text was read elsewhere."""

    title: str
    url: str
    figure: str
    confidence: Confidence
    address_inferred: bool = False


@dataclass(frozen=True, kw_only=True, repr=False)
class ProviderPolicy(Shown):
    """One policy of one provider.

    `unverified` has, for each parameter whose value is not established, what is known of it, which may be nothing;
    `not_established` is what else is not. `allowed` is what the provider lets be set, `session` has the lifetimes of
    its own session. `sender_constrained` is None where it makes no difference.
    """

    policy_id: str
    provider: str
    variant: str
    client: ClientKind
    policy: RefreshPolicy
    sources: tuple[Source, ...]
    confidence: Confidence
    sender_constrained: bool | None = None
    allowed: Mapping[str, Allowed] = field(default_factory=dict, hash=False)
    session: Mapping[str, timedelta] = field(default_factory=dict, hash=False)
    session_note: str = ""
    unverified: Mapping[str, str] = field(default_factory=dict, hash=False)
    not_established: tuple[str, ...] = ()
    notes: str = ""
    not_expressible: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The provider and the variant: `Auth0: SPA (rotating, expiring)`."""
        return f"{self.provider}: {self.variant}"

    @property
    def doubtful(self) -> bool:
        """Whether anything of it is not established, or nothing of it was read in the source itself."""
        return self.confidence is not Confidence.VERIFIED or bool(self.unverified or self.not_established)

    @property
    def second_hand(self) -> bool:
        """Whether nothing of it was read in the source itself."""
        return all(each.confidence is not Confidence.VERIFIED for each in self.sources)

    def __repr__(self) -> str:
        doubt = f"; not established: {', '.join(self.doubts)}" if self.doubts else ""
        return f"<{self.policy_id}: {self.title}; {self.confidence.value}{doubt}>"

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is not established, a phrase each: the parameters first, with what is known of them."""
        named = (f"{name} ({remark})" if remark else name for name, remark in self.unverified.items())
        return (*named, *self.not_established)

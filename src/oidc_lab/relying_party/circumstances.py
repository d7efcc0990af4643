"""What is known round a token, and how a value of one is told — OIDCC-2, OIDCC-5.4."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from oidc_lab.domain.application import Application
from oidc_lab.domain.claims import CLAIMS_OF_SCOPE
from oidc_lab.domain.profile import RULES, Profile, Rules
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.user import User
from oidc_lab.relying_party.provenance import Given


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What is known round a token; None where nothing is.

    `adopted` is the policy that the application follows in place of its settings.
    """

    issuer: str
    profile: Profile
    given: Given | None
    application: Application | None
    user: User | None
    claims: Mapping[str, Any] = field(default_factory=dict)
    scopes: frozenset[str] | None = None
    live_sessions: frozenset[str] = frozenset()
    adopted: RefreshPolicy | None = None

    @property
    def rules(self) -> Rules:
        """What the present profile decides."""
        return RULES[self.profile]

    @property
    def application_name(self) -> str:
        """What to call the application."""
        return "the application" if self.application is None else self.application.name

    @property
    def whose(self) -> str:
        """What to call the user."""
        return "the user" if self.user is None else self.user.name


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value of a token: `source` says where it comes from, `since` what became of that; `at` is set for a moment.

    `clause` is where the source stands; the meaning of a name has its own.
    """

    name: str
    value: Any
    source: str
    clause: str = ""
    since: str = ""
    at: datetime | None = None


MOMENTS = frozenset({"exp", "iat", "nbf", "auth_time", "updated_at"})

Source = tuple[str, str, str]  # where it comes from, the clause, what became of it


def scope_of(claim: str) -> str:
    """The scope that stands for a claim; empty when none does."""
    return next((scope for scope, claims in CLAIMS_OF_SCOPE.items() if claim in claims), "")

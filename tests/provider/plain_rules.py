"""What the three profiles promise of tokens, said a second time and plainly: what histories of a provider are held to.

Nothing here asks the domain's policies. `documented` is the product's page, `logto` is application-model 3, `strict` is
RFC9700-4.14.2. One object is one thing that happened; what it is worth at a moment is asked with the profile of then.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.profile import Profile

DOCUMENTED, LOGTO, STRICT = Profile.DOCUMENTED, Profile.LOGTO, Profile.STRICT
NATIVE, SPA = ApplicationType.NATIVE, ApplicationType.SPA
TRADITIONAL, MACHINE = ApplicationType.TRADITIONAL, ApplicationType.MACHINE_TO_MACHINE
PUBLIC = frozenset({NATIVE, SPA})

CODE = timedelta(seconds=60)
LEEWAY = timedelta(seconds=3)
ACCESS_TOKEN = timedelta(hours=1)
SESSION = timedelta(days=14)
GRANT = timedelta(days=180)
DEFAULT_TTL = 14


@dataclass(eq=False)
class Registered:
    """An application with the settings of now."""

    application: Application

    @property
    def public(self) -> bool:
        return self.application.type in PUBLIC

    @property
    def always_issues(self) -> bool:
        return self.application.type in {SPA, TRADITIONAL} and self.application.always_issue_refresh_token is True

    def ttl(self, profile: Profile) -> timedelta:
        fixed = profile is DOCUMENTED and self.application.type is SPA
        return timedelta(days=DEFAULT_TTL if fixed else self.application.refresh_token_ttl_in_days or DEFAULT_TTL)


@dataclass(eq=False)
class Session:
    sub: str
    ends: datetime
    ended: bool = False

    def lives(self, now: datetime) -> bool:
        return not self.ended and now < self.ends


@dataclass(eq=False)
class Grant:
    began: datetime


@dataclass(eq=False)
class Family:
    """`replays` is how often a spent token was honoured within the leeway: each time it had one more living token."""

    registered: Registered
    session: Session
    grant: Grant
    scopes: frozenset[str]
    offline: bool
    ended: bool = False
    replays: int = 0
    newest: "RefreshToken | None" = None

    def lives(self, now: datetime) -> bool:
        return not self.ended and (self.offline or now < self.session.ends)

    def grant_over(self, profile: Profile, now: datetime) -> bool:
        return profile is LOGTO and self.grant is not None and now >= self.grant.began + GRANT


@dataclass(eq=False)
class Code:
    value: str
    family: Family
    ends: datetime
    used: bool = False


@dataclass(eq=False)
class AccessToken:
    value: str
    family: Family
    issued: datetime
    scopes: frozenset[str]
    taken_back: bool = False

    def good(self, profile: Profile, now: datetime) -> bool:
        return (
            self.family.lives(now)
            and not self.family.grant_over(profile, now)
            and not self.taken_back
            and now < self.issued + ACCESS_TOKEN
        )


@dataclass(eq=False)
class RefreshToken:
    value: str
    family: Family
    issued: datetime
    ends: datetime
    replaced: bool = False
    last_used: datetime | None = None
    ttl: timedelta = field(init=False)

    def __post_init__(self) -> None:
        self.ttl = self.ends - self.issued

    def over(self, profile: Profile, now: datetime) -> bool:
        return not self.family.lives(now) or now >= self.ends or self.family.grant_over(profile, now)

    def reused(self, profile: Profile, now: datetime) -> bool:
        """Whether it was replaced, and came back too late."""
        leeway = LEEWAY if profile is LOGTO else timedelta(0)
        return self.replaced and now >= self.last_used + leeway

    def good(self, profile: Profile, now: datetime) -> bool:
        return not self.over(profile, now) and not self.reused(profile, now)

    def gives_way(self, profile: Profile, now: datetime) -> bool:
        """Whether a request that honours it brings a new one."""
        registered = self.family.registered
        has_switch = not registered.public or profile is LOGTO
        if has_switch and registered.application.rotate_refresh_token is False:
            return self.replaced
        if self.replaced or registered.public or profile is STRICT:
            return True
        year = timedelta(days=365 if profile is DOCUMENTED else 365.25)
        age = now - self.issued
        return age >= self.ttl * 7 / 10 and age < year

    def ends_of_next(self, profile: Profile, now: datetime) -> datetime:
        """Until when the token lives that a request brings, be it a new one or the same."""
        registered = self.family.registered
        full = now + registered.ttl(profile)
        if self.gives_way(profile, now):
            inherits = registered.application.type is SPA or (profile is STRICT and registered.public)
            return self.ends if inherits else full
        return full if profile is DOCUMENTED else self.ends


@dataclass(eq=False)
class Given:
    """What a token response gave; the refresh token may be the one that was sent."""

    access_token: AccessToken
    refresh_token: RefreshToken | None

    @property
    def family(self) -> Family:
        return self.access_token.family

    @property
    def registered(self) -> Registered:
        return self.family.registered


def issues_refresh_token(registered: Registered, scopes: frozenset[str]) -> bool:
    return "offline_access" in scopes or registered.always_issues


def outlives_session(registered: Registered, scopes: frozenset[str], profile: Profile) -> bool:
    """application-model D13: as coded, only what the user agreed to be used offline does."""
    return "offline_access" in scopes or (profile is DOCUMENTED and registered.always_issues)

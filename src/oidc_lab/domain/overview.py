"""The whole lab at one look: what it is made of, who is signed in, which tokens live, what happened last — OIDCC-1."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from oidc_lab.domain.application import Application
from oidc_lab.domain.audit import LogEntry, Result
from oidc_lab.domain.grant import Grant
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.session import Session
from oidc_lab.domain.shown import Shown
from oidc_lab.domain.user import User
from oidc_lab.domain.watched import Watched


@dataclass(frozen=True, kw_only=True)
class LiveFamily:
    """The refresh token of a family that is honoured now; `because` is how its refusal is called when it ends.

    `run` is the run that brought it to this bench, empty when it was somebody else's.
    """

    grant: Grant
    generation: int
    issued_at: datetime
    last_used_at: datetime | None
    ends_at: datetime | None
    because: str | None
    run: str = ""


@dataclass(frozen=True, kw_only=True)
class PastRun:
    """A run of this bench, by its `key`: what it was about, how far it came, and whether it has tokens.

    It is `refreshable` when a refresh token is among them, live or not; `refused` says by whom and with which code it
    was. What a run was not about is empty.
    """

    key: str
    title: str
    at: datetime | None
    messages: int
    flow: str = ""
    client_id: str = ""
    sub: str = ""
    finished: bool = False
    refused: str = ""
    next_step: str = ""
    tokens: bool = False
    refreshable: bool = False


@dataclass(frozen=True, kw_only=True)
class Overview:
    """A lab as it is now. `grants` are those that are not over; `log` and `runs` are the latest, oldest first.

    `passwords` are those of the demo users, by sub: test data that everybody may know. `grant_ends` is when a grant is
    over by itself, by its grant_id; those that have no end are not in it.
    `clock_barred` says why the clock cannot be moved, `closed` why there is nothing to see. What is `shared` is changed
    by others, too, who tell nobody.
    """

    issuer: str
    now: datetime
    profile: Profile | None = None
    applications: Sequence[Application] = ()
    users: Sequence[User] = ()
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)
    sessions: Sequence[Session] = ()
    grants: Sequence[Grant] = ()
    grant_ends: Mapping[str, datetime] = field(default_factory=dict)
    families: Sequence[LiveFamily] = ()
    log: Sequence[LogEntry] = ()
    entries: int = 0
    runs: Sequence[PastRun] = ()
    clock_barred: str = ""
    shared: bool = False
    closed: str = ""

    @property
    def untouched(self) -> bool:
        """Whether nothing happened here yet."""
        return not self.entries and not self.runs

    def application(self, client_id: str | None) -> Application | None:
        """The application of this name; None when it is not there (any more)."""
        return next((each for each in self.applications if each.client_id == client_id), None)

    def user(self, sub: str | None) -> User | None:
        """The user of this name; None when there is none (any more)."""
        return next((each for each in self.users if each.sub == sub), None)

    def name_of(self, sub: str) -> str:
        """What to call a user; by the sub when there is none any more."""
        found = self.user(sub)
        return sub if found is None else found.name

    def families_of(self, grant: Grant) -> list[LiveFamily]:
        """What lives because of a grant."""
        return [each for each in self.families if each.grant.grant_id == grant.grant_id]

    def application_of(self, sub: str) -> str:
        """The client_id of the application that this user used last; empty when there is none."""
        used = [each for each in self.grants if each.sub == sub]
        latest = max(used, key=lambda each: each.last_used_at or each.created_at, default=None)
        return "" if latest is None else latest.client_id

    @property
    def refused(self) -> list[LogEntry]:
        """Those of the last entries that tell of a refusal."""
        return [each for each in self.log if each.result is Result.ERROR]


class Panel(Watched, ABC):
    """What is behind an overview: what can be changed from there, and the live things that it unfolds into."""

    @abstractmethod
    def overview(self) -> Overview:
        """The lab as it is now."""

    @abstractmethod
    def entries(self, *, client_id: str = "", sub: str = "", refused: bool = False) -> Sequence[LogEntry]:
        """The last entries of the log that fit, oldest first; what is empty does not matter."""

    @abstractmethod
    def follow(self, profile: str) -> None:
        """Have the provider follow another profile."""

    @abstractmethod
    def end_session(self, sid: str) -> None:
        """End a session as a sign-out does."""

    @abstractmethod
    def revoke(self, grant_id: str) -> None:
        """Take a grant away, and every token that was given because of it."""

    @abstractmethod
    def form(self, client_id: str = "") -> Shown:
        """The form of an application, or of a new one."""

    @abstractmethod
    def step(self, client_id: str = "", *, flow: str = "sign-in", sub: str = "", **choices: str) -> Shown:
        """A flow to step through; one that has ended begins anew, where both sides stand now."""

    @abstractmethod
    def inspect(self, run: str) -> Shown:
        """A look inside the tokens that a run has."""

    @abstractmethod
    def clock(self) -> Shown:
        """The clock."""


class Overviewed(Shown, ABC):
    """A bench that can be looked at as a whole."""

    @property
    @abstractmethod
    def panel(self) -> Panel:
        """What a view of the whole bench needs."""

    def overview(self) -> Overview:
        """The whole bench as it is now."""
        return self.panel.overview()

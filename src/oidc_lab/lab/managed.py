"""What can be seen and changed of a provider from a bench, in process or served: the same words for both — OIDCR-2."""

from abc import abstractmethod
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.application import Application
from oidc_lab.domain.entropy import Entropy
from oidc_lab.domain.happening import Event, Row
from oidc_lab.domain.overview import Overviewed
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.tokens import RefreshToken
from oidc_lab.domain.user import User
from oidc_lab.lab.adopting import Adopting
from oidc_lab.lab.applications import Applications, RegisteredApplication
from oidc_lab.lab.audit_log import AuditLog
from oidc_lab.lab.clock import BenchClock
from oidc_lab.lab.given import Grants, Sessions
from oidc_lab.lab.inspecting import Inspectable, inspect
from oidc_lab.lab.living import Lives
from oidc_lab.lab.management import Management
from oidc_lab.lab.moment import CannotGoBack, Moment
from oidc_lab.lab.named import Named
from oidc_lab.lab.overview import BenchPanel
from oidc_lab.lab.playing import play
from oidc_lab.lab.runs import Runs
from oidc_lab.lab.steps import Steps
from oidc_lab.lab.users import Users
from oidc_lab.relying_party.choices import FlowKind
from oidc_lab.relying_party.inspection import Inspection
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.relying_party.wire import Lane, Wire

if TYPE_CHECKING:  # read when they are asked for
    from oidc_lab.lab.policies import Policies
    from oidc_lab.simulation.explorer import Explorer


class Managed(Runs, Adopting, Overviewed):
    """A bench with its provider's management at hand.

    `keeps` says whether the bench's own copies of applications and users are what runs begin with: nobody else changes
    them at a provider of its own, one that is not `shared`.
    """

    clock: BenchClock

    def __init__(
        self,
        *,
        token: str,
        lane: Lane,
        entropy: Entropy,
        applications: Iterable[Application] = (),
        users: Iterable[User] = (),
        passwords: Named[str],
        data: Path,
        keeps: bool,
    ) -> None:
        super().__init__(entropy)
        self._data = data
        self.shared = not keeps
        self.passwords, self._at_first = passwords, dict(passwords)
        self._lanes["management"] = lane
        self._management = Management(self.issuer, token, lane, self._check_open, self._changed)
        self.applications = Applications(self._management, applications, clock=self.clock, keeps=keeps)
        self.users = Users(self._management, users, passwords, keeps=keeps)
        self.grants, self.sessions = Grants(self._management), Sessions(self._management)
        self.audit_log = AuditLog(self._management)
        self._steps = Steps(self)
        self.living = Lives(self._management, self._history, self.applications, self.users)
        self.clock.look_around, self.clock.watch_around = self.living.look, self.watch

    @property
    def profile(self) -> Profile:
        """Whose rules the provider follows; set another one and it follows that from now on."""
        return self.applications.profile()

    @profile.setter
    def profile(self, profile: Profile | str) -> None:
        self._management.ask("PUT", "profile", body={"profile": checked_profile(profile)})

    @cached_property
    def policies(self) -> "Policies":
        """The refresh-token policies of real providers, by id. Raises DataError when the data has a mistake in them."""
        from oidc_lab.lab.policies import read_policies

        return read_policies(self._data)

    @property
    def test_passwords(self) -> dict[str, str]:
        """The passwords of the data file, by sub, where they are still the users'; everybody may know them."""
        return {sub: typed for sub, typed in self._at_first.items() if self.passwords.get(sub) == typed}

    @property
    def panel(self) -> BenchPanel:
        """What a view of the whole bench needs."""
        return BenchPanel(self)

    def close(self) -> None:
        """Close the connections, and tell who watches."""
        super().close()
        self._changed()

    def register(self, application: Application) -> RegisteredApplication:
        """Register an application that has a client_id already, and give it back as the provider keeps it.

        Raises InvalidSetting when its type does not have a setting in the present profile, ValueError when there is one
        with this client_id.
        """
        __tracebackhide__ = True
        return self.applications.register(application)

    def inspect(self, of: Inspectable, application: Application | str | None = None) -> Inspection:
        """Look into a token, or into all that a run gave; `application` is as whom an ID Token is checked.

        Without it that is the application it was given to. Raises TypeError for what is no text and no run.
        """
        self._check_open()
        wire = Wire(self._lane("nobody"), self._lane("application"), self._heard, self._told)
        return inspect(self, of, application, wire=wire)

    def play(
        self,
        application: Application | str,
        events: Iterable[Event] | Event,
        *,
        user: User | str | None = None,
        offline: bool = True,
        begin: datetime | None = None,
    ) -> list[Row]:
        """Sign a user in and let events happen, over HTTP, moving the clock; gives a row for each, as the walk does.

        The clock only moves forward: events that begin at `begin` are moved to begin now. Without `user`, it is the
        first one. `offline` is whether the user agrees to offline access; without, a refresh token is given to who is
        always issued one. Raises ValueError for events that are out of order or past, RuntimeError where nobody moves
        the clock.
        """
        __tracebackhide__ = True
        return play(self, application, events, user=user, offline=offline, begin=begin)

    def explore(self, application: Application | str | None = None, **choices: Any) -> "Explorer":
        """Explore how long users stay signed in; `choices` are those of domain.explored.Explored, as text or not.

        It begins with what an application has now, without one the first that users sign in to. Raises ValueError for a
        choice that cannot be.
        """
        __tracebackhide__ = True
        from oidc_lab.lab.exploring import explore

        self._check_open()
        return explore(self, application, choices, data=self._data)

    def fresh_browser(self) -> str:
        """The name of a browser in which nobody has signed in."""
        return f"fresh {len(self._lanes)}"

    @abstractmethod
    def kept_refresh_token(self, refresh_token: str, /) -> RefreshToken:
        """What the provider keeps of a token. Raises LookupError when it never gave it out, or does not tell."""

    @property
    def changes(self) -> int:
        """How many changes were made at the provider from this bench."""
        return self._management.changes

    def step(
        self,
        application: Application | str | None = None,
        *,
        flow: FlowKind | str = FlowKind.SIGN_IN,
        user: User | str | None = None,
        **choices: Any,
    ) -> Stepping:
        """Step through a flow, with a way back; `choices` are those of relying_party.choices.Choices, as text or not.

        Without application or user, the first one. Asked for again with the same, it is the same one, where it stands.
        """
        __tracebackhide__ = True
        self._check_open()
        return self._steps.step(application, flow, user, choices)

    def moment(self) -> Moment:
        """Where both sides stand now. Raises CannotGoBack here: others use the provider, too."""
        what = "others use it, too, so it cannot be put back; a Lab() of your own can"
        raise CannotGoBack(f"the provider at {self.issuer} is not this bench's alone: {what}")

    def return_to(self, moment: Moment) -> None:
        """Put both sides back to a moment, clock and cookies included; what happened since never did.

        What a run under way has sent since is not known to the provider any more; `step` goes back with its run.
        """
        self._check_open()
        with self._turn:
            moment.come_back()
        self._changed()


def checked_profile(profile: Profile | str) -> Profile:
    """The profile of this name. Raises ValueError that names those there are."""
    if profile not in list(Profile):
        raise ValueError(f"there is no profile {profile!r}; there are {', '.join(Profile)}")
    return Profile(profile)

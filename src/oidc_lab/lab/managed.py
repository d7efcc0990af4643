"""What can be seen and changed of a provider from a bench, in process or served: the same words for both — OIDCR-2."""

from collections.abc import Iterable

from oidc_lab.domain.application import Application
from oidc_lab.domain.entropy import Entropy
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.user import User
from oidc_lab.lab.applications import Applications, RegisteredApplication
from oidc_lab.lab.audit_log import AuditLog
from oidc_lab.lab.given import Grants, Sessions
from oidc_lab.lab.management import Management
from oidc_lab.lab.named import Named
from oidc_lab.lab.runs import Runs
from oidc_lab.lab.users import Users
from oidc_lab.relying_party.wire import Lane


class Managed(Runs):
    """A bench with its provider's management at hand.

    `keeps` says whether the bench's own copies of applications and users are what runs begin with: nobody else changes
    them at a provider of its own.
    """

    def __init__(
        self,
        *,
        token: str,
        lane: Lane,
        entropy: Entropy,
        applications: Iterable[Application] = (),
        users: Iterable[User] = (),
        passwords: Named[str],
        keeps: bool,
    ) -> None:
        super().__init__(entropy)
        self.passwords = passwords
        self._lanes["management"] = lane
        self._management = Management(self.issuer, token, lane, self._check_open)
        self.applications = Applications(self._management, applications, clock=self.clock, keeps=keeps)
        self.users = Users(self._management, users, passwords, keeps=keeps)
        self.grants, self.sessions = Grants(self._management), Sessions(self._management)
        self.audit_log = AuditLog(self._management)

    @property
    def profile(self) -> Profile:
        """Whose rules the provider follows; set another one and it follows that from now on."""
        return self.applications.profile()

    @profile.setter
    def profile(self, profile: Profile | str) -> None:
        self._management.ask("PUT", "profile", body={"profile": checked_profile(profile)})

    def register(self, application: Application) -> RegisteredApplication:
        """Register an application that has a client_id already, and give it back as the provider keeps it.

        Raises InvalidSetting when its type does not have a setting in the present profile, ValueError when there is one
        with this client_id.
        """
        __tracebackhide__ = True
        return self.applications.register(application)


def checked_profile(profile: Profile | str) -> Profile:
    """The profile of this name. Raises ValueError that names those there are."""
    if profile not in list(Profile):
        raise ValueError(f"there is no profile {profile!r}; there are {', '.join(Profile)}")
    return Profile(profile)

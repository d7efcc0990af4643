"""An application as it is read under one profile: each setting, what it is set to, what that does — OIDCR-2."""

from collections.abc import Sequence
from dataclasses import dataclass

from oidc_lab.domain.application import Application
from oidc_lab.domain.differences import Difference
from oidc_lab.domain.overruled import in_force
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.shown import Shown


@dataclass(frozen=True)
class Sheet(Shown):
    """A row for each setting that some profile has for this type; no secret is on it.

    `adopted` is the policy that it follows in place of its settings.
    """

    application: Application
    profile: Profile
    adopted: RefreshPolicy | None = None

    @property
    def rows(self) -> Sequence[Difference]:
        """The settings, in the order of the table."""
        return in_force(self.application.differences(), self.adopted)

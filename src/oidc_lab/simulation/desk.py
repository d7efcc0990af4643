"""What a lab does for an explorer, which knows no lab."""

from collections.abc import Iterator, Mapping
from typing import Protocol

import numpy as np

from oidc_lab.domain.application import Application
from oidc_lab.domain.explored import Explored
from oidc_lab.domain.happening import Row
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.provider_policy import ProviderPolicy
from oidc_lab.simulation.usage import Usage
from oidc_lab.simulation.visitor import Visitor


class Desk(Protocol):
    """What a lab does for an explorer; `policies` and `usages` are by id."""

    @property
    def policies(self) -> Mapping[str, ProviderPolicy]:
        """The policies of real providers."""

    @property
    def usages(self) -> Mapping[str, Usage]:
        """The usage patterns."""

    def application(self) -> Application:
        """The application, as the provider has it now."""

    def profile(self) -> Profile:
        """Whose rules the lab's provider follows."""

    def chance(self) -> np.random.Generator:
        """What users are drawn from: the same ones each time, so that only the choices make a difference."""

    def save(self, chosen: Explored) -> str:
        """Have the application follow what is explored; gives a sentence on what was saved."""

    def play(self, chosen: Explored, visitor: Visitor) -> Iterator[Row]:
        """Play what becomes of a visitor at a provider of its own, over HTTP; gives the rows as they come."""

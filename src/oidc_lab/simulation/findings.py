"""What is found out about what is explored: each frame is computed when it is asked for, and then kept."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.explorable import Explorable
from oidc_lab.domain.explored import Explored, Figure
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.provider_policy import ProviderPolicy
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.simulation.desk import Desk
from oidc_lab.simulation.sweep import Sweep, Sweeping
from oidc_lab.simulation.usage import Usage
from oidc_lab.simulation.variations import by_leeway, by_lifetime, place, swept
from oidc_lab.simulation.visitor import Visitor, visitor_of
from oidc_lab.simulation.words import in_words

if TYPE_CHECKING:
    import pandas as pd

_NEEDED = {
    Figure.FAMILY: ("rows", "behind"), Figure.ROTATION: ("rows",), Figure.SWEEP: ("grid",), Figure.RACE: ("races",),
}  # fmt: skip
# Blocks of users between two looks at what was pressed.
_CHUNK = 4
_MOST_KEPT = 64
# Visits that are simulated in a few seconds, and how many of them one visit takes the time of where things go wrong.
_FEW_SECONDS, _DISTURBED = 300_000_000, 40


class Findings(Explorable):
    """What becomes of users under what is `chosen`."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self.chosen = desk, Explored()
        self.policies, self.usages = desk.policies, dict(desk.usages)
        self._kept: dict[object, Any] = {}

    @property
    def of(self) -> ProviderPolicy | None:
        """The real provider's policy that is explored; None where settings are."""
        return self.policies[self.chosen.policy] if self.chosen.policy else None

    @property
    def policy(self) -> RefreshPolicy:
        """The rules that decide."""
        return self.chosen.settings_policy if self.of is None else self.of.policy

    @property
    def title(self) -> str:
        """What is explored, in a few words, with its doubt."""
        if self.of is None:
            return self.chosen.title
        return f"{self.of.title} (?)" if self.of.doubtful else self.of.title

    @property
    def usage(self) -> Usage:
        """The usage pattern."""
        return self.usages[self.chosen.usage]

    @property
    def visitor(self) -> Visitor:
        """The regular visitor who comes about as often as the users do."""
        made: Visitor = self._once(("visitor", self.usage), lambda: visitor_of(self.usage, self._desk.chance()))
        return made

    @property
    def words(self) -> list[str]:
        """What the rules mean, a sentence each."""
        return in_words(self.policy, offline=self.chosen.outlives_session)

    @property
    def rows(self) -> "pd.DataFrame":
        """What becomes of the regular visitor, a row for each visit."""
        return self._life(self.policy, offline=self.chosen.outlives_session)

    @property
    def behind(self) -> "tuple[str, pd.DataFrame]":
        """What would become of the visitor otherwise, with its name: another profile, or the settings."""
        other = self.chosen.changed(policy="")
        name = "the application's settings"
        if self.of is None:
            profile = Profile.DOCUMENTED if self.chosen.profile is Profile.LOGTO else Profile.LOGTO
            other, name = self.chosen.changed(profile=profile), f"the {profile.value} profile"
        return name, self._life(other.settings_policy, offline=other.outlives_session)

    @property
    def many(self) -> Sweep:
        """What became of the users; `complete` is false where it was stopped before all of them were done."""
        if not self.ready:
            for _ in self._simulating():
                pass
        found: Sweep = self._kept[self._users]
        return found

    @property
    def summary(self) -> "pd.DataFrame":
        """One row: how long the users stayed signed in, what ended it, at what price; see oidc_lab.summary."""
        return self.many.summary

    @property
    def survival(self) -> "pd.DataFrame":
        """Who is still signed in, day by day."""
        return self.many.survival

    @property
    def endings(self) -> "pd.DataFrame":
        """What ended the others, day by day."""
        return self.many.endings

    @property
    def grid(self) -> "pd.DataFrame":
        """How long regular visitors stay signed in, over the lifetime and the days between visits."""
        days, offline = self.chosen.days, self.chosen.outlives_session
        varied = swept(self.policy)
        whatever: dict[str, Any] = {varied: None}  # it is the same for all that it varies
        key = "grid", varied, replace(self.policy, **whatever), days, offline
        return self._once(key, lambda: by_lifetime(self.policy, days, offline=offline))

    @property
    def present(self) -> dict[str, float] | None:
        """Where the present choices are in the grid; None where its lifetime has no limit."""
        return place(self.policy, self.visitor)

    @property
    def races(self) -> "pd.DataFrame":
        """How many users two tabs, or a lost reply, sign out in a month under each leeway."""
        offline, users, rng = self.chosen.outlives_session, self.chosen.users, self._desk.chance()
        return self._once(
            ("races", self.policy, offline, users),
            lambda: by_leeway(self.policy, self.usages, users=users, rng=rng, offline=offline),
        )

    def preparing(self) -> Iterator[float]:
        """Compute what the chosen figure needs, then what became of the users; gives the share that is done."""
        yield 0.0
        for each in _NEEDED.get(self.chosen.figure, ()):
            if self.policy.issued:
                getattr(self, each)
        yield 0.0
        yield from self._simulating()

    @property
    def ready(self) -> bool:
        """Whether the users of the present choices were simulated, or some of them."""
        return self._users in self._kept

    @property
    def simulated(self) -> int:
        """How many users were."""
        return sum(each.users for each in self._kept[self._users].tallies.values()) if self.ready else 0

    @property
    def quick(self) -> bool:
        """Whether simulating the users takes a few seconds at most."""
        visits = self.chosen.users * timedelta(days=self.chosen.days) / self.visitor.every
        return visits * (1 if self.usage.plain else _DISTURBED) <= _FEW_SECONDS

    @property
    def _users(self) -> object:
        chosen = self.chosen
        return "users", self.policy, self.title, chosen.outlives_session, self.usage, chosen.users, chosen.days

    def _simulating(self) -> Iterator[float]:
        key, chosen = self._users, self.chosen
        if key in self._kept and self._kept[key].complete:
            return
        under_way = Sweeping(
            {self.title: self.policy}, {self.usage.title: self.usage}, chosen.users, rng=self._desk.chance(),
            horizon=timedelta(days=chosen.days), offline=chosen.outlives_session, chunk=_CHUNK,
        )  # fmt: skip
        for share in under_way.steps():
            self._keep(key, under_way.sweep)
            yield share

    def _life(self, policy: RefreshPolicy, *, offline: bool) -> "pd.DataFrame":
        visitor, days = self.visitor, self.chosen.days
        return self._once(("life", policy, offline, visitor, days), lambda: visitor.life(policy, days, offline=offline))

    def _once(self, key: object, make: Callable[[], Any]) -> Any:
        if key not in self._kept:
            self._keep(key, make())
        return self._kept[key]

    def _keep(self, key: object, found: object) -> None:
        self._kept.pop(key, None)
        while len(self._kept) >= _MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = found

    def _forget_parts(self) -> None:
        """What was stopped on the way to something else is nobody's answer."""
        whole = ((key, found) for key, found in self._kept.items() if not isinstance(found, Sweep) or found.complete)
        self._kept = dict(whole)

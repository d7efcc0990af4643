"""Explores how long users stay signed in: under chosen settings or a real provider's policy, with chosen users."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np

from oidc_lab.domain.application import ONE, Application
from oidc_lab.domain.explorable import Explorable
from oidc_lab.domain.explored import Explored, Figure
from oidc_lab.domain.happening import Row
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.provider_policy import ProviderPolicy
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.walk import walk
from oidc_lab.simulation.grid import grid
from oidc_lab.simulation.races import races
from oidc_lab.simulation.rows import rows
from oidc_lab.simulation.sweep import Sweep, Sweeping
from oidc_lab.simulation.usage import Usage
from oidc_lab.simulation.visitor import Visitor, visitor_of
from oidc_lab.simulation.words import in_words

if TYPE_CHECKING:
    import pandas as pd

# What a grid varies, in days, and how many users race at most: a few hundred milliseconds each.
_LIFETIMES = (1, 2, 3, 5, 7, 10, 14, 21, 30, 60, 90, 180)
_BETWEEN = (1, 2, 3, 7, 14, 30)
_RACING = 1000
_NEEDED = {
    Figure.FAMILY: ("rows", "behind"), Figure.ROTATION: ("rows",), Figure.SWEEP: ("grid",), Figure.RACE: ("races",),
}  # fmt: skip
# Blocks of users between two looks at what was pressed.
_CHUNK = 4
_MOST_KEPT = 64
# Visits that are simulated in a few seconds, and how many of them one visit takes the time of where things go wrong.
_FEW_SECONDS, _DISTURBED = 300_000_000, 40


def swept(policy: RefreshPolicy) -> str:
    """The lifetime that a grid varies: the one by which tokens end unless they are used."""
    return next((name for name in ("ttl", "idle", "absolute") if getattr(policy, name) is not None), "ttl")


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


class Explorer(Explorable):
    """What becomes of users under what is `chosen`; each frame is computed when it is asked for, and then kept.

    `faults` has what is wrong with what was typed, by choice; `notice` is what is to be said of the last thing done.
    `played` has the rows that were predicted and those that a live provider gave, None before it is played.
    """

    def __init__(self, desk: Desk, chosen: Explored) -> None:
        self._desk, self.chosen = desk, Explored()
        self.policies, self.usages = desk.policies, dict(desk.usages)
        self.faults: dict[str, str] = {}
        self.notice = ""
        self.played: tuple[pd.DataFrame, pd.DataFrame] | None = None
        self._kept: dict[object, Any] = {}
        self.chosen = self._checked(chosen)

    def change(self, **choices: Any) -> Self:
        """Choose something else; `usage` may be a pattern of one's own. Raises ValueError for what cannot be."""
        own = choices.get("usage")
        if isinstance(own, Usage):
            self.usages[own.usage_id] = own
            choices["usage"] = own.usage_id
        chosen = self._checked(self.chosen.changed(**choices))
        self.faults = {name: fault for name, fault in self.faults.items() if name not in choices}
        if replace(chosen, figure=self.chosen.figure) != self.chosen:
            self.played, self.notice = None, ""
            self._forget_parts()
        self.chosen = chosen
        self._changed()
        return self

    def enter(self, name: str, typed: str) -> None:
        """Choose what a person types; what is wrong with it is told in `faults`, and nothing else changes."""
        try:
            self.change(**{name: typed})
        except ValueError as fault:
            self.faults[name] = str(fault)
            self._changed()

    @property
    def application(self) -> Application:
        """The application whose settings are explored, as it is saved."""
        return self._desk.application()

    @property
    def profile(self) -> Profile:
        """Whose rules the lab's provider follows."""
        return self._desk.profile()

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
        name = "these settings"
        if self.of is None:
            profile = Profile.DOCUMENTED if self.chosen.profile is Profile.LOGTO else Profile.LOGTO
            other, name = self.chosen.changed(profile=profile), profile.value
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
        name, days, offline = swept(self.policy), self.chosen.days, self.chosen.outlives_session
        varied: dict[str, Any] = {f"{name}_in_days": _LIFETIMES, "days_between_visits": _BETWEEN}
        whatever: dict[str, Any] = {name: None}  # it is the same for all that it varies
        return self._once(
            ("grid", replace(self.policy, **whatever), days, offline),
            lambda: grid(self.policy, horizon=timedelta(days=days), offline=offline, **varied),
        )

    @property
    def present(self) -> dict[str, float] | None:
        """Where the present choices are in the grid; None where its lifetime has no limit."""
        name = swept(self.policy)
        limit = getattr(self.policy, name)
        between = self.visitor.every / timedelta(days=1)
        return None if limit is None else {f"{name}_in_days": limit / timedelta(days=1), "days_between_visits": between}

    @property
    def races(self) -> "pd.DataFrame":
        """How many users two tabs, or a lost reply, sign out in a month under each leeway."""
        cases = {"two tabs": self.usages["tabs"], "lost reply": self.usages["mobile"]}
        offline, users = self.chosen.outlives_session, min(self.chosen.users, _RACING)
        return self._once(
            ("races", self.policy, offline, users),
            lambda: races(self.policy, cases, users=users, rng=self._desk.chance(), offline=offline),
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
    def unsaved(self) -> str:
        """Why the application cannot be had to follow this; empty when it can."""
        saved = self.application
        if self.of is None and saved.type != self.chosen.type:
            return f"{saved.name} is {ONE[saved.type]}, and the type of an application never changes."
        return "" if saved.oauth.response_types else f"{saved.name} signs nobody in."

    @property
    def unplayable(self) -> str:
        """Why this cannot be played; empty when it can."""
        nobody = self.of is None and not self.chosen.application.oauth.response_types
        return f"Nobody signs in to {ONE[self.chosen.type]}." if nobody else ""

    def save(self) -> str:
        """Have the application follow what is explored; gives a sentence on it. Raises ValueError when it cannot."""
        if self.unsaved:
            raise ValueError(self.unsaved)
        self.notice = self._desk.save(self.chosen)
        self._changed()
        return self.notice

    def play(self) -> "tuple[pd.DataFrame, pd.DataFrame]":
        """Play the visitor's story at a live provider of its own; gives the rows predicted, and those played."""
        for _ in self.playing():
            pass
        assert self.played is not None  # noqa: S101  # or it would have raised
        return self.played

    def playing(self) -> Iterator[float]:
        """Play it, visit by visit; gives the share that is done. Raises ValueError when it cannot be played."""
        if self.unplayable:
            raise ValueError(self.unplayable)
        chosen, visitor, policy = self.chosen, self.visitor, self.policy
        most = len(visitor.visits(chosen.days)) + 1
        live = []
        for row in self._desk.play(chosen, visitor):
            live.append(row)
            yield min(len(live) / most, 1.0)
        begin = live[0].at
        told = walk(policy, visitor.visits(chosen.days, begin), begin, offline=chosen.outlives_session)
        if replace(chosen, figure=self.chosen.figure) == self.chosen:
            self.played = rows(told), rows(live)
            self._changed()

    def __repr__(self) -> str:
        return f"Explorer({self.title}; {self.usage.title}, {self.chosen.users:,} users, {self.chosen.days} days)"

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

    def _checked(self, chosen: Explored) -> Explored:
        for name, known in (("policy", self.policies), ("usage", self.usages)):
            if (value := getattr(chosen, name)) not in known and (name, value) != ("policy", ""):
                raise ValueError(f"{name}: there is no {value!r}; there are {', '.join(known)}")
        return chosen

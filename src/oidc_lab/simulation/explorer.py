"""Explores how long users stay signed in: under chosen settings or a real provider's policy, with chosen users."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from oidc_lab.domain.application import ONE, Application
from oidc_lab.domain.explored import Explored
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.walk import walk
from oidc_lab.simulation.desk import Desk
from oidc_lab.simulation.findings import Findings
from oidc_lab.simulation.rows import rows
from oidc_lab.simulation.usage import Usage

if TYPE_CHECKING:
    import pandas as pd


class Explorer(Findings):
    """What becomes of users under what is `chosen`, which can be changed, played and saved.

    `faults` has what is wrong with what was typed, by choice; `notice` is what is to be said of the last thing done.
    `played` has the rows that were predicted and those that a live provider gave, None before it is played.
    """

    def __init__(self, desk: Desk, chosen: Explored) -> None:
        super().__init__(desk)
        self.faults: dict[str, str] = {}
        self.notice = ""
        self.played: tuple[pd.DataFrame, pd.DataFrame] | None = None
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
            self.faults[name] = str(fault).removeprefix(f"{name}: ")
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

    def _checked(self, chosen: Explored) -> Explored:
        for name, known in (("policy", self.policies), ("usage", self.usages)):
            if (value := getattr(chosen, name)) not in known and (name, value) != ("policy", ""):
                raise ValueError(f"{name}: there is no {value!r}; there are {', '.join(known)}")
        return chosen

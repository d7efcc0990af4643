"""Simulates many users under many policies and usages, part by part: in bounded memory, on all the cores there are.

Who does which part changes nothing: each block of users is drawn from a generator of its own, all policies meet the
same users, and what is counted of the parts adds up in any order.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from oidc_lab.domain.refresh_parameters import RefreshPolicy, checked
from oidc_lab.domain.session import SESSION_LIFETIME
from oidc_lab.simulation import summary, workers
from oidc_lab.simulation.chunk import Draws, Failure, Job, Part
from oidc_lab.simulation.given import check_generator, check_usage
from oidc_lab.simulation.steps import BLOCK, Steps
from oidc_lab.simulation.tally import Tally, whole_seconds

if TYPE_CHECKING:
    import pandas as pd
    from distributed import Client

# Drawing is cheap, so that a part draws again what other policies meet, too: it is soon done, and can be stopped.
_POLICIES = 10
_BLOCKS = 4
_A_YEAR = timedelta(days=365)


class SweepFailed(Exception):
    """Says under which policy and usage something went wrong; the cause is what."""


@dataclass(frozen=True)
class Sweep:
    """What became of the users, by policy and usage; `complete` is false where it was stopped before all were done."""

    tallies: Mapping[tuple[str, str], Tally]
    complete: bool

    @property
    def summary(self) -> "pd.DataFrame":
        """A row per policy and usage: how long, what ended it, at what price; see oidc_lab.summary."""
        return summary.summary(self.tallies)

    @property
    def survival(self) -> "pd.DataFrame":
        """A row per policy, usage and day: who was still signed in; see oidc_lab.simulation.summary."""
        return summary.survival(self.tallies)

    @property
    def endings(self) -> "pd.DataFrame":
        """A row per policy, usage, day and cause: what had ended the others; see oidc_lab.simulation.summary."""
        return summary.endings(self.tallies)


def sweep(
    policies: Mapping[str, RefreshPolicy],
    patterns: Mapping[str, Steps],
    users: int,
    *,
    rng: np.random.Generator,
    horizon: timedelta = _A_YEAR,
    offline: bool = True,
    session_lifetime: timedelta = SESSION_LIFETIME,
    exposure: bool = False,
    processes: int | None = 1,
    client: "Client | None" = None,
    chunk: int = _BLOCKS,
    progress: Callable[[int, int], object] | None = None,
) -> Sweep:
    """Simulate so many users of each usage pattern under each policy, until the horizon.

    `progress` is told how many users are done, and of how many, counted anew under each policy and pattern; where it
    answers False the sweep stops, and gives what is done so far. The other parameters are as for Sweeping.
    """
    under_way = Sweeping(
        policies, patterns, users, rng=rng, horizon=horizon, offline=offline, session_lifetime=session_lifetime,
        exposure=exposure, processes=processes, client=client, chunk=chunk,
    )  # fmt: skip
    with closing(under_way.steps()) as steps:
        for _ in steps:
            if progress is not None and progress(under_way.done, under_way.total) is False:
                break
    return under_way.sweep


class Sweeping:
    """A sweep under way, for a view that shows how far it is; `sweep` has what is done so far.

    The users are simulated `chunk` blocks of 1024 at a time, by so many `processes` (None: one per core), or by the
    workers of a Dask cluster, whose `client` is passed. `offline` and `session_lifetime` are as for Walk, `exposure` is
    whether a theft is simulated, too. Raises ValueError for what cannot be simulated.
    """

    def __init__(
        self,
        policies: Mapping[str, RefreshPolicy],
        patterns: Mapping[str, Steps],
        users: int,
        *,
        rng: np.random.Generator,
        horizon: timedelta = _A_YEAR,
        offline: bool = True,
        session_lifetime: timedelta = SESSION_LIFETIME,
        exposure: bool = False,
        processes: int | None = 1,
        client: "Client | None" = None,
        chunk: int = _BLOCKS,
    ) -> None:
        if not isinstance(policies, Mapping) or not isinstance(patterns, Mapping) or not policies or not patterns:
            raise ValueError("a sweep needs at least one policy and one usage pattern, each by its name")
        for policy in policies.values():
            checked(policy)
        if users < 1 or chunk < 1 or (processes is not None and processes < 1):
            raise ValueError(f"users, chunk and processes are 1 or more, not {users}, {chunk} and {processes}")
        if client is not None and processes != 1:
            raise ValueError("either processes of this machine do the work, or the workers of a client's cluster")
        self.done, self.total = 0, users * len(patterns) * len(policies)
        self._users, self._chunk, self._processes, self._client = users, chunk, processes, client
        self._tallies: dict[tuple[str, str], Tally] = {}
        self._order = [(policy, usage) for usage in patterns for policy in policies]
        options = {"offline": offline, "session_lifetime": session_lifetime, "exposure": exposure}
        # The children are made here, one per pattern, so that the generator goes on the same whoever does the work.
        self._jobs = {
            name: Job(
                policies=dict(policies),
                usage=check_usage(usage),
                draws=Draws.of(child),
                horizon=whole_seconds(horizon),
                options=options,
            )
            for (name, usage), child in zip(patterns.items(), check_generator(rng).spawn(len(patterns)), strict=True)
        }

    @property
    def sweep(self) -> Sweep:
        """What is done so far."""
        tallies = {pair: self._tallies[pair] for pair in self._order if pair in self._tallies}
        return Sweep(tallies, complete=self.done == self.total)

    def steps(self) -> Generator[float]:
        """Do the work, from its beginning, and give the share that is done after each part; closing this ends it."""
        self.done, self._tallies = 0, {}
        with closing(self._work()) as work:
            for part, found in work:
                if isinstance(found, Failure):
                    raise _failed(part, found) from found.error
                for policy, tally in found.items():
                    pair = policy, part.usage
                    self._tallies[pair] = self._tallies[pair] + tally if pair in self._tallies else tally
                self.done += part.users * len(part.policies)
                yield self.done / self.total

    def _work(self) -> "workers.Work":
        parts = self._parts()
        if self._client is not None:
            return workers.on_cluster(self._jobs, parts, self._client)
        processes = workers.cores() if self._processes is None else self._processes
        return workers.here(self._jobs, parts) if processes == 1 else workers.in_processes(self._jobs, parts, processes)

    def _parts(self) -> Iterator[Part]:
        """Some users of each pattern and policy, then some more: what is stopped early has something of all."""
        for first in range(0, -(-self._users // BLOCK), self._chunk):
            users = min(self._users - first * BLOCK, self._chunk * BLOCK)
            for usage, job in self._jobs.items():
                names = list(job.policies)
                for begin in range(0, len(names), _POLICIES):
                    some = names[begin : begin + _POLICIES]
                    yield Part(usage=usage, policies=some, first=first, users=users)


def _failed(part: Part, failure: Failure) -> SweepFailed:
    under = f" under policy {failure.policy!r}" if failure.policy else ""
    return SweepFailed(f"usage pattern {part.usage!r}{under}: {type(failure.error).__name__}: {failure.error}")

"""Part of a sweep: some blocks of users of one usage, under some policies, so that any process can do any part."""

import pickle
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.simulation.lifetimes import lived
from oidc_lab.simulation.steps import Steps
from oidc_lab.simulation.tally import Tally


@dataclass(frozen=True)
class Failure:
    """What went wrong, under which policy."""

    policy: str
    error: Exception


@dataclass(frozen=True, kw_only=True)
class Draws:
    """What block after block of users is drawn from, whoever draws it."""

    kind: type[np.random.BitGenerator]
    seeds: np.random.SeedSequence

    @classmethod
    def of(cls, rng: np.random.Generator) -> "Draws":
        """What this generator would spawn. Raises TypeError for one that has no seeds to spawn from."""
        seeds = rng.bit_generator.seed_seq
        if not isinstance(seeds, np.random.SeedSequence):
            raise TypeError("this generator has no seed sequence, so it can spawn no others: make it with a seed")
        return cls(kind=type(rng.bit_generator), seeds=seeds)

    def after(self, blocks: int) -> np.random.Generator:
        """A generator whose next child is that of the block after so many, with none of those before being made."""
        seeds, spawned = self.seeds, self.seeds.n_children_spawned + blocks
        begun = np.random.SeedSequence(
            seeds.entropy, spawn_key=seeds.spawn_key, pool_size=seeds.pool_size, n_children_spawned=spawned
        )
        return np.random.Generator(self.kind(begun))


@dataclass(frozen=True, kw_only=True)
class Part:
    """So many users of one usage, after so many blocks of others, under these policies."""

    usage: str
    policies: Sequence[str]
    first: int
    users: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """One usage under all policies; `options` are those of `lived`."""

    policies: Mapping[str, RefreshPolicy]
    usage: Steps
    draws: Draws
    horizon: int
    options: Mapping[str, Any]

    def do(self, part: Part) -> "dict[str, Tally] | Failure":
        """What becomes of these users under each of these policies."""
        try:
            return self._tallies(part, part.policies)
        except Exception as error:
            return Failure(self._culprit(part), error)

    def _tallies(self, part: Part, names: Sequence[str]) -> dict[str, Tally]:
        found = lived(
            {name: self.policies[name] for name in names}, self.usage, users=part.users,
            rng=self.draws.after(part.first), horizon=self.horizon, **self.options,
        )  # fmt: skip
        return {name: Tally.of(one, self.horizon) for name, one in found.items()}

    def _culprit(self, part: Part) -> str:
        """The first policy that fails alone, too."""
        for name in part.policies:
            try:
                self._tallies(part, [name])
            except Exception:
                return name
        return ", ".join(part.policies)


def elsewhere(pickled: bytes, part: Part) -> "dict[str, Tally] | Failure":
    """Do part of a pickled job, in a process of its own."""
    try:
        done = _unpickled(pickled).do(part)
    except Exception as error:
        done = Failure("", error)
    return Failure(done.policy, _portable(done.error)) if isinstance(done, Failure) else done


@lru_cache(maxsize=16)
def _unpickled(pickled: bytes) -> Job:
    job: Job = pickle.loads(pickled)  # noqa: S301  # from the process that began this one
    return job


def _portable(error: Exception) -> Exception:
    """The error with where it happened, as another process can have it."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        same: Exception = pickle.loads(pickle.dumps(error))  # noqa: S301  # pickled in the same line
        return same
    except Exception:
        return RuntimeError("".join(traceback.format_exception(error)))

"""Users, policies and patterns for tests of sweeps, in a module of their own: other processes find them by name."""

import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pytest

from oidc_lab import sweep
from oidc_lab.domain.refresh_parameters import OnReuse, RefreshPolicy, Rotate
from oidc_lab.simulation.steps import BLOCK, NEVER, Step
from oidc_lab.simulation.sweep import SweepFailed

DAY = 86400


@dataclass(frozen=True)
class Chance:
    """Visits after a time drawn anew each time, `days` on average."""

    days: float
    plain = True

    def steps(self, users, horizon, rng):
        """Draw them."""
        at = np.zeros(users, dtype=np.int64)
        while (at < horizon).any():
            at += rng.integers(1, int(2 * self.days * DAY), users)
            yield Step(at=np.where(at < horizon, at, NEVER).astype(np.int32))


@dataclass(frozen=True)
class Broken:
    """Cannot be drawn, from the second block on if so told."""

    plain = True

    def steps(self, users, horizon, rng):
        """Fail."""
        raise LookupError("no visits on file")
        yield


class Unsendable:
    """Has something that no other process can have."""

    plain = True

    def __init__(self):
        self.steps = lambda users, horizon, rng: iter(())


class Awkward(Broken):
    """Fails with an error that cannot be sent either."""

    def steps(self, users, horizon, rng):
        """Fail."""
        raise type("Local", (Exception,), {})("no visits on file")
        yield


class Alert(Broken):
    """Tells what Ctrl-C would do where it is drawn."""

    def steps(self, users, horizon, rng):
        """Fail."""
        raise LookupError(repr(signal.getsignal(signal.SIGINT)))
        yield


class Explosive(Chance):
    """Can be sent, but not received."""

    def __reduce__(self):
        return (_explode, ())


def _explode():
    raise LookupError("no such file here")


DAYS = timedelta(days=1)
POLICIES = {
    "fixed": RefreshPolicy(ttl=14 * DAYS),
    "idle": RefreshPolicy(idle=3 * DAYS, absolute=60 * DAYS),
    "rotating": RefreshPolicy(ttl=10 * DAYS, rotate=Rotate.ALWAYS, on_reuse=OnReuse.REVOKE_FAMILY),
}
PATTERNS = {"often": Chance(1.5), "seldom": Chance(6)}
USERS = 3 * BLOCK + 100


def rng():
    return np.random.default_rng(7)


def swept(users=USERS, policies=POLICIES, patterns=PATTERNS, **more):
    return sweep(policies, patterns, users, rng=more.pop("rng", None) or rng(), horizon=90 * DAYS, **more)


def frames(found):
    assert found.complete
    return [frame.to_csv() for frame in (found.summary, found.survival, found.endings)]


def failing(pattern, **more):
    """What is raised, one pattern being well."""
    with pytest.raises(SweepFailed) as caught:
        swept(patterns={"often": Chance(2), "file": pattern}, chunk=1, **more)
    return caught.value


def said_by(program):
    """What a Python program prints."""
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout

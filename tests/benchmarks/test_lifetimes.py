"""How many users a second live through a year of daily visits under the 70 % rule, against SimPy and numba.

All decide the same and are held to each other on the same visits first. Times are of UNIT users, drawing included
where it is not said otherwise; only ratios mean anything on another machine.
"""

import os
import tracemalloc
from dataclasses import astuple, replace
from datetime import timedelta
from itertools import product
from random import Random
from time import process_time
from typing import Any

import numpy as np
import pytest
from numpy.random import SFC64, Generator

import oidc_lab
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_settings import policy_of
from oidc_lab.simulation.lifetimes import lived
from oidc_lab.simulation.steps import BLOCK
from oidc_lab.simulation.sweep import sweep
from tests.benchmarks.rivals import (
    GRANT,
    TTL,
    WHAT,
    Rule,
    drawn_in_python,
    one_pass,
    one_pass_drawing,
    with_simpy,
)

YEAR = 365 * 86400
# One thread each, so its time on the processor is what counts, whatever else the machine does.
YEARS = pytest.mark.benchmark(group="a year of daily visits", timer=process_time)
UNIT = 10_000
OURS, DRAWING, SIMPY = "oidc-lab", "oidc-lab's drawing alone", "SimPy"
NUMBA, NUMBA_BEFORE = "numba", "numba, drawn before"

SHOP = Application(
    client_id="shop", type=ApplicationType.TRADITIONAL, name="Shop", redirect_uris=("https://shop.example/callback",),
    client_secret="secret", refresh_token_ttl_in_days=14, rotate_refresh_token=True,
)  # fmt: skip
POLICY = policy_of(SHOP, Profile.LOGTO)
RULE = Rule.of(POLICY, YEAR)

DAILY = oidc_lab.usages()["daily"]
SLOTS = DAILY.pattern.slots(YEAR)

SIX = ("hourly", "office", "daily", "weekly", "heavy-tail", "mobile")

Ratios = list[tuple[str, str, str]]


class Drawn:
    """A usage whose visits were drawn before."""

    plain = True

    def __init__(self, steps: list[Any]) -> None:
        self._steps = steps

    def steps(self, users: int, horizon: int, rng: Generator) -> Any:
        return iter(self._steps)


def drawn(users: int) -> list[Any]:
    """The daily visits of some users, as steps."""
    return list(DAILY.steps(users, YEAR, Generator(SFC64(7))))


def note(benchmark: Any, medians: dict[str, float], figures: list[str], name: str, users: int) -> None:
    """Keep the median for the ratios, and print users a second."""
    took = benchmark.stats["median"] / users
    medians[name] = took * UNIT
    benchmark.extra_info["users_per_second"] = round(1 / took)
    figures.append(f"{name}: {1 / took:,.0f} users a second")


@pytest.fixture(scope="module", autouse=True)
def same_outcomes() -> None:
    """All find the same of each user on the same visits, also where many sign-ins end, of each of the two causes."""
    steps = drawn(BLOCK)
    visits = np.array([step.at for step in steps]).T
    ended = set()
    for ttl, grant in product((1, 14), (20, 180)):
        policy = replace(POLICY, ttl=timedelta(days=ttl), absolute=timedelta(days=grant))
        rule = Rule.of(policy, YEAR)
        ours = lived({"": policy}, Drawn(steps), users=BLOCK, rng=Generator(SFC64(7)), horizon=YEAR)[""]
        processes = with_simpy(rule, [iter(each) for each in visits.tolist()], YEAR)
        compiled = dict(zip(WHAT, one_pass(np.ascontiguousarray(visits), *astuple(rule), YEAR), strict=True))
        for name in WHAT:
            assert getattr(ours, name).tolist() == processes[name] == compiled[name].tolist(), (ttl, grant, name)
        ended |= set(ours.ended_by.tolist())
    assert ended == {TTL, GRANT}


@YEARS
def test_users_in_arrays(benchmark: Any, medians: dict[str, float], ratio: Ratios, figures: list[str]) -> None:
    """The lab's own, on one core, in blocks as always."""
    benchmark.pedantic(
        lambda: lived({"": POLICY}, DAILY, users=4 * UNIT, rng=Generator(SFC64(7)), horizon=YEAR), rounds=7,
        warmup_rounds=1,
    )  # fmt: skip
    note(benchmark, medians, figures, OURS, 4 * UNIT)
    ratio += [(SIMPY, OURS, "(aim: 100)"), (NUMBA_BEFORE, OURS, "(aim: 0.5)"), (NUMBA, OURS, "(both draw)")]


@YEARS
def test_drawing_users(benchmark: Any, medians: dict[str, float], ratio: Ratios, figures: list[str]) -> None:
    """What of it is the drawing of visits."""

    def draw() -> None:
        for child in Generator(SFC64(7)).spawn(4 * UNIT // BLOCK):
            for _ in DAILY.steps(BLOCK, YEAR, child):
                pass

    benchmark.pedantic(draw, rounds=7, warmup_rounds=1)
    note(benchmark, medians, figures, DRAWING, 4 * UNIT // BLOCK * BLOCK)
    ratio.append((DRAWING, OURS, "(its share)"))


@YEARS
def test_users_as_processes(benchmark: Any, medians: dict[str, float], figures: list[str]) -> None:
    """SimPy, with a process for each user; a thousand of them, as its time grows with their number alone."""
    slots, random = SLOTS.tolist(), Random(7)
    benchmark.pedantic(
        lambda: with_simpy(RULE, [drawn_in_python(DAILY.pattern, slots, random) for _ in range(1000)], YEAR), rounds=3
    )
    note(benchmark, medians, figures, SIMPY, 1000)


@YEARS
def test_users_one_after_the_other_compiled(benchmark: Any, medians: dict[str, float], figures: list[str]) -> None:
    """Numba, compiled before, with the visits of each user drawn before."""
    visits = np.ascontiguousarray(np.array([step.at for step in drawn(UNIT)]).T)
    one_pass(visits[:1], *astuple(RULE), YEAR)
    benchmark.pedantic(lambda: one_pass(visits, *astuple(RULE), YEAR), rounds=20, warmup_rounds=1)
    note(benchmark, medians, figures, NUMBA_BEFORE, UNIT)


@YEARS
def test_users_one_after_the_other_compiled_and_drawn(
    benchmark: Any, medians: dict[str, float], figures: list[str]
) -> None:
    """Numba, compiled before, drawing the visits of a user at a time."""
    rng, spread = Generator(SFC64(7)), DAILY.pattern.spread
    one_pass_drawing(SLOTS, spread, 1, rng, *astuple(RULE), YEAR)
    benchmark.pedantic(
        lambda: one_pass_drawing(SLOTS, spread, UNIT, rng, *astuple(RULE), YEAR), rounds=20, warmup_rounds=1
    )
    note(benchmark, medians, figures, NUMBA, UNIT)


@pytest.mark.benchmark(group="a million users, memory traced")
@pytest.mark.parametrize("how", ["lived", "sweep"])
def test_memory_of_a_million_users(benchmark: Any, figures: list[str], how: str) -> None:
    """The peak of what is allocated, as numpy tells tracemalloc; a sweep keeps counts, and nothing of each user."""
    live = {
        "lived": lambda rng: lived({"": POLICY}, DAILY, users=1_000_000, rng=rng, horizon=YEAR),
        "sweep": lambda rng: sweep({"": POLICY}, {"daily": DAILY}, 1_000_000, rng=rng),
    }[how]
    tracemalloc.start()
    try:
        kept = benchmark.pedantic(lambda: live(Generator(SFC64(7))), rounds=1)
        left, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept
    benchmark.extra_info["peak_bytes"] = peak
    figures.append(f"{how}, a million users: {peak / 1e6:.1f} MB at the peak, of which {left / 1e6:.1f} MB are kept")


@pytest.mark.benchmark(group="a sweep")
@pytest.mark.parametrize("processes", [1, None], ids=["one core", "all cores"])
def test_every_policy_and_pattern(benchmark: Any, figures: list[str], processes: int | None) -> None:
    """All policies of the data, six usage patterns, ten thousand users of each."""
    policies, patterns = oidc_lab.provider_policies().rules, {name: oidc_lab.usages()[name] for name in SIX}
    found = benchmark.pedantic(
        lambda: sweep(policies, patterns, UNIT, rng=Generator(SFC64(7)), processes=processes), rounds=1
    )
    assert found.complete
    assert len(found.tallies) == len(policies) * len(SIX)
    where = "one core" if processes else f"all cores ({os.cpu_count()})"
    took, what = benchmark.stats["median"], f"{len(policies)} policies, {len(SIX)} patterns, {UNIT:,} users"
    figures.append(f"{what}, on {where}: {took:.0f} s")

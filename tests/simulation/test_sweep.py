"""Many users under many policies, part by part: who does which part, and how large it is, changes nothing."""

import os
import re
import signal
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest

from oidc_lab import lifetimes, provider_policies, summary, sweep
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.simulation import workers
from oidc_lab.simulation.chunk import Draws, Part
from oidc_lab.simulation.steps import BLOCK
from oidc_lab.simulation.sweep import SweepFailed, Sweeping
from oidc_lab.simulation.tally import Tally
from tests.simulation.sweeps import (
    DAYS,
    PATTERNS,
    POLICIES,
    USERS,
    Alert,
    Awkward,
    Broken,
    Chance,
    Explosive,
    Unsendable,
    failing,
    frames,
    rng,
    said_by,
    swept,
)


@pytest.fixture(scope="module")
def at_once():
    """The frames of a sweep that was done in one part per pattern."""
    return frames(swept(chunk=1000))


@pytest.mark.parametrize("options", [{"chunk": 1}, {"chunk": 3}, {"processes": 2, "chunk": 1}, {"processes": None}])
def test_neither_the_size_of_the_parts_nor_who_does_them_changes_a_frame(at_once, options):
    assert frames(swept(**options)) == at_once
    assert not active_children()


def test_a_sweep_says_what_lifetimes_say_of_all_users_in_one_go():
    found, children = swept(chunk=1, exposure=True), rng().spawn(2)
    for child, (usage, pattern) in zip(children, PATTERNS.items(), strict=True):
        for policy, rules in POLICIES.items():
            # The children of one generator are spent with each use: each policy meets the same users.
            again = np.random.Generator(type(child.bit_generator)(Draws.of(child).after(0).bit_generator.seed_seq))
            frame = lifetimes(rules, pattern, users=USERS, rng=again, horizon=90 * DAYS, exposure=True)
            assert found.tallies[policy, usage] == Tally.of_lifetimes(frame)
            row = found.summary.set_index(["policy", "usage"]).loc[policy, usage]
            assert row.to_dict() == summary(frame).iloc[0].drop(["policy", "usage"]).to_dict()


def test_all_policies_meet_the_same_users_and_a_new_one_changes_nothing_for_the_others():
    alone = swept(policies={"idle": POLICIES["idle"]})
    many = swept(policies={f"policy {number}": POLICIES["idle"] for number in range(23)})
    together = swept()
    for usage in PATTERNS:
        assert alone.tallies["idle", usage] == together.tallies["idle", usage]
        assert [tally for (_, of), tally in many.tallies.items() if of == usage] == [alone.tallies["idle", usage]] * 23


def test_a_new_pattern_at_the_end_changes_nothing_for_those_before_it():
    more = swept(patterns=PATTERNS | {"rarely": Chance(30)})
    less = swept()
    assert {pair: more.tallies[pair] for pair in less.tallies} == dict(less.tallies)


def test_two_patterns_alike_are_drawn_each_by_itself_and_the_next_sweep_is_another_one():
    twins = swept(patterns={"one": Chance(2), "other": Chance(2)})
    assert twins.tallies["idle", "one"] != twins.tallies["idle", "other"]
    same = rng()
    assert frames(swept(rng=same)) != frames(swept(rng=same))


@pytest.mark.parametrize("kind", [np.random.PCG64, np.random.SFC64, np.random.Philox])
def test_a_generator_begun_late_spawns_what_the_generator_itself_would(kind):
    original = np.random.Generator(kind(np.random.SeedSequence(7, spawn_key=(3,), pool_size=8)))
    original.spawn(2)
    late = Draws.of(original).after(4)
    expected = original.spawn(6)[4:]
    for mine, theirs in zip(late.spawn(2), expected, strict=True):
        assert mine.integers(2**60, size=5).tolist() == theirs.integers(2**60, size=5).tolist()


def test_a_generator_without_seeds_is_refused():
    seedless = np.random.Generator(np.random.PCG64(_Seeds()))
    with pytest.raises(TypeError, match="no seed sequence"):
        swept(rng=seedless)


class _Seeds(np.random.bit_generator.ISpawnableSeedSequence):
    def generate_state(self, n_words, dtype=np.uint32):
        return np.arange(n_words, dtype=dtype)

    def spawn(self, n_children):
        return [_Seeds() for _ in range(n_children)]


def test_the_rows_are_in_the_order_in_which_policies_and_patterns_were_given():
    """Not in that in which they were done: the second pattern is done long before the first."""
    patterns = {"busy": Chance(0.01), "rare": Chance(20)}
    rows = swept(users=BLOCK, patterns=patterns, processes=2).summary
    assert list(zip(rows.usage, rows.policy, strict=True)) == [(u, p) for u in patterns for p in POLICIES]
    assert set(rows.users) == {BLOCK}


def test_none_is_a_process_for_each_core():
    seen = []
    swept(chunk=1, processes=None, progress=lambda *_: seen.append(len(active_children())))
    assert max(seen) == (0 if workers.cores() == 1 else min(workers.cores(), len(seen)))


def test_progress_counts_the_users_of_all_patterns_and_policies_up_to_all():
    told = []
    swept(users=BLOCK + 1, chunk=1, progress=lambda *counted: told.append(counted))
    done = [BLOCK, 2 * BLOCK, 2 * BLOCK + 1, 2 * BLOCK + 2]
    assert told == [(each * len(POLICIES), (2 * BLOCK + 2) * len(POLICIES)) for each in done]


@pytest.mark.parametrize("processes", [1, 2])
def test_progress_that_answers_false_ends_the_sweep_with_what_is_done(processes):
    found = swept(chunk=1, processes=processes, progress=lambda done, total: done < 6 * BLOCK)
    assert not found.complete
    assert found.summary.users.sum() == 2 * BLOCK * len(POLICIES)
    assert not active_children()


@pytest.mark.parametrize("processes", [1, 2])
def test_progress_that_raises_ends_the_sweep_and_its_processes(processes):
    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        swept(chunk=1, processes=processes, progress=stop)
    assert not active_children()


@pytest.mark.parametrize("options", [{}, {"processes": 2}])
def test_a_sweep_under_way_can_be_shown_left_and_begun_again(options, at_once):
    """As views/widgets/work does: it takes some steps, looks at what was pressed, and closes them."""
    under_way = Sweeping(POLICIES, PATTERNS, USERS, rng=rng(), horizon=90 * DAYS, chunk=1, **options)
    assert under_way.sweep.summary.empty
    with closing(under_way.steps()) as steps:
        shares = [next(steps), next(steps), next(steps)]
    assert shares == sorted(shares)
    assert shares[-1] == under_way.done / under_way.total < 1
    assert set(under_way.sweep.summary.users) <= {BLOCK, 2 * BLOCK, BLOCK + 100}
    assert not under_way.sweep.complete
    assert not active_children()
    assert [share for share in under_way.steps() if share == 1] == [1]
    assert frames(under_way.sweep) == at_once


@pytest.mark.parametrize("options", [{}, {"processes": 2}])
def test_what_goes_wrong_is_told_with_its_pattern_and_policy_and_keeps_its_cause(options):
    error = failing(Broken(), **options)
    assert not active_children()
    assert str(error) == "usage pattern 'file' under policy 'fixed': LookupError: no visits on file"
    assert isinstance(error.__cause__, LookupError)


def test_the_policy_that_cannot_be_simulated_is_named_not_the_first():
    half = {"fixed": POLICIES["fixed"], "half": RefreshPolicy(ttl=timedelta(seconds=1.5))}
    with pytest.raises(SweepFailed, match="policy 'half'"):
        swept(policies=half)


def test_an_error_of_another_process_tells_where_it_happened():
    notes = failing(Broken(), processes=2).__cause__.__notes__
    assert any("sweeps.py" in note and "in steps" in note for note in notes)


def test_an_error_that_cannot_be_sent_is_told_in_words():
    error = failing(Awkward(), processes=2)
    assert isinstance(error.__cause__, RuntimeError)
    assert "no visits on file" in str(error)


def test_a_pattern_that_cannot_be_sent_is_named_before_any_process_begins():
    with pytest.raises(TypeError, match=r"usage pattern 'mine' cannot be sent to another process.*=1") as caught:
        swept(patterns={"often": Chance(2), "mine": Unsendable()}, processes=2)
    assert caught.value.__cause__ is not None


def test_a_pattern_that_cannot_be_received_is_named():
    error = failing(Explosive(2), processes=2)
    assert str(error) == "usage pattern 'file': LookupError: no such file here"


def test_tokens_bound_to_a_session_end_with_it():
    """OIDCC-11"""
    alone = {"policies": {"fixed": POLICIES["fixed"]}, "patterns": {"often": Chance(0.01)}, "users": 1}
    bound = swept(**alone, offline=False, session_lifetime=5 * DAYS).summary.iloc[0]
    assert (bound.ended_by, int(bound.median_days)) == ("session_over", 5)
    assert swept(**alone).summary.iloc[0].ended_by == "refresh_token_expired"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"users": 0}, "1 or more, not 0"),
        ({"chunk": 0}, "1 or more"),
        ({"processes": 0}, "1 or more"),
        ({"policies": {}}, "at least one policy"),
        ({"patterns": {}}, "at least one policy and one usage pattern"),
        ({"policies": list(POLICIES.values())}, "each by its name"),
        ({"processes": 2, "client": object()}, "either processes"),
    ],
)
def test_a_sweep_of_nothing_or_by_nobody_is_refused(changes, why):
    with pytest.raises(ValueError, match=why):
        swept(**changes)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"policies": {"a": "auth0-spa"}}, r"'auth0-spa' is no RefreshPolicy: provider_policies\(\)\['auth0-spa'\]"),
        ({"policies": provider_policies()}, r"<logto-spa: .*> is no RefreshPolicy: .* all are in its \.rules"),
        ({"patterns": {"a": "daily"}}, r"'daily' is no usage pattern: usages\(\)\['daily'\] is one"),
        ({"rng": 7}, r"7 is no generator: rng=numpy\.random\.default_rng\(7\) is one"),
    ],
)
def test_what_is_of_another_kind_is_refused_with_an_example_of_the_right_one(changes, why):
    with pytest.raises(TypeError, match=why):
        swept(**changes)


def test_nothing_of_dask_or_pandas_is_imported_before_it_is_needed():
    program = "import sys, oidc_lab.simulation.sweep; print({'dask', 'distributed', 'pandas'} & set(sys.modules))"
    assert said_by(program) == "set()\n"


@pytest.mark.parametrize("users", [1, BLOCK - 1, BLOCK, BLOCK + 1])
def test_as_many_users_are_simulated_as_were_asked_for(users):
    found = swept(users=users, chunk=1)
    assert {tally.users for tally in found.tallies.values()} == {users}


def test_only_so_many_parts_are_begun_at_a_time():
    asked = []
    parts = (asked.append(n) or Part(usage="often", policies=[], first=n, users=1) for n in range(50))
    jobs = {"often": b"not a job"}
    with ThreadPoolExecutor(1) as executor, closing(workers._ahead(executor, jobs, parts, 4)) as work:
        for done, _ in enumerate(work, start=1):
            assert len(asked) - done < 4
    assert asked == list(range(50))


def test_memory_does_not_grow_with_the_users():
    def peak(blocks):
        tracemalloc.start()
        try:
            sweep({"fixed": POLICIES["fixed"]}, {"a": Chance(6)}, blocks * BLOCK, rng=rng(), horizon=30 * DAYS, chunk=2)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)
    assert peak(64) < 1.2 * peak(8)


def test_ctrl_c_is_not_for_the_processes_that_do_the_work():
    """The one that began the sweep stops them; else each would tell of it."""
    assert "SIG_IGN" in str(failing(Alert(), processes=2))


PROGRAM = """
import numpy as np
from datetime import timedelta
from oidc_lab import sweep
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from tests.simulation.sweeps import Chance

if __name__ == "__main__":
    sweep(
        {"fixed": RefreshPolicy(ttl=timedelta(days=14))}, {"often": Chance(1)}, 10**8, chunk=1,
        rng=np.random.default_rng(7), horizon=timedelta(days=30), processes=2,
        progress=lambda *counted: print("under way", flush=True),
    )
"""


def test_ctrl_c_ends_the_sweep_and_all_its_processes(tmp_path):
    """A terminal sends it to each process of the program; only one of them says so."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    root = Path(__file__).parents[2]
    began = subprocess.Popen(
        [sys.executable, str(program)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, env=os.environ | {"PYTHONPATH": str(root)},
    )  # fmt: skip
    try:
        for _ in range(100):  # both are at work by then
            assert began.stdout.readline() == "under way\n"
        os.killpg(began.pid, signal.SIGINT)
        # It comes back when the last process that could say something is gone.
        _, said = began.communicate(timeout=60)
        assert re.findall("^KeyboardInterrupt", said, re.MULTILINE) == ["KeyboardInterrupt"]
        assert "Process " not in said
    finally:
        if began.poll() is None:
            os.killpg(began.pid, signal.SIGKILL)
            began.communicate()

"""The same sweep on a real Dask cluster of two workers."""

import sys
import time
from dataclasses import dataclass

import pytest
from distributed import Client, LocalCluster

from tests.simulation.sweeps import Broken, Chance, failing, frames, said_by, swept


@pytest.fixture(scope="module")
def cluster():
    """Two workers, each a process, reached on this machine alone."""
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with LocalCluster(host="127.0.0.1", **options) as cluster, Client(cluster) as client:
        yield client


def test_a_dask_cluster_gives_the_same_frames(cluster):
    assert frames(swept(client=cluster, chunk=1)) == frames(swept(chunk=1000))
    assert cluster.status == "running"


def test_a_cluster_tells_what_went_wrong_too_and_works_on(cluster):
    error = failing(Broken(), client=cluster)
    assert "usage pattern 'file' under policy 'fixed'" in str(error)
    assert isinstance(error.__cause__, LookupError)
    assert frames(swept(client=cluster)) == frames(swept(chunk=1000))


def test_a_cluster_forgets_what_was_stopped(cluster):
    found = swept(client=cluster, chunk=1, progress=lambda done, total: False)
    assert not found.complete
    deadline = time.monotonic() + 10
    while cluster.futures and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not cluster.futures


def test_a_cluster_takes_a_pattern_that_was_defined_in_a_notebook(cluster):
    """Its class is in __main__, which other processes have another one of."""
    main = sys.modules["__main__"]

    @dataclass(frozen=True)
    class Mine(Chance):
        pass

    Mine.__module__, Mine.__qualname__ = "__main__", "Mine"
    main.Mine = Mine
    try:
        there = swept(patterns={"mine": Mine(2)}, client=cluster)
        assert frames(there) == frames(swept(patterns={"mine": Mine(2)}))
    finally:
        del main.Mine


def test_what_is_no_dask_client_is_refused():
    with pytest.raises(TypeError, match=r"a dask\.distributed Client"):
        swept(client=object())


def test_a_cluster_without_dask_says_what_to_install():
    program = (
        "import sys; sys.modules['distributed'] = None\n"
        "from oidc_lab.simulation.workers import on_cluster\n"
        "try: next(on_cluster({}, iter(()), object()))\n"
        "except ImportError as error: print(error)"
    )
    assert "pip install 'oidc-lab[cluster]'" in said_by(program)

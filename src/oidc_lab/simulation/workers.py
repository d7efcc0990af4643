"""Who does the parts of a sweep: this process, others on this machine, or a Dask cluster."""

import os
import pickle
import signal
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, TypeAlias

from oidc_lab.simulation.chunk import Failure, Job, Part, elsewhere
from oidc_lab.simulation.tally import Tally

Done: TypeAlias = "dict[str, Tally] | Failure"
Work: TypeAlias = Generator[tuple[Part, Done]]


def here(jobs: dict[str, Job], parts: Iterator[Part]) -> Work:
    """Do the parts one after the other, in this process."""
    for part in parts:
        yield part, jobs[part.usage].do(part)


def in_processes(jobs: dict[str, Job], parts: Iterator[Part], processes: int) -> Work:
    """Do the parts in so many processes; the first to be done comes first. None is left once this is closed.

    Raises TypeError for a usage that cannot be sent to another process.
    """
    pickled = {name: _pickled(name, job, pickle.dumps) for name, job in jobs.items()}
    # Forking a process that has threads, as a notebook's has, may leave the child locked.
    executor = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_let_the_first_one_decide)
    try:
        yield from _ahead(executor, pickled, parts, 2 * processes)
    except BrokenProcessPool as broken:
        raise RuntimeError(
            "a process of the sweep ended by itself: too little memory, or, in a program, a sweep that is begun outside"
            " of: if __name__ == '__main__'"
        ) from broken
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def on_cluster(jobs: dict[str, Job], parts: Iterator[Part], client: Any) -> Work:
    """Do the parts on the workers of a Dask client, which stays open. Raises ImportError without Dask."""
    dumps = _as_dask_does(client)
    sent = {name: client.scatter(_pickled(name, job, dumps), hash=False) for name, job in jobs.items()}
    executor = client.get_executor(pure=False)
    try:
        yield from _ahead(executor, sent, parts, 2 * sum(client.nthreads().values()))
    finally:
        executor.shutdown(wait=False)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _ahead(executor: Executor, jobs: dict[str, Any], parts: Iterator[Part], most: int) -> Work:
    """Keep at most so many parts begun: of a million, only these are in memory."""
    begun: dict[Future[Done], Part] = {}
    for part in parts:
        begun[executor.submit(elsewhere, jobs[part.usage], part)] = part
        if len(begun) >= most:
            yield from _finished(begun)
    while begun:
        yield from _finished(begun)


def _finished(begun: dict[Future[Done], Part]) -> Work:
    for future in wait(begun, return_when=FIRST_COMPLETED).done:
        yield begun.pop(future), future.result()


def _as_dask_does(client: object) -> Callable[[Any], bytes]:
    """Pickle as Dask does, which can also send a class that was defined in a notebook."""
    try:
        from distributed import Client
        from distributed.protocol.pickle import dumps
    except ImportError as missing:
        raise ImportError("a cluster needs Dask; install it with: pip install 'oidc-lab[cluster]'") from missing
    if not isinstance(client, Client):
        raise TypeError(f"client is a dask.distributed Client, not {client!r}")
    pickled: Callable[[Any], bytes] = dumps
    return pickled


def _pickled(name: str, job: Job, dumps: Callable[[Any], bytes]) -> bytes:
    try:
        return dumps(job)
    except Exception as error:
        raise TypeError(
            f"usage pattern {name!r} cannot be sent to another process: define it in a module, or say processes=1"
        ) from error


def _let_the_first_one_decide() -> None:
    """Ctrl-C reaches all processes of a terminal: the one that began the sweep acts on it, and ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

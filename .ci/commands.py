"""What can be asked of the bootstrap: one function a task, and the checks that make test runs."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from environment import HERE, LOCKS, ROOT, WINDOWS, CannotStart, Environment, environ, say

Command = list[str | Path]

# One lock for Python 3.11.0 and newer on every system, naming neither an index nor a place on disk.
COMPILE = [
    *("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-annotate", "--no-header", "--no-emit-package", "rfc3987-syntax", "--no-emit-package", "lark"),
]
CACHES = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis", ".benchmarks")


def run(arguments: Sequence[str]) -> int:
    """Runs the task that the arguments name, and answers with the exit status."""
    asked, extra = reader().parse_known_args(arguments)
    if extra[:1] == ["--"]:
        extra = extra[1:]
    if extra and asked.task not in (test, bench, lock):
        print(f"The arguments {' '.join(extra)} are not understood: see --help", file=sys.stderr)
        return 2
    environment = Environment(Path(os.environ.get("VENV") or ROOT / ".venv").absolute())
    try:
        status: int = asked.task(environment, asked, extra)
    except CannotStart as sentence:
        print(sentence, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def reader() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Installs OIDC Lab and runs one task.")
    tasks = parser.add_subparsers(required=True, metavar="TASK")
    for task in (lab, test, notebooks, bench, lock, setup, clean):
        one = tasks.add_parser(task.__name__, help=task.__doc__, description=task.__doc__)
        one.set_defaults(task=task)
        if task is lab:
            one.add_argument("--port", type=int, default=8888, help="where JupyterLab listens (8888)")
            one.add_argument("--no-browser", action="store_true", help="do not open a browser")
    return parser


def lab(environment: Environment, asked: argparse.Namespace, _: list[str]) -> int:
    """opens the lessons in JupyterLab"""
    environment.ensure("lab")
    command: Command = [environment.python, "-m", "oidc_lab", "lessons", "--port", str(asked.port)]
    return become([*command, "--no-browser"] if asked.no_browser else command)


def test(environment: Environment, _: argparse.Namespace, extra: list[str]) -> int:
    """runs every check; what follows -- goes to pytest"""
    environment.ensure("test")
    failed = [name for name, command in checks(environment, extra) if not passes(name, command)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def notebooks(environment: Environment, _: argparse.Namespace, __: list[str]) -> int:
    """runs every lesson and writes it in its stored form"""
    environment.ensure("test")
    return call([environment.python, "-m", "tests.lessons.build"])


def bench(environment: Environment, _: argparse.Namespace, extra: list[str]) -> int:
    """measures how fast things are"""
    environment.ensure("bench")
    # overriding addopts brings back pytest-benchmark and its folder
    options = ["-o", "addopts=--import-mode=importlib", "-p", "no:nbval", "-p", "no:randomly"]
    return call([environment.python, "-m", "pytest", *options, "tests/benchmarks", *extra])


def lock(environment: Environment, _: argparse.Namespace, extra: list[str]) -> int:
    """writes the locks from pyproject.toml, keeping pinned versions unless --upgrade is added"""
    environment.ensure("lab")
    compile_: Command = [environment.program("uv"), *COMPILE, *extra]
    project: Command = [*compile_, "pyproject.toml", "--extra", "lab"]
    runtime = [*project, "--group", "build", "-o", LOCKS["lab"]]
    everything: Command = [*project, "--extra", "cluster"]
    tests = [*everything, "--group", "test", "-c", LOCKS["lab"], "-o", LOCKS["test"]]
    benches = [*everything, "--group", "bench", "-c", LOCKS["test"], "-o", LOCKS["bench"]]
    uv = [*compile_, HERE / "uv.in", "-o", HERE / "uv.txt"]
    return call(runtime) or call(tests) or call(benches) or call(uv)


def setup(environment: Environment, _: argparse.Namespace, __: list[str]) -> int:
    """installs what lab needs, and starts nothing"""
    environment.ensure("lab")
    return 0


def clean(environment: Environment, _: argparse.Namespace, __: list[str]) -> int:
    """removes the environment and the caches, and leaves my-lessons alone"""
    environment.remove()
    for cache in CACHES:
        shutil.rmtree(ROOT / cache, ignore_errors=True)
    return 0


def checks(environment: Environment, extra: list[str]) -> list[tuple[str, Command]]:
    """Every check by name, the quickest first; pytest's closing lines come last."""
    python = environment.python
    each: list[tuple[str, Command]] = [
        ("ruff format", [environment.program("ruff"), "format", "--check", "."]),
        ("ruff check", [environment.program("ruff"), "check", "."]),
        ("lint-imports", [environment.program("lint-imports")]),
        ("mypy", [python, "-m", "mypy"]),
        ("pytest", [python, "-m", "pytest", *extra]),
    ]
    lessons = shuffled(sorted((ROOT / "notebooks").glob("*.ipynb")))
    if lessons:
        # The cells of a lesson keep their order, the lessons do not: none may need another.
        options = ["-p", "nbval", "-p", "no:randomly", "--nbval"]
        each.append(("the lessons", [python, "-m", "pytest", *options, *lessons]))
    return each


def shuffled(lessons: list[Path]) -> list[Path]:
    if not lessons:
        return []
    seed = os.environ.get("LESSON_SEED") or str(random.randrange(10_000))
    say(f"the lessons run in the order of LESSON_SEED={seed}")
    return random.Random(seed).sample(lessons, len(lessons))


def passes(name: str, command: Command) -> bool:
    say(f"== {name}")
    return call(command) == 0


def call(command: Sequence[str | Path]) -> int:
    # no input, so that nothing waits for an answer that nobody in CI could give
    return subprocess.call(command, cwd=ROOT, env=environ(), stdin=subprocess.DEVNULL)


def become(command: Command) -> int:
    """Runs a command in place of this one, so that stopping this process stops JupyterLab."""
    os.chdir(ROOT)
    if not WINDOWS:  # which cannot replace a process
        os.execve(command[0], [str(part) for part in command], environ())
    return subprocess.call(command, env=environ())

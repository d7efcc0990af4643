"""Makes the virtual environment from a hashed lock, and knows when there is nothing to do."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WINDOWS = os.name == "nt"

# Each holds everything the one before it holds, in the same versions: what was tested in can be learnt in.
LOCKS = {"lab": HERE / "lock.txt", "test": HERE / "lock-test.txt", "bench": HERE / "lock-bench.txt"}
# --no-deps, because the lock leaves out a package that is asked for and never used (rfc3987-syntax, which
# costs every process that reads a notebook a second).
PINNED = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]

NO_NETWORK = re.compile(
    "connection|name resolution|getaddrinfo|unreachable|timed out|timeout|max retries|proxy|certificate|"
    "no matching distribution",
    re.IGNORECASE,
)


class CannotStart(Exception):
    """What keeps the lab from starting, in one plain sentence."""


class Environment:
    """The virtual environment in one folder, and what a stamp in it says was installed."""

    def __init__(self, folder: Path, root: Path = ROOT) -> None:
        self.folder = folder
        self.root = root
        self.programs = folder / ("Scripts" if WINDOWS else "bin")
        self.stamp = folder / "installed.json"
        self.log = folder / "install.log"

    @property
    def python(self) -> Path:
        return self.program("python")

    def program(self, name: str) -> Path:
        return self.programs / (f"{name}.exe" if WINDOWS else name)

    def ensure(self, purpose: str) -> None:
        """Installs what the purpose needs, unless the stamp says that it is there."""
        if self.has(purpose):
            return
        if not self.has("lab"):
            self.create()
        self.install(purpose)
        purposes = list(LOCKS)[: list(LOCKS).index(purpose) + 1]
        self.stamp.write_text(json.dumps({each: self.wanted(each) for each in purposes}), encoding="utf-8")

    def has(self, purpose: str) -> bool:
        if not self.python.exists():
            return False
        try:
            stamped = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return bool(stamped.get(purpose) == self.wanted(purpose))

    def wanted(self, purpose: str) -> str:
        """A hash of all that decides what is installed, and of the folder: a moved environment is broken."""
        project = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        parts = [
            LOCKS[purpose].read_text(encoding="utf-8"),
            json.dumps([project["project"], project["build-system"], project["tool"]["hatch"]]),
            f"{sys.version_info[:2]} {sys.platform}",
            f"{self.root} {self.folder}",
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def create(self) -> None:
        check_venv_module()
        say(f"Making {self.folder.name} with Python {sys.version.split()[0]} (once, about half a minute) ...")
        # The interpreter below a virtual environment: --clear would remove the one that runs this.
        python = getattr(sys, "_base_executable", None) or sys.executable
        command = [python, "-m", "venv", "--clear", self.folder]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode:
            why = (made.stderr or made.stdout).strip().splitlines()[-1:]
            raise CannotStart(f"The environment {self.folder} could not be made: {' '.join(why)}")

    def install(self, purpose: str) -> None:
        self.log.write_text("", encoding="utf-8")
        with_uv = self.get_uv() and self.install_with("uv", purpose)
        if not with_uv and not self.install_with("pip", purpose):
            raise CannotStart(self.why_not())

    def get_uv(self) -> bool:
        """Installs uv, which installs the rest in a third of pip's time; without a network, stops here."""
        if self.program("uv").exists():
            return True
        if self.attempt([*self.pip(), *PINNED, "-r", HERE / "uv.txt"]):
            return True
        if NO_NETWORK.search(self.log.read_text(encoding="utf-8")):
            raise CannotStart(self.why_not())
        return False

    def install_with(self, tool: str, purpose: str) -> bool:
        # compiling costs seconds once; where PYTHONDONTWRITEBYTECODE is set, not compiling costs them always
        install = [*self.uv(), "--compile-bytecode"] if tool == "uv" else self.pip()
        itself = self.uv() if tool == "uv" else self.pip()
        return self.attempt([*install, *PINNED, "-r", LOCKS[purpose]]) and self.attempt(
            [*itself, "--no-deps", "--no-build-isolation", "--editable", self.root]
        )

    def pip(self) -> list[str | Path]:
        quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--retries", "2"]
        return [self.python, "-m", "pip", "install", *quiet]

    def uv(self) -> list[str | Path]:
        return [self.program("uv"), "pip", "install", "--quiet", "--python", self.python]

    def attempt(self, command: list[str | Path]) -> bool:
        """Runs a command, and keeps in the log what it says: the learner is told one sentence."""
        with self.log.open("a", encoding="utf-8") as log:
            done = subprocess.run(
                command,
                cwd=self.root,
                env=environ(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            )
        return done.returncode == 0

    def why_not(self) -> str:
        log = shown(self.log)
        if NO_NETWORK.search(self.log.read_text(encoding="utf-8", errors="replace")):
            return (
                "The packages could not be fetched: the first start needs a network, "
                f"and behind a proxy its settings; later ones need none; what was tried is in {log}"
            )
        return f"The packages could not be installed; what was tried is in {log}"

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def environ() -> dict[str, str]:
    """The environment variables that installing and running tasks see."""
    # uv brings its own roots and would not trust a company's proxy, where pip does
    return {"UV_SYSTEM_CERTS": "1", "PYTHONUTF8": "1", **os.environ}


def check_venv_module() -> None:
    try:
        # Debian ships venv without ensurepip, and venv then fails half way
        for needed in ("venv", "ensurepip"):
            importlib.import_module(needed)
    except ImportError:
        raise CannotStart(
            "This Python cannot make a virtual environment: "
            "on Debian or Ubuntu  apt install python3-venv  adds what is missing"
        ) from None


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def say(line: str) -> None:
    print(line, flush=True)  # before a subprocess writes to the same place

"""What the tests of the bootstrap share: its folder, its modules, and a program run as a learner would."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".ci"))  # a program of its own, not part of a package


@pytest.fixture
def root():
    return ROOT


@pytest.fixture
def run():
    # A VENV that was named for this very run is not for the copies of the project that tests make and clean.
    named = {name: value for name, value in os.environ.items() if name != "VENV"}

    def run_as_learner(*command, cwd=ROOT):
        words = [str(part) for part in command]
        return subprocess.run(words, cwd=cwd, env=named, capture_output=True, text=True, timeout=60, check=False)

    return run_as_learner

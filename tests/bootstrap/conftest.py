"""What the tests of the bootstrap share: its folder, its modules, and a program run as a learner would."""

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
    def run_as_learner(*command, cwd=ROOT):
        return subprocess.run(
            [str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=60, check=False
        )

    return run_as_learner

"""Where there is no browser, its tests are named at the end; in CI that fails the run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = "tests/browser/test_content_security_policy.py"


def run(*, ci: str) -> subprocess.CompletedProcess[str]:
    """Run a file of browser tests, and one other test, where no browser is found."""
    other = "tests/bootstrap/test_server.py::test_a_port_in_use_is_an_error"
    # a name that is no program, so that nothing is found on any machine
    environment = {**os.environ, "CHROMIUM": "no-such-browser", "CI": ci}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", TESTS, other]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_without_a_browser_its_tests_are_named_at_the_end(ci: str, status: int) -> None:
    """The others run; only CI, where a missing browser is a mistake, fails."""
    said = run(ci=ci)
    assert said.returncode == status, said.stdout
    assert "browser tests that were NOT RUN" in said.stdout
    assert f"NOT RUN {TESTS}::test_a_demo_user_is_signed_in_with_one_click" in said.stdout
    assert "1 passed" in said.stdout
    assert "apt install chromium" in said.stdout
    assert ("In CI this is a failure" in said.stdout) == bool(ci)

"""How long it takes until a lesson can begin: imports in a fresh process, and a Lab of one's own."""

import subprocess
import sys
from typing import Any

import pytest

from oidc_lab import Lab

TIMED = "import time; begun = time.perf_counter(); {}; print(time.perf_counter() - begun)"
IMPORTS = {
    "import oidc_lab": "import oidc_lab",
    "from oidc_lab import Lab": "from oidc_lab import Lab",
    "sqlalchemy alone": "import sqlalchemy",
    "flask and authlib alone": "import flask, authlib.integrations.flask_oauth2",
    "sqlalchemy, flask, authlib, httpx2 and joserfc": (
        "import sqlalchemy, flask, authlib.integrations.flask_oauth2, authlib.oidc.core, httpx2, joserfc.jwt"
    ),
}


@pytest.mark.benchmark(group="import, whole process")
@pytest.mark.parametrize("name", IMPORTS)
def test_importing(benchmark: Any, medians: dict[str, float], ratio: list[tuple[str, str, str]], name: str) -> None:
    """The import itself is timed inside a fresh process; the whole process is what the table shows."""
    inside: list[float] = []

    def fresh_process() -> None:
        command = [sys.executable, "-c", TIMED.format(IMPORTS[name])]
        inside.append(float(subprocess.run(command, capture_output=True, text=True, check=True).stdout))

    benchmark.pedantic(fresh_process, rounds=7, warmup_rounds=1)
    medians[name] = sorted(inside)[len(inside) // 2]
    benchmark.extra_info["import_ms"] = round(medians[name] * 1000)
    if name == "from oidc_lab import Lab":
        for other in list(IMPORTS)[2:]:
            ratio.append((name, other, ""))


@pytest.mark.benchmark(group="start")
def test_a_lab_starts(benchmark: Any) -> None:
    """Provider, relying party, clock, demo data and store; closed again."""

    def start() -> None:
        Lab().close()

    benchmark.pedantic(start, rounds=20, warmup_rounds=2)

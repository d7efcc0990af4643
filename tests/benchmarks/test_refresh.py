"""How many refresh grants a provider serves in a second, to four connections over the loopback, beside others.

The lab replaces the token at each use, signs an ID Token with RS256, keeps everything and writes its log, as it does
when a person serves it; node's oidc-provider replaces and signs as well, and keeps all in memory. The mock signs
nothing and replaces nothing here. Each is a process of its own; those who ask are threads of this one.
"""

import http.client
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.benchmarks.served import CONNECTIONS, LAB, LAB_ON_FILE, MOCK, NODE, serving, why_not_node

EACH = 50  # requests of one connection in a round
ROUNDS = 12

SIGNS = {LAB, LAB_ON_FILE, NODE}

pytestmark = pytest.mark.benchmark(group="refresh grant over the loopback")


class Connection:
    """One application with one refresh token, and a connection that stays open if the provider lets it."""

    def __init__(self, endpoint: str, form: dict[str, str], headers: dict[str, str], *, signed: bool) -> None:
        parts = urlsplit(endpoint)
        self.headers = {"Content-Type": "application/x-www-form-urlencoded"} | headers
        self.path, self.form, self.signed = parts.path, form, signed
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)

    def refresh(self) -> float:
        """Get new tokens and say how long it took, in seconds."""
        begun = time.perf_counter()
        self.connection.request("POST", self.path, urlencode(self.form).encode(), self.headers)
        response = self.connection.getresponse()
        body = response.read()
        took = time.perf_counter() - begun
        said = json.loads(body)
        assert response.status == 200, body
        assert ("id_token" in said) == self.signed
        self.form["refresh_token"] = said.get("refresh_token", self.form["refresh_token"])
        return took


def together(connections: list[Connection]) -> list[float]:
    """How long each of many requests took, of all connections at once."""
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        return [
            one for all_ in threads.map(lambda each: [each.refresh() for _ in range(EACH)], connections) for one in all_
        ]


@pytest.mark.parametrize("name", [LAB, LAB_ON_FILE, MOCK] + ([] if why_not_node() else [NODE]))
def test_refreshing(
    benchmark: Any,
    medians: dict[str, float],
    ratio: list[tuple[str, str, str]],
    figures: list[str],
    tmp_path: Path,
    name: str,
) -> None:
    """The median round, by request; and of all requests the median and the one in a hundred that takes longest."""
    with serving(name, tmp_path) as (endpoint, forms, headers):
        connections = [Connection(endpoint, form, headers, signed=name in SIGNS) for form in forms]
        together(connections)
        took: list[float] = []
        benchmark.pedantic(lambda: took.extend(together(connections)), rounds=ROUNDS)
        for each in connections:
            each.connection.close()
    assert len(took) == ROUNDS * EACH * CONNECTIONS
    medians[name] = benchmark.stats["median"] / (EACH * CONNECTIONS)
    took.sort()
    half, last = took[len(took) // 2] * 1000, took[len(took) * 99 // 100] * 1000
    figures.append(f"{name}: {1 / medians[name]:.0f} refreshes a second, p50 {half:.1f} ms, p99 {last:.1f} ms")
    if name in {LAB, LAB_ON_FILE}:
        ratio += [(name, MOCK, "(neither replaces nor signs)"), (name, NODE, "")]
    elif name == MOCK and why_not_node():
        figures.append(f"{NODE}: not measured: {why_not_node()}")

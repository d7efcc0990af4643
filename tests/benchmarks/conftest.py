"""Measures things against each other in one run, and prints the ratios: seconds differ between machines."""

from collections.abc import Iterator

import pytest

RATIOS = pytest.StashKey[list[tuple[str, str, str]]]()
FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="module")
def medians() -> dict[str, float]:
    """Seconds by name, of the benchmarks of one module."""
    return {}


@pytest.fixture(scope="module")
def ratio(request: pytest.FixtureRequest, medians: dict[str, float]) -> Iterator[list[tuple[str, str, str]]]:
    """Pairs to compare when the module's benchmarks are done: what, against what, and a remark."""
    pairs: list[tuple[str, str, str]] = []
    yield pairs
    lines = request.config.stash.setdefault(RATIOS, [])
    for what, against, remark in pairs:
        if what in medians and against in medians:
            one, other = medians[what] * 1000, medians[against] * 1000
            lines.append((f"{one / other:.2f}", f"{what} {one:.2f} ms / {against} {other:.2f} ms", remark))


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> list[str]:
    """Lines to print as they are, of what a median does not say."""
    return request.config.stash.setdefault(FIGURES, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the ratios last."""
    if figures := config.stash.get(FIGURES, []):
        terminalreporter.section("figures")
        for line in figures:
            terminalreporter.line(line)
    if lines := config.stash.get(RATIOS, []):
        terminalreporter.section("ratios of medians")
        for number, what, remark in lines:
            terminalreporter.line(f"ratio {number:>6}  {what}{'  ' + remark if remark else ''}")

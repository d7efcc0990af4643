"""A bench of its own for every test of the provider."""

from collections.abc import Iterator

import pytest

from oidc_lab import Lab
from tests.provider.bench import Browser


@pytest.fixture
def lab() -> Iterator[Lab]:
    """A provider with the demo data, in memory, on a clock that stands still."""
    with Lab() as bench:
        yield bench


@pytest.fixture
def browser(lab: Lab) -> Browser:
    """A browser that has never been at the provider."""
    return Browser(lab)


@pytest.fixture(scope="module")
def signed_in() -> Iterator[Browser]:
    """A browser in which anna is signed in and has agreed: for tests that send many requests."""
    with Lab() as bench:
        browser = Browser(bench)
        browser.sign_in()
        yield browser

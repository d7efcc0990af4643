"""A bench of its own for every test of the provider."""

from collections.abc import Iterator
from functools import cache

import pytest

from oidc_lab import Lab
from oidc_lab.lab import data
from tests.provider.bench import Browser


@pytest.fixture(scope="session", autouse=True)
def keys_read_once() -> Iterator[None]:
    """The same keys for every bench: to check an RSA key takes longer than all else a bench does at its start."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(data, "read_test_keys", cache(data.read_test_keys))
        yield


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

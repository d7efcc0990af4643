"""A lab for each test: both sides of the wire, joined in process."""

import pytest

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType

# joserfc warns about the name that nearly every relying party knows; pytest forgets between tests that the
# package has asked Python not to.
EDDSA = "ignore:EdDSA is deprecated via RFC 9864"


@pytest.fixture
def lab():
    with Lab() as bench:
        yield bench


@pytest.fixture
def plain_shop(lab):
    """An application without a post-logout redirect URI."""
    return lab.register(
        Application(
            client_id="plain-shop",
            type=ApplicationType.TRADITIONAL,
            name="Plain Shop",
            redirect_uris=("https://plain.example/callback",),
            client_secret="a-test-secret",
        )
    )


@pytest.fixture
def titles():
    """The messages of a run, in words."""
    return lambda run: [each.step.title for each in run.trace.exchanges]

"""Runs to look at: a sign-in, one refused by the provider, one refused by the relying party, one under way."""

from collections.abc import Iterator

import pytest

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.relying_party.run import Run
from tests.views.reading import HOSTILE


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as made:
        yield made


def until(run: Run, title: str) -> Run:
    while run.next_step is not None and run.next_step.title != title:
        run.advance()
    return run


@pytest.fixture
def signed_in(lab: Lab) -> Run:
    return lab.sign_in("web-shop", "anna").finish()


@pytest.fixture
def under_way(lab: Lab) -> Run:
    return until(lab.sign_in("web-shop", "anna"), "Redeem the code")


@pytest.fixture
def provider_refuses(lab: Lab) -> Run:
    run = until(lab.sign_in("web-shop", "anna"), "Redeem the code")
    run.change(code_verifier="w" * 43)
    return run.finish()


@pytest.fixture
def relying_party_refuses(lab: Lab) -> Run:
    run = until(lab.sign_in("web-shop", "anna"), "The browser brings the answer back")
    run.change(state="forged")
    return run.finish()


@pytest.fixture
def hostile(lab: Lab) -> Run:
    application = Application(
        client_id="hostile", type=ApplicationType.SPA, name=HOSTILE, redirect_uris=("https://hostile.example/callback",)
    )
    return lab.sign_in(lab.register(application), "anna").finish()

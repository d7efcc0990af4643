"""A bench at a provider that is served: what is its own there, and what cannot be — OIDCD-4."""

from datetime import UTC, datetime

import pytest

from oidc_lab import Lab
from oidc_lab.provider.store import Store
from oidc_lab.serve import provider as served
from oidc_lab.serve.server import LiveServer


@pytest.fixture
def offer():
    return served.read_offer(seed=7)


@pytest.fixture
def server(offer):
    with served.serve(offer, 0) as running:
        yield running


@pytest.fixture
def connected(offer, server):
    with Lab.connect(server.url, offer.token) as lab:
        yield lab


def test_it_says_where_it_is_and_what_is_there(connected, server):
    assert repr(connected).startswith(f"Lab connected to {server.url}: 4 applications, 6 users, 20")
    assert connected.issuer == server.url


def test_a_wrong_token_and_a_wrong_address_are_told_at_once(server):
    with pytest.raises(PermissionError, match="management token"):
        Lab.connect(server.url, "wrong")
    with pytest.raises(ConnectionError, match="is no management API"):
        Lab.connect(f"{server.url}/elsewhere", "wrong")
    server.close()
    with pytest.raises(ConnectionError, match="nobody answers"):
        Lab.connect(server.url, "wrong")


def test_its_clock_is_the_machines_and_stays_so(connected):
    before = datetime.now(UTC)
    assert before <= connected.clock.now <= connected.clock() <= datetime.now(UTC)
    for move in (
        lambda clock: clock.advance(days=1),
        lambda clock: clock.move_to(before),
        lambda clock: clock.move_to_next_expiry(),
    ):
        with pytest.raises(RuntimeError, match="which nobody moves"):
            move(connected.clock)
    assert repr(connected.clock).startswith("RealClock(")


def test_it_hears_its_own_refusals_and_not_other_peoples(offer, server, connected):
    """RFC6749-5.2: the truth comes from the audit log."""
    with Lab.connect(server.url, offer.token) as other:
        other.sign_in("web-shop", "ben", prompt="none").finish()
        mine = connected.sign_in("web-shop", "anna", more={"response_type": "token"})
        mine.advance()
        other.sign_in("web-shop", "ben", prompt="none").finish()
        mine.finish()
        assert [each.code for each in connected.why(mine).causes] == ["response_type_unsupported"]
        assert [each.refusal.code for each in connected.refusals] == ["response_type_unsupported"]
        assert [each.refusal.code for each in other.refusals] == ["login_required"] * 2
    with Lab.connect(server.url, offer.token) as later:
        assert later.refusals == []


def test_a_refusal_is_kept_with_the_message_that_caused_it(connected):
    run = connected.sign_in("web-shop", "anna", password="wrong").finish()
    refused = [exchange.step.title for exchange in run.trace.exchanges if exchange.refusals]
    assert refused == ["Anna Lindqvist types a password"]


def test_changes_of_others_count_in_the_next_run(offer, server, connected):
    """Its applications are those that the provider has by now."""
    assert connected.sign_in("photo-album", "anna").finish().finished
    with Lab.connect(server.url, offer.token) as other:
        other.applications["photo-album"].update(redirect_uris=["https://new.example/"], name="New")
    assert connected.sign_in("photo-album", "anna").finish().title == "Anna Lindqvist signs in to New"


def test_an_issuer_may_have_a_path(offer):
    """OIDCD-4.3: the issuer is taken as the provider writes it."""
    store = Store()
    running = LiveServer(lambda url: served.make_app(offer, store, f"{url}/tenant"), on_close=store.close)
    with running, Lab.connect(f"{running.url}/tenant/", offer.token) as lab:
        assert lab.issuer == f"{running.url}/tenant"
        assert lab.sign_in("web-shop", "anna").finish().finished

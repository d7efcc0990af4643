"""Both sides of a bench return to a moment, and from there to a later one again."""

import threading
from types import SimpleNamespace

import pytest

from oidc_lab import Lab
from oidc_lab.lab.moment import CannotGoBack
from oidc_lab.serve import provider as served

OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}


@pytest.fixture(params=["memory", "file"])
def lab(request, tmp_path):
    store = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path}/lab.db"
    with Lab(store=store) as lab:
        yield lab


def happen(lab):
    """Something of every kind."""
    signed_in = lab.sign_in("photo-album", "anna", **OFFLINE).finish()
    lab.sign_in("web-shop", "ben", prompt="none").finish()
    lab.clock.advance(days=1)
    lab.applications.create(name="Mine", type="Traditional", redirect_uris=["https://mine.example/"])
    lab.users.create("zoe")  # without a password: its hash has a salt that nobody can repeat
    lab.profile = "strict"
    lab.refresh("photo-album", "anna", signed_in=signed_in).finish()


def test_both_sides_stand_where_they_stood(lab, state_of):
    """RFC6749-1.2: store, clock, cookies, chance, refusals, what the bench knows, and its runs."""
    before, was = lab.moment(), state_of(lab)
    happen(lab)
    assert state_of(lab) != was
    lab.return_to(before)
    assert state_of(lab) == was


def test_what_happens_again_happens_the_same(lab, state_of):
    """RFC6749-10.10: chance is put back, too."""
    before = lab.moment()
    happen(lab)
    first = state_of(lab)
    lab.return_to(before)
    happen(lab)
    assert state_of(lab) == first


def test_a_later_moment_can_be_returned_to_from_an_earlier_one(lab, state_of):
    """Also its refusals, which were forgotten meanwhile."""
    before = lab.moment()
    happen(lab)
    after, was = lab.moment(), state_of(lab)
    assert lab.refusals
    lab.return_to(before)
    assert lab.refusals == []
    lab.sign_in("city-guide", "chiara", prompt="none").finish()
    lab.return_to(after)
    assert state_of(lab) == was


def test_who_watches_the_lab_is_told(lab):
    told, moment = [], lab.moment()
    lab.watch(lambda: told.append(True))
    lab.return_to(moment)
    assert told


def test_a_lab_that_is_closed_does_not_go_back(lab):
    moment = lab.moment()
    lab.close()
    for go in (lab.moment, lambda: lab.return_to(moment)):
        with pytest.raises(RuntimeError, match="this lab is closed"):
            go()


@pytest.fixture
def connected():
    offer = served.read_offer(seed=7)
    with served.serve(offer, 0) as running, Lab.connect(running.url, offer.token) as lab:
        yield lab


def test_a_provider_of_others_cannot_be_put_back(connected):
    with pytest.raises(CannotGoBack, match="is not this bench's alone"):
        connected.moment()


def test_a_lab_is_not_put_back_while_a_message_is_under_way() -> None:
    """RFC6749-1.2: half of an answer must not stand on one side of the moment, and half on the other."""
    entered, go_on, returned = threading.Event(), threading.Event(), threading.Event()
    with Lab() as lab:
        moment = lab.moment()

        @lab.provider.before_request
        def wait() -> None:
            entered.set()
            assert go_on.wait(10)

        asking = threading.Thread(target=lambda: lab.client_credentials("night-report").finish())
        going_back = threading.Thread(target=lambda: (lab.return_to(moment), returned.set()))
        asking.start()
        assert entered.wait(10)
        going_back.start()
        assert not returned.wait(0.2)
        go_on.set()
        asking.join(10)
        going_back.join(10)
        assert returned.is_set()


def test_only_the_latest_runs_are_kept() -> None:
    """A loop over users makes thousands."""
    with Lab() as lab:
        for _ in range(201):
            lab.client_credentials("night-report")
        first = lab.client_credentials("night-report")
        assert len(lab.history) == 200
        assert lab.history[-1] is first


def test_an_image_of_a_lab_is_small(lab: Lab) -> None:
    """A stepper keeps one for each message."""
    lab.sign_in("web-shop", "anna").finish()
    (image,) = (image for part, image in lab.moment()._images if isinstance(image, bytes))
    assert len(image) < 20_000


def test_a_lab_whose_store_keeps_no_images_says_so(lab: Lab) -> None:
    """RFC6749-1.2: the store's own name for its kind is all that is changed here; no such server runs in tests."""
    engine = lab._store._database._engine
    lab._store._database._engine = SimpleNamespace(dialect=SimpleNamespace(name="postgresql"))
    with pytest.raises(CannotGoBack, match="this lab cannot go back: postgresql keeps no images of itself here"):
        lab.moment()
    lab._store._database._engine = engine

"""The bench itself: it opens in one line, keeps to itself and closes cleanly."""

import gc
import shutil
import socket
import threading
from dataclasses import replace

import pytest

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType, InvalidSetting
from oidc_lab.lab import data
from oidc_lab.lab.data import DataError
from oidc_lab.lab.stock import StoreDiffers
from oidc_lab.provider.store import Store

OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}


def test_a_lab_says_what_is_on_it():
    with Lab(seed=3) as lab:
        assert repr(lab) == "Lab(seed=3) at https://provider.test: 4 applications, 6 users, 2026-01-05 09:00:00 UTC"
        assert list(lab.applications) == ["web-shop", "photo-album", "city-guide", "night-report"]
        assert repr(lab.users) == "users: anna, ben, chiara, dai, emily, farah"
        assert "web-shop" in lab.applications
        assert "no-such" not in lab.applications
        assert lab.users.get("zoe") is None


def test_an_unknown_name_is_answered_with_the_known_ones():
    with Lab() as lab:
        with pytest.raises(KeyError) as caught:
            _ = lab.users["zoe"]
        assert str(caught.value) == "there is no user 'zoe'; there are anna, ben, chiara, dai, emily, farah"


def test_a_lesson_registers_an_application_once():
    """OIDCR-2"""
    mine = Application(client_id="mine", type=ApplicationType.SPA, name="Mine", redirect_uris=("https://m.example/",))
    with Lab() as lab:
        registered = lab.register(mine)
        assert (registered.client_id, registered.created_at) == ("mine", lab.clock.now)
        assert {name: getattr(registered, name) for name in mine.given} == {
            name: getattr(mine, name) for name in mine.given
        }
        assert lab.sign_in("mine", "anna").finish().result.claims["aud"] == "mine"
        for taken in (mine, replace(mine, client_id="web-shop")):
            with pytest.raises(ValueError, match="give it another client_id"):
                lab.register(taken)
        assert lab.sign_in("web-shop", "anna").finish().finished


def test_scopes_can_be_written_as_on_the_wire_or_as_a_list():
    """RFC6749-3.3"""
    with Lab() as lab:
        for scopes in ("openid email", ["openid", "email"], ("openid", "email")):
            assert lab.sign_in("web-shop", "anna", scopes=scopes).finish().result.tokens.scopes == {"openid", "email"}


def test_an_issuer_may_have_a_path():
    """OIDCD-4.1"""
    with Lab(issuer="https://login.test/tenant") as lab:
        signed_in = lab.sign_in("web-shop", "anna").finish()
        assert signed_in.result.claims["iss"] == "https://login.test/tenant"
        assert lab.sign_out("web-shop", "anna", signed_in=signed_in).finish().result.returned


def test_refusals_are_told_to_the_lab_and_only_to_its_own():
    """RFC6749-5.2: the wire is terse, the lab's own channel is not."""
    with Lab() as lab, Lab() as other:
        lab.sign_in("web-shop", "anna", prompt="none").finish()
        assert [each.refusal.code for each in lab.refusals] == ["login_required"]
        assert other.refusals == []


def test_labs_that_run_at_once_do_as_each_would_alone():
    """Interleaved, message by message, they send what they send alone."""

    def alone(seed):
        with Lab(seed) as lab:
            return lab.sign_in("photo-album", "ben").finish().trace.to_json()

    with Lab(1) as one, Lab(2) as two:
        runs = [lab.sign_in("photo-album", "ben") for lab in (one, two)]
        while any(run.next_step for run in runs):
            for run in runs:
                if run.next_step:
                    run.advance()
        assert [run.trace.to_json() for run in runs] == [alone(1), alone(2)]


def test_runs_of_two_users_can_be_interleaved_in_one_lab():
    """OIDCC-3.1.2.3"""
    with Lab() as lab:
        runs = [lab.sign_in("web-shop", user) for user in ("anna", "ben", "chiara")]
        while any(run.next_step for run in runs):
            for run in runs:
                if run.next_step:
                    run.advance()
        assert [run.result.sub for run in runs] == ["anna", "ben", "chiara"]


def test_a_lab_closes_cleanly_and_twice():
    lab = Lab()
    lab.sign_in("web-shop", "anna").finish()
    lab.close()
    lab.close()
    with Lab() as again:
        again.sign_in("web-shop", "anna").advance()
    gc.collect()  # what was left open would warn now, and a warning fails the test


def test_a_lab_that_cannot_open_leaves_nothing_open(monkeypatch, tmp_path):
    closed, close = [], Store.close
    monkeypatch.setattr(Store, "close", lambda store: closed.append(store) or close(store))
    with pytest.raises(DataError):  # before a store is opened
        Lab(data=tmp_path)
    assert closed == []
    with pytest.raises(ValueError, match="must begin with https"):
        Lab(issuer="gopher://provider.test")
    assert len(closed) == 1


def test_a_sign_in_needs_no_thread_and_no_socket(monkeypatch):
    """So that it could run in a browser one day."""

    def forbidden(*arguments, **named):
        raise AssertionError("the default path uses neither threads nor sockets")

    monkeypatch.setattr(threading.Thread, "start", forbidden)
    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(socket, "create_connection", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    with Lab() as lab:
        signed_in = lab.sign_in("web-shop", "anna", **OFFLINE).finish()
        assert lab.refresh("web-shop", "anna", signed_in=signed_in).finish().finished
        assert lab.sign_out("web-shop", "anna", signed_in=signed_in).finish().finished


# -- a store that outlives its lab


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/lab.db"


def test_a_second_lab_finds_what_the_first_one_kept(url):
    """RFC6749-6: tokens, sessions, agreements and applications, at the same moment."""
    mine = Application(client_id="mine", type=ApplicationType.SPA, name="Mine", redirect_uris=("https://m.example/",))
    with Lab(store=url) as first:
        first.register(mine)
        kept = first.sign_in("mine", "anna", **OFFLINE).finish().result
    with Lab(store=url) as second:
        assert list(second.applications)[-1] == "mine"
        assert (
            second.refresh("mine", "anna", signed_in=kept).finish().result.claims["auth_time"]
            == kept.claims["auth_time"]
        )
        assert second.clock.move_to_next_expiry() == "an access token"
        assert second.sign_in("mine", "anna").finish().result.sub == "anna"


def test_a_second_lab_with_the_same_seed_does_not_draw_the_same_again(url):
    """RFC6749-10.10: what it draws is not in the store yet."""
    drawn = []
    for _ in range(3):
        with Lab(seed=7, store=url) as lab:
            result = lab.sign_in("web-shop", "anna").finish().result
            drawn += [result.tokens.access_token, result.claims["nonce"]]
    assert len(set(drawn)) == 6


def test_the_first_lab_on_a_file_does_as_one_in_memory(url):
    with Lab(store=url) as kept, Lab() as memory:
        traces = [lab.sign_in("web-shop", "anna").finish().trace.to_json() for lab in (kept, memory)]
    assert traces[0] == traces[1]


def test_an_application_of_an_earlier_lab_whose_secret_is_not_known_says_so(url):
    """OIDCR-8.1: the provider keeps a digest."""
    mine = Application(
        client_id="mine",
        type=ApplicationType.TRADITIONAL,
        name="Mine",
        redirect_uris=("https://m.example/",),
        client_secret="s",
    )
    with Lab(store=url) as first:
        first.register(mine)
    with Lab(store=url) as second:
        with pytest.raises(ValueError, match="the secret of Mine is not known here"):
            second.sign_in("mine", "anna")
        assert second.sign_in(mine, "anna").finish().result.sub == "anna"


def test_a_store_that_was_made_with_other_data_is_not_mixed_up(url, tmp_path):
    folder = shutil.copytree(data.folder(), tmp_path / "data")
    with Lab(store=url):
        pass
    text = (folder / "applications.toml").read_text("utf-8")
    (folder / "applications.toml").write_text(text.replace("https://shop.example/callback", "https://shop.example/cb"))
    with pytest.raises(StoreDiffers, match="the store keeps web-shop with other settings"):
        Lab(store=url, data=folder)


@pytest.mark.parametrize(
    ("file", "was", "now", "who"),
    [
        ("applications.toml", "test-secret-of-the-web-shop", "another-test-secret", "web-shop"),
        ("users.toml", 'name = "Anna Lindqvist"', 'name = "Anna Berg"', "the user anna"),
        ("users.toml", "violet-lamp-42", "another-password", "the user anna"),
    ],
    ids=["secret", "claim", "password"],
)
def test_what_was_changed_in_the_data_is_not_half_believed(url, tmp_path, file, was, now, who):
    """The data would promise a secret or password that the store refuses."""
    folder = shutil.copytree(data.folder(), tmp_path / "data")
    with Lab(store=url) as first:
        first.sign_in("web-shop", "anna", password="violet-lamp-42").finish()
    with Lab(store=url):
        pass  # the same data is welcome
    (folder / file).write_text((folder / file).read_text("utf-8").replace(was, now), "utf-8")
    with pytest.raises(StoreDiffers, match=f"the store keeps {who}"):
        Lab(store=url, data=folder)


def test_a_wrong_setting_is_named_to_a_lesson_too():
    with pytest.raises(InvalidSetting, match="redirect_uris"):
        Application(client_id="a", type=ApplicationType.SPA, name="A", redirect_uris=("a.example",))

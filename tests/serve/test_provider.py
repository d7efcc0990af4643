"""The served provider keeps what it is given, also when many come at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
import requests

from oidc_lab.lab import data as demo
from oidc_lab.provider.store import Store
from oidc_lab.serve import provider as served
from oidc_lab.serve.provider import CannotServe, Offer
from tests.clients.conftest import CALLBACK, CONFIDENTIAL, ScriptedBrowser

AT_ONCE = 20
USERS = demo.read_users(demo.folder())
OFFER = Offer(applications=[CONFIDENTIAL], users=USERS)


@pytest.fixture(params=["in memory", "in a file"])
def issuer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A served provider, over each kind of SQLite store."""
    store = "sqlite://" if request.param == "in memory" else f"sqlite:///{tmp_path / 'lab.db'}"
    with served.serve(replace(OFFER, store=store), port=0) as server:
        yield server.url


def code_for(issuer: str, user: demo.DemoUser) -> str:
    """Sign a user in in a browser of their own and take the code."""
    browser = ScriptedBrowser(user, types_password=False)
    asked = f"response_type=code&client_id=web&scope=openid&redirect_uri={CALLBACK}"
    with browser.session:
        return browser.opens(f"{issuer}/authorize?{asked}", CALLBACK).answer["code"]


def redeemed(issuer: str, code: str) -> requests.Response:
    """Redeem a code as the application does."""
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    auth = (CONFIDENTIAL.client_id, str(CONFIDENTIAL.client_secret))
    return requests.post(f"{issuer}/token", data=asked, auth=auth, timeout=30)


def together(work: Callable[[int], object]) -> list[object]:
    """Do something many times at the same moment."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> object:
        start.wait(timeout=30)
        return work(number)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(AT_ONCE)))


def test_many_sign_in_at_once(issuer: str) -> None:
    """Twenty browsers, each gets the tokens of its own user."""

    def sign_in(number: int) -> object:
        user = USERS[number % len(USERS)]
        token = redeemed(issuer, code_for(issuer, user)).json()["access_token"]
        header = {"Authorization": f"Bearer {token}"}
        said = requests.get(f"{issuer}/userinfo", headers=header, timeout=30).json()
        return bool(said["sub"] == user.user.sub)

    assert together(sign_in) == [True] * AT_ONCE


def test_of_twenty_with_one_code_one_succeeds(issuer: str) -> None:
    """Over real connections too, a code is used once — RFC6749-4.1.2."""
    code = code_for(issuer, USERS[0])
    statuses = together(lambda number: redeemed(issuer, code).status_code)
    assert sorted(map(str, statuses)) == ["200"] + ["400"] * (AT_ONCE - 1)


def test_a_file_keeps_what_was_agreed_over_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same data is no second registration; other settings are refused instead of half believed."""
    closed: list[Store] = []
    close = Store.close
    monkeypatch.setattr(Store, "close", lambda store: closed.append(store) or close(store))
    offer = replace(OFFER, store=f"sqlite:///{tmp_path / 'lab.db'}")
    for _ in range(2):
        with served.serve(offer, port=0) as server:
            assert requests.get(f"{server.url}/jwks", timeout=10).ok
    changed = replace(CONFIDENTIAL, redirect_uris=("https://elsewhere.example/",))
    with pytest.raises(CannotServe, match="the store keeps web with other settings"):
        served.serve(replace(offer, applications=[changed]), port=0)
    assert len(closed) == 3, "what is refused is closed as well"


def test_a_seed_repeats_everything_that_is_drawn() -> None:
    """Two providers give the same codes and sign with the labelled test keys."""
    drawn = []
    for _ in range(2):
        with served.serve(replace(OFFER, seed=5), port=0) as server:
            drawn.append(code_for(server.url, USERS[0]))
            [*kids] = [key["kid"] for key in requests.get(f"{server.url}/jwks", timeout=10).json()["keys"]]
            assert all(kid.startswith("lab-test-") for kid in kids)
    assert drawn[0] == drawn[1]


def test_behind_a_proxy_its_own_address_is_the_public_one() -> None:
    """Everything it tells names the issuer, and the cookie travels over https only — OIDCD-3."""
    offer = replace(OFFER, issuer="https://lab.example/op", proxies=1)
    with served.serve(offer, port=0) as server:
        metadata = requests.get(f"{server.url}/op/.well-known/openid-configuration", timeout=10).json()
        asked = f"response_type=code&client_id=web&scope=openid&redirect_uri={CALLBACK}"
        sent_on = requests.get(f"{server.url}/op/authorize?{asked}", allow_redirects=False, timeout=10)
    assert metadata["issuer"] == "https://lab.example/op"
    assert metadata["token_endpoint"] == "https://lab.example/op/token"
    assert "Secure" in sent_on.headers["Set-Cookie"]
    assert "Path=/op" in sent_on.headers["Set-Cookie"]

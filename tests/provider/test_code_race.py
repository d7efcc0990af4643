"""Many requests with one code or one refresh token at the same moment: exactly one succeeds — RFC6749-4.1.2."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from oidc_lab import Lab
from oidc_lab.domain.profile import Profile
from tests.provider.bench import SPA, Browser, answered, offline_tokens, redeeming, refreshing, send, userinfo

AT_ONCE = 20


@pytest.fixture(params=["memory", "file"])
def lab(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lab]:
    """The real store, in memory and in a file."""
    url = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'store'}"
    with Lab(store=url) as bench:
        yield bench


def at_once(ask: Callable[[], TestResponse]) -> list[TestResponse]:
    """Ask from as many threads as one, and from all of them at the same moment."""
    barrier = threading.Barrier(AT_ONCE)

    def wait_and_ask() -> TestResponse:
        barrier.wait()
        return ask()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [each.result() for each in [threads.submit(wait_and_ask) for _ in range(AT_ONCE)]]


def one_winner(responses: list[TestResponse]) -> dict[str, str]:
    """The one token response among them; all others are refused."""
    [won] = [each.json for each in responses if each.status_code == 200]
    assert {each.json["error"] for each in responses if each.status_code != 200} == {"invalid_grant"}
    return won


def test_of_twenty_requests_with_one_code_exactly_one_succeeds(lab: Lab) -> None:
    """RFC6749-4.1.2: and the nineteen others, being second uses, end what it gave."""
    code = answered(Browser(lab).sign_in(scope="openid offline_access", prompt="consent"))["code"]
    won = one_winner(at_once(lambda: send(lab, "/token", redeeming(lab, code))))
    assert [each.refusal.code for each in lab.refusals] == ["code_used"] * (AT_ONCE - 1)
    assert userinfo(lab, won["access_token"]).status_code == 401
    assert send(lab, "/token", refreshing(lab, won["refresh_token"])).json["error"] == "invalid_grant"


def test_of_twenty_requests_with_one_refresh_token_exactly_one_succeeds(lab: Lab) -> None:
    """RFC9700-4.14.2: and the family ends, because nineteen others had the token too."""
    refresh_token = offline_tokens(lab, SPA)["refresh_token"]
    won = one_winner(at_once(lambda: send(lab, "/token", refreshing(lab, refresh_token, SPA))))
    assert {each.refusal.code for each in lab.refusals} <= {"refresh_token_reused", "family_revoked"}
    assert userinfo(lab, won["access_token"]).status_code == 401
    assert send(lab, "/token", refreshing(lab, won["refresh_token"], SPA)).json["error"] == "invalid_grant"


def test_within_the_leeway_each_of_twenty_requests_with_one_refresh_token_succeeds(lab: Lab) -> None:
    """application-model 3.5: as the product does it, each with a token of its own."""
    lab.provider.extensions["oidc_lab"].profile = Profile.LOGTO
    refresh_token = offline_tokens(lab, SPA)["refresh_token"]
    answers = at_once(lambda: send(lab, "/token", refreshing(lab, refresh_token, SPA)))
    assert [each.status_code for each in answers] == [200] * AT_ONCE
    assert len({each.json["refresh_token"] for each in answers}) == AT_ONCE


def test_a_token_that_is_not_replaced_serves_twenty_requests_at_once(lab: Lab) -> None:
    """The product's page: a web application's token stays until 70 % of its lifetime have passed."""
    refresh_token = offline_tokens(lab)["refresh_token"]
    answers = at_once(lambda: send(lab, "/token", refreshing(lab, refresh_token)))
    assert {each.json["refresh_token"] for each in answers} == {refresh_token}


def test_twenty_sign_ins_at_the_same_moment_do_not_mix(lab: Lab) -> None:
    """OIDCC-3.1.2: each browser gets a code of its own."""
    codes = [answered(each)["code"] for each in at_once(lambda: Browser(lab).sign_in())]
    assert len(set(codes)) == AT_ONCE
    assert all(send(lab, "/token", redeeming(lab, code)).status_code == 200 for code in codes)

"""What a sign-out, a new password and one sign-in too many end, where an adopted policy says so — RFC9700-4.14.2."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from oidc_lab import Lab
from oidc_lab.domain.audit import Key
from oidc_lab.domain.refresh_parameters import MaxLiveScope, RefreshPolicy, Rotate
from oidc_lab.provider.store.log import LogFilter
from oidc_lab.views.why import explained
from tests.provider.bench import (
    SPA,
    WEB,
    Browser,
    answered,
    heard,
    offline_tokens,
    redeeming,
    refreshing,
    send,
    tokens,
    userinfo,
)

OFFLINE = {"scope": "openid email offline_access", "prompt": "consent"}
SESSIONS = MaxLiveScope.USER_SESSIONS


@pytest.fixture(params=["memory", "file"])
def lab(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lab]:
    """The real store, in memory and in a file."""
    with Lab(store="sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'store'}") as bench:
        yield bench


def adopt(lab: Lab, application: str = SPA, /, **parameters) -> None:
    lab.provider.extensions["oidc_lab"].adopted[application] = RefreshPolicy(**parameters)


def last(lab: Lab, key: Key):
    return lab.provider.extensions["oidc_lab"].store.log.find(LogFilter(key=key))[-1]


def offline(lab: Lab, browser: Browser, application: str = SPA, user: str = "anna") -> str:
    """The refresh token of a sign-in in this browser."""
    code = answered(browser.sign_in(application, user, **OFFLINE))["code"]
    return send(lab, "/token", redeeming(lab, code, application)).json["refresh_token"]


def lives(lab: Lab, refresh_token: str, application: str = SPA) -> bool:
    return send(lab, "/token", refreshing(lab, refresh_token, application)).status_code == 200


def ended_because(lab: Lab) -> str:
    """Why the last refused token was refused."""
    assert heard(lab) == "family_revoked"
    return dict(lab.refusals[-1].details)["because"]


# -- issued


@pytest.mark.parametrize("issued", [True, False])
def test_a_policy_without_refresh_tokens_gives_none_whoever_asks(lab: Lab, issued: bool) -> None:
    """OIDCC-11: offline access that the user agreed to, and a setting that always issues one, both."""
    adopt(lab, issued=issued)
    assert ("refresh_token" in offline_tokens(lab, SPA)) is issued
    lab.applications[SPA].update(always_issue_refresh_token=True)
    assert ("refresh_token" in tokens(lab, SPA)) is issued
    assert last(lab, Key.CODE_EXCHANGE).details["refresh_token"] is issued


# -- logout_revokes


def sign_out_at_the_application(browser: Browser, id_token: str) -> None:
    browser.sign_out(id_token_hint=id_token)


def sign_out_at_the_provider(browser: Browser, _: str) -> None:
    browser.press(browser.open("/your-applications"), "sign-out")


@pytest.mark.parametrize("way", [sign_out_at_the_application, sign_out_at_the_provider])
@pytest.mark.parametrize("revokes", [True, False, None])
def test_a_sign_out_ends_what_was_granted_for_offline_use_where_the_policy_says_so(
    lab: Lab, revokes: bool | None, way
) -> None:
    """provider-policies 1: logout_revokes; what is not established is not done."""
    adopt(lab, logout_revokes=revokes)
    browser, other = Browser(lab), Browser(lab)
    code = answered(browser.sign_in(SPA, **OFFLINE))["code"]
    given = send(lab, "/token", redeeming(lab, code, SPA)).json
    elsewhere, untouched = offline(lab, other), offline(lab, browser, WEB)
    way(browser, given["id_token"])
    assert last(lab, Key.SIGN_OUT).details == {"families_ended": 1 if revokes else 0}
    assert lives(lab, given["refresh_token"]) is not revokes
    if revokes:
        assert ended_because(lab) == "signed_out"
        assert userinfo(lab, given["access_token"]).status_code == 401
    assert lives(lab, elsewhere)
    assert lives(lab, untouched, WEB)


def test_only_a_sign_out_does(lab: Lab) -> None:
    """provider-policies 1: an administrator, or another user's sign-in, ends the session and what hangs on it."""
    adopt(lab, logout_revokes=True)
    browser = Browser(lab)
    kept = offline(lab, browser)
    [session] = lab.sessions.find()
    session.end()
    assert lives(lab, kept)
    second = offline(lab, browser)
    browser.sign_in(SPA, "ben", prompt="login")
    assert lives(lab, second)


# -- password_change_revokes


@pytest.mark.parametrize("revokes", [True, False, None])
def test_a_new_password_ends_the_families_of_its_user_where_the_policy_says_so(lab: Lab, revokes: bool | None) -> None:
    """provider-policies 1: password_change_revokes; another application's policy and another user are left alone."""
    adopt(lab, password_change_revokes=revokes)
    browser = Browser(lab)
    kept, other, untouched = offline(lab, browser), offline(lab, Browser(lab)), offline(lab, browser, WEB)
    bens = offline(lab, Browser(lab), user="ben")
    lab.users["anna"].update(password="a new password")
    changed = last(lab, Key.USER_CHANGED).details
    assert changed == {"password": "changed"} | ({"families_ended": 2} if revokes else {})
    for each in (kept, other):
        assert lives(lab, each) is not revokes
    assert not revokes or ended_because(lab) == "password_changed"
    assert lives(lab, untouched, WEB)
    assert lives(lab, bens)


def test_a_change_without_a_password_ends_nothing(lab: Lab) -> None:
    adopt(lab, password_change_revokes=True)
    kept = offline(lab, Browser(lab))
    lab.users["anna"].update(username="anna.l")
    assert lives(lab, kept)


# -- max_live


def test_one_sign_in_too_many_ends_the_oldest(lab: Lab) -> None:
    """provider-policies 1: max_live; the clock stands still, so that all of them have one moment."""
    adopt(lab, max_live=3)
    lines = [offline(lab, Browser(lab)) for _ in range(3)]
    assert last(lab, Key.CODE_EXCHANGE).details["families_ended"] == 0
    others = offline(lab, Browser(lab), user="ben"), offline(lab, Browser(lab), WEB)
    lines.append(offline(lab, Browser(lab)))
    assert last(lab, Key.CODE_EXCHANGE).details["families_ended"] == 1
    assert not lives(lab, lines[0])
    assert ended_because(lab) == "evicted"
    assert [lives(lab, each) for each in lines[1:]] == [True] * 3
    assert (lives(lab, others[0]), lives(lab, others[1], WEB)) == (True, True)


def test_the_oldest_is_the_one_that_began_first_not_the_one_that_was_used_last(lab: Lab) -> None:
    """provider-policies 1"""
    adopt(lab, max_live=2, rotate=Rotate.ALWAYS)
    first, second = offline(lab, Browser(lab)), offline(lab, Browser(lab))
    lab.clock.advance(days=1)
    first = send(lab, "/token", refreshing(lab, first, SPA)).json["refresh_token"]
    offline(lab, Browser(lab))
    assert not lives(lab, first)
    assert lives(lab, second)


def test_what_ended_already_and_what_has_no_refresh_token_is_not_counted(lab: Lab) -> None:
    """provider-policies 1"""
    adopt(lab, max_live=2)
    first, second = offline(lab, Browser(lab)), offline(lab, Browser(lab))
    tokens(lab, SPA)
    send(lab, "/revocation", {"client_id": SPA, "token": second})
    offline(lab, Browser(lab))
    assert lives(lab, first)


def test_a_lower_limit_ends_as_many_as_are_too_many(lab: Lab) -> None:
    lines = [offline(lab, Browser(lab)) for _ in range(4)]
    adopt(lab, max_live=1)
    newest = offline(lab, Browser(lab))
    assert last(lab, Key.CODE_EXCHANGE).details["families_ended"] == 4
    assert [lives(lab, each) for each in (*lines, newest)] == [False] * 4 + [True]


def test_sessions_are_counted_over_all_applications_whose_policy_counts_them(lab: Lab) -> None:
    """provider-policies: PingOne lets a user have ten sessions; the oldest goes, with all that it gave."""
    for application in (SPA, WEB):
        adopt(lab, application, max_live=2, max_live_scope=SESSIONS)
    first, second, third = Browser(lab), Browser(lab), Browser(lab)
    album, shop, guide = offline(lab, first), offline(lab, first, WEB), offline(lab, first, "city-guide")
    other = offline(lab, second, WEB)
    again = offline(lab, first)
    assert [lives(lab, album), lives(lab, shop, WEB), lives(lab, again)] == [True] * 3
    newest = offline(lab, third)
    assert last(lab, Key.CODE_EXCHANGE).details["families_ended"] == 3
    assert [lives(lab, album), lives(lab, shop, WEB), lives(lab, again)] == [False] * 3
    assert ended_because(lab) == "evicted"
    assert [lives(lab, other, WEB), lives(lab, newest), lives(lab, guide, "city-guide")] == [True] * 3


def test_the_session_that_signs_in_is_never_the_oldest(lab: Lab) -> None:
    """The limit came later than its sessions."""
    first, second = Browser(lab), Browser(lab)
    offline(lab, first), offline(lab, second)
    adopt(lab, max_live=1, max_live_scope=SESSIONS)
    assert lives(lab, offline(lab, first))


def test_at_the_same_moment_no_more_are_let_live_than_the_policy_says(lab: Lab) -> None:
    """provider-policies 1: max_live, in a race."""
    adopt(lab, max_live=2)
    codes = [answered(Browser(lab).sign_in(SPA, **OFFLINE))["code"] for _ in range(8)]
    barrier = threading.Barrier(len(codes))

    def redeem(code: str) -> str:
        barrier.wait()
        return send(lab, "/token", redeeming(lab, code, SPA)).json["refresh_token"]

    with ThreadPoolExecutor(len(codes)) as threads:
        given = list(threads.map(redeem, codes))
    assert [lives(lab, each) for each in given].count(True) == 2


def test_what_a_deed_ended_is_told_in_words(lab: Lab) -> None:
    """RFC6749-5.2: by the clock panel, and by who asks why a run was refused."""
    adopt(lab, max_live=1, password_change_revokes=True)
    asking = {"scopes": "openid offline_access", "prompt": "consent"}
    first = lab.sign_in(SPA, "anna", **asking).finish()
    begun = lab.clock.now
    second = lab.sign_in(SPA, "anna", browser="phone", **asking).finish()
    lab.users["anna"].update(password="a new password")
    for run, words in ((first, "too many sign-ins came after it"), (second, "the user has a new password")):
        refused = lab.refresh(SPA, "anna", signed_in=run).finish()
        assert [each.code for each in lab.why(refused).causes] == ["family_revoked"]
        assert words in explained(refused)["text/plain"]
    _, ended = lab.living.look(lab.clock.now, begun)
    said = {each.said for each in ended if each.of.kind == "refresh token"}
    assert said == {"revoked: too many sign-ins came after it", "revoked: the user has a new password"}

"""What is played over HTTP gives the rows of the walk, for any policy, profile and application — RFC6749-6."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oidc_lab import Lab
from oidc_lab.domain.application import ApplicationType
from oidc_lab.domain.happening import Answer, By, Event, Happening
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import RefreshPolicy, Rotate
from oidc_lab.domain.settings import availability
from oidc_lab.domain.walk import walk
from oidc_lab.lab.clock import START
from oidc_lab.lab.policies import provider_policies
from oidc_lab.serve import provider as served
from tests.domain.families import DAY, HOUR, SECOND, events, policies

SPA, WEB, NATIVE, MACHINE = "photo-album", "web-shop", "city-guide", "night-report"
URI = "https://always.example/callback"

# Every kind of event, each where it meets tokens of several generations, and clocks of 1, 7, 14, 30 and 180 days.
SCRIPT = [
    (HOUR, Happening.REQUEST), (12 * HOUR, Happening.LOST_REPLY), (12 * HOUR + SECOND, Happening.REQUEST),
    (DAY, Happening.TWO_TABS), (DAY + HOUR, Happening.REPLAY), (2 * DAY, Happening.THEFT), (2 * DAY, Happening.THIEF),
    (3 * DAY, Happening.REQUEST), (4 * DAY, Happening.ELSEWHERE), (7 * DAY, Happening.REQUEST),
    (7 * DAY, Happening.SESSION_END), (14 * DAY, Happening.REQUEST), (15 * DAY, Happening.PASSWORD_CHANGE),
    (15 * DAY, Happening.REQUEST), (16 * DAY, Happening.SIGN_OUT), (16 * DAY, Happening.THIEF),
    (180 * DAY, Happening.THIEF),
]  # fmt: skip
# What a policy of many days and no cap lets live, it lets live here until a sign-out in time ends it.
CALM = [
    (10 * DAY, Happening.REQUEST), (13 * DAY, Happening.THEFT), (13 * DAY, Happening.SIGN_OUT),
    (13 * DAY, Happening.THIEF),
]  # fmt: skip


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as bench:
        yield bench


def script(begin: datetime, told: list[tuple[timedelta, Happening]] = SCRIPT) -> list[Event]:
    return [
        Event(at=begin + after, what=what, gap=2 * SECOND if what is Happening.TWO_TABS else timedelta(0))
        for after, what in told
    ]


def check_played_as_walked(lab: Lab, application: str, told: list[Event], *, offline: bool = True) -> None:
    begin, policy = lab.clock.now, lab.refresh_policy(application)
    bound = not offline and lab.profile is not Profile.DOCUMENTED
    assert lab.play(application, told, offline=offline) == walk(policy, told, begin, offline=not bound)


def always_issued(lab: Lab, type_: ApplicationType = ApplicationType.SPA) -> str:
    application = lab.applications.create(
        name="Always", type=type_, client_id="always", redirect_uris=[URI], post_logout_redirect_uris=[URI],
        always_issue_refresh_token=True,
    )  # fmt: skip
    return application.client_id


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([SPA, WEB, NATIVE]), policies, events(START))
def test_any_policy_is_played_as_it_is_walked(application: str, policy: RefreshPolicy, told: list[Event]) -> None:
    """RFC9700-4.14.2: whole days on a small grid, so that ages equal lifetimes."""
    with Lab() as lab:
        lab.adopt(policy, application)
        check_played_as_walked(lab, application, told)


_deeds = st.sampled_from([
    *[Happening.REQUEST] * 3, *[Happening.SIGN_OUT] * 2, *[Happening.SESSION_END] * 2, Happening.PASSWORD_CHANGE,
    Happening.ELSEWHERE, Happening.THEFT, *[Happening.THIEF] * 2,
])  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(policies, st.booleans(), events(START, _deeds), st.sampled_from([timedelta(0), 10 * DAY]))
def test_what_hangs_on_a_session_is_played_as_it_is_walked(
    policy: RefreshPolicy, offline: bool, told: list[Event], later: timedelta
) -> None:
    """OIDCC-11: also when the session is over before anybody ends it."""
    with Lab(profile="strict") as lab:
        application = always_issued(lab)
        lab.adopt(policy, application)
        moved = [Event(at=each.at + later, what=each.what, gap=each.gap) for each in told]
        check_played_as_walked(lab, application, moved, offline=offline)


def settings_of(kind: ApplicationType, profile: Profile) -> list[dict[str, object]]:
    """Every combination of what the type can set in a profile."""
    choices = {"rotate_refresh_token": [True, False], "refresh_token_ttl_in_days": [1, 14, 180]}
    there = {name: every for name, every in choices.items() if availability(name, kind, profile).available}
    return [dict(zip(there, combination, strict=True)) for combination in product(*there.values())]


SIGNED_IN_TO = [ApplicationType.SPA, ApplicationType.TRADITIONAL, ApplicationType.NATIVE]


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("kind", SIGNED_IN_TO)
def test_every_profile_type_and_setting_is_played_as_it_is_walked(kind: ApplicationType, profile: Profile) -> None:
    """application-model 3.3 to 3.6: nothing is adopted here."""
    for given_ in settings_of(kind, profile):
        with Lab(profile=profile) as lab:
            uris = {"redirect_uris": [URI], "post_logout_redirect_uris": [URI]}
            lab.applications.create(name="Shop", type=kind, client_id="shop", **uris, **given_)
            check_played_as_walked(lab, "shop", script(lab.clock.now))


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("told", [SCRIPT, CALM], ids=["everything", "calm"])
def test_what_is_always_issued_is_played_as_it_is_walked(
    profile: Profile, told: list[tuple[timedelta, Happening]]
) -> None:
    """OIDCC-11: without offline access it ends with the session, but where the product's page says otherwise."""
    with Lab(profile=profile) as lab:
        check_played_as_walked(lab, always_issued(lab), script(lab.clock.now, told), offline=False)


def test_the_script_has_every_kind_of_event() -> None:
    assert {what for _, what in SCRIPT} == {*Happening} - {Happening.SIGN_IN}


@pytest.mark.parametrize("policy_id", provider_policies())
def test_every_real_policy_is_played_as_it_is_walked(policy_id: str) -> None:
    """provider-policies 1"""
    with Lab() as lab:
        lab.adopt(policy_id, SPA)
        check_played_as_walked(lab, SPA, script(lab.clock.now))


@pytest.mark.parametrize("policy_id", ["supabase", "entra-spa", "bcp-browser", "keycloak-online"])
def test_a_sign_out_is_played_as_it_is_walked(policy_id: str) -> None:
    """provider-policies 1: logout_revokes, where the session is still there to be ended."""
    with Lab() as lab:
        lab.adopt(policy_id, SPA)
        check_played_as_walked(lab, SPA, script(lab.clock.now, CALM))


@pytest.mark.parametrize("after", [14 * DAY - SECOND, 14 * DAY, 14 * DAY + SECOND])
@pytest.mark.parametrize("what", [Happening.SIGN_OUT, Happening.SESSION_END])
@pytest.mark.parametrize("offline", [True, False])
def test_what_ends_a_session_ends_something_as_long_as_it_is_there(
    after: timedelta, what: Happening, offline: bool
) -> None:
    """OIDCC-3.1.2.3: a session is over at the moment at which it ends."""
    with Lab(profile="strict") as lab:
        application = always_issued(lab)
        lab.adopt(RefreshPolicy(logout_revokes=True), application)
        told = [Event(at=START + after, what=what), Event(at=START + after)]
        check_played_as_walked(lab, application, told, offline=offline)


def test_it_leaves_a_history_refusals_and_a_log(lab: Lab) -> None:
    lab.adopt(RefreshPolicy(rotate=Rotate.ALWAYS, logout_revokes=True), SPA)
    rows = lab.play(SPA, script(lab.clock.now, CALM), user="ben")
    assert [each.refusal.code for each in lab.refusals] == [each.reason for each in rows if each.reason]
    titles = [each.title for each in lab.history]
    assert titles[0] == "Benjamin Okafor signs in to Photo Album"
    assert titles[-2] == "Benjamin Okafor signs out of Photo Album"
    assert {each.sub for each in lab.audit_log.entries(client_id=SPA) if each.sub} == {"ben"}
    assert lab.clock.now == rows[-1].at


def test_each_play_has_a_browser_and_a_session_of_its_own(lab: Lab) -> None:
    """OIDCC-3.1.2.3: so that it begins anew, whoever is signed in already."""
    lab.sign_in(SPA, "anna").finish()
    for _ in range(2):
        lab.play(SPA, [], user="anna")
    assert len(lab.sessions.find(sub="anna")) == 3


def test_events_can_be_moved_to_begin_now(lab: Lab) -> None:
    lab.clock.advance(days=400)
    now = lab.clock.now
    moved = lab.play(SPA, script(START), begin=START)
    assert moved == walk(lab.refresh_policy(SPA), script(now), now)


def test_without_a_refresh_token_nothing_happens(lab: Lab) -> None:
    """OIDCC-11: the application is not issued one, or the user was not asked."""
    [row] = lab.play(SPA, script(lab.clock.now), offline=False)
    assert (row.answer, row.because, row.by) == (Answer.NOTHING, "not_issued", By.USER)
    lab.adopt(RefreshPolicy(issued=False), SPA)
    now = lab.clock.now
    assert lab.play(SPA, script(START), begin=START) == walk(RefreshPolicy(issued=False), script(now), now)


def test_what_cannot_be_played_is_said_before_anything_is_sent(lab: Lab) -> None:
    now = lab.clock.now
    for told, sentence in (
        ([Event(at=now - SECOND)], "the lab's clock only moves forward; with begin="),
        ([Event(at=now + SECOND), Event(at=now)], "not in order"),
        ([Event(at=now, what=Happening.SIGN_IN)], "begins with its sign-in, once"),
        ([Event(at=now, what=Happening.TWO_TABS, gap=-SECOND)], "the second tab asks later"),
    ):
        with pytest.raises(ValueError, match=sentence):
            lab.play(SPA, told)
    with pytest.raises(ValueError, match="it acts for itself"):
        lab.play(MACHINE, [])
    assert not lab.history
    assert not lab.audit_log.entries()


def test_at_a_provider_that_is_served_nobody_moves_the_clock() -> None:
    offer = served.read_offer(seed=7)
    with served.serve(offer, 0) as server, Lab.connect(server.url, offer.token) as connected:
        with pytest.raises(RuntimeError, match=r"nothing is played here: .* which nobody moves"):
            connected.play(SPA, [])
        with pytest.raises(LookupError, match="tells nobody"):
            connected.kept_refresh_token("token")


def test_a_token_that_was_never_given_out_is_not_kept(lab: Lab) -> None:
    with pytest.raises(LookupError, match="no such refresh token"):
        lab.kept_refresh_token("token")


def test_a_user_has_as_many_browsers_as_are_named(lab: Lab) -> None:
    """OIDCC-3.1.2.3: a sign-out in one of them leaves the others alone."""
    for browser in ("", "phone"):
        lab.sign_in(SPA, "anna", browser=browser).finish()
    assert len(lab.sessions.find()) == 2
    lab.sign_out(SPA, "anna", browser="phone").finish()
    assert len(lab.sessions.find()) == 1
    assert lab.sign_in(SPA, "anna", prompt="none").finish().finished
    assert not lab.sign_in(SPA, "anna", prompt="none", browser="phone").finish().finished


@pytest.mark.parametrize("wrong", ["token request", [14], [None]])
def test_what_is_no_event_is_told_with_an_example(lab: Lab, wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"is no event: Event\(at="):
        lab.play(SPA, wrong)


def test_one_event_needs_no_list(lab: Lab) -> None:
    assert [row.what for row in lab.play(SPA, Event(at=lab.clock.now + DAY))] == [Happening.SIGN_IN, Happening.REQUEST]

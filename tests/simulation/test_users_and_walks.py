"""The arrays are held to the walk: user by user and column by column, at the very seconds at which lifetimes end."""

import random
from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oidc_lab
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.happening import Happening
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import (
    Anchor,
    LeewayAnchor,
    LeewayAnswer,
    OnReuse,
    RefreshPolicy,
    Renew,
    Rotate,
    Supersede,
)
from oidc_lab.domain.refresh_settings import policy_of
from oidc_lab.simulation.lifetimes import ENDED, lived
from tests.domain.families import DAY, SECOND, policies
from tests.simulation.plain import Disguised, Listed, Thing, exposure, listed, lived_plainly

REQUEST, LOST, TABS, THIEF = Happening.REQUEST, Happening.LOST_REPLY, Happening.TWO_TABS, Happening.THIEF
ANYTHING = [
    *[REQUEST] * 6, *[LOST] * 3, *[TABS] * 3, *[Happening.REPLAY] * 2, Happening.THEFT, *[THIEF] * 3,
    Happening.SIGN_OUT, Happening.SESSION_END, Happening.PASSWORD_CHANGE, Happening.ELSEWHERE,
]  # fmt: skip
D = 86400
# The strategy's policies live for whole days and for two seconds.
GRID = [0, 1, 1, 2, 2, 3, D, D, 2 * D, 3 * D, 4 * D, D - 1, D + 1, D // 2]
HORIZONS = [1, 2, 3, D, 5 * D, 12 * D + 1, 40 * D]
YEAR = 365 * D


def people(dice, *, gaps=GRID, users=20, longest=30, plain=False):
    """Users to whom things happen, all kinds or only a few, with these gaps between them."""
    kinds = ANYTHING if dice.random() < 0.6 else [*dice.sample(ANYTHING, 4), REQUEST]
    return [things(dice, gaps, dice.randint(0, longest), [REQUEST] if plain else kinds) for _ in range(users)]


def things(dice, gaps, number, kinds):
    drawn, at = [], 0
    for _ in range(number):
        at += dice.choice(gaps)
        what = dice.choice(kinds)
        gap = dice.choice([0, 1, 2, 3, 60, D]) if what is TABS else 0
        drawn.append(Thing(at, what, gap))
        at += gap
    return drawn


def columns(found):
    """The columns of a Lived, a tuple for each user."""
    causes = [ENDED[cause] for cause in found.ended_by.tolist()]
    numbers = [getattr(found, name).tolist() for name in ("sign_ins", "requests", "rotations")]
    return list(zip(found.duration.tolist(), found.event_observed.tolist(), causes, *numbers, strict=True))


def in_arrays(policy, users, horizon, *, plain=False, **options):
    rng = np.random.default_rng(7)
    usage = Listed(users, plain)
    return lived({"it": policy}, usage, users=len(users), rng=rng, horizon=horizon, **options)["it"]


def agree(policy, users, horizon, **started):
    """Compare users one by one, so that a difference names the one it is about."""
    expected = lived_plainly(policy, users, horizon, **started)
    plain = all(thing.what is REQUEST for things in users for thing in things)
    for is_plain in {plain, False}:
        found = columns(in_arrays(policy, users, horizon, plain=is_plain, **started))
        for things_of_one, got, want in zip(users, found, expected, strict=True):
            assert got == want, (policy, started, horizon, things_of_one, is_plain)


def beginning(dice):
    lifetime = timedelta(days=dice.choice([1, 2, 3, 5, 14]))
    return {"offline": dice.random() < 0.7, "session_lifetime": lifetime}


@settings(deadline=None, max_examples=150)
@given(policy=policies, dice=st.randoms(use_true_random=False))
def test_whatever_happens_under_any_policy_the_arrays_say_what_the_walk_says(policy, dice):
    """RFC6749-6, RFC9700-4.14.2, provider-policies 1"""
    agree(policy, people(dice), dice.choice(HORIZONS), **beginning(dice))


@settings(deadline=None, max_examples=100)
@given(policy=policies, dice=st.randoms(use_true_random=False))
def test_token_requests_alone_are_answered_alike_by_the_walk_the_quick_way_and_the_general_one(policy, dice):
    """RFC6749-6"""
    agree(policy, people(dice, plain=True), dice.choice(HORIZONS), **beginning(dice))


@pytest.mark.parametrize("horizon", [59, 60, 61, 62])
def test_a_thief_that_comes_between_two_tabs_waits_for_both_even_at_the_horizon(horizon):
    """RFC9700-4.14.2"""
    policy = RefreshPolicy(ttl=10 * SECOND, rotate=Rotate.ALWAYS, on_reuse=OnReuse.REVOKE_FAMILY, leeway=5 * SECOND)
    users = [[Thing(at, TABS, 60 - at)] for at in (0, 1, 2, 3, 9)] + [[Thing(3, Happening.SIGN_OUT), Thing(3, TABS, 9)]]
    found = in_arrays(policy, users, horizon, exposure=True)
    pairs = list(zip(found.exposure.tolist(), found.exposure_observed.tolist(), strict=True))
    assert pairs == [exposure(policy, things_of_one, horizon) for things_of_one in users]


AT = {Rotate.AFTER_FRACTION: 50, Rotate.AFTER_AGE: 3 * DAY, Rotate.WHEN_REMAINING: 2 * DAY}
UNTIL = [(None, Anchor.FIRST_TOKEN), (6 * DAY, Anchor.FIRST_TOKEN), (4 * DAY, Anchor.LAST_ROTATION)]


@pytest.mark.parametrize(("until", "anchor"), UNTIL)
@pytest.mark.parametrize("extends", [False, True])
@pytest.mark.parametrize("renew", Renew)
@pytest.mark.parametrize("rotate", Rotate)
def test_every_way_to_replace_a_token_is_the_walks(rotate, renew, extends, until, anchor):
    """application-model 3.3, 3.4, provider-policies 1; also for one user alone, whose moments are the latest ones."""
    policy = RefreshPolicy(
        ttl=7 * DAY, renew=renew, extend_on_use=extends, rotate=rotate, rotate_at=AT.get(rotate, 0),
        rotate_until=until, rotate_until_anchor=anchor, absolute=30 * DAY,
    )  # fmt: skip
    dice = random.Random(f"{rotate} {renew} {extends} {until}")
    agree(policy, people(dice, gaps=[D, 2 * D, 3 * D, 5 * D, D - 1, D + 1], plain=True), 60 * D)
    agree(replace(policy, ttl=None, idle=5 * DAY), people(dice, gaps=[D, 2 * D, 5 * D], users=5, plain=True), 60 * D)
    daily = [Thing(day * D) for day in range(1, 60)]
    agree(policy, [daily], 40 * D)
    agree(policy, [daily[1::2]], 40 * D, offline=False)


def apart(policy):
    """Gaps at which something ends or begins under a policy, and a second before that."""
    lengths = [getattr(policy, field.name) for field in fields(policy)]
    seconds = [length // SECOND for length in lengths if isinstance(length, timedelta)]
    if policy.ttl is not None and isinstance(policy.rotate_at, int):
        seconds.append(-(-(policy.ttl // SECOND) * policy.rotate_at // 100))
    short = [length for length in seconds if 0 < length < YEAR]
    return [0, 1, 3600, D, *short, *(length - 1 for length in short), *(length // 2 for length in short)]


SHIPPED = oidc_lab.provider_policies().rules


@pytest.mark.parametrize("policy_id", SHIPPED)
def test_every_policy_shipped_lives_as_in_the_walk(policy_id):
    """provider-policies"""
    policy, dice = SHIPPED[policy_id], random.Random(policy_id)
    agree(policy, people(dice, gaps=apart(policy)), YEAR)
    agree(policy, people(dice, gaps=apart(policy), plain=True), YEAR, offline=False)


@pytest.mark.parametrize("rotates", [None, False, True])
@pytest.mark.parametrize("bound", [False, True])
@pytest.mark.parametrize("kind", ApplicationType)
@pytest.mark.parametrize("profile", Profile)
def test_every_profile_type_and_switch_lives_as_in_the_walk(profile, kind, bound, rotates):
    """RFC9700-4.14.2, application-model 3"""
    application = Application(client_id="app", type=kind, name="App", rotate_refresh_token=rotates)
    policy = policy_of(application, profile, sender_constrained=bound)
    dice = random.Random(f"{profile} {kind} {bound} {rotates}")
    agree(policy, people(dice, gaps=apart(policy)), YEAR)
    agree(policy, people(dice, gaps=apart(policy), plain=True), YEAR, offline=False)


@pytest.mark.parametrize("usage_id", ["office", "heavy-tail", "mobile", "tabs"])
def test_usages_as_they_are_drawn_live_as_in_the_walk(usage_id):
    """provider-policies 6"""
    usage, horizon = oidc_lab.usages()[usage_id], 30 * D
    drawn = listed(usage, 8, horizon, np.random.default_rng(7).spawn(1)[0])
    for policy_id in ("auth0-spa", "logto-web", "supabase"):
        policy = SHIPPED[policy_id]
        found = lived({"it": policy}, usage, users=8, rng=np.random.default_rng(7), horizon=horizon)["it"]
        assert columns(found) == lived_plainly(policy, drawn, horizon)


@settings(deadline=None, max_examples=60)
@given(policy=policies, dice=st.randoms(use_true_random=False))
def test_a_thief_is_refused_at_the_moment_at_which_a_thief_in_the_walk_is(policy, dice):
    """RFC9700-4.14"""
    # Days, so that not every thief has to ask twice a second.
    long = {name: 2 * DAY for name in ("ttl", "idle") if getattr(policy, name) == 2 * SECOND}
    policy, horizon, started = replace(policy, **long), dice.choice([1, 2, 3, 12 * D + 1, 40 * D]), beginning(dice)
    for plain in (False, True):
        users = people(dice, users=8, plain=plain)
        found = in_arrays(policy, users, horizon, plain=plain, exposure=True, **started)
        pairs = zip(found.exposure.tolist(), found.exposure_observed.tolist(), strict=True)
        for things_of_one, got in zip(users, pairs, strict=True):
            assert got == exposure(policy, things_of_one, horizon, **started), (policy, horizon, things_of_one)


@pytest.mark.parametrize("reuses", [None, 1, 2])
@pytest.mark.parametrize("depth", [None, 0, 1])
@pytest.mark.parametrize("memory", [None, 2 * DAY])
@pytest.mark.parametrize("answer", LeewayAnswer)
@pytest.mark.parametrize("anchor", LeewayAnchor)
def test_the_leeway_ends_as_in_the_walk(anchor, answer, memory, depth, reuses):
    """provider-policies 1: leeway, leeway_anchor, leeway_reuses, leeway_depth, reuse_memory"""
    policy = RefreshPolicy(
        rotate=Rotate.ALWAYS, leeway=2 * DAY, leeway_anchor=anchor, leeway_answer=answer, leeway_depth=depth,
        leeway_reuses=reuses, reuse_memory=memory, on_reuse=OnReuse.REVOKE_FAMILY,
    )  # fmt: skip
    lost = [[Thing(day * D, LOST) for day in days] for days in ([1, 2, 3], [1, 2, 4], [1, 3], [1, 2], [1, 2, 3, 5])]
    replayed = [[Thing(D), Thing(day * D, Happening.REPLAY), Thing(day * D + 1)] for day in (1, 2, 3, 4)]
    deep = [Thing(D), Thing(D + 1, LOST), Thing(D + 2), Thing(D + 3, Happening.REPLAY), Thing(D + 4)]
    agree(policy, [*([*things, Thing(things[-1].at + 1)] for things in lost), *replayed, deep], 20 * D)


CHAIN = RefreshPolicy(
    ttl=20 * DAY, rotate=Rotate.ALWAYS, leeway=15 * DAY, leeway_depth=None, on_reuse=OnReuse.REVOKE_FAMILY,
    leeway_answer=LeewayAnswer.SAME_SUCCESSOR,
)  # fmt: skip


@pytest.mark.parametrize("renew", Renew)
@pytest.mark.parametrize("supersede", Supersede)
@pytest.mark.parametrize("anchor", LeewayAnchor)
@pytest.mark.parametrize("answer", LeewayAnswer)
def test_a_thief_far_ahead_or_far_behind_is_still_answered_as_in_the_walk(answer, anchor, supersede, renew):
    """provider-policies 1: leeway_answer, leeway_depth. Then no fixed number of tokens can be kept."""
    policy = replace(CHAIN, leeway_answer=answer, leeway_anchor=anchor, supersede=supersede, renew=renew)
    theft = Thing(0, Happening.THEFT)
    ahead = [theft, *(Thing(hour * 3600, THIEF) for hour in range(1, 200)), *(Thing(9 * D + s) for s in range(60))]
    behind = [theft, *(Thing(hour * 3600) for hour in range(1, 200)), *(Thing(9 * D + s, THIEF) for s in range(60))]
    turns = [theft, *(Thing(hour * 3600, THIEF if hour % 50 > 3 else REQUEST) for hour in range(1, 400))]
    agree(policy, [ahead, behind, turns, [*behind, Thing(10 * D), Thing(11 * D, LOST), Thing(12 * D)]], 40 * D)


def test_a_usage_of_requests_alone_need_not_say_so():
    """RFC6749-6"""
    usage, policy = oidc_lab.usages()["daily"], RefreshPolicy(ttl=3 * DAY, rotate=Rotate.AFTER_FRACTION, rotate_at=70)
    quick, general = (
        lived({"it": policy}, each, users=1500, rng=np.random.default_rng(7), horizon=YEAR)["it"]
        for each in (usage, Disguised(usage))
    )
    assert columns(quick) == columns(general)

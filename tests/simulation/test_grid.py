"""How long users stay signed in over two settings at once."""

import time
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.happening import Event
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import Anchor, RefreshPolicy, Renew, Rotate
from oidc_lab.domain.refresh_settings import policy_of
from oidc_lab.domain.settings import availability
from oidc_lab.domain.walk import walk
from oidc_lab.simulation.grid import grid
from oidc_lab.simulation.lifetimes import lifetimes
from oidc_lab.simulation.usage import every
from tests.domain.families import BEGIN, DAY

SHOP = Application(client_id="shop", type=ApplicationType.SPA, name="Shop")
SLIDING = RefreshPolicy(ttl=14 * DAY, rotate=Rotate.ALWAYS)


class Random:
    """Visits at any interval, a different one for each user."""

    plain = True

    def steps(self, users, horizon, rng):
        intervals = rng.integers(1, 40, users) * 86400
        yield from every_of(intervals, horizon)


def every_of(intervals, horizon):
    from oidc_lab.simulation.steps import NEVER, Step

    for visit in range(1, 1 + horizon // int(intervals.min())):
        at = intervals * visit
        yield Step(at=np.where(at < horizon, at, NEVER).astype(np.int32))


def cell(frame, row=0):
    return tuple(frame.iloc[row][["median_days", "never", "ended_by"]])


def walked(policy, gap, horizon):
    events = [Event(at=BEGIN + visit * gap) for visit in range(1, 1 + horizon // gap) if visit * gap < horizon]
    ended = next((row for row in walk(policy, events, BEGIN) if row.ended_by), None)
    return (horizon / DAY, True, "") if ended is None else ((ended.at - BEGIN) / DAY, False, ended.ended_by)


policies = st.builds(
    RefreshPolicy,
    renew=st.sampled_from(Renew),
    idle=st.sampled_from([None, 3 * DAY, 7 * DAY]),
    absolute=st.sampled_from([None, 8 * DAY, 30 * DAY]),
    absolute_anchor=st.sampled_from(Anchor),
    rotate=st.sampled_from([Rotate.NEVER, Rotate.ALWAYS]),
    extend_on_use=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(policy=policies, ttls=st.sets(st.integers(1, 12), min_size=1), gaps=st.sets(st.integers(1, 12), min_size=1))
def test_each_cell_is_what_a_walk_gives(policy, ttls, gaps):
    """application-model 3.2: whole days, so that visits fall on the ends of lifetimes."""
    found = grid(policy, ttl_in_days=ttls, days_between_visits=gaps, horizon=40 * DAY)
    expected = [
        (ttl, gap, *walked(replace(policy, ttl=ttl * DAY), gap * DAY, 40 * DAY)) for ttl in ttls for gap in gaps
    ]
    assert list(found.itertuples(index=False, name=None)) == expected


@pytest.mark.parametrize(
    ("type_", "profile"),
    [
        (type_, profile)
        for type_ in (ApplicationType.SPA, ApplicationType.NATIVE, ApplicationType.TRADITIONAL)
        for profile in Profile
        if availability("refresh_token_ttl_in_days", type_, profile).available
    ],
)
def test_each_cell_is_what_the_arrays_give(type_, profile):
    """One rule: the regular users of the arrays last as long."""
    application = Application(client_id="shop", type=type_, name="Shop")
    found = grid(application, profile=profile, refresh_token_ttl_in_days=[1, 14, 180], days_between_visits=[1, 10, 14])
    rows = []
    for ttl in (1, 14, 180):
        policy = policy_of(replace(application, refresh_token_ttl_in_days=ttl), profile)
        for gap in (1, 10, 14):
            (user,) = lifetimes(policy, every(gap * DAY), users=1, rng=np.random.default_rng(1)).to_dict("records")
            rows.append((ttl, gap, user["duration"], not user["event_observed"], user["ended_by"]))
    assert list(found.itertuples(index=False, name=None)) == rows


def test_a_visit_at_the_horizon_does_not_happen():
    """The simulation ends there, so what would end the sign-in then is not seen."""
    given_ = {"ttl_in_days": [10], "days_between_visits": [10]}
    assert cell(grid(SLIDING, **given_, horizon=10 * DAY)) == (10.0, True, "")
    assert cell(grid(SLIDING, **given_, horizon=11 * DAY)) == (10.0, False, "refresh_token_expired")


def test_a_setting_that_is_no_list_holds_throughout():
    """The idle limit ends all, whatever the other two are."""
    found = grid(SLIDING, ttl_in_days=[30, 60], rotate=[Rotate.NEVER, Rotate.ALWAYS], idle_in_hours=12)
    assert set(found["ended_by"]) == {"refresh_token_idle"}
    assert list(found.columns[:2]) == ["ttl_in_days", "rotate"]


def test_none_takes_a_limit_away():
    """Without a TTL of its own a token that is used lives on."""
    found = grid(SLIDING, ttl_in_minutes=[5, None], days_between_visits=[1, 2])
    assert list(found["never"]) == [False, False, True, True]


def test_parameters_hold_over_what_the_settings_mean():
    """An application under a profile, with a limit that its profile does not have."""
    found = grid(SHOP, profile=Profile.STRICT, refresh_token_ttl_in_days=[14, 30], idle_in_days=[2, 90],
                 days_between_visits=5)  # fmt: skip
    assert [cell(found, row) for row in range(4)] == [
        (5.0, False, "refresh_token_idle"), (15.0, False, "refresh_token_expired"),
        (5.0, False, "refresh_token_idle"), (30.0, False, "refresh_token_expired"),
    ]  # fmt: skip


def test_where_no_token_is_issued_users_have_to_sign_in_at_once():
    """RFC6749-1.5: to issue one is at the discretion of the provider."""
    found = grid(SLIDING, issued=[True, False], ttl_in_days=[400, 500])
    assert [cell(found, row) for row in (0, 3)] == [(365.0, True, ""), (0.0, False, "not_issued")]


@pytest.mark.parametrize("users", [1, 4, 5, 100])
def test_drawn_users_are_told_by_their_middle(users):
    """The median of a lifetimes frame of the same users, by hand."""
    found = grid(SLIDING, ttl_in_days=[5, 20, 30], idle_in_days=[10, 90], usage=Random(), users=users,
                 rng=np.random.default_rng(7))  # fmt: skip
    for row in found.itertuples():
        policy = replace(SLIDING, ttl=row.ttl_in_days * DAY, idle=row.idle_in_days * DAY)
        one = lifetimes(policy, Random(), users=users, rng=np.random.default_rng(7))
        ended = one[one["event_observed"]]
        reached = [day for day in sorted(ended["duration"]) if (ended["duration"] <= day).sum() * 2 >= users]
        assert (row.median_days, row.never) == ((reached[0], False) if reached else (365.0, True))
        assert row.ended_by in ({""} if ended.empty else set(ended["ended_by"].mode()))


def test_all_cells_have_the_same_drawn_users():
    """A longer lifetime is never worse by chance."""
    found = grid(SLIDING, ttl_in_days=range(1, 40, 3), rotate=[Rotate.ALWAYS, Rotate.NEVER], usage=Random(), users=50,
                 rng=np.random.default_rng(7))  # fmt: skip
    assert found[found["rotate"] == Rotate.NEVER]["median_days"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ttl_in_days": [1, 2]}, "exactly two, not for ttl_in_days"),
        ({"ttl_in_days": [1, 2], "idle_in_days": [1], "absolute_in_days": [3]}, "exactly two"),
        ({"ttl_in_weeks": [1, 2], "idle_in_days": [1]}, "'ttl_in_weeks' is no setting"),
        ({"refresh_token_ttl_in_days": [1, 2], "idle_in_days": [1]}, "'refresh_token_ttl_in_days' is no setting"),
        ({"ttl_in_days": [1], "days_between_visits": [0]}, "must be above 0"),
        ({"ttl_in_days": ["a"], "days_between_visits": [1]}, "ttl_in_days: 'a' is no number"),
        ({"ttl_in_days": [], "days_between_visits": [1]}, "ttl_in_days has nothing in its list"),
        ({"ttl": [14, 30], "days_between_visits": [1]}, "ttl: 14: it is a timedelta"),
        ({"ttl_in_days": [1], "rotate": ["always"]}, "rotate: 'always': it is one of Rotate.NEVER"),
        ({"ttl_in_days": [1], "days_between_visits": [1], "horizon": timedelta(days=-5)}, "horizon: -5 days"),
        ({"ttl_in_days": [1], "days_between_visits": [1], "horizon": 5}, "5 is no duration"),
        ({"ttl_in_days": [1], "days_between_visits": [1], "profile": "auth0"}, "it is one of Profile.DOCUMENTED"),
        ({"ttl_in_days": [1], "idle_in_days": [1], "usage": Random()}, "give the generator"),
        (
            {"ttl_in_days": [1], "days_between_visits": [1], "usage": Random(), "rng": np.random.default_rng(1)},
            "leave out days_between_visits",
        ),
    ],
)
def test_what_is_no_grid_is_refused_with_what_to_write(wrong, words):
    """A misspelt setting would otherwise change nothing, and nobody would see."""
    with pytest.raises(ValueError, match=words):
        grid(SLIDING, **wrong)


def test_a_setting_that_the_type_does_not_have_in_the_profile_is_refused():
    """application-model 3.1: all cells would be alike, and nobody would see why."""
    with pytest.raises(ValueError, match=r"changes nothing here, in profile documented: .*default 14 days"):
        grid(SHOP, refresh_token_ttl_in_days=[14, 30], days_between_visits=[1, 5])


def test_an_hour_between_visits_is_an_hour():
    """The unit is in the name."""
    found = grid(SLIDING, ttl_in_minutes=[59, 61], hours_between_visits=[1], horizon=timedelta(days=2))
    assert list(found["never"]) == [False, True]


def test_a_year_of_minutes_is_not_led_visit_by_visit():
    """What goes on as before is known after a few visits; half a million of them would take half a minute."""
    begun = time.process_time()
    found = grid(SLIDING, minutes_between_visits=[1], ttl_in_days=[1])
    assert cell(found) == (365.0, True, "")
    assert time.process_time() - begun < 5

"""How long many users stay signed in: the frame, the same users for every policy, and what cannot be counted."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

import oidc_lab
from oidc_lab.domain.causes import CAUSES
from oidc_lab.domain.happening import Happening
from oidc_lab.domain.refresh_parameters import Anchor, LeewayAnchor, OnReuse, RefreshPolicy, Renew, Rotate
from oidc_lab.simulation import lifetimes as module
from oidc_lab.simulation.lifetimes import ENDED, lifetimes, lived
from oidc_lab.simulation.steps import BLOCK, Step
from oidc_lab.simulation.usage import every
from tests.domain.families import DAY
from tests.simulation.plain import Listed, Thing

D = 86400
FORTNIGHT = RefreshPolicy(ttl=14 * DAY)
# The provider's own, as coded, for an application that can keep a secret.
WEB = RefreshPolicy(
    ttl=14 * DAY, absolute=180 * DAY, absolute_anchor=Anchor.GRANT, rotate=Rotate.AFTER_FRACTION, rotate_at=70,
    rotate_until=timedelta(days=365.25), leeway=timedelta(seconds=3), leeway_anchor=LeewayAnchor.LAST_USE,
    leeway_depth=None, on_reuse=OnReuse.REVOKE_GRANT,
)  # fmt: skip
USAGES = oidc_lab.usages()


def rng(seed=7):
    return np.random.default_rng(seed)


def one(policy, usage, **options):
    return lifetimes(policy, usage, users=3, rng=rng(), **options).iloc[0].to_dict()


def test_a_daily_user_is_signed_in_until_the_grant_ends_and_a_fortnightly_one_is_out_on_day_14():
    """application-model 3.3, 3.6"""
    daily, fortnightly = one(WEB, every(DAY)), one(WEB, every(14 * DAY))
    assert (daily["duration"], daily["ended_by"], daily["sign_ins"]) == (180.0, "grant_expired", 3)
    assert (fortnightly["duration"], fortnightly["ended_by"]) == (14.0, "refresh_token_expired")
    # From 9.8 days on a token is replaced: on every tenth day.
    assert (daily["requests"], daily["rotations"]) == (364 - 2, 17 + 17)


def test_who_is_still_signed_in_at_the_horizon_is_not_observed_to_end():
    """RFC6749-1.5"""
    told = one(RefreshPolicy(), every(DAY), horizon=10 * DAY)
    assert told | {"exposure": None} == {
        "user": 0, "duration": 10.0, "event_observed": False, "ended_by": "", "sign_ins": 1, "requests": 9,
        "rotations": 0, "exposure": None, "exposure_observed": False,
    }  # fmt: skip
    assert np.isnan(told["exposure"])


def test_an_event_at_the_horizon_does_not_happen():
    """RFC6749-6"""
    things = [[Thing(10 * D - 1)], [Thing(10 * D)], [Thing(10 * D - 1, Happening.TWO_TABS, 1)]]
    for plain, users in ((True, things[:2]), (False, things)):
        found = lived({"it": RefreshPolicy()}, Listed(users, plain), users=len(users), rng=rng(), horizon=10 * D)["it"]
        assert found.requests.tolist() == [1, 0, 1][: len(users)]


def test_without_a_refresh_token_every_request_is_a_sign_in():
    """RFC6749-4.4.3"""
    told = one(RefreshPolicy(issued=False), every(DAY), horizon=10 * DAY, exposure=True)
    assert (told["duration"], told["event_observed"], told["ended_by"], told["sign_ins"]) == (0, True, "not_issued", 10)
    assert (told["requests"], told["exposure"], told["exposure_observed"]) == (0, 0, True)


def test_what_is_bound_to_a_session_ends_with_it():
    """OIDCC-11"""
    told = one(RefreshPolicy(), every(DAY), offline=False, session_lifetime=3 * DAY)
    assert (told["duration"], told["ended_by"]) == (3.0, "session_over")


def test_a_stolen_token_is_found_out_when_both_have_used_it_or_works_on():
    """RFC9700-4.14.2"""
    rotating = RefreshPolicy(ttl=14 * DAY, rotate=Rotate.ALWAYS, on_reuse=OnReuse.REVOKE_FAMILY)
    second = 1 / D
    caught, unseen = one(rotating, every(3 * DAY), exposure=True), one(FORTNIGHT, every(3 * DAY), exposure=True)
    assert caught["exposure"] == pytest.approx(4 * 23 / 24 + second)
    assert caught["exposure_observed"]
    assert unseen["exposure"] == pytest.approx(15 * 23 / 24 + second)
    forever = one(RefreshPolicy(), every(3 * DAY), exposure=True)
    assert (forever["exposure"], forever["exposure_observed"]) == (pytest.approx(365 - second), False)


def test_a_thief_does_not_change_what_is_said_of_the_users():
    """RFC9700-4.14.2"""
    rotating = RefreshPolicy(ttl=14 * DAY, rotate=Rotate.ALWAYS, on_reuse=OnReuse.REVOKE_FAMILY)
    with_thief = lifetimes(rotating, USAGES["mobile"], users=200, rng=rng(), exposure=True)
    without = lifetimes(rotating, USAGES["mobile"], users=200, rng=rng())
    told = ["exposure", "exposure_observed"]
    assert with_thief.drop(columns=told).equals(without.drop(columns=told))


def test_every_cause_has_its_place_and_none_is_the_first():
    """RFC6749-5.2"""
    assert list(ENDED) == list(CAUSES)
    assert ENDED[0] == ""


@pytest.mark.parametrize("usage_id", ["daily", "mobile"])
def test_the_same_generator_gives_the_same_frame(usage_id):
    """RFC6749-6"""
    frames = [lifetimes(WEB, USAGES[usage_id], users=300, rng=rng(seed)) for seed in (7, 7, 8)]
    assert frames[0].equals(frames[1])
    assert not frames[0].equals(frames[2])


@pytest.mark.parametrize("together", [1, 2, 3])
@pytest.mark.parametrize("usage_id", ["heavy-tail", "tabs"])
def test_users_do_not_depend_on_which_blocks_are_led_side_by_side(usage_id, together, monkeypatch):
    """RFC6749-6"""
    usage, users = USAGES[usage_id], 2 * BLOCK + 100
    options = {"users": users, "horizon": 60 * DAY, "exposure": True}
    expected = lifetimes(FORTNIGHT, usage, rng=rng(), **options)
    monkeypatch.setattr(module, "TOGETHER", together)
    assert lifetimes(FORTNIGHT, usage, rng=rng(), **options).equals(expected)


def test_users_drawn_in_parts_are_the_same_users():
    """RFC6749-6"""
    whole = lifetimes(WEB, USAGES["daily"], users=3000, rng=rng())
    chance = rng()
    parts = [lifetimes(WEB, USAGES["daily"], users=users, rng=chance) for users in (BLOCK, 3000 - BLOCK)]
    for name in ("duration", "ended_by", "sign_ins", "requests", "rotations"):
        assert whole[name].tolist() == [value for part in parts for value in part[name]]


def test_several_policies_see_the_same_users():
    """RFC6749-6"""
    several = {"web": WEB, "fortnight": FORTNIGHT, "none": RefreshPolicy(issued=False)}
    together = lived(several, USAGES["weekly"], users=500, rng=rng(), horizon=365 * D)
    for name, policy in several.items():
        alone = lived({"it": policy}, USAGES["weekly"], users=500, rng=rng(), horizon=365 * D)["it"]
        for column in ("duration", "event_observed", "ended_by", "sign_ins", "requests", "rotations"):
            assert np.array_equal(getattr(together[name], column), getattr(alone, column))
    assert list(together) == list(several)


@pytest.mark.parametrize(
    ("options", "because"),
    [
        ({"users": 0}, "users: 0: there must be one at least"),
        ({"horizon": timedelta(0)}, "horizon: 0 seconds: it must be one at least"),
        ({"horizon": timedelta(seconds=1.5)}, "counts whole seconds"),
        ({"horizon": 30000 * DAY}, "more than 32 bits can count"),
        ({"session_lifetime": timedelta(seconds=0.5)}, "session is 0:00:00.500000: users in arrays count whole"),
    ],
)
def test_what_the_arrays_cannot_count_is_refused(options, because):
    """RFC6749-6"""
    with pytest.raises(ValueError, match=because):
        lifetimes(FORTNIGHT, every(DAY), rng=rng(), **({"users": 1} | options))


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"ttl": timedelta(days=1, microseconds=1)}, "ttl is 1 day, 0:00:00.000001: users in arrays count whole"),
        ({"leeway": timedelta(milliseconds=500)}, "leeway is 0:00:00.500000"),
        ({"absolute": 30000 * DAY}, "absolute is 30000 days: with a horizon of 31536000 seconds"),
        ({"rotate": Rotate.AFTER_AGE, "rotate_at": timedelta(seconds=0.5)}, "rotate_at is 0:00:00.500000"),
    ],
)
def test_a_policy_that_the_arrays_cannot_count_is_refused_by_name(changes, because):
    """provider-policies 1"""
    with pytest.raises(ValueError, match=because):
        lifetimes(replace(FORTNIGHT, **changes), every(DAY), users=1, rng=rng())


def test_the_longest_lifetime_that_can_be_counted_is():
    """RFC6749-6: 32 bits"""
    longest = timedelta(seconds=2**31 - 2 - 10 * D)
    told = one(RefreshPolicy(ttl=longest, idle=longest, rotate=Rotate.ALWAYS), every(DAY), horizon=10 * DAY)
    assert (told["event_observed"], told["requests"]) == (False, 9)
    with pytest.raises(ValueError, match="32 bits"):
        one(RefreshPolicy(ttl=longest + timedelta(seconds=1)), every(DAY), horizon=10 * DAY)


def test_a_usage_that_hides_what_happens_is_refused():
    """The seam of simulation/steps: a usage is plain, or it is not."""

    class Hiding(Listed):
        def steps(self, users, horizon, rng):
            return iter([Step(at=np.array([5], dtype=np.int32), what=np.array([1], dtype=np.int8))])

    with pytest.raises(ValueError, match="plain"):
        lifetimes(FORTNIGHT, Hiding([[]], plain=True), users=1, rng=rng())


def test_a_sign_in_is_no_step():
    """The seam of simulation/steps: sign-ins follow from what happened before."""
    with pytest.raises(ValueError, match="a sign-in is no step"):
        lifetimes(FORTNIGHT, Listed([[Thing(5, Happening.SIGN_IN)]]), users=1, rng=rng())


@pytest.mark.parametrize("renew", Renew)
def test_after_rotate_until_a_token_is_final(renew):
    """application-model D3"""
    policy = RefreshPolicy(ttl=20 * DAY, renew=renew, rotate=Rotate.ALWAYS, rotate_until=10 * DAY)
    told = one(policy, every(DAY), horizon=100 * DAY)
    assert told["duration"] == (29.0 if renew is Renew.FULL else 20.0)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"usage": "daily"}, "no usage pattern"), ({"usage": DAY}, "no usage pattern"),
        ({"policy": "auth0-spa"}, "auth0-spa"), ({"users": 1e3}, "users: 1000.0 is no whole number"),
        ({"users": True}, "users: True"), ({"rng": 7}, "no generator"),
    ],
)  # fmt: skip
def test_what_is_no_such_thing_is_told_with_an_example(given, problem):
    named = {"policy": FORTNIGHT, "usage": every(DAY), "users": 2, "rng": rng()} | given
    with pytest.raises(TypeError, match=problem):
        lifetimes(named.pop("policy"), named.pop("usage"), **named)


def test_a_horizon_is_a_duration():
    with pytest.raises(ValueError, match="365 is no duration"):
        lifetimes(FORTNIGHT, every(DAY), users=1, rng=rng(), horizon=365)

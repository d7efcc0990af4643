"""The usage patterns: what every one of them promises, and that each draws what its parameters say."""

import math
import pickle
import tracemalloc
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import SFC64, Generator

import oidc_lab
from oidc_lab.domain.happening import Happening
from oidc_lab.simulation.habits import Absences, HeavyTail
from oidc_lab.simulation.incidents import LostReplies, Tabs
from oidc_lab.simulation.steps import CODES, NEVER, REQUEST
from oidc_lab.simulation.timetable import Timetable, drawn
from oidc_lab.simulation.usage import LONGEST_ROUND, Usage, every

DAY, HOUR = 86400, 3600
YEAR = 365 * DAY
LOST, TABS = CODES[Happening.LOST_REPLY], CODES[Happening.TWO_TABS]
USERS = 512

PATTERNS = oidc_lab.usages()


def table(usage, users=USERS, horizon=YEAR, seed=7):
    """Moments, codes and gaps, each of shape (steps, users)."""
    steps = list(usage.steps(users, horizon, Generator(SFC64(seed))))
    at = np.array([each.at for each in steps]).reshape(len(steps), users)
    what = np.array([np.full(users, REQUEST) if each.what is None else each.what for each in steps])
    gap = np.array([np.zeros(users, dtype=np.int32) if each.gap is None else each.gap for each in steps])
    return at, what.reshape(at.shape), gap.reshape(at.shape)


def within(count, trials, share):
    """Whether a count is what a share of so many trials gives, to 5 sigma."""
    return abs(count - trials * share) < 5 * math.sqrt(trials * share * (1 - share)) + 1


def check_promises(usage, users, horizon, seed):
    before, codes = np.zeros(users, dtype=np.int64), set(CODES.values())
    for step in usage.steps(users, horizon, Generator(SFC64(seed))):
        assert step.at.dtype == np.int32
        assert step.at.shape == (users,)
        coming = step.at != NEVER
        assert (step.at[coming] < horizon).all()
        assert (step.at >= before).all()
        before = step.at.astype(np.int64)
        if usage.plain:
            assert step.what is None
            assert step.gap is None
        else:
            assert step.what.dtype == np.int8
            assert set(step.what.tolist()) <= codes
        if step.gap is not None:
            assert step.gap.dtype == np.int32
            assert (step.gap >= 0).all()
            assert (step.gap[step.what != TABS] == 0).all()
            before += step.gap
            assert (before[coming] < horizon).all()


@pytest.mark.parametrize("name", PATTERNS)
@given(
    users=st.integers(1, 40), horizon=st.integers(1, 40 * DAY) | st.integers(YEAR, 2 * YEAR), seed=st.integers(0, 2**32)
)
@settings(deadline=None, max_examples=15)
def test_steps_are_whole_seconds_that_never_fall_and_end_before_the_horizon(name, users, horizon, seed):
    """simulation/steps: the promises that lifetimes are computed from."""
    check_promises(PATTERNS[name], users, horizon, seed)


@st.composite
def timetables(draw):
    """Few seconds everywhere, so that slots touch, moments are equal and horizons fall on both."""
    lengths = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
    spread = draw(st.integers(0, min(lengths)))
    early = draw(st.integers(0, spread))
    starts = np.cumsum([0, *lengths[:-1]]) - early
    return Timetable(period=sum(lengths), starts=tuple(starts.tolist()), spread=spread)


@given(table=timetables(), seed=st.integers(0, 2**32), horizon=st.integers(1, 60), users=st.integers(1, 5))
@settings(deadline=None)
def test_crowded_timetables_keep_the_promises_too(table, seed, horizon, users):
    for pattern in (
        table,
        LostReplies(timetable=table, share=0.7, mean_delay=3.0),
        Tabs(timetable=table, share=0.7, mean_gap=3.0, longest_gap=9),
    ):
        check_promises(pattern, users, horizon, seed)


@given(
    days=st.integers(1, 30), more=st.integers(0, 5), a_year=st.integers(1, 9), seed=st.integers(0, 2**32),
    horizon=st.integers(1, 900), spread=st.sampled_from([0, 2, DAY]),
)  # fmt: skip
@settings(deadline=None, max_examples=50)
def test_who_is_away_keeps_the_promises_too(days, more, a_year, seed, horizon, spread):
    daily = Timetable(period=DAY, spread=spread)
    check_promises(Absences(timetable=daily, a_year=a_year, shortest=days, longest=days + more), 3, horizon * DAY, seed)


@given(seed=st.integers(0, 2**32), horizon=st.integers(1, 30), tail=st.sampled_from([0.5, 1.0, 4.0]))
@settings(deadline=None)
def test_ever_longer_gaps_keep_the_promises_too(seed, horizon, tail):
    check_promises(HeavyTail(shortest=1, tail=tail), 8, horizon, seed)


@pytest.mark.parametrize("name", PATTERNS)
def test_one_generator_gives_one_sequence_of_steps_and_another_gives_another(name):
    one, same, other = (table(PATTERNS[name], horizon=100 * DAY, seed=seed) for seed in (7, 7, 8))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[0], other[0])


@pytest.mark.parametrize("name", PATTERNS)
def test_users_do_not_come_together(name):
    """Each has moments of their own: hardly any two users share one."""
    at, _, _ = table(PATTERNS[name], users=64)
    tenth = at[min(9, len(at) - 1)]
    assert len(set(tenth.tolist())) > 48


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_goes_to_another_process_as_it_is(name):
    again = pickle.loads(pickle.dumps(PATTERNS[name]))
    assert again == PATTERNS[name]
    assert np.array_equal(table(again, users=3)[0], table(PATTERNS[name], users=3)[0])


def test_the_steps_of_a_million_users_are_given_one_at_a_time():
    """In memory that is of the users alone: half a century of hours is not drawn before its first step is given."""
    tracemalloc.start()
    try:
        steps = PATTERNS["hourly"].steps(1_000_000, 50 * YEAR, Generator(SFC64(7)))
        assert [next(steps).at.shape for _ in range(5)] == [(1_000_000,)] * 5
        assert tracemalloc.get_traced_memory()[1] < 30e6
    finally:
        tracemalloc.stop()


def test_moments_are_drawn_evenly_over_their_slot():
    for spread in (1, 2, 7, 57600, 65535, 65536, 3 * DAY, 10 * DAY):
        moments = drawn(Generator(SFC64(7)), 64, 1024, spread).astype(np.int64)
        assert moments.min() >= 0
        assert moments.max() < spread
        assert abs(moments.mean() - (spread - 1) / 2) < 5 * spread / math.sqrt(12 * moments.size) + spread / 2**15
        assert moments.min() <= spread / 1000
        assert moments.max() >= spread * 0.999 - 1


def test_the_hourly_comes_in_every_hour_ten_minutes_earlier_or_later():
    at, _, _ = table(PATTERNS["hourly"], horizon=30 * DAY)
    late = at[:-1] - HOUR * np.arange(1, len(at))[:, np.newaxis]
    assert len(at) == 30 * 24
    assert late.min() == -600
    assert 598 <= late.max() < 600


def test_the_daily_comes_once_on_each_day_while_people_are_awake():
    """Everybody signs in at seven on day 0."""
    at, _, _ = table(PATTERNS["daily"])
    assert at.shape == (364, USERS)
    assert (at // DAY == np.arange(1, 365)[:, np.newaxis]).all()
    assert (at % DAY < 16 * HOUR).all()
    assert abs((at % DAY).mean() - 8 * HOUR) < 5 * 16 * HOUR / math.sqrt(12 * at.size)


def test_the_office_is_open_on_weekdays_from_nine_to_five():
    """Day 0 is a Monday, and its ninth hour is second 0."""
    at, _, _ = table(PATTERNS["office"], horizon=70 * DAY)
    day, since_nine = np.divmod(at, DAY)
    assert set((day % 7).ravel().tolist()) == {0, 1, 2, 3, 4}
    assert since_nine.max() < 8 * HOUR
    assert np.bincount(day[:, 0])[1:8].tolist() == [8, 8, 8, 8, 0, 0, 8]
    assert len(at) == 50 * 8 - 1


@pytest.mark.parametrize(("name", "days", "late"), [("weekly", 7, 1.5), ("monthly", 365 / 12, 3)])
def test_the_weekly_and_the_monthly_come_about_on_their_day(name, days, late):
    at, _, _ = table(PATTERNS[name], users=2048)
    in_time = at.astype(float)
    in_time[at == NEVER] = np.nan
    number = np.arange(1, len(at) + 1)[:, np.newaxis]
    off = in_time / DAY - number * days
    assert np.nanmin(off) >= -late
    assert np.nanmax(off) < late
    assert abs(np.nanmean(off[:-1])) < 5 * late / math.sqrt(3 * off[:-1].size) + 1e-3
    assert np.nanstd(off[:-1]) == pytest.approx(late / math.sqrt(3), rel=0.02)


def absences(at):
    """Of each user, the days on which a user who otherwise comes daily was away, in runs."""
    for user in range(at.shape[1]):
        days = np.unique(np.append(at[:, user][at[:, user] != NEVER] // DAY, [0, 365]))
        length = np.diff(days) - 1
        yield days[:-1][length > 0] + 1, length[length > 0]


def test_on_holidays_everybody_is_away_twice_a_year_for_two_to_three_weeks():
    at, _, _ = table(PATTERNS["holidays"], users=2048)
    begins, lengths = zip(*absences(at), strict=True)
    assert {len(each) for each in lengths} == {2}
    assert set(np.concatenate(lengths).tolist()) == set(range(14, 22))
    assert abs(np.mean(lengths) - 17.5) < 5 * math.sqrt(63 / 12 / 4096)
    first, second = np.array(begins).T
    assert first.min() == 1
    assert first.max() == 182 - 14
    assert second.min() == 183 + 1
    assert second.max() == 365 - 14
    assert abs(first.mean() - (1 + 182 - 17.5) / 2) < 5 * 48 / math.sqrt(2048)


def test_absences_come_every_year():
    at, _, _ = table(PATTERNS["holidays"], horizon=3 * YEAR, users=256)
    away = 3 * 365 - 1 - (at != NEVER).sum(axis=0)
    assert away.min() >= 6 * 14
    assert away.max() <= 6 * 21
    assert abs(away.mean() - 6 * 17.5) < 5 * math.sqrt(6 * 5.25 / 256)


@pytest.mark.parametrize("tail", [0.5, 1.0, 2.5])
def test_of_gaps_with_a_heavy_tail_the_share_that_its_law_says_is_longer(tail):
    """Pareto's law, at several lengths; drawn until the horizon, so gaps are told of the first step alone."""
    pattern = HeavyTail(shortest=6 * HOUR, tail=tail)
    first = next(iter(pattern.steps(100_000, NEVER - LONGEST_ROUND, Generator(SFC64(7))))).at
    assert first.min() >= 6 * HOUR
    for times in (1.5, 2, 4, 16, 56):
        assert within((first > times * 6 * HOUR).sum(), 100_000, times**-tail)


def test_gaps_with_a_heavy_tail_do_not_depend_on_each_other():
    at = np.array(
        [
            each.at
            for each, _ in zip(
                HeavyTail(shortest=100, tail=3).steps(50_000, YEAR, Generator(SFC64(7))), range(3), strict=False
            )
        ]
    )
    gaps = np.diff(at.astype(float), axis=0, prepend=0)
    assert (gaps >= 99).all()
    assert abs(np.corrcoef(np.log(gaps[0]), np.log(gaps[2]))[0, 1]) < 5 / math.sqrt(50_000)
    assert np.median(gaps[2]) == pytest.approx(100 * 2 ** (1 / 3), rel=0.01)


def test_on_one_device_day_in_twenty_a_reply_is_lost_and_asked_for_again():
    """zitadel issue 9631: 5 % of device-days; 30 % of users in a week follow from it."""
    at, what, _ = table(PATTERNS["mobile"], users=1024)
    lost = np.argwhere((what == LOST) & (at != NEVER))
    days = np.array([[user, at[step, user] // DAY] for step, user in lost])
    assert len({tuple(each) for each in days}) == len(days)  # never two on one day
    assert within(len(days), 364 * 1024 + 1024, 0.05)
    hit = {user for user, day in days if 7 <= day < 14}
    assert within(len(hit), 1024, 1 - 0.95**7)
    delay = np.array([at[step + 1, user] - at[step, user] for step, user in lost if step + 1 < len(at)])
    delay = delay[delay < NEVER - YEAR]
    assert delay.min() == 1
    assert abs(delay.mean() - 20.5) < 5 * 20 / math.sqrt(len(delay))
    assert (what[1:][(what == LOST)[:-1]] == REQUEST).all()


def test_each_visit_of_a_day_is_as_likely_to_be_the_one_that_is_lost():
    at, what, _ = table(PATTERNS["mobile"], users=1024)
    later = (what == LOST) & (at != NEVER) & (at >= DAY)
    slots = at[later] % DAY // (4 * HOUR)
    for slot in range(4):
        assert within((slots == slot).sum(), len(slots), 0.25)


def test_a_lost_reply_adds_a_request_and_leaves_the_others_where_they_are():
    """The device visits in each of its four slots of every day, whatever was lost."""
    at, what, _ = table(PATTERNS["mobile"], users=256)
    for user in range(256):
        mine = at[:, user] != NEVER
        again = np.append(False, (what[:-1, user] == LOST))
        visits = at[mine & ~again, user]
        assert len(visits) == 365 * 4 - 1
        assert (np.diff(visits // (4 * HOUR) % 6 + visits // DAY * 4) == 1).all()


def test_the_last_reply_that_is_lost_is_asked_for_again_too():
    """With a loss on every day's only visit, and all users alike, each loss has its second request."""
    pattern = LostReplies(timetable=Timetable(period=DAY), share=1.0, mean_delay=5.0)
    at, what, _ = table(pattern, users=8, horizon=4 * DAY + HOUR)
    assert what.tolist() == [[LOST] * 8, [REQUEST] * 8] * 4
    assert (at[::2] == DAY * np.arange(1, 5)[:, np.newaxis]).all()
    assert (at[1::2] > at[::2]).all()
    assert (at[1::2] < at[::2] + HOUR).all()


def test_with_tabs_one_visit_in_ten_is_by_two_seconds_apart():
    at, what, gap = table(PATTERNS["tabs"], users=512)
    both = what == TABS
    assert within(both.sum(), both.size, 0.1)
    assert within((gap[both] == 0).sum(), both.sum(), 1 - math.exp(-1 / 2))
    assert gap[both].max() <= 30
    assert abs(gap[both].mean() - 1 / (math.exp(1 / 2) - 1)) < 5 * 2 / math.sqrt(both.sum())
    assert (at // DAY * 4 + at % DAY // (4 * HOUR) == np.arange(1, 1460)[:, np.newaxis]).all()


def test_the_second_tab_is_never_further_behind_than_the_longest_gap_and_the_next_visit_waits():
    crowded = Tabs(timetable=Timetable(period=3, spread=3), share=1.0, mean_gap=100.0, longest_gap=5)
    at, _, gap = table(crowded, users=64, horizon=300)
    assert gap.max() == 5
    free = (at + gap)[:-1]
    assert (at[1:] >= free).all()


def test_every_is_exactly_regular_and_draws_nothing():
    rng = Generator(SFC64(7))
    steps = [each.at.tolist() for each in every(timedelta(days=7)).steps(3, 28 * DAY + 1, rng)]
    assert steps == [[7 * DAY * n] * 3 for n in (1, 2, 3, 4)]
    assert [each.at.tolist() for each in every(timedelta(days=7)).steps(1, 28 * DAY, rng)] == [
        [7 * DAY], [14 * DAY], [21 * DAY]
    ]  # fmt: skip
    assert rng.integers(2**60) == Generator(SFC64(7)).integers(2**60)


@pytest.mark.parametrize(
    ("interval", "usage_id", "title"),
    [
        (timedelta(days=7), "every-7-days", "Every 7 days"),
        (timedelta(days=1), "every-day", "Every day"),
        (timedelta(hours=36), "every-1-day-12-hours", "Every 1 day 12 hours"),
        (timedelta(seconds=1), "every-second", "Every second"),
    ],
)
def test_every_is_called_what_it_is(interval, usage_id, title):
    made = every(interval)
    assert (made.usage_id, made.title, made.plain) == (usage_id, title, True)
    assert made.says == f"A visit {title.lower()}, to the second."


@pytest.mark.parametrize("interval", [timedelta(0), timedelta(days=-1), timedelta(seconds=1.5)])
def test_visits_are_whole_seconds_apart(interval):
    with pytest.raises(ValueError, match="whole seconds apart"):
        every(interval)


@pytest.mark.parametrize(
    ("users", "horizon", "says"),
    [(0, DAY, "users: 0"), (1, 0, "horizon: 0"), (1, NEVER - LONGEST_ROUND + 1, "horizon")],
)
def test_a_number_of_users_or_a_horizon_that_cannot_be_is_refused_at_once(users, horizon, says):
    with pytest.raises(ValueError, match=says):
        PATTERNS["daily"].steps(users, horizon, Generator(SFC64(7)))


@pytest.mark.parametrize("name", ["weekly", "monthly", "heavy-tail"])
def test_next_to_the_last_second_that_can_be_counted_nothing_overflows(name):
    check_promises(PATTERNS[name], 2, NEVER - LONGEST_ROUND, 7)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"period": 0}, "end before the next begins"),
        ({"period": 10, "spread": 11}, "end before the next begins"),
        ({"period": 10, "starts": (0, 4), "spread": 5}, "end before the next begins"),
        ({"period": 10, "starts": (0, 8), "spread": 5}, "end before the next begins"),
        ({"period": 10, "starts": (4, 0)}, "second 0 falls in"),
        ({"period": 10, "starts": (-3,), "spread": 2}, "second 0 falls in"),
        ({"period": 10, "starts": ()}, "second 0 falls in"),
    ],
)
def test_a_timetable_whose_slots_overlap_is_refused(given, says):
    with pytest.raises(ValueError, match=says):
        Timetable(**given)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (LostReplies, {"share": 0.0, "mean_delay": 1.0}),
        (LostReplies, {"share": 1.1, "mean_delay": 1.0}),
        (LostReplies, {"share": 0.5, "mean_delay": 0.0}),
        (Tabs, {"share": 0.0, "mean_gap": 1.0, "longest_gap": 1}),
        (Tabs, {"share": 0.5, "mean_gap": 0.0, "longest_gap": 1}),
        (Tabs, {"share": 0.5, "mean_gap": 1.0, "longest_gap": -1}),
        (Absences, {"a_year": 0, "shortest": 1, "longest": 2}),
        (Absences, {"a_year": 1, "shortest": 0, "longest": 2}),
        (Absences, {"a_year": 1, "shortest": 3, "longest": 2}),
        (Absences, {"a_year": 12, "shortest": 3, "longest": 30}),
    ],
)
def test_parameters_that_mean_nothing_are_refused(kind, given):
    with pytest.raises(ValueError, match=r"share|absence"):
        kind(timetable=Timetable(period=DAY), **given)


def test_a_usage_is_compared_by_what_it_does():
    one, other = (
        Usage(usage_id="u", title="U", says="x", pattern=Timetable(period=period), because={}) for period in (5, 6)
    )
    assert one != other
    assert one == Usage(usage_id="u", title="U", says="x", pattern=Timetable(period=5), because={"every": "why"})

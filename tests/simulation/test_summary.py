"""What is said of many users: by which day half were out, what ended it, how sure that is."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oidc_lab.simulation.record import ENDED, Lived
from oidc_lab.simulation.summary import endings, moments, summary, survival
from oidc_lab.simulation.tally import Counts, Tally, binned, whole_seconds
from oidc_lab.simulation.wilson import wilson

MINUTE, HOUR, DAY = 60, 3600, 86400
YEAR = 365 * DAY
TTL, IDLE = ENDED.index("refresh_token_expired"), ENDED.index("refresh_token_idle")


def lives(durations, *, horizon=YEAR, causes=None, exposures=None, sign_ins=1, requests=0, rotations=0):
    """Users who were signed in for so long; at the horizon, nothing ended it."""
    duration = np.array(durations, dtype=np.int32)
    observed = duration < horizon
    given_causes = np.array(TTL if causes is None else causes)
    same = np.ones(len(duration), dtype=np.int32)
    exposure = None if exposures is None else np.array(exposures, dtype=np.int32)
    return Lived(
        duration=duration, event_observed=observed, ended_by=np.where(observed, given_causes, 0).astype(np.int8),
        sign_ins=same * sign_ins, requests=same * requests, rotations=same * rotations,
        exposure=exposure, exposure_observed=None if exposure is None else exposure < horizon - 1,
    )  # fmt: skip


def row(durations, *, horizon=YEAR, **more):
    return summary(Tally.of(lives(durations, horizon=horizon, **more), horizon)).iloc[0]


def part(lived, where):
    return replace(lived, **{name: None if a is None else a[where] for name, a in vars(lived).items()})


everybody = st.lists(
    st.tuples(st.integers(0, 40 * DAY), st.sampled_from([TTL, IDLE]), st.integers(1, 9), st.integers(0, 40 * DAY)),
    min_size=1, max_size=30,
)  # fmt: skip


@given(everybody, st.lists(st.integers(0, 30)), st.randoms(use_true_random=False), st.booleans())
def test_the_tallies_of_parts_add_up_to_the_tally_of_all_in_any_order_and_grouping(users, cuts, dice, thefts):
    durations, causes, times, exposures = zip(*users, strict=True)
    horizon = 30 * DAY
    lived = lives(
        np.minimum(durations, horizon), horizon=horizon, causes=causes, sign_ins=times, requests=times, rotations=times,
        exposures=np.minimum(exposures, horizon - 1) if thefts else None,
    )  # fmt: skip
    parts = [Tally.of(part(lived, where), horizon) for where in np.split(np.arange(len(users)), sorted(cuts))]
    dice.shuffle(parts)
    while len(parts) > 1:
        place = dice.randrange(len(parts) - 1)
        parts[place : place + 2] = [parts[place] + parts[place + 1]]
    assert parts[0] == Tally.of(lived, horizon)


@given(st.lists(st.integers(-3, 3)), st.lists(st.integers(-3, 3)))
def test_counts_add_up_as_those_of_the_standard_library(some, others):
    counts = Counts.of(some) + Counts.of(others)
    plain = sorted(Counter(some + others).items())
    assert list(zip(counts.values.tolist(), counts.times.tolist(), strict=True)) == plain
    assert (counts == Counts.of(some)) == (not others)
    assert Counts.of([1, 1]) != Counts.of([2, 2])


def test_nobody_changes_no_tally_and_has_no_summary():
    tally = Tally.of(lives([DAY, 2 * DAY], exposures=[5, 6]), YEAR)
    assert tally + Tally.none(YEAR) == tally == Tally.none(YEAR) + tally
    with pytest.raises(ValueError, match="no users"):
        summary(Tally.none(YEAR))


def test_tallies_that_tell_of_different_things_do_not_add_up():
    plain = Tally.of(lives([DAY]), YEAR)
    with pytest.raises(ValueError, match="end after 31536000 and after 864000 seconds"):
        plain + Tally.of(lives([DAY], horizon=10 * DAY), 10 * DAY)
    with pytest.raises(ValueError, match="thefts"):
        plain + Tally.of(lives([DAY], exposures=[DAY]), YEAR)


@given(st.integers(0, 800 * DAY), st.integers(1, 800 * DAY))
def test_a_duration_is_rounded_up_to_its_bin_and_never_beyond_the_horizon(duration, horizon):
    duration = min(duration, horizon)
    width = 1 if duration <= HOUR else MINUTE if duration <= DAY else HOUR if duration <= 30 * DAY else DAY
    rounded = int(binned(duration, horizon))
    assert duration <= rounded < duration + width
    assert rounded <= horizon
    assert rounded == horizon or rounded % width == 0


@pytest.mark.parametrize(
    ("exact", "above"),
    [(HOUR, HOUR + MINUTE), (DAY, DAY + HOUR), (30 * DAY, 31 * DAY), (0, 1), (300, 301), (14 * DAY, 14 * DAY + HOUR)],
)
def test_bins_end_at_lifetimes(exact, above):
    assert binned([exact, exact + 1], YEAR).tolist() == [exact, above]


@given(st.integers(0, 800 * DAY), st.sampled_from([300, 5 * HOUR, 20 * DAY, 31 * DAY, YEAR, 777 * DAY + 11]))
def test_binning_changes_at_no_moment_told_who_is_still_signed_in(duration, horizon):
    duration = min(duration, horizon)
    told = moments(horizon)
    assert ((duration <= told) == (binned(duration, horizon) <= told)).all()


@pytest.mark.parametrize(
    ("horizon", "number", "first", "second"),
    [
        (YEAR, 24 + 365, 0, HOUR),
        (30 * DAY, 721, 0, HOUR),
        (30 * DAY + 1, 24 + 31, 0, HOUR),
        (12 * HOUR, 721, 0, MINUTE),
        (12 * HOUR + 1, 14, 0, HOUR),
        (10 * MINUTE, 601, 0, 1),
        (10 * MINUTE + 1, 12, 0, MINUTE),
    ],
)
def test_the_shorter_the_horizon_the_closer_the_moments_told(horizon, number, first, second):
    told = moments(horizon)
    assert [len(told), told[0], told[1], told[-1]] == [number, first, second, horizon]
    assert (np.diff(told) > 0).all()


@given(st.lists(st.integers(0, 40), min_size=1, max_size=25))
def test_the_median_is_the_day_by_which_half_were_out(days):
    """As of a Kaplan-Meier curve that nobody leaves before the horizon: where it is first at one half or below."""
    horizon = 30 * DAY
    found = row(np.minimum(days, 30) * DAY, horizon=horizon)
    after = [day for day in range(30) if 2 * sum(each <= day for each in days) >= len(days)]
    assert found.median_days == (after[0] if after else 30)
    assert found.never == (not after)
    assert found.signed_in_at_end == pytest.approx(sum(each >= 30 for each in days) / len(days))


def test_half_who_are_still_signed_in_are_not_more_than_half():
    assert not row([DAY, DAY, YEAR, YEAR]).never
    assert row([DAY, DAY, YEAR, YEAR]).median_days == 1
    assert row([DAY, DAY, YEAR, YEAR, YEAR]).never
    assert row([DAY, DAY, YEAR, YEAR, YEAR]).median_days == 365


def test_minutes_stay_minutes():
    """A client's idle timeout of five minutes is no day."""
    assert row([300] * 9).median_days == pytest.approx(5 / 1440)
    assert row([45 * MINUTE + 1] * 9).median_days == pytest.approx(2701 / DAY)
    assert row([2 * HOUR + 1] * 9).median_days == pytest.approx(121 / 1440)


def test_a_summary_says_what_was_asked_of_a_user_per_day_and_year():
    found = row([DAY] * 4, horizon=73 * DAY, sign_ins=[1, 2, 3, 2], requests=146, rotations=[73, 0, 0, 73])
    assert (found.sign_ins_per_year, found.requests_per_day, found.rotations_per_day) == (10, 2, 0.5)
    assert (found.users, found.horizon_days) == (4, 73)


def test_what_ended_most_is_named_and_nothing_where_nothing_ended():
    assert row([DAY] * 3, causes=[TTL, IDLE, IDLE]).ended_by == "refresh_token_idle"
    assert row([DAY] * 2, causes=[IDLE, TTL]).ended_by == "refresh_token_expired"
    assert row([DAY, 2 * DAY, YEAR, YEAR, YEAR], causes=TTL).ended_by == "refresh_token_expired"
    assert row([YEAR]).ended_by == ""


def test_exposure_is_a_median_too_and_nothing_where_no_theft_was_simulated():
    assert row([YEAR] * 3, exposures=[DAY, 3 * DAY, YEAR - 1]).exposure_days == 3
    assert row([YEAR] * 3, exposures=[DAY, YEAR - 1, YEAR - 1]).exposure_days == 365
    assert row([1000] * 3, horizon=1000, exposures=[5, 999, 999]).exposure_days * DAY == pytest.approx(1000)
    assert np.isnan(row([YEAR] * 3).exposure_days)


def test_survival_counts_who_was_still_signed_in_after_each_day():
    durations = np.array([0, DAY, DAY + 1, 2 * DAY, 40 * DAY, YEAR])
    told = survival(Tally.of(lives(durations), YEAR)).set_index("day")
    for day in [0, 0.5, 1, 2, 39, 40, 364, 365]:
        left = sum(durations > day * DAY) if day < 365 else 1
        low, high = wilson(left, 6)
        assert told.loc[day, ["signed_in", "low", "high"]].tolist() == [left / 6, low, high]


@given(everybody, st.sampled_from([5 * HOUR, 10 * DAY, 50 * DAY]))
def test_who_is_signed_in_and_what_ended_the_others_add_up_to_all(users, horizon):
    durations, causes, *_ = zip(*users, strict=True)
    tally = Tally.of(lives(np.minimum(durations, horizon), horizon=horizon, causes=causes), horizon)
    ended = endings(tally).pivot_table(index="day", columns="ended_by", values="share")
    told = survival(tally).set_index("day")
    if tally.ended()[0].size:
        assert np.allclose(ended.sum(axis=1) + told.signed_in, 1)
        assert set(ended) == {ENDED[c] for c, d in zip(causes, durations, strict=True) if d < horizon}
    else:
        assert len(ended) == 0
        assert (told.signed_in == 1).all()


def test_endings_count_each_cause_by_itself():
    tally = Tally.of(lives([DAY, DAY, 3 * DAY, YEAR], causes=[TTL, IDLE, IDLE, 0]), YEAR)
    told = endings(tally).set_index(["ended_by", "day"]).share
    assert [told["refresh_token_idle", day] for day in (0, 1, 2, 3, 365)] == [0, 0.25, 0.25, 0.5, 0.5]
    assert [told["refresh_token_expired", day] for day in (0, 1, 365)] == [0, 0.25, 0.25]


@pytest.mark.parametrize(
    ("counted", "users", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_those_published(counted, users, low, high):
    """Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3."""
    assert [round(float(end), 4) for end in wilson(counted, users)] == [low, high]
    assert [round(1 - float(end), 4) for end in wilson(users - counted, users)] == [high, low]


@given(st.integers(1, 10**9), st.floats(0, 1))
@example(16, 1.0)  # rounded to a little more than everybody
@example(29, 1.0)  # rounded to a little less
def test_an_interval_has_its_share_in_it_and_ends_at_nobody_or_everybody(users, share):
    counted = int(share * users)
    low, high = wilson(counted, users)
    assert 0 <= low <= counted / users <= high <= 1
    assert (low == 0) == (counted == 0)
    assert (high == 1) == (counted == users)


@pytest.mark.parametrize(("counted", "users"), [(0, 0), (2, 1), (-1, 3)])
def test_a_share_of_nobody_or_of_more_than_all_is_refused(counted, users):
    with pytest.raises(ValueError, match="no share"):
        wilson(counted, users)


def test_one_user_is_told_of_without_much_certainty():
    tally = Tally.of(lives([14 * DAY]), YEAR)
    found, told = summary(tally).iloc[0], survival(tally).set_index("day")
    assert (found.users, found.median_days, found.signed_in_at_end) == (1, 14, 0)
    assert told.loc[13, ["signed_in", "low", "high"]].tolist() == pytest.approx([1, 0.2065, 1], abs=1e-4)
    assert told.loc[14, "signed_in"] == 0


def test_a_million_users_take_no_more_room_than_there_are_bins():
    durations = np.random.default_rng(7).integers(0, YEAR, 1_000_000)
    tally = Tally.of(lives(durations), YEAR)
    assert len(tally.ends) <= 3600 + 1380 + 29 * 24 + 335
    found = summary(tally).iloc[0]
    assert abs(found.median_days - np.median(durations) / DAY) <= 1
    narrow = survival(tally)
    assert (narrow.high - narrow.low).max() < 0.002


def frame(durations, **more):
    lived = lives(durations, **more)
    asked = lived.exposure is not None
    return pd.DataFrame(
        {
            "user": np.arange(len(lived.duration)),
            "duration": lived.duration / DAY,
            "event_observed": lived.event_observed,
            "ended_by": [ENDED[code] for code in lived.ended_by],
            "sign_ins": lived.sign_ins,
            "requests": lived.requests,
            "rotations": lived.rotations,
            "exposure": lived.exposure / DAY if asked else np.nan,
            "exposure_observed": lived.exposure_observed if asked else False,
        }
    )


@pytest.mark.parametrize("exposures", [None, [5, 60 * DAY, YEAR - 1]])
def test_a_lifetimes_frame_is_summed_up_as_the_arrays_it_was_made_of(exposures):
    more = {"causes": [IDLE, TTL, 0], "sign_ins": [3, 2, 1], "requests": 7, "rotations": 5, "exposures": exposures}
    durations = [3 * DAY + 17, 11, YEAR]
    assert Tally.of_lifetimes(frame(durations, **more)) == Tally.of(lives(durations, **more), YEAR)
    assert summary(frame(durations, **more)).equals(summary(Tally.of(lives(durations, **more), YEAR)))


def test_a_frame_in_which_nobody_is_left_has_to_be_told_its_horizon():
    out = frame([DAY, 2 * DAY])
    with pytest.raises(ValueError, match=r"all were signed out.*say horizon="):
        summary(out)
    assert summary(out, horizon=timedelta(days=73)).sign_ins_per_year.tolist() == [5]
    assert survival(out, horizon=timedelta(days=73)).day.max() == 73
    out.attrs["horizon_days"] = 73.0
    assert summary(out).horizon_days.tolist() == [73]


def test_two_horizons_in_one_frame_are_refused():
    """Lifetimes of 10 and of 365 days put together have no median."""
    mixed = pd.concat([frame([YEAR]), frame([10 * DAY], horizon=10 * DAY)])
    with pytest.raises(ValueError, match=r"no one horizon \(10 days and 365 days\)"):
        summary(mixed)
    with pytest.raises(ValueError, match="30 days and 365 days"):
        summary(frame([YEAR]), horizon=timedelta(days=30))


def test_several_are_told_by_the_name_of_their_policy_and_usage():
    one, two = Tally.of(lives([DAY]), YEAR), Tally.of(lives([2 * DAY]), YEAR)
    both = summary({("spa", "daily"): one, ("web", "weekly"): two})
    assert both[["policy", "usage", "median_days"]].values.tolist() == [["spa", "daily", 1], ["web", "weekly", 2]]
    assert summary({"spa": frame([YEAR])})[["policy", "usage"]].values.tolist() == [["spa", ""]]
    assert set(survival({"spa": one, "web": two}).policy) == {"spa", "web"}
    assert set(endings({"spa": one, "web": two}).policy) == {"spa", "web"}


@pytest.mark.parametrize("told", [summary, survival, endings])
def test_frames_of_nothing_still_have_their_columns(told):
    full = told({"spa": Tally.of(lives([DAY]), YEAR)})
    assert list(told({}).columns) == list(full.columns) == list(told({"x": Tally.of(lives([YEAR]), YEAR)}).columns)


def test_fractions_of_a_second_are_refused():
    assert whole_seconds(timedelta(days=1)) == DAY
    with pytest.raises(ValueError, match="whole seconds"):
        whole_seconds(timedelta(seconds=1.5))
    with pytest.raises(ValueError, match=r"365 is no duration: timedelta\(days=365\) is one"):
        whole_seconds(365)

"""How a moment is said."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_lab.pages.moment import exact_moment, from_now, moment

NOW = datetime(2026, 1, 13, 9, tzinfo=UTC)


def test_a_moment_is_said_on_the_providers_clock():
    there = datetime(2026, 1, 13, 0, 30, 59, tzinfo=timezone(timedelta(hours=2)))
    assert moment(there) == "12 January 2026, 22:30 UTC"
    assert exact_moment(there) == "12 January 2026, 22:30:59 UTC"


def test_each_month_has_its_name():
    said = [moment(datetime(2026, month, 1, tzinfo=UTC)).split()[1] for month in range(1, 13)]
    assert " ".join(said) == ("January February March April May June July August September October November December")


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=-59), "just now"),
        (timedelta(seconds=59), "in less than a minute"),
        (timedelta(seconds=-60), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "in 59 minutes"),
        (timedelta(hours=1), "in 1 hour"),
        (timedelta(hours=-2), "2 hours ago"),
        (timedelta(hours=23, minutes=59), "in 23 hours"),
        (timedelta(days=-1), "1 day ago"),
        (timedelta(days=-3), "3 days ago"),
        (timedelta(days=11, hours=23), "in 11 days"),
        (timedelta(days=180), "in 180 days"),
    ],
)
def test_the_distance_is_said_in_the_largest_whole_unit(away, said):
    assert from_now(NOW + away, NOW) == said


@given(st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=4000)))
def test_what_is_said_is_never_more_than_what_is_left(away):
    count, unit = from_now(NOW + away, NOW).removeprefix("in ").split()
    length = timedelta(**{unit if unit.endswith("s") else f"{unit}s": 1})
    assert int(count) * length <= away < (int(count) + 1) * length

"""The trade-off between what is asked of users and what is left to a thief shows what its frame says."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot

from oidc_lab.views.figures import picture, tradeoff
from oidc_lab.views.figures.tradeoff import read_points
from tests.views.figures.overlaps import texts
from tests.views.figures.summaries import costs, row

FEW = [
    ("strict", 0.5, 300.0),
    ("middle", 10.0, 12.0),
    ("lax", 365.0, 1.0),
    ("worse", 20.0, 100.0),
    ("as middle", 10.0, 12.0),
]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    pyplot.close("all")


def title(axes):
    return " ".join(axes.get_title("left").split())


def key(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=12))
def test_on_the_frontier_is_what_no_other_one_betters(pairs):
    """By definition, one by one: better in one respect, and not worse in the other."""
    points = read_points(costs((str(place), float(days), float(asked)) for place, (days, asked) in enumerate(pairs)))
    for point in points:
        better = [
            other for other in points
            if (other.days < point.days and other.asked <= point.asked)
            or (other.days <= point.days and other.asked < point.asked)
        ]  # fmt: skip
        assert point.best is not bool(better)


def test_every_policy_has_a_point_where_its_frame_says():
    """Days to the right, sign-ins upwards."""
    others, *_ = tradeoff(costs(FEW)).get_lines()
    assert sorted(map(tuple, others.get_xydata().tolist())) == sorted((days, asked) for _, days, asked in FEW)


def test_the_frontier_is_a_staircase_through_the_best():
    """Between two of them there is no policy, so the line is none of means."""
    _, line, *_ = tradeoff(costs(FEW)).get_lines()
    assert line.get_drawstyle() == "steps-post"
    assert line.get_xydata().tolist() == [[0.5, 300], [10, 12], [10, 12], [365, 1]]


def test_the_best_and_those_named_have_numbers_that_the_legend_explains():
    """Those at one place have one number."""
    axes = tradeoff(costs(FEW), ["worse"])
    assert [text.get_text() for text in axes.texts] == ["1", "2", "3", "4"]
    assert [text.xy for text in axes.texts] == [(0.5, 300), (10, 12), (20, 100), (365, 1)]
    assert key(axes)[:4] == [
        "strict: 300 sign-ins a year, a stolen token good for 12 hours",
        "as middle, middle: 12 sign-ins a year, a stolen token good for 10 days",
        "worse: 100 sign-ins a year, a stolen token good for 20 days",
        "lax: 1 sign-in a year, a stolen token good for over 365 days",
    ]


def test_those_without_a_number_are_counted():
    """Nobody is left out in silence."""
    assert "1 other" in key(tradeoff(costs(FEW)))
    assert not [label for label in key(tradeoff(costs(FEW), ["worse"])) if "other" in label]


def test_a_token_that_was_still_good_at_the_end_is_told_apart():
    """The simulation ended, not the exposure."""
    words = "here the simulation ended, and the token was still good"
    assert words in key(tradeoff(costs(FEW)))
    assert words not in key(tradeoff(costs(FEW[:2])))


def test_no_exposure_at_all_is_drawn_too():
    """Where no refresh token is issued none is stolen; powers have no place for nothing."""
    axes = tradeoff(costs([("none", 0.0, 365.0), ("lax", 30.0, 1.0)]))
    assert {"no time", "30 days"} <= set(texts(axes))
    assert "none: 365 sign-ins a year, a stolen token good for no time" in key(axes)


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (FEW, "No other policy asks less and leaves less to a thief than these 4 of 5, from strict (300 sign-ins a "
              "year, a stolen token good for 12 hours) to lax (1 sign-in a year, a stolen token good "
              "for over 365 days)."),
        (FEW[:1], "strict: 300 sign-ins a year, a stolen token good for 12 hours."),
        ([FEW[1], FEW[3], FEW[4]], "as middle, middle cannot be bettered by any of 3 policies: 12 sign-ins a year, a "
                                   "stolen token good for 10 days."),
    ],
)  # fmt: skip
def test_the_title_says_where_the_frontier_begins_and_ends(points, sentence):
    """The conclusion is computed."""
    assert title(tradeoff(costs(points))) == sentence


def test_numbers_do_not_touch_however_close_the_points_are():
    """Those closer than a number is wide share one."""
    rng = np.random.default_rng(7)
    days = np.sort(np.exp(rng.uniform(-3, 5, 40)))
    axes = tradeoff(costs((f"p{place}", day, 500 / day) for place, day in enumerate(days)))
    axes.get_figure().draw_without_rendering()
    at = axes.transData.transform([text.xy for text in axes.texts]) / axes.get_figure().dpi * 72
    apart = np.hypot(*(at[:, None] - at[None, :]).T) + np.eye(len(at)) * 99
    assert apart.min() > 16
    assert len(at) < 40


def test_a_frame_in_which_nothing_was_stolen_is_refused():
    """And what to do is said."""
    with pytest.raises(ValueError, match="exposure=True"):
        tradeoff(pd.DataFrame([row("spa", 1.0)]))
    with pytest.raises(ValueError, match="choose the rows of one"):
        tradeoff(pd.DataFrame([row("spa", 1.0), row("spa", 1.0, usage="weekly")]))


def test_equal_frames_give_equal_bytes():
    """A lesson compares its pictures."""
    assert picture(tradeoff(costs(FEW))).svg == picture(tradeoff(costs(FEW))).svg

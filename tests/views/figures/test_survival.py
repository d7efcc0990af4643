"""The figure of who is still signed in shows what its frames say."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_hex

from oidc_lab.views.figures import picture, survival
from oidc_lab.views.figures.fit import shortened
from oidc_lab.views.figures.style import CAUSE, INK, LINES, PALE
from tests.views.figures.overlaps import texts
from tests.views.figures.summaries import survived

TTL, IDLE = "refresh_token_expired", "refresh_token_idle"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    pyplot.close("all")


def drawn(axes, colour):
    return [line for line in axes.get_lines() if to_hex(line.get_color()).upper() == colour]


def title(axes):
    return " ".join(axes.get_title("left").split())


def many(count):
    found = [survived(f"policy {each}", [(1.0 + each, TTL)] * 9, 10) for each in range(count)]
    return pd.concat([one for one, _ in found]), pd.concat([other for _, other in found])


def test_the_line_and_its_band_are_those_of_the_frame():
    """Shares change on the day on which they are told, not before: the line is one of steps."""
    frame, endings = survived("spa", [(10.0, TTL), (20.0, TTL), (20.0, IDLE)], 4)
    axes = survival(frame, endings)
    low, high, line = drawn(axes, INK)
    assert (line.get_xdata().tolist(), line.get_ydata().tolist()) == ([0, 10, 20, 365], [1, 0.75, 0.25, 0.25])
    assert line.get_drawstyle() == "steps-post"
    assert low.get_ydata().tolist() == frame["low"].tolist()
    assert high.get_ydata().tolist() == frame["high"].tolist()


def test_what_ended_the_others_is_stacked_above_up_to_everybody():
    """What is not signed in was ended by something: no white is left."""
    axes = survival(*survived("spa", [(10.0, TTL), (20.0, TTL), (20.0, IDLE)], 4))
    colours = [to_hex(area.get_facecolor()[0]).upper() for area in axes.collections]
    assert colours == [CAUSE[""][0], CAUSE[TTL][0], CAUSE[IDLE][0]]
    heights = [area.get_paths()[0].vertices for area in axes.collections]
    ends = [each[each[:, 0] == 365.0][:, 1] for each in heights]
    assert [(each.min(), each.max()) for each in ends] == [(0.0, 0.25), (0.25, 0.75), (0.75, 1.0)]
    assert {"the token's TTL: 50 %", "not used for too long: 25 %", "still signed in: 25 %"} <= set(texts(axes))


def test_endings_that_are_told_on_fewer_days_hold_until_the_next():
    """A frame from another source may tell only the days on which something changes."""
    frame, endings = survived("spa", [(10.0, TTL), (20.0, TTL)], 2)
    axes = survival(frame, endings[endings["day"].isin([10.0, 20.0])])
    upper = axes.collections[1].get_paths()[0].vertices
    assert upper[upper[:, 0] == 365.0][:, 1].max() == 1.0
    assert "the token's TTL: 100 %" in texts(axes)


@pytest.mark.parametrize(
    ("ended", "sentence"),
    [
        (
            [(14.0, TTL)] * 3,
            "half of the users are signed out within 14 days; what ended most of them: the token's TTL",
        ),
        ([(14.0, TTL)] * 4, "everybody is signed out within 14 days; what ended most of them: the token's TTL."),
        ([(14.0, TTL)] * 2, "half of the users are signed out within 14 days"),
        ([(14.0, TTL)], "75 % of the users are still signed in after 365 days; what ended most"),
        ([], "Under spa, everybody is still signed in after 365 days."),
        (
            [(0.0, "not_issued")] * 4,
            "everybody is signed out at once; what ended most of them: no refresh token is issued",
        ),
    ],
)
def test_the_title_says_what_became_of_most(ended, sentence):
    """A half is reached when no more than half are left."""
    assert sentence in title(survival(*survived("spa", ended, 4)))


@pytest.mark.parametrize(("day", "unit"), [(0.01, "minutes"), (0.5, "hours"), (30.0, "days"), (0.0005, "seconds")])
def test_the_axis_has_the_unit_in_which_it_can_be_read(day, unit):
    """When all are gone nothing more is seen, so the axis ends there."""
    axes = survival(*survived("spa", [(day, TTL)] * 3, 3))
    assert axes.get_xlabel() == f"time since the first sign-in ({unit})"
    scale = {"days": 1.0, "hours": 24.0, "minutes": 1440.0, "seconds": 86400.0}[unit]
    assert axes.get_xlim() == pytest.approx((0, day * scale * 1.1))


def test_of_several_each_has_a_line_and_its_name_with_what_ended_most():
    """The one under which users stay longest first."""
    axes = survival(*many(3))
    assert [line.get_ydata().tolist() for line in axes.get_lines()] == [
        [1.0, pytest.approx(0.1), pytest.approx(0.1)]
    ] * 3
    assert [line.get_xdata()[1] for line in axes.get_lines()] == [3, 2, 1]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        f"policy {each} (the token's TTL)" for each in (2, 1, 0)
    ]
    assert len({(line.get_color(), str(line.get_linestyle())) for line in axes.get_lines()}) == 3


def test_of_59_seven_stand_out_from_the_longest_to_the_shortest():
    """All are drawn."""
    axes = survival(*many(59))
    assert len(axes.get_lines()) == 59
    assert len(drawn(axes, PALE)) == 52
    assert drawn(axes, LINES[0])[0].get_xdata()[1] == 59
    assert drawn(axes, LINES[6])[0].get_xdata()[1] == 1
    assert "52 others" in texts(axes)


def test_lines_on_each_other_are_one():
    """Otherwise the last one drawn would hide the others."""
    frames = [survived(name, [(30.0, TTL)] * 2, 2) for name in ("b", "a", "c")] + [survived("d", [], 2)]
    axes = survival(pd.concat([one for one, _ in frames]), pd.concat([other for _, other in frames]))
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["d", "a and 2 alike (the token's TTL)"]
    assert "of all 4, shortest under a" in title(axes)


def test_one_policy_with_several_usages_is_told_by_usage():
    """What differs is the name."""
    frames = [survived("spa", [(day, TTL)], 1, usage=usage)[0] for usage, day in (("daily", 9.0), ("weekly", 7.0))]
    axes = survival(pd.concat(frames))
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["daily", "weekly"]


def test_a_name_that_is_too_long_keeps_the_mark_of_its_doubt():
    """provider-policies 1: what is not established is never told as fact."""
    assert shortened(f"{'a' * 100} (?)") == f"{'a' * 35}… (?)"
    assert shortened("a" * 100) == f"{'a' * 39}…"
    assert shortened("short (?)") == "short (?)"


def test_a_frame_without_rows_is_refused():
    """There is nothing to conclude."""
    with pytest.raises(ValueError, match="no rows"):
        survival(survived("spa", [], 1)[0].head(0))


def test_equal_frames_give_equal_bytes():
    """A lesson compares its pictures."""
    frames = survived("spa", [(float(day), TTL) for day in np.arange(50)], 80)
    assert picture(survival(*frames)).svg == picture(survival(*frames)).svg

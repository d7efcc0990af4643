"""The heat map over two settings shows what its frame says."""

from collections.abc import Iterator

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.collections import LineCollection, QuadMesh

from oidc_lab.views.figures import heat, picture
from oidc_lab.views.figures.side import Side
from tests.views.figures.overlaps import texts
from tests.views.figures.summaries import cells

TTL, GAP = "refresh_token_ttl_in_days", "days_between_visits"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    pyplot.close("all")


def small(values=(1, 7, 30), gaps=(1, 14)):
    return cells((TTL, values), (GAP, gaps), lambda ttl, gap: None if gap < ttl else gap)


def mesh(axes):
    return next(each for each in axes.collections if isinstance(each, QuadMesh)).get_array()


def title(axes):
    return " ".join(axes.get_title("left").split())


def test_each_cell_has_the_colour_and_the_number_of_its_median():
    """The first setting from left to right, the second one from below to above."""
    axes = heat(small())
    assert mesh(axes).tolist() == [[1, 365, 365], [14, 14, 365]]
    written = {text.get_position(): text.get_text() for text in axes.texts}
    assert written[(0.5, 0.5)] == "1"
    assert written[(1.5, 1.5)] == "14"
    assert written[(2.5, 0.5)] == "365+"


def test_the_order_of_the_rows_does_not_matter():
    """Settings are drawn in the order of their values."""
    frame = small()
    assert np.array_equal(mesh(heat(frame.sample(frac=1, random_state=7))), mesh(heat(frame)))


def test_a_line_surrounds_where_nothing_expires():
    """Each side between a cell that never ends and one that does, or the border."""
    axes = heat(small())
    (_, line) = (each for each in axes.collections if isinstance(each, LineCollection))
    sides = {tuple(map(tuple, segment.tolist())) for segment in line.get_segments()}
    assert sides == {
        ((1, 0), (1, 1)), ((2, 1), (2, 2)), ((3, 0), (3, 1)), ((3, 1), (3, 2)),
        ((1, 0), (2, 0)), ((2, 0), (3, 0)), ((1, 1), (2, 1)), ((2, 2), (3, 2)),
    }  # fmt: skip
    assert any(text.startswith("never expires") for text in texts(axes))


def test_where_all_expires_there_is_no_line():
    """And nothing is said of one."""
    axes = heat(cells((TTL, (1, 2)), (GAP, (3, 4)), lambda ttl, gap: gap))
    assert not [each for each in axes.collections if isinstance(each, LineCollection)]
    assert title(axes) == "Half of the users have to sign in again after 3 days to 4 days."


@pytest.mark.parametrize(
    ("present", "place"), [((7, 14), (1.5, 1.5)), ((4, 1), (1.0, 0.5)), ((30, 7.5), (2.5, 1.0)), ((1, 1), (0.5, 0.5))]
)
def test_the_present_setting_is_marked_also_between_two_values(present, place):
    """A slider stands anywhere."""
    axes = heat(small(), present=dict(zip((TTL, GAP), present, strict=True)))
    assert [line.get_xydata().tolist() for line in axes.get_lines()] == [[list(place)]] * 2


def test_a_present_setting_outside_is_said_and_not_drawn():
    """A mark at the border would say something else."""
    axes = heat(small(), present={TTL: 180, GAP: 1})
    assert not axes.get_lines()
    assert "outside of this: the present setting, refresh token TTL 180 days, time between visits 1 day" in texts(axes)
    hourly = heat(small(), present={TTL: 180, GAP: 1 / 24})
    assert any(each.endswith("TTL 180 days, time between visits 1 hour") for each in texts(hourly))


@pytest.mark.parametrize(
    ("present", "sentence"),
    [
        ((7, 14), "With refresh token TTL 7 days and time between visits 14 days, half of the users have to sign in "
                  "again after 14 days (the token's TTL)."),
        ((7, 1), "With refresh token TTL 7 days and time between visits 1 day, more than half of the users are still "
                 "signed in after 365 days."),
        ((4, 1), "Half of the users have to sign in again after 1 day to 14 days; in 3 of 6 cases they do not within "
                 "365 days."),
    ],
)  # fmt: skip
def test_the_title_says_what_the_present_setting_gives(present, sentence):
    """Between two values nothing was simulated, so nothing is said of it."""
    assert title(heat(small(), present=dict(zip((TTL, GAP), present, strict=True)))) == sentence


def test_many_cells_have_no_numbers():
    """They would lie on each other; the colours remain."""
    axes = heat(cells((TTL, range(1, 181)), (GAP, range(1, 61)), lambda ttl, gap: None if gap < ttl else gap))
    assert not axes.texts
    assert mesh(axes).shape == (60, 180)


@pytest.mark.parametrize(("days", "unit"), [(0.01, "minutes"), (0.5, "hours"), (14.0, "days")])
def test_the_colour_bar_has_the_unit_in_which_it_can_be_read(days, unit):
    """Lifetimes are minutes as well as years."""
    axes = heat(cells((TTL, (1, 2)), (GAP, (1, 2)), lambda ttl, gap: days))
    assert f"until half of the users signed in again ({unit})" in texts(axes)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        (TTL, "refresh token TTL (days)"), (GAP, "time between visits (days)"), ("idle_in_hours", "idle (hours)"),
        ("rotate_at", "rotate at (%)"), ("rotate", "rotate"), ("leeway_in_seconds", "leeway (seconds)"),
    ],
)  # fmt: skip
def test_a_side_is_called_as_its_setting_with_its_unit(name, label):
    """The unit is in the name of the column."""
    assert Side.of(name, [1]).label == label


def test_what_is_no_number_keeps_its_order_and_none_comes_last():
    """Modes of rotation have no order of their own, no limit is longer than any."""
    assert Side.of("rotate", ["never", "always"]).values == ("never", "always")
    assert Side.of("idle_in_days", [7.0, float("nan"), 1.0]).values == (1.0, 7.0, None)
    axes = heat(cells(("idle_in_days", (7.0, None, 1.0)), ("rotate", ("never", "after_fraction")), lambda *_: 3))
    assert {"none", "after fraction", "never"} <= set(texts(axes))


def test_a_pair_that_is_missing_or_told_twice_is_refused():
    """A cell would be drawn that nobody computed."""
    for wrong in (small().head(5), small().head(0), small().iloc[[0, 1, 2, 3, 4, 4]]):
        with pytest.raises(ValueError, match="told once"):
            heat(wrong)


def test_equal_frames_give_equal_bytes():
    """A lesson compares its pictures."""
    assert picture(heat(small(), {TTL: 7, GAP: 1})).svg == picture(heat(small(), {TTL: 7, GAP: 1})).svg

"""The ranking of policies, and a few of them across usage patterns, show what their frame says."""

from collections.abc import Iterator

import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_hex

from oidc_lab.views.figures import across, comparison, picture
from oidc_lab.views.figures.style import CAUSE, PAPER
from tests.views.figures.overlaps import texts
from tests.views.figures.summaries import row

TTL, IDLE = "refresh_token_expired", "refresh_token_idle"


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    pyplot.close("all")


def few():
    return pd.DataFrame([
        row("short", 1.0, TTL), row("endless", None), row("long", 90.0, IDLE), row("none", 0.0, "not_issued"),
        row("almost endless", None, IDLE, signed_in_at_end=0.6),
    ])  # fmt: skip


def names(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def title(axes):
    return " ".join(axes.get_title("left").split())


def test_policies_are_ranked_by_the_median_and_then_by_who_is_left():
    """The longest is above."""
    axes = comparison(few())
    assert names(axes) == ["endless", "almost endless", "long", "short", "none"]
    assert [bar.get_width() for bar in axes.patches] == [365, 365, 90, 1, 0]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]


def test_a_bar_has_the_colour_and_the_hatch_of_what_ended_most():
    """Where most were not ended, that of still signed in."""
    pens = [(to_hex(bar.get_facecolor()).upper(), bar.get_hatch() or "") for bar in comparison(few()).patches]
    assert pens == [CAUSE[cause] for cause in ("", "", IDLE, TTL, "not_issued")]


def test_each_value_is_written_at_its_bar():
    """The short ones could not be read off."""
    assert [text.get_text() for text in comparison(few()).texts] == [
        "over 365 days, 80 % still signed in", "over 365 days, 60 % still signed in", "90 days", "1 day", "at once",
    ]  # fmt: skip


def test_doubt_is_a_hollow_bar_with_a_question_mark():
    """What is not established is never shown as fact."""
    axes = comparison(few(), {"long"})
    hollow = [to_hex(bar.get_facecolor()).upper() == PAPER for bar in axes.patches]
    assert hollow == [False, False, True, False, False]
    assert (axes.patches[2].get_hatch(), to_hex(axes.patches[2].get_edgecolor()).upper()) == (
        CAUSE[IDLE][1],
        CAUSE[IDLE][0],
    )
    assert [text.get_text().endswith("?") for text in axes.texts] == hollow
    assert "? something of it is not established" in texts(axes)
    assert title(axes).endswith("1 is in doubt.")


def test_without_doubt_nothing_is_said_of_any():
    """The legend has what is drawn, and no more."""
    assert [text.get_text() for text in comparison(few()).get_legend().get_texts()] == [
        "still signed in", "the token's TTL", "not used for too long", "no refresh token is issued",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ([0, 1, 2, 3, 4], "2 of 5 policies keep more than half of the users signed in for 365 days; under none, half "
                          "of the users have to sign in again at once."),
        ([0, 2], "Of 2 policies, long keeps users signed in longest: half of the users have to sign in again after 90 "
                 "days; under short, half of the users have to sign in again after 1 day."),
        ([1, 4], "Under each of 2 policies more than half of the users are still signed in after 365 days."),
        ([0], "Under short, half of the users have to sign in again after 1 day."),
        ([1], "Under endless, 80 % of the users are still signed in after 365 days."),
    ],
)  # fmt: skip
def test_the_title_says_who_keeps_users_longest_and_shortest(chosen, sentence):
    """The conclusion is computed."""
    assert title(comparison(few().iloc[chosen])) == sentence


def test_the_axis_has_a_unit_and_ends_its_ticks_where_the_bars_end():
    """The rest of it is room for words."""
    axes = comparison(few())
    assert axes.get_xlabel() == "until half of the users had to sign in again (days), usage: daily"
    assert max(axes.get_xticks()) <= 365
    assert comparison(few().iloc[[3]]).get_xlabel().count("(seconds)") == 1


def test_the_figure_grows_with_its_rows():
    """59 names at a size that a projector shows."""
    frames = [pd.DataFrame([row(f"policy {each}", 1.0 + each, TTL) for each in range(count)]) for count in (1, 59)]
    low, high = (comparison(frame).get_figure().get_figheight() for frame in frames)
    assert high - low == pytest.approx(58 * 0.26, abs=0.3)


def test_one_usage_at_a_time_is_compared():
    """A daily and a weekly user under one policy are no two policies."""
    frame = pd.DataFrame([row("spa", 1.0, TTL), row("spa", 7.0, TTL, usage="weekly")])
    with pytest.raises(ValueError, match="this frame has daily, weekly"):
        comparison(frame)
    with pytest.raises(ValueError, match="no rows"):
        comparison(few().head(0))
    with pytest.raises(ValueError, match="no rows"):
        across(few().head(0))


def test_across_shows_each_policy_with_each_usage_in_the_order_of_the_frame():
    """Under a heading, where there are several policies."""
    frame = pd.DataFrame([row(policy, days, TTL, usage=usage) for policy, usage, days in (
        ("spa", "daily", 30.0), ("web", "daily", 90.0), ("spa", "weekly", 28.0), ("web", "weekly", 7.0),
    )])  # fmt: skip
    axes = across(frame)
    assert names(axes) == ["spa", "daily", "weekly", "web", "daily", "weekly"]
    assert [bar.get_width() for bar in axes.patches] == [30, 28, 90, 7]
    assert [round(bar.get_y() + bar.get_height() / 2) for bar in axes.patches] == [1, 2, 4, 5]
    assert title(axes) == (
        "Under web with usage daily, half of the users have to sign in again after 90 days; "
        "under web with usage weekly, half of the users have to sign in again after 7 days."
    )


def test_across_of_one_policy_needs_no_heading():
    """Its name is in the title."""
    axes = across(pd.DataFrame([row("spa", 30.0, TTL), row("spa", 28.0, TTL, usage="weekly")]), {"spa"})
    assert names(axes) == ["daily", "weekly"]
    assert title(axes).startswith("Under spa, with usage daily, half of the users have to sign in again after 30 days")
    assert [text.get_text() for text in axes.texts] == ["30 days ?", "28 days ?"]


def test_equal_frames_give_equal_bytes():
    """A lesson compares its pictures."""
    assert picture(comparison(few(), {"long"})).svg == picture(comparison(few(), {"long"})).svg

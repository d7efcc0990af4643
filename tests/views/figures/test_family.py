"""What figures of one family show is what their frame says: read back from what was drawn."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from oidc_lab.domain.happening import Happening
from oidc_lab.domain.refresh_parameters import OnReuse, RefreshPolicy, Renew, Rotate
from oidc_lab.views.figures import life, picture, played, race, rotation
from oidc_lab.views.figures.history import bars, joined, over, stretches
from oidc_lab.views.figures.style import CAUSE, CLOCK, PALE
from tests.views.figures.frames import DAY, HOUR, MINUTE, happened, regular
from tests.views.figures.overlaps import texts

SEVENTY = RefreshPolicy(ttl=14 * DAY, rotate=Rotate.AFTER_FRACTION, rotate_at=70)
CAPPED = RefreshPolicy(ttl=14 * DAY, absolute=30 * DAY, rotate=Rotate.ALWAYS)


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    pyplot.close("all")


def _lines(axes: Axes, label: str) -> Line2D:
    return next(line for child in axes.child_axes for line in child.get_lines() if line.get_label() == label)


def _title(axes: Axes) -> str:
    return " ".join(axes.get_title(loc="left").split())


def test_each_answered_request_is_a_filled_dot_on_its_day_and_token() -> None:
    rows = regular(SEVENTY, 2 * DAY, 30 * DAY)
    dots = _lines(life(rows), "answered")
    asked = rows[rows["what"] == "token request"]
    assert list(dots.get_xdata()) == list(asked["day"])
    assert list(dots.get_ydata()) == list(asked["sent"])
    assert dots.get_markerfacecolor() == "#1A1A1A"


def test_a_refused_request_is_hollow_and_its_reason_is_written() -> None:
    rows = happened(SEVENTY, [(DAY, Happening.REQUEST), (15 * DAY, Happening.REQUEST)])
    axes = life(rows)
    dots = _lines(axes, "refused")
    assert (list(dots.get_xdata()), dots.get_markerfacecolor()) == ([15.0], "#FFFFFF")
    assert "refused: the token's TTL" in texts(axes)


def test_a_bar_is_from_the_day_on_which_a_token_was_given_until_it_was_replaced_or_its_end() -> None:
    rows = regular(SEVENTY, 5 * DAY, 20 * DAY)
    assert [(bar.token, bar.begins, bar.ends) for bar in bars(rows, 100.0)] == [(0, 0, 10), (1, 10, 20), (2, 20, 34)]
    bodies = next(each for each in life(rows).child_axes[0].collections if isinstance(each, PolyCollection))
    assert [path.vertices[:, 0].min() for path in bodies.get_paths()] == [0, 10, 20]


def test_a_bar_ends_with_the_family() -> None:
    """RFC9700-4.14.2: a replaced token that comes back ends the token that replaced it."""
    policy = RefreshPolicy(ttl=14 * DAY, rotate=Rotate.ALWAYS, on_reuse=OnReuse.REVOKE_FAMILY)
    rows = happened(policy, [(DAY, Happening.REQUEST), (3 * DAY, Happening.REPLAY)])
    assert [(bar.token, bar.ends) for bar in bars(rows, 100.0)] == [(0, 1), (1, 3)]


def test_the_clock_that_binds_is_coloured_and_the_others_are_pale() -> None:
    rows = regular(CAPPED, 5 * DAY, 25 * DAY)
    drawn = {
        to_hex(line.get_color()).upper(): line for line in life(rows).child_axes[1].get_lines() if len(line.get_xdata())
    }
    ttl, absolute = (CAUSE[CLOCK[clock]][0] for clock in ("ttl", "absolute"))
    assert {ttl, absolute, PALE} <= set(drawn)
    binding = rows[rows["binds"] == "absolute"]["day"].min()
    assert drawn[absolute].get_xdata()[0] == binding
    assert drawn[absolute].get_ydata()[0] == 30 - binding
    assert drawn[ttl].get_xdata()[-1] == binding
    assert drawn[ttl].get_linestyle() != drawn[absolute].get_linestyle()


def test_the_conclusion_says_for_how_long_and_what_ended_it() -> None:
    rows = regular(CAPPED, 5 * DAY, 90 * DAY)
    assert _title(life(rows)) == (
        "Signed in for 30 days, with 6 tokens and 5 answered requests; what ended it: the absolute lifetime."
    )
    still = regular(SEVENTY, 5 * DAY, 20 * DAY)
    assert _title(life(still)).endswith("the token's TTL runs out next, 14 days later.")
    assert _title(life(still, behind=("strict", rows))).endswith("Under strict for 30 days (the absolute lifetime).")
    assert "No refresh token is issued" in _title(life(happened(RefreshPolicy(issued=False), [])))


def test_two_that_did_not_end_yet_are_not_said_to_be_the_same() -> None:
    """Nobody knows of either how long it goes on: with a TTL of 14 days, and with one of 90."""
    longer = happened(replace(SEVENTY, ttl=90 * DAY), [(DAY, Happening.REQUEST)])
    rows = happened(SEVENTY, [(DAY, Happening.REQUEST)])
    assert _title(life(rows, behind=("those", longer))).endswith("13 days later. Under those still signed in, too.")


def test_what_ended_a_sign_in_is_what_the_row_says() -> None:
    """A lost reply is not heard, also when it says no."""
    events = [(15 * DAY, Happening.LOST_REPLY), (16 * DAY, Happening.REQUEST)]
    assert over(happened(SEVENTY, events)) == (16.0, "refresh_token_expired")
    assert over(happened(SEVENTY, [(DAY, Happening.SIGN_OUT)])) == (1.0, "signed_out")
    assert over(happened(SEVENTY, [(DAY, Happening.REQUEST)])) is None


def test_deeds_are_lines_through_both_parts_and_said() -> None:
    axes = life(happened(SEVENTY, [(DAY, Happening.SESSION_END), (2 * DAY, Happening.SIGN_OUT)]))
    for part in axes.child_axes:
        assert {1.0, 2.0} <= {line.get_xdata()[0] for line in part.get_lines() if line.get_linestyle() == "--"}
    assert {"session end: nothing ended", "sign-out: nothing ended"} <= set(texts(axes))


def test_many_tokens_are_drawn_without_outlines_also_behind_others() -> None:
    """A dash that is as wide as nothing is refused by the drawing itself: then there would be no figure."""
    rows = regular(CAPPED, 7 * HOUR, 29 * DAY)
    assert len(bars(rows, 30.0)) > 60
    shown = picture(life(rows, behind=("the other profile", rows)))
    assert shown.alternative.endswith("Under the other profile still signed in, too.")


def test_a_policy_of_minutes_is_drawn_in_minutes() -> None:
    axes = life(regular(RefreshPolicy(idle=30 * MINUTE), 10 * MINUTE, HOUR))
    assert {"time since the first sign-in (minutes)", "time left (minutes)"} <= set(texts(axes))


def test_predicted_and_played_coincide_or_the_first_difference_is_said_and_marked() -> None:
    rows = regular(SEVENTY, 5 * DAY, 20 * DAY)
    assert _title(played(rows, rows)).startswith("Predicted and played coincide in 5 events")
    other = rows.copy()
    other.loc[3, ["answer", "reason"]] = ["refused", "refresh_token_idle"]
    axes = played(rows, other)
    assert _title(axes) == (
        "Predicted and played part at event 3, token request after 15 days: "
        "predicted same token, played refused (refresh_token_idle)."
    )
    assert "≠ here they part: event 3" in texts(axes)
    assert list(_lines(axes, "played: refused").get_xdata()) == [15.0]
    assert "only the prediction has one" in _title(played(rows, rows.iloc[:-1]))


@pytest.mark.parametrize("column", ["day", "ttl_ends", "generation", "given", "binds", "by"])
def test_no_difference_is_overlooked(column: str) -> None:
    rows = regular(SEVENTY, 5 * DAY, 20 * DAY)
    other = rows.copy()
    other[column] = other[column] + (1 if column not in {"binds", "by"} else "x")
    assert _title(played(rows, other)).startswith("Predicted and played part at event 0")


def test_the_age_of_the_held_token_is_a_sawtooth_that_turns_at_the_threshold() -> None:
    """The rule of 70 %: with a request each day, a token of 14 days is replaced on its tenth."""
    axes = rotation(regular(SEVENTY, DAY, 100 * DAY), rotate_at=70)
    replaced = next(line for line in axes.child_axes[1].get_lines() if line.get_label() == "request: token replaced")
    assert list(replaced.get_xdata()) == list(range(10, 101, 10))
    assert list(replaced.get_ydata()) == pytest.approx([1000 / 14] * 10)
    assert any(set(line.get_ydata()) == {70} for line in axes.child_axes[1].get_lines())
    each_five_days = [bar.get_height() for bar in axes.child_axes[0].patches]
    assert each_five_days == [0, 0.2] * 10  # a bar ends with its last day: the tenth is in the second one
    assert "a new one every 10 days" in _title(axes)


@pytest.mark.parametrize(
    ("every", "sentence"),
    [
        (10 * DAY, "none was replaced before 71 % of its TTL had passed."),
        (DAY, "none was replaced before 7 % of its TTL had passed."),
        (HOUR, "the youngest was replaced when less than 1 % of its TTL had passed."),
    ],
)
def test_the_conclusion_says_how_young_a_token_was_replaced_and_never_rounds_up(
    every: timedelta, sentence: str
) -> None:
    """RFC9700-4.14.2: 10 days are 71.4 % of 14, a day is 7.1 %, an hour is 0.3 %."""
    always = RefreshPolicy(ttl=14 * DAY, renew=Renew.FULL, rotate=Rotate.ALWAYS)
    assert _title(rotation(regular(always, every, 20 * DAY))).endswith(sentence)


def test_a_clock_is_one_line_for_as_long_as_no_request_moves_its_end() -> None:
    """The rule of 70 %: 180 daily requests replace the token of 14 days every tenth day, and that many teeth it has."""
    capped = replace(SEVENTY, absolute=180 * DAY)
    found = joined(stretches(regular(capped, DAY, 180 * DAY), 190.0))
    ttl = [(each.begins, each.ends) for each in found if each.clock == "ttl"]
    bends = {begin for begin, _ in ttl} | {end for _, end in ttl}
    assert ttl[0][0] == 0
    assert all(before[1] == after[0] for before, after in pairwise(ttl))
    assert set(range(0, 180, 10)) <= bends
    assert len(ttl) <= 20  # the last tooth has a bend where the absolute lifetime begins to bind
    binding = [each for each in found if each.binds]
    assert {each.clock for each in binding} == {"ttl", "absolute"}


def _races(*leeways: float) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"leeway_seconds": each, "case": case, "sign_outs_per_month": share / (1 + each), "low": 0.0, "high": share}
            for case, share in (("two tabs", 0.2), ("lost reply", 0.4))
            for each in leeways
        ]
    )


def test_a_race_is_a_line_for_each_case_and_the_present_leeway_is_marked() -> None:
    axes = race(_races(0, 1, 3), leeway=3)
    drawn = {tuple(line.get_ydata()): line for line in axes.get_lines()}
    tabs, lost = drawn[0.2, 0.1, 0.05], drawn[0.4, 0.2, 0.1]
    assert tabs.get_marker() != lost.get_marker()
    assert tabs.get_linestyle() != lost.get_linestyle()
    assert _title(axes) == (
        "With a leeway of 3 seconds, users signed out unwantedly in a month: "
        "two tabs 5 % (without 20 %); lost reply 10 % (without 40 %)."
    )
    assert "present leeway: 3 seconds" in texts(axes)


def test_marks_and_dashes_differ_besides_colours() -> None:
    """Whoever sees no colours tells all lines and marks of a figure apart."""
    policy = RefreshPolicy(ttl=14 * DAY, idle=9 * DAY, absolute=20 * DAY, rotate=Rotate.ALWAYS, leeway=MINUTE)
    events = [
        (DAY, Happening.LOST_REPLY),
        (DAY, Happening.TWO_TABS),
        (2 * DAY, Happening.REPLAY),
        (19 * DAY, Happening.REQUEST),
    ]
    axes = life(happened(policy, events, offline=False), behind=("strict", regular(CAPPED, 5 * DAY, 25 * DAY)))
    legend = axes.get_legend()
    assert legend is not None
    looks = [
        (line.get_marker(), str(line._dash_pattern), line.get_linewidth(), line.get_markerfacecolor() == "#FFFFFF")
        for line in legend.get_lines()
    ]
    assert len(set(looks)) == len(looks)


_DRAW = """
from oidc_lab.views.figures import life, picture
from oidc_lab.domain.refresh_parameters import RefreshPolicy, Rotate
from tests.views.figures.frames import DAY, regular
import sys
policy = RefreshPolicy(ttl=14 * DAY, rotate=Rotate.AFTER_FRACTION, rotate_at=70)
rows = regular(policy, DAY, 60 * DAY)
sys.stdout.buffer.write(picture(life(rows, behind=("strict", rows))).svg.encode())
"""


def test_equal_data_give_equal_bytes_also_in_another_process() -> None:
    rows = regular(SEVENTY, DAY, 60 * DAY)
    one, again = (picture(life(rows, behind=("strict", rows))).svg for _ in range(2))
    assert one == again
    there = subprocess.run([sys.executable, "-c", _DRAW], capture_output=True, check=True)
    assert there.stdout.decode() == one


def test_a_picture_is_read_by_its_conclusion() -> None:
    assert picture(life(happened(CAPPED, []))).alternative.startswith("Signed in just now, with 1 token")


def test_an_empty_frame_is_refused() -> None:
    rows = regular(SEVENTY, DAY, 2 * DAY)
    for draw in (life, rotation, race):
        with pytest.raises(ValueError, match="nothing to draw"):
            draw(rows.iloc[:0])

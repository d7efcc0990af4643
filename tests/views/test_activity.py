"""The plot of the log: every entry is in a bar, what went wrong is marked, the title is what the data say."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import matplotlib as mpl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot
from matplotlib.axes import Axes

from oidc_lab.views.activity import activity
from oidc_lab.views.log import choose_scale, conclude, count, read_log

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
Row = tuple[timedelta, str | None, str]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nothing_on_a_screen() -> Iterator[None]:
    mpl.use("Agg")
    yield
    pyplot.close("all")


def frame(*rows: Row) -> pd.DataFrame:
    return pd.DataFrame(
        [(START + after, application, result) for after, application, result in rows],
        columns=["at", "application", "result"],
    )


BUSY = frame(
    (0 * HOUR, "web-shop", "Success"),
    (5 * HOUR, "web-shop", "Error"),
    (5 * HOUR, "photo-album", "Success"),
    (30 * HOUR, "web-shop", "Success"),
)


def bars(axes: Axes) -> dict[str, int]:
    """How high the bars of each application are together."""
    return {str(each.get_label()): round(sum(bar.get_height() for bar in each)) for each in axes.containers}


def legend(axes: Axes) -> list[str]:
    drawn = axes.get_legend()
    return [] if drawn is None else [each.get_text() for each in drawn.get_texts()]


def test_every_entry_is_in_a_bar_of_its_application() -> None:
    """RFC9700-2.6"""
    axes = activity(BUSY)
    assert bars(axes) == {"web-shop": 3, "photo-album": 1}
    assert axes.get_title(loc="left") == "web-shop was busiest with 3 of 4 entries; 1 went wrong"
    assert axes.get_ylabel() == "entries per hour"


def test_bars_stand_on_each_other_and_not_before_each_other() -> None:
    """RFC9700-2.6"""
    below, above = ([bar.get_y() for bar in each] for each in activity(BUSY).containers)
    assert set(below) == {0}
    assert above[5] == 1


def test_applications_with_as_many_entries_are_drawn_in_the_order_of_their_names() -> None:
    """RFC9700-2.6"""
    rows = [(HOUR, name, "Success") for name in ("c", "a", "b")]
    assert list(bars(activity(frame(*rows)))) == ["a", "b", "c"]


def test_what_went_wrong_is_marked_and_counted_not_by_colour_alone() -> None:
    """RFC9700-2.6"""
    axes = activity(BUSY)
    assert [each.get_text() for each in axes.texts] == ["1"]
    assert "went wrong" in legend(axes)
    assert "went wrong" not in legend(activity(BUSY[BUSY["result"] == "Success"]))
    assert len({patch.get_hatch() for each in axes.containers for patch in each}) == 2


def test_an_empty_log_is_said_to_be_empty() -> None:
    """RFC9700-2.6"""
    axes = activity(frame())
    assert axes.get_title(loc="left") == "Nothing is in the log."
    assert not axes.containers


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(HOUR, "a", "Success")], "a: 1 entry; none went wrong"),
        ([(HOUR, "a", "Error"), (HOUR, "a", "Error")], "a: 2 entries; 2 went wrong"),
        ([(HOUR, "a", "Success"), (HOUR, "b", "Error")], "several were busiest with 1 each of 2 entries; 1 went wrong"),
        ([(HOUR, None, "Success")], "no application: 1 entry; none went wrong"),
    ],
)
def test_the_title_is_what_the_data_say(rows: list[Row], said: str) -> None:
    """RFC9700-2.6"""
    assert conclude(read_log(frame(*rows))) == said


def test_beyond_five_applications_the_others_are_drawn_together() -> None:
    """RFC9700-2.6"""
    rows = [(HOUR, f"application-{each}", "Success") for each in range(8)]
    axes = activity(frame(*rows, (HOUR, "application-7", "Success")))
    assert bars(axes) == {
        "application-7": 2, "application-0": 1, "application-1": 1, "application-2": 1, "application-3": 1,
        "3 others": 3,
    }  # fmt: skip


def test_a_name_is_not_read_as_mathematics_and_is_not_left_out() -> None:
    """RFC6749-A.1: a client_id may have any visible character."""
    axes = activity(frame((HOUR, "_a$\\frac$", "Success")))
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]
    assert legend(axes) == ["\u2009_a\\$\\frac\\$"]


def test_it_draws_where_it_is_told_to() -> None:
    """RFC9700-2.6"""
    _, given_axes = pyplot.subplots()
    assert activity(BUSY, given_axes) is given_axes


def test_one_frame_gives_one_picture_whatever_the_order_of_its_rows() -> None:
    """RFC9700-2.6"""

    def drawn(of: pd.DataFrame) -> bytes:
        picture = BytesIO()
        pyplot.figure(activity(of).figure.number).savefig(picture, format="png")  # type: ignore[union-attr]
        return picture.getvalue()

    assert drawn(BUSY) == drawn(BUSY[::-1])


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """PEP 508: the extra named lab has it."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"oidc-lab\[lab\]"):
        activity(BUSY)


seconds = st.integers(0, 10**9)


@settings(deadline=None)
@given(st.lists(st.tuples(seconds, st.sampled_from(["a", "b", None])), min_size=1, max_size=30))
def test_no_line_falls_outside_the_bars_and_there_are_never_too_many(rows: list[tuple[int, str | None]]) -> None:
    """RFC9700-2.6"""
    lines = read_log(frame(*((timedelta(seconds=after), of, "Success") for after, of in rows)))
    scale = choose_scale(lines)
    places = [scale.bar(line.at) for line in lines]
    assert places == sorted(places)
    assert places[0] == 0
    assert places[-1] < 40
    assert sum(number for _, number in count(lines)) == len(rows)

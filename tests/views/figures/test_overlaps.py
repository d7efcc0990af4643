"""The helper itself: it sees each kind of trouble, and none where there is none."""

from collections.abc import Iterator

import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes

from tests.views.figures.overlaps import texts, troubles


@pytest.fixture
def axes() -> Iterator[Axes]:
    with pyplot.rc_context({"font.size": 11.0}):
        figure, made = pyplot.subplots(figsize=(6, 4), layout="constrained")
        made.plot([0, 1], [0, 1])
        yield made
        pyplot.close(figure)


def test_nothing_is_wrong_with_a_plain_figure(axes: Axes) -> None:
    axes.set_title("All is well")
    axes.text(0.5, 0.2, "here")
    assert troubles(axes) == []
    assert {"All is well", "here"} <= set(texts(axes))


def test_two_texts_on_each_other_are_seen(axes: Axes) -> None:
    axes.text(0.5, 0.2, "one")
    axes.text(0.51, 0.21, "other")
    assert troubles(axes) == ["overlap: one / other"]


def test_text_off_the_paper_is_seen(axes: Axes) -> None:
    axes.set_title("far " * 60)
    assert [trouble[:8] for trouble in troubles(axes)] == ["cut: far"]


def test_clipped_text_is_seen(axes: Axes) -> None:
    axes.set_xlim(0, 1)
    axes.text(0.99, 0.5, "at the edge", clip_on=True)
    assert troubles(axes) == ["cut: at the edge"]


def test_ticks_that_crowd_are_seen(axes: Axes) -> None:
    axes.set_xticks([0, 0.01], ["first label", "second label"])
    assert troubles(axes) == ["overlap: first label / second label"]


def test_a_legend_on_the_data_is_seen(axes: Axes) -> None:
    axes.legend(["line"], loc="upper left")
    assert troubles(axes) == ["a legend lies on the data: ['line']"]


def test_small_print_is_seen(axes: Axes) -> None:
    axes.text(0.5, 0.2, "small print", fontsize=9)
    assert troubles(axes) == ["too small: small print"]


def test_the_texts_of_inset_axes_are_seen(axes: Axes) -> None:
    inset = axes.inset_axes((0.5, 0.5, 0.4, 0.4))
    inset.text(0.5, 0.5, "inset")
    inset.text(0.5, 0.5, "in it")
    assert "overlap: inset / in it" in troubles(axes)

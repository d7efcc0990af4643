"""What is wrong with the text of a figure, as it is drawn: overlaps, is cut off, lies on the data, is too small."""

from itertools import combinations
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.transforms import Bbox

# Pixels by which antialiasing and rounding may be off; and the points that a projector needs at nine inches.
_SLACK = 0.75
_READABLE = 10.0


class _Recorder(RendererAgg):
    """Draws as Agg does, and remembers which texts it was asked to draw: ticks out of sight are not among them."""

    def __init__(self, figure: Figure) -> None:
        super().__init__(figure.bbox.width, figure.bbox.height, figure.dpi)
        self.texts: dict[int, Text] = {}

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        if s.strip() and mtext is not None:
            self.texts[id(mtext)] = mtext
        super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)


def troubles(axes: Axes) -> list[str]:
    """A line for each thing that is wrong with the text of the figure that these axes are in; none when all is well."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    renderer = _Recorder(figure)
    figure.draw(renderer)
    boxes = [(text, text.get_window_extent(renderer)) for text in renderer.texts.values()]
    return [
        *_overlapping(boxes),
        *_cut(boxes, figure.bbox),
        *_on_data(figure, renderer),
        *(f"too small: {_said(text)}" for text, _ in boxes if text.get_fontsize() < _READABLE),
    ]


def texts(axes: Axes) -> list[str]:
    """Every text that is drawn, as it is read."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    renderer = _Recorder(figure)
    figure.draw(renderer)
    return [_said(text) for text in renderer.texts.values()]


def _overlapping(boxes: list[tuple[Text, Bbox]]) -> list[str]:
    return [
        f"overlap: {_said(one)} / {_said(other)}"
        for (one, here), (other, there) in combinations(boxes, 2)
        if min(here.x1, there.x1) - max(here.x0, there.x0) > _SLACK
        and min(here.y1, there.y1) - max(here.y0, there.y0) > _SLACK
    ]


def _cut(boxes: list[tuple[Text, Bbox]], paper: Bbox) -> list[str]:
    return [
        f"cut: {_said(text)}"
        for text, box in boxes
        if not _within(box, paper)
        or (text.get_clip_on() and text.clipbox is not None and not _within(box, text.clipbox))
    ]


def _within(box: Bbox, frame: Any) -> bool:
    return bool(
        box.x0 >= frame.x0 - _SLACK
        and box.y0 >= frame.y0 - _SLACK
        and box.x1 <= frame.x1 + _SLACK
        and box.y1 <= frame.y1 + _SLACK
    )


def _on_data(figure: Figure, renderer: RendererAgg) -> list[str]:
    legends = [legend for legend in figure.findobj(Legend) if legend.get_visible()]
    frames = [axes.get_window_extent(renderer) for axes in figure.findobj(Axes) if axes.axison]
    return [
        f"a legend lies on the data: {[_said(text) for text in legend.get_texts()]}"
        for legend in legends
        if any(_meet(legend.get_window_extent(renderer), frame) for frame in frames)
    ]


def _meet(one: Bbox, other: Bbox) -> bool:
    return bool(
        min(one.x1, other.x1) - max(one.x0, other.x0) > _SLACK
        and min(one.y1, other.y1) - max(one.y0, other.y0) > _SLACK
    )


def _said(text: Text) -> str:
    return text.get_text().replace(r"\$", "$")

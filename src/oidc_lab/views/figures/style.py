"""How all figures look: colours that the colour-blind can tell apart, sizes for a projector, bytes that repeat."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from oidc_lab.views.figures.lettering import FONT, balanced, folded, literal, wide

__all__ = [
    "CAUSE",
    "CLOCK",
    "DASHES",
    "INK",
    "LINES",
    "PALE",
    "PAPER",
    "Picture",
    "conclude",
    "drawing",
    "key",
    "literal",
    "picture",
    "room",
]

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

# Okabe and Ito's colours, one for each thing wherever it is drawn; what has a colour also has a hatch or a dash.
INK, PAPER, PALE = "#1A1A1A", "#FFFFFF", "#BBBBBB"
LINES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
CAUSE: Mapping[str, tuple[str, str]] = {
    "": ("#E8E8E8", ""),
    "refresh_token_expired": ("#D55E00", "//"),
    "refresh_token_idle": ("#E69F00", ".."),
    "family_too_old": ("#0072B2", "\\\\"),
    "grant_expired": ("#56B4E9", "--"),
    "session_over": ("#009E73", "xx"),
    "refresh_token_spent": ("#CC79A7", "||"),
    "refresh_token_reused": ("#882255", "++"),
    "signed_out": ("#999999", ""),
    "password_changed": ("#777777", ".."),
    "evicted": ("#555555", "//"),
    "not_issued": ("#333333", ""),
}
CLOCK: Mapping[str, str] = {
    "ttl": "refresh_token_expired", "idle": "refresh_token_idle", "absolute": "family_too_old",
    "grant": "grant_expired", "session": "session_over",
}  # fmt: skip

# Inches that the layout leaves free on each side of what is drawn, and between that and a key beneath it.
_MARGIN, _EDGE = 0.1, 0.12

_RC: dict[Any, Any] = {
    "font.family": FONT, "font.size": 11.0, "axes.titlesize": 12.0, "legend.fontsize": 10.0,
    "axes.spines.top": False, "axes.spines.right": False, "axes.facecolor": PAPER, "figure.facecolor": PAPER,
    "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.edgecolor": INK,
    "svg.hashsalt": "oidc-lab", "svg.fonttype": "path", "hatch.linewidth": 0.6,
    "figure.constrained_layout.w_pad": _MARGIN, "figure.constrained_layout.h_pad": _MARGIN,
}  # fmt: skip

# And what a sample in the key takes, with the space around it.
_SAMPLE = 0.65


@contextmanager
def drawing(axes: "Axes | None", width: float = 9.0, height: float = 4.5) -> "Iterator[Axes]":
    """Give the axes to draw on, new ones of so many inches when there are none, in the style of all figures.

    Raises ImportError, with what to install, where there is no matplotlib.
    """
    try:
        from matplotlib import pyplot
    except ImportError as missing:
        raise ImportError("a figure needs matplotlib; install it with: pip install 'oidc-lab[lab]'") from missing
    with pyplot.rc_context(_RC):
        yield pyplot.subplots(figsize=(width, height), layout="constrained")[1] if axes is None else axes


def conclude(axes: "Axes", sentence: str, width: int = 200, *, over: float = 0.0) -> None:
    """Write the conclusion over a figure, in lines that fit on its paper and have `width` characters at most.

    It is written when all else is drawn: what is left of the axes leaves it less room. `over` is how many points of
    other text lie between it and the axes.
    """
    lines = balanced(sentence, room(axes), _RC["axes.titlesize"], width)
    axes.set_title(literal(lines), loc="left", pad=6.0 + over, fontsize=_RC["axes.titlesize"])


def room(axes: "Axes") -> float:
    """Inches from the left side of the axes to the right side of their part of the paper, beside what is on the left.

    The axes are not in their place yet: the layout is made when the figure is drawn.
    """
    figure, place = axes.get_figure(root=True), axes.get_subplotspec()
    if figure is None:
        return 0.0
    columns = 1 if place is None else place.get_gridspec().ncols
    left = min((box.x0 for box in _besides(axes, "yaxis")), default=axes.bbox.x0)
    return float(figure.get_figwidth() / columns - (axes.bbox.x0 - left) / figure.dpi - 2 * _MARGIN - 0.04)


def _besides(axes: "Axes", which: str) -> "Iterator[Bbox]":
    """What the axes, and those within them, have written at one of their sides; in pixels."""
    for each in (axes, *axes.child_axes):
        axis = getattr(each, which)
        box = axis.get_tightbbox() if each.axison and axis.get_visible() else None
        if box is not None:
            yield box


def key(axes: "Axes", handles: Sequence[Any], labels: Sequence[str]) -> None:
    """Say what is what, beneath the axes and what is written there, in as many columns as fit.

    It is written when all else but the conclusion is drawn.
    """
    from matplotlib.transforms import ScaledTranslation

    figure, inches, size = axes.get_figure(root=True), room(axes), _RC["legend.fontsize"]
    if figure is None or not handles:
        return
    lines = [folded(label, inches - _SAMPLE, size) for label in labels]
    column = max(wide(line, size) for line in lines) / 72 + _SAMPLE
    below = min((box.y0 for box in _besides(axes, "xaxis")), default=axes.bbox.y0)
    beneath = ScaledTranslation(0, (below - axes.bbox.y0) / figure.dpi - _EDGE, figure.dpi_scale_trans)
    axes.legend(
        handles, [literal(line) for line in lines], loc="upper left", bbox_to_anchor=(0, 0), frameon=False,
        bbox_transform=axes.transAxes + beneath, ncols=max(1, min(len(lines), int(inches / column))),
        borderaxespad=0.0, borderpad=0.0, handlelength=2.4, columnspacing=1.2, fontsize=size,
    )  # fmt: skip


class Picture:
    """A finished figure as an image that shows the same everywhere: in a notebook, on a code host, in print.

    `svg` is equal for equal figures, byte for byte. The title of its first axes is what is read where none is seen.
    """

    def __init__(self, axes: "Axes") -> None:
        from matplotlib import pyplot

        figure = axes.get_figure(root=True)
        if figure is None:
            raise ValueError("these axes belong to no figure any more")
        self.alternative = " ".join(figure.axes[0].get_title(loc="left").split()).replace(r"\$", "$")
        buffer = io.StringIO()
        with pyplot.rc_context(_RC):
            figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        pyplot.close(figure)  # or the notebook would show it once more
        self.svg = buffer.getvalue()

    def __repr__(self) -> str:
        return f"Picture: {self.alternative}"

    def _repr_html_(self) -> str:
        source = "data:image/svg+xml," + quote(self.svg, safe=" =:/;,()!*'")
        return f'<img alt="{escape(self.alternative)}" src="{escape(source)}" style="max-width:100%">'


def picture(axes: "Axes") -> Picture:
    """Finish a figure, as an image with its conclusion for those who do not see it."""
    return Picture(axes)

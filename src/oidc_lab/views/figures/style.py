"""How all figures look: colours that the colour-blind can tell apart, sizes for a projector, bytes that repeat."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from textwrap import fill
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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

_RC: dict[Any, Any] = {
    "font.family": "DejaVu Sans", "font.size": 11.0, "axes.titlesize": 12.0, "legend.fontsize": 10.0,
    "axes.spines.top": False, "axes.spines.right": False, "axes.facecolor": PAPER, "figure.facecolor": PAPER,
    "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.edgecolor": INK,
    "svg.hashsalt": "oidc-lab", "svg.fonttype": "path", "hatch.linewidth": 0.6,
}  # fmt: skip


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


def conclude(axes: "Axes", sentence: str, width: int = 88) -> None:
    """Write the conclusion over a figure."""
    axes.set_title(literal(fill(sentence, width)), loc="left")


def literal(words: str) -> str:
    """Text as it is: matplotlib reads mathematics between two dollars, and hides labels that begin with _."""
    return ("\u2009" if words.startswith("_") else "") + words.replace("$", r"\$")


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

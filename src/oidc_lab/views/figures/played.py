"""Draws what was predicted for one family and, on top of it, what the live provider answered: they must coincide."""

from math import isnan
from typing import TYPE_CHECKING, Any

from oidc_lab.views.figures.events import REQUESTS, heights
from oidc_lab.views.figures.family import draw_life
from oidc_lab.views.figures.fit import length
from oidc_lab.views.figures.history import CLOCKS
from oidc_lab.views.figures.notes import Note
from oidc_lab.views.figures.panels import Panels, finish, height
from oidc_lab.views.figures.said import counted
from oidc_lab.views.figures.style import drawing

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

RING, WRONG, WRONG_INK = "#0072B2", "#D55E00", "#A03C00"
_SAID = ("what", "by", "answer", "reason", "sent", "given", "generation", "binds")
_TIMES = ("day", *(f"{clock}_ends" for clock in CLOCKS))
# Days by which floats of one moment may differ; and up to how many marks there is room for wide rings.
_MOMENT = 0.5 / 86400
_FEW = 60


def played(predicted: "pd.DataFrame", live: "pd.DataFrame", ax: "Axes | None" = None) -> "Axes":
    """Draw two rows frames of one story: the life that was predicted, and a ring round each mark for what was answered.

    A ring is round where the provider answered with a token, and square where it refused. The title says whether all
    coincides, and if not, at which event they part, which has a line of its own.
    """
    with drawing(ax, height=height(predicted)) as axes:
        drawn = draw_life(axes, predicted, beside=live)
        asked = live[live["what"].isin(REQUESTS)]
        refused = asked["answer"] == "refused"
        _rings(drawn, asked[~refused], "o", "played: answered")
        _rings(drawn, asked[refused], "s", "played: refused")
        part = parting(predicted, live)
        if part is not None:
            _mark(drawn, predicted, live, part[0])
        finish(drawn, _says(predicted, live, part))
    return axes


def parting(predicted: "pd.DataFrame", live: "pd.DataFrame") -> tuple[int, list[str]] | None:
    """The number, from 0 on, of the first row in which two frames differ, and which columns do; None for none."""
    for number in range(min(len(predicted), len(live))):
        columns = _differing(predicted.iloc[number], live.iloc[number])
        if columns:
            return number, columns
    return None if len(predicted) == len(live) else (min(len(predicted), len(live)), ["what"])


def _differing(one: "pd.Series[Any]", other: "pd.Series[Any]") -> list[str]:
    from pandas import isna

    said = [
        each for each in _SAID if not (isna(one[each]) and isna(other[each])) and str(one[each]) != str(other[each])
    ]
    return said + [each for each in _TIMES if not _same_moment(float(one[each]), float(other[each]))]


def _same_moment(one: float, other: float) -> bool:
    return (isnan(one) and isnan(other)) or abs(one - other) < _MOMENT


def _rings(drawn: Panels, rows: "pd.DataFrame", mark: str, label: str) -> None:
    if rows.empty:
        return
    days, tokens = rows["day"] / drawn.size, heights(rows)
    look: dict[str, Any] = {"markersize": 13 if len(rows) <= _FEW else 7, "markerfacecolor": "none", "color": RING}
    drawn.handles[label] = drawn.tokens.plot(
        days, tokens, mark, label=label, markeredgewidth=1.3, zorder=3.7, clip_on=False, **look
    )[0]


def _mark(drawn: Panels, predicted: "pd.DataFrame", live: "pd.DataFrame", number: int) -> None:
    """A broad line through both parts, with the numbers of what differs over it."""
    day = float((predicted if number < len(predicted) else live)["day"].iloc[number]) / drawn.size
    for axes in (drawn.tokens, drawn.clocks):
        if axes is not None:
            axes.axvline(day, color=WRONG, linewidth=6, alpha=0.5, zorder=1.2)
    drawn.notes.append(Note(day, drawn.tokens.get_ylim()[1], f"≠ here they part: event {number}", WRONG_INK))


def _says(predicted: "pd.DataFrame", live: "pd.DataFrame", part: tuple[int, list[str]] | None) -> str:
    if part is None:
        events = counted(len(predicted), "event")
        return f"Predicted and played coincide in {events}: answers, reasons, tokens, and the ends of all clocks."
    number, columns = part
    if number >= min(len(predicted), len(live)):
        goes_on, what = ("the provider", live) if len(live) > number else ("the prediction", predicted)
        return f"Predicted and played part at event {number}: only {goes_on} has one, {_event(what.iloc[number])}."
    one, other = predicted.iloc[number], live.iloc[number]
    return (
        f"Predicted and played part at event {number}, {_event(one)}: "
        f"predicted {_told(one, columns)}, played {_told(other, columns)}."
    )


def _event(row: "pd.Series[Any]") -> str:
    return f"{row['what']} after {length(float(row['day']))}"


def _told(row: "pd.Series[Any]", columns: list[str]) -> str:
    """Of what differs the first thing, which is the one that people would notice."""
    if "answer" in columns or "reason" in columns:
        return f"{row['answer']} ({row['reason']})" if row["reason"] else str(row["answer"])
    value = row[columns[0]]
    return f"{columns[0]} {f'{value:.5f}' if isinstance(value, float) else value}"

"""Draws what happened to a family: a mark for each request, hollow where it was refused, and a line for each deed."""

from typing import TYPE_CHECKING, Any

from oidc_lab.domain.happening import Answer, By, Happening
from oidc_lab.views.figures.notes import Note
from oidc_lab.views.figures.panels import Panels
from oidc_lab.views.figures.said import deed_says, refusal_says
from oidc_lab.views.figures.style import INK, PAPER

if TYPE_CHECKING:
    import pandas as pd

OTHER = "#6E6E6E"
# A mark for whoever asks, and one for a reply that was lost.
MARK = {By.APPLICATION.value: "o", By.SECOND_TAB.value: "^", By.SOMEBODY.value: "D", By.THIEF.value: "s"}
_LOST, _SIGN_IN = "X", "*"
REQUESTS = {
    Happening.REQUEST.value, Happening.LOST_REPLY.value, Happening.REPLAY.value, Happening.TWO_TABS.value,
    Happening.THIEF.value,
}  # fmt: skip
# From so many marks on they are small; of more than so many, those that would lie on each other are drawn once.
_SIZES = ((40, 7.0), (150, 4.5), (float("inf"), 3.0))
_TOO_MANY = 2000


def draw_events(drawn: Panels, rows: "pd.DataFrame", name: str = "") -> None:
    """Draw marks and lines; of what would have happened under another name, only what was refused."""
    asked = rows["what"].isin(REQUESTS)
    refused = rows["answer"] == Answer.REFUSED.value
    if not name:
        began = rows[rows["what"] == Happening.SIGN_IN.value]
        _marks(drawn, began, _SIGN_IN, "sign-in", markersize=12, markerfacecolor=INK)
        _answered(drawn, rows[asked & ~refused])
    _refused(drawn, rows[asked & refused], name)
    if name:
        return
    for deed in rows[~asked & (rows["what"] != Happening.SIGN_IN.value)].itertuples(index=False):
        _deed(drawn, deed)


def _answered(drawn: Panels, answered: "pd.DataFrame") -> None:
    lost = answered["what"] == Happening.LOST_REPLY.value
    small = next(size for many, size in _SIZES if len(answered) <= many)
    edge = PAPER if small == _SIZES[0][1] else INK  # so that one on another is seen
    for by, mark in MARK.items():
        label = "answered" if by == By.APPLICATION.value else f"answered: {by}"
        alike = answered[~lost & (answered["by"] == by)]
        larger, order = (small, 4.0) if by == By.APPLICATION.value else (small + 5, 3.9)
        _marks(drawn, alike, mark, label, markersize=larger, markerfacecolor=INK, zorder=order, markeredgecolor=edge)
    _marks(drawn, answered[lost], _LOST, "answered: lost reply", markersize=small + 3, markerfacecolor=INK)


def _refused(drawn: Panels, refused: "pd.DataFrame", name: str) -> None:
    ink = OTHER if name else INK
    for by, mark in MARK.items():
        label = f"refused{'' if by == By.APPLICATION.value else f': {by}'}{f' under {name}' if name else ''}"
        larger, order = (7.0, 4.0) if by == By.APPLICATION.value else (12.0, 3.9)
        look = {
            "markersize": larger,
            "zorder": order - (0.5 if name else 0),
            "markerfacecolor": PAPER,
            "markeredgewidth": 1.6,
            "color": ink,
        }
        _marks(drawn, refused[refused["by"] == by], mark, label, **look)
    for row in refused.itertuples(index=False):
        words = refusal_says(row.what, row.by, row.reason, row.because)
        words = f"under {name}: {words}" if name else words
        drawn.notes.append(Note(row.day / drawn.size, _height(row.sent), words, ink))


def _marks(drawn: Panels, rows: "pd.DataFrame", mark: str, label: str, **look: Any) -> None:
    if rows.empty:
        return
    days, tokens = rows["day"] / drawn.size, heights(rows)
    if len(rows) > _TOO_MANY:
        places = {"day": rows["day"] / drawn.until * _TOO_MANY, "height": tokens / max(tokens.max(), 1) * _TOO_MANY / 4}
        seen = ~rows.assign(**places).round({"day": 0, "height": 0}).duplicated(["day", "height"])
        days, tokens = days[seen], tokens[seen]
    look = {"color": INK, "markeredgecolor": look.get("color", INK), "zorder": 4, **look}
    drawn.handles[label] = drawn.tokens.plot(days, tokens, mark, label=label, clip_on=False, **look)[0]


def _deed(drawn: Panels, deed: Any) -> None:
    for axes in (drawn.tokens, drawn.clocks):
        if axes is not None:
            axes.axvline(deed.day / drawn.size, color=INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=3.5)
    drawn.notes.append(Note(deed.day / drawn.size, drawn.tokens.get_ylim()[1], deed_says(deed.what, deed.answer)))


def _height(sent: Any) -> float:
    from pandas import isna

    return 0.0 if isna(sent) else float(sent)


def heights(rows: "pd.DataFrame") -> Any:
    """At which token each mark stands: the one that was sent, or else given."""
    return rows["sent"].fillna(rows["given"]).fillna(0).astype(int)

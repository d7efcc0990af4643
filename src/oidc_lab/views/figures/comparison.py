"""Draws how long users stay signed in under many policies, ranked, or under a few with each usage pattern."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.causes import CAUSES
from oidc_lab.views.figures.fit import grow, length, percent, shortened, unit, within
from oidc_lab.views.figures.lettering import literal, wide
from oidc_lab.views.figures.style import CAUSE, INK, PALE, PAPER, conclude, drawing, key, room

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Inches of a row, and of a name at most.
_ROW, _NAME = 0.26, 2.8


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What became of the users of one policy and usage; a heading has no days."""

    name: str
    usage: str = ""
    days: float = 0.0
    never: bool = False
    signed_in: float = 0.0
    ended_by: str = ""
    doubtful: bool = False
    heading: bool = False

    @property
    def cause(self) -> str:
        """What it is coloured by: what ended most, nothing where most were not ended."""
        return "" if self.never else self.ended_by

    @property
    def value(self) -> str:
        """What is written at its end."""
        if self.heading:
            return ""
        told = (
            f"over {length(self.days)}, {percent(self.signed_in)} still signed in" if self.never else _half(self.days)
        )
        return f"{told} ?" if self.doubtful else told


def comparison(summary_frame: "pd.DataFrame", doubts: Collection[str] = (), ax: "Axes | None" = None) -> "Axes":
    """Rank the policies of a summary frame, of one usage, by the median time that users stay signed in.

    `doubts` are the policies of which something is not established: their bars are hollow and have a question mark.
    The figure grows with the rows. Raises ValueError for a frame with several usages, or without rows.
    """
    usages = list(dict.fromkeys(summary_frame["usage"]))
    if len(usages) != 1:
        raise ValueError(f"a comparison is of one usage, this frame has {', '.join(map(str, usages)) or 'no rows'}")
    bars = sorted(_bars(summary_frame, doubts), key=lambda bar: (-bar.days, -bar.never, -bar.signed_in, bar.name))
    return _drawn(bars, _ranked(bars), f", usage: {usages[0]}" if usages[0] else "", ax)


def across(summary_frame: "pd.DataFrame", doubts: Collection[str] = (), ax: "Axes | None" = None) -> "Axes":
    """Draw a few policies, such as those of one provider, with each usage of a summary frame; otherwise as above."""
    bars = list(_bars(summary_frame, doubts))
    if not bars:
        raise ValueError("nothing to draw: the frame has no rows")
    policies = list(dict.fromkeys(bar.name for bar in bars))
    listed = [
        each
        for policy in policies
        for each in (Bar(name=policy, heading=True), *(bar for bar in bars if bar.name == policy))
        if len(policies) > 1 or not each.heading
    ]
    return _drawn(listed, _spanned(bars, policies), "", ax, by_usage=True)


def _bars(frame: "pd.DataFrame", doubts: Collection[str]) -> Sequence[Bar]:
    return [
        Bar(
            name=str(row.policy), usage=str(row.usage), days=float(row.median_days), never=bool(row.never),
            signed_in=float(row.signed_in_at_end), ended_by=str(row.ended_by), doubtful=row.policy in doubts,
        )
        for row in frame.itertuples(index=False)
    ]  # fmt: skip


def _drawn(bars: Sequence[Bar], sentence: str, of: str, ax: "Axes | None", *, by_usage: bool = False) -> "Axes":
    with drawing(ax, height=1.0) as axes:
        size, unit_ = unit(max(bar.days for bar in bars))
        names = [bar.usage if by_usage and not bar.heading else bar.name for bar in bars]
        axes.set_yticks(
            range(len(bars)), [literal(within(name or " ", _NAME, 10.0, most=1)) for name in names], size=10.0
        )
        axes.set_ylim(len(bars) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        for label, bar in zip(axes.get_yticklabels(), bars, strict=True):
            label.set_fontweight("bold" if bar.heading else "normal")
        for place, bar in enumerate(bars):
            _draw(axes, place, bar, size)
        _leave_room(axes, bars, size)
        words = f"until half of the users had to sign in again ({unit_}){of}"
        axes.set_xlabel(literal(within(words, room(axes) - 0.2, 11.0, most=3)))
        key(axes, *_legend(bars))
        conclude(axes, sentence)
        grow(axes, _ROW * len(bars))
    return axes


def _draw(axes: "Axes", place: int, bar: Bar, size: float) -> None:
    if not bar.heading:
        axes.barh(place, bar.days / size, height=0.72, **_pen(bar.cause, doubtful=bar.doubtful))
    axes.annotate(
        bar.value, (bar.days / size, place), (5, 0), textcoords="offset points", va="center", size=10.0,
        annotation_clip=False,
    )  # fmt: skip


def _pen(cause: str, *, doubtful: bool) -> dict[str, Any]:
    """Filled in the colour of what ended most; only outlined and hatched in it when in doubt."""
    colour, hatch = CAUSE.get(cause, (PALE, ""))
    outline = INK if cause == "" else colour
    if doubtful:
        return {"facecolor": PAPER, "edgecolor": outline, "hatch": hatch, "linewidth": 1.2, "linestyle": "--"}
    return {"facecolor": colour, "edgecolor": INK if cause == "" else PAPER, "hatch": hatch, "linewidth": 0.6}


def _leave_room(axes: "Axes", bars: Sequence[Bar], size: float) -> None:
    """Have the axis reach so far that what is written at the ends of the bars fits beside them."""
    inches = room(axes) - 0.1
    needed = [(bar.days / size, wide(bar.value, 10.0) / 72 + 0.12) for bar in bars]
    # An end at days d with w inches beside it fits when d / limit * inches + w <= inches.
    limit = max(days * inches / max(inches - beside, inches / 4) for days, beside in needed)
    axes.set_xlim(0, limit or 1.0)
    axes.set_xticks([tick for tick in axes.get_xticks() if tick <= max(days for days, _ in needed)])


def _legend(bars: Sequence[Bar]) -> tuple[list[Any], list[str]]:
    from matplotlib.patches import Patch

    shown = [cause for cause in CAUSE if any(bar.cause == cause and not bar.heading for bar in bars)]
    handles = [Patch(**_pen(cause, doubtful=False)) for cause in shown]
    labels = [CAUSES.get(cause, cause) for cause in shown]
    if any(bar.doubtful for bar in bars):
        handles.append(Patch(facecolor=PAPER, edgecolor=INK, linestyle="--", linewidth=1.2))
        labels.append("? something of it is not established")
    return handles, labels


def _half(days: float) -> str:
    return length(days) if days > 0 else "at once"


def _after(bar: Bar) -> str:
    return f"after {length(bar.days)}" if bar.days > 0 else "at once"


def _outcome(bar: Bar) -> str:
    if bar.never:
        return f"{percent(bar.signed_in)} of the users are still signed in after {length(bar.days)}"
    return f"half of the users have to sign in again {_after(bar)}"


def _ranked(bars: Sequence[Bar]) -> str:
    first, last, never = bars[0], bars[-1], sum(bar.never for bar in bars)
    if len(bars) == 1:
        return f"Under {shortened(first.name)}, {_outcome(first)}.{_in_doubt(bars)}"
    if never == len(bars):
        said = f"Under each of {never} policies more than half of the users are still signed in"
        return f"{said} after {length(first.days)}.{_in_doubt(bars)}"
    if never:
        longest = f"{never} of {len(bars)} policies keep more than half of the users signed in for {length(first.days)}"
    else:
        longest = f"Of {len(bars)} policies, {shortened(first.name)} keeps users signed in longest: {_outcome(first)}"
    return f"{longest}; under {shortened(last.name)}, {_outcome(last)}.{_in_doubt(bars)}"


def _in_doubt(bars: Sequence[Bar]) -> str:
    many = sum(bar.doubtful for bar in bars)
    return f" {many} {'is' if many == 1 else 'are'} in doubt." if many else ""


def _spanned(bars: Sequence[Bar], policies: Sequence[str]) -> str:
    """The longest and the shortest of all."""
    ranked = sorted(bars, key=lambda bar: (-bar.days, -bar.never, -bar.signed_in))
    longest, shortest = ranked[0], ranked[-1]
    under = [f"under {shortened(bar.name)} " if len(policies) > 1 else "" for bar in (longest, shortest)]
    begin = f"Under {shortened(policies[0])}, " if len(policies) == 1 else ""
    said = f"{begin}{under[0]}with usage {longest.usage}, {_outcome(longest)}"
    said += f"; {under[1]}with usage {shortest.usage}, {_outcome(shortest)}." if len(bars) > 1 else "."
    return said[0].upper() + said[1:]

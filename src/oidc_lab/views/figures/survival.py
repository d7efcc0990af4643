"""Draws the share of users still signed in over time under one policy or several, and what ended the others."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.causes import CAUSES
from oidc_lab.views.figures.fit import grow, length, percent, shortened, unit
from oidc_lab.views.figures.style import CAUSE, DASHES, INK, LINES, PALE, PAPER, conclude, drawing, key

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# So many lines are told apart; of more, some stand out, from the longest to the shortest.
_TOLD_APART = len(LINES)
# Inches that the lines have from below to above, at least.
_HIGH = 2.6


@dataclass(frozen=True, kw_only=True)
class Line:
    """The users of one policy and usage."""

    name: str
    frame: "pd.DataFrame"
    ended_by: str

    @property
    def left(self) -> float:
        """The share that is still signed in at the end."""
        return float(self.frame["signed_in"].iloc[-1])

    @property
    def half(self) -> float | None:
        """The first day on which at most half are still signed in; None when there is none."""
        days = self.frame["day"][self.frame["signed_in"] <= 0.5]
        return float(days.iloc[0]) if len(days) else None

    @property
    def all_at_once(self) -> bool:
        """Whether nobody is left on that day."""
        return bool((self.frame["signed_in"][self.frame["day"] == self.half] == 0).all())

    @property
    def mean(self) -> float:
        """How long users are signed in on the average: what is under the line."""
        return float((self.frame["signed_in"].to_numpy()[:-1] * self.frame["day"].diff().to_numpy()[1:]).sum())


def survival(
    survival_frame: "pd.DataFrame", endings_frame: "pd.DataFrame | None" = None, ax: "Axes | None" = None
) -> "Axes":
    """Draw who is still signed in, with 95 % bands; of a single policy also what ended the others, stacked above.

    `survival_frame` has the columns policy, usage, day, signed_in, low and high, `endings_frame` policy, usage, day,
    ended_by and share. Of more than seven lines, seven stand out, from the longest to the shortest.
    """
    lines = _lines(survival_frame, endings_frame)
    if not lines:
        raise ValueError("nothing to draw: the frame has no rows")
    size, name = unit(_last(lines))
    with drawing(ax) as axes:
        axes.set_xlim(0, _last(lines) / size)
        axes.set_ylim(0, 1)
        labelled = _one(axes, lines[0], endings_frame, size) if len(lines) == 1 else _several(axes, lines, size)
        axes.set_xlabel(f"time since the first sign-in ({name})")
        axes.set_ylabel("users still signed in")
        axes.yaxis.set_major_formatter(lambda share, _: f"{share * 100:.0f} %")
        key(axes, *labelled)
        conclude(axes, _conclusion(lines))
        grow(axes, _HIGH)
    return axes


def _lines(frame: "pd.DataFrame", endings: "pd.DataFrame | None") -> list[Line]:
    several = frame["usage"].nunique() > 1, frame["policy"].nunique() > 1
    found = []
    for (policy, usage), rows in frame.groupby(["policy", "usage"], sort=False):
        name = {(True, True): f"{policy}, {usage}", (True, False): str(usage)}.get(several, str(policy))
        found.append(Line(name=name, frame=rows.sort_values("day"), ended_by=_most(endings, policy, usage)))
    return found


def _most(endings: "pd.DataFrame | None", policy: object, usage: object) -> str:
    """What ended most of those that ended."""
    if endings is None:
        return ""
    last = _shares(endings, policy, usage)
    return str(last.idxmax()) if len(last) and last.max() > 0 else ""


def _shares(endings: "pd.DataFrame", policy: object, usage: object) -> Any:
    rows = endings[(endings["policy"] == policy) & (endings["usage"] == usage) & (endings["ended_by"] != "")]
    return rows.sort_values("day").groupby("ended_by", sort=False)["share"].last()


def _last(lines: list[Line]) -> float:
    """Where the axis ends: nothing is seen after the last user of all is gone."""
    horizon = max(float(line.frame["day"].max()) for line in lines)
    if any(line.left > 0 for line in lines):
        return horizon or 1.0
    gone = max(float(line.frame["day"][line.frame["signed_in"] == 0].min()) for line in lines)
    return min(horizon, gone * 1.1) or horizon or 1.0


def _one(axes: "Axes", line: Line, endings: "pd.DataFrame | None", size: float) -> tuple[list[Any], list[str]]:
    """Everybody, from those that are still signed in up to those that were ended first."""
    days, top = line.frame["day"].to_numpy() / size, line.frame["signed_in"].to_numpy()
    handles = [_area(axes, days, 0.0, top, "")]
    labels = [f"{CAUSES['']}: {percent(line.left)}"]
    for cause, shares in _stack(line, endings):
        handles.append(_area(axes, days, top, top + shares, cause))
        labels.append(f"{CAUSES.get(cause, cause)}: {percent(float(shares[-1]))}")
        top = top + shares
    for column in ("low", "high"):
        (limit,) = axes.plot(days, line.frame[column], color=INK, linewidth=1.0, linestyle=":", drawstyle="steps-post")
    axes.plot(days, line.frame["signed_in"], color=INK, linewidth=2.2, drawstyle="steps-post")
    return [*handles, limit], [*labels, "95 % interval"]


def _stack(line: Line, endings: "pd.DataFrame | None") -> list[tuple[str, Any]]:
    """The share that each cause has ended by each day, what ended most of all first."""
    if endings is None:
        return []
    policy, usage = line.frame["policy"].iloc[0], line.frame["usage"].iloc[0]
    shares = _shares(endings, policy, usage)
    rows = endings[(endings["policy"] == policy) & (endings["usage"] == usage)]
    by_day = rows.pivot_table(index="day", columns="ended_by", values="share", aggfunc="last")
    by_day = by_day.reindex(by_day.index.union(line.frame["day"])).ffill().fillna(0.0).loc[line.frame["day"]]
    order = [cause for cause in shares.sort_values(ascending=False, kind="stable").index if shares[cause] > 0]
    return [(str(cause), by_day[cause].to_numpy()) for cause in order]


def _area(axes: "Axes", days: Any, low: Any, high: Any, cause: str) -> Any:
    colour, hatch = CAUSE.get(cause, (PALE, ""))
    return axes.fill_between(days, low, high, step="post", facecolor=colour, edgecolor=PAPER, hatch=hatch, linewidth=0)


def _several(axes: "Axes", lines: list[Line], size: float) -> tuple[list[Any], list[str]]:
    from matplotlib.lines import Line2D

    alike = _alike(lines)
    chosen = _spread(len(alike))
    for place, group in enumerate(alike):
        if place not in chosen:
            _curve(axes, group[0], size, color=PALE, linewidth=0.8)
    handles = [
        _curve(axes, alike[place][0], size, color=LINES[pen], linestyle=DASHES[pen], linewidth=2.2)
        for pen, place in enumerate(chosen)
    ]
    for pen, place in enumerate(chosen):
        _band(axes, alike[place][0], size, LINES[pen])
    labels = [_label(alike[place]) for place in chosen]
    if others := sum(len(group) for place, group in enumerate(alike) if place not in chosen):
        handles.append(Line2D([], [], color=PALE, linewidth=0.8))
        labels.append(f"{others} other{'' if others == 1 else 's'}")
    return handles, labels


def _alike(lines: list[Line]) -> list[list[Line]]:
    """Lines that lie on each other, and ended alike, together; those under which users stay longest first."""
    groups: dict[Any, list[Line]] = {}
    for line in _ranked(lines):
        same = (line.frame["day"].to_numpy().tobytes(), line.frame["signed_in"].to_numpy().tobytes(), line.ended_by)
        groups.setdefault(same, []).append(line)
    return list(groups.values())


def _ranked(lines: list[Line]) -> list[Line]:
    """Those under which users stay longest first."""
    return sorted(lines, key=lambda line: (-line.mean, line.name))


def _curve(axes: "Axes", line: Line, size: float, **pen: Any) -> Any:
    (drawn,) = axes.plot(line.frame["day"] / size, line.frame["signed_in"], drawstyle="steps-post", **pen)
    return drawn


def _band(axes: "Axes", line: Line, size: float, colour: str) -> None:
    days, low, high = line.frame["day"] / size, line.frame["low"], line.frame["high"]
    axes.fill_between(days, low, high, step="post", facecolor=colour, alpha=0.2, linewidth=0)


def _spread(lines: int) -> list[int]:
    """The places of those that stand out: the first, the last, and as many as can be told apart in between."""
    if lines <= _TOLD_APART:
        return list(range(lines))
    return [round(place * (lines - 1) / (_TOLD_APART - 1)) for place in range(_TOLD_APART)]


def _label(alike: list[Line]) -> str:
    name = shortened(alike[0].name, 60) if len(alike) == 1 else f"{shortened(alike[0].name)} and {len(alike) - 1} alike"
    return f"{name} ({CAUSES[alike[0].ended_by]})" if alike[0].ended_by else name


def _conclusion(lines: list[Line]) -> str:
    if len(lines) == 1:
        cause = f"; what ended most of them: {CAUSES[lines[0].ended_by]}" if lines[0].ended_by else ""
        said = f"{_said(lines[0])}{cause}."
        return f"Under {shortened(lines[0].name)}, {said}" if lines[0].name else said[0].upper() + said[1:]
    alike = _alike(lines)
    longest, shortest = alike[0][0], alike[-1][0]
    as_long = f" and {len(alike[0]) - 1} alike" if len(alike[0]) > 1 else ""
    return (
        f"Users stay signed in longest under {shortened(longest.name)}{as_long}: {_said(longest)}; "
        f"of all {len(lines)}, shortest under {shortened(shortest.name)}: {_said(shortest)}."
    )


def _said(line: Line) -> str:
    end = length(float(line.frame["day"].iloc[-1]))
    if line.half is None:
        share = "everybody is" if line.left == 1 else f"{percent(line.left)} of the users are"
        return f"{share} still signed in after {end}"
    who = "everybody is" if line.all_at_once else "half of the users are"
    return f"{who} signed out {f'within {length(line.half)}' if line.half > 0 else 'at once'}"

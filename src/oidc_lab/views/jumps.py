"""Shows what died at each move of a clock, and of what was done while it stood — RFC6749-1.5."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from oidc_lab.domain.clock_panel import Look
from oidc_lab.domain.deaths import Jump
from oidc_lab.domain.living import Death
from oidc_lab.domain.span import span, when
from oidc_lab.views import html

# As many lines as are read at a glance; more are put together.
_GLANCE, _MOST = 8, 200
_DIED, _NOTHING = "var(--jp-warn-color1,rgb(200,110,20))", "rgba(128,128,128,0.5)"


def show_latest(look: Look) -> str:
    """What died at the last jump, and of what was done since."""
    if not look.jumps:
        return ""
    return html.part("What died", "".join(_show_jump(each, look.now) for each in look.latest))


def show_history(look: Look) -> str:
    """The jumps before the last one."""
    if not look.earlier:
        return ""
    inside = "".join(_show_jump(each, look.now) for each in look.earlier)
    moves = sum(jump.moved for jump in look.earlier)
    return html.fold(f"earlier: {several(moves, 'jump')}, {_died(look.earlier)}", inside)


def jumps_text(look: Look) -> list[str]:
    """The same in plain lines."""
    lines = []
    for heading, jumps in (("What died:", look.latest), ("Earlier:", look.earlier)):
        lines += [heading] * bool(jumps)
        for jump in jumps:
            lines.append(f"  {_title(jump, look.now)}")
            lines += [f"    {_at(each.at, jump, look.now)} {each.of.said}: {each.said}" for each in jump.deaths]
    return lines


def several(count: int, name: str) -> str:
    """So many of something."""
    return f"{count} {name}{'' if count == 1 else 's'}"


def _show_jump(jump: Jump, now: datetime) -> str:
    died = jump.deaths
    lines = _grouped(jump, now) if len(died) > _GLANCE else [_death_row(each, jump, now) for each in died]
    return html.card(line(_title(jump, now)) + (html.table(lines) if lines else ""), _DIED if died else _NOTHING)


def _title(jump: Jump, now: datetime) -> str:
    died = _died([jump])
    if not jump.moved:
        return f"At {when(jump.at, now)}, {'as time went by' if jump.by_itself else 'by what was done'}: {died}"
    return f"{when(jump.began_at, now)} → {when(jump.at, jump.began_at)}, {span(jump.at - jump.began_at)} on: {died}"


def _died(jumps: Iterable[Jump]) -> str:
    count = sum(len(jump.deaths) for jump in jumps)
    return f"{several(count, 'thing')} died" if count else "nothing died"


def _at(moment: datetime, jump: Jump, now: datetime) -> str:
    """When something died: with its day when the jump went past midnight, so that no line needs another to be read."""
    return when(moment, now, dated=jump.began_at.date() != jump.at.date())


def _death_row(death: Death, jump: Jump, now: datetime) -> tuple[str, str, str]:
    return _time(_at(death.at, jump, now)), f"✗ {html.text(death.of.said)}", aside(death.said)


def _grouped(jump: Jump, now: datetime) -> list[tuple[str, str, str]]:
    """A line for all that are of one kind and died of the same; each unfolds."""
    rows = []
    ordered = sorted(jump.deaths, key=lambda each: (each.of.kind, each.said))
    for (kind, said), group in groupby(ordered, key=lambda each: (each.of.kind, each.said)):
        alike = sorted(group, key=lambda each: each.at)
        if len(alike) == 1:
            rows.append((alike[0].at, _death_row(alike[0], jump, now)))
            continue
        first, last = _at(alike[0].at, jump, now), _at(alike[-1].at, jump, now)
        listed = html.table((_time(_at(each.at, jump, now)), html.text(each.of.said)) for each in alike[:_MOST])
        what = html.fold(f"✗ {len(alike)} {kind.plural}", listed)
        rows.append((alike[0].at, (_time(first if first == last else f"{first} to {last}"), what, aside(said))))
    return [each for _, each in sorted(rows, key=lambda pair: pair[0])]


def line(said: str) -> str:
    """A line of text."""
    return f"<div>{html.text(said)}</div>"


def _time(said: str) -> str:
    return f'<span style="font-variant-numeric:tabular-nums;opacity:0.8">{html.text(said)}</span>'


def aside(said: str) -> str:
    """What is read after the rest."""
    return f'<span style="opacity:0.85">{html.text(said)}</span>'

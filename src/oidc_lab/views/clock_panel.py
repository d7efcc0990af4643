"""Shows a clock to move: now, what ends next, what died of what, and what lives — RFC6749-1.5."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from oidc_lab.domain.clock_panel import ClockPanel, Look
from oidc_lab.domain.living import Living
from oidc_lab.domain.span import date, span, when
from oidc_lab.views import html
from oidc_lab.views.controls import button, row, text_field
from oidc_lab.views.jumps import aside, jumps_text, line, several, show_history, show_latest
from oidc_lab.views.widgets.bundle import bundle

TITLE = "Clock"

# Further on each button: how far it goes, in minutes.
_STEPS = (("+1 minute", 1), ("+1 hour", 60), ("+1 day", 1440), ("+14 days", 20160))
# As many lines as are read at a glance; more are folded.
_GLANCE, _MOST = 8, 200
_BAR = "var(--jp-brand-color1,rgb(40,110,190))"


def clock_panel_view(panel: ClockPanel) -> dict[str, Any]:
    """What a notebook is given of a panel."""
    look = panel.look()
    static = {"text/plain": clock_panel_text(look), "text/html": show_clock_panel(look)}
    return bundle(panel, static, "clock_panel")


def show_clock_panel(look: Look) -> str:
    """The whole panel at rest."""
    title = f'<div role="heading" aria-level="3" style="font-weight:bold;font-size:1.15em">{TITLE}</div>'
    parts = (show_now(look), show_buttons(look, live=False), show_field(look, live=False), show_latest(look))
    return title + "".join(parts) + show_living(look, live=False) + show_history(look)


def show_now(look: Look) -> str:
    """The present moment, and how far it is from the start."""
    time = f'<span style="font-size:1.9em;font-variant-numeric:tabular-nums">{look.now:%H:%M:%S}</span>'
    day = f'<span style="font-size:1.15em">{html.text(date(look.now))}</span>'
    return row([f"{time} UTC", day, html.quiet(html.text(_from_start(look)))])


def show_buttons(look: Look, *, live: bool) -> str:
    """The jumps; where nobody moves the clock, why not."""
    if look.barred:
        return html.card(line(f"The clock cannot be moved here: {look.barred}."))
    steps = [button("jump", label, live=live, minutes=str(minutes)) for label, minutes in _STEPS]
    if not live:  # what cannot be pressed is pale, and this is to be read
        return row([*steps, button("next", "To the next expiry", live=False)]) + line(f"Next: {next_words(look)}")
    off = "" if look.next else "Nothing that the provider keeps will end."
    return row(steps) + row([button("next", f"To {next_words(look)}", live=True, first=True, off=off)])


def show_field(look: Look, *, live: bool) -> str:
    """Where any span or moment can be typed."""
    if look.barred:
        return ""
    label = "Any span, or a moment in UTC"
    hint = 'data-enter="go" placeholder="3 days 2 hours"'
    field = text_field("typed", "span", label, "", live=live, width="15em", attributes=hint)
    return row([f"<span>{label}:</span>", field, button("go", "Go", live=live)])


def show_advice(look: Look, typed: str) -> str:
    """Where what is typed would lead; or what is wrong with it."""
    if not typed.strip() or look.barred:
        return ""
    try:
        moment = look.read(typed)
    except ValueError as fault:
        return line(f"✗ {fault}")
    dying = len(look.dies_until(moment))
    what = f"{several(dying, 'thing')} will have ended" if dying else "nothing will have ended"
    return line(f"→ {when(moment, look.now)}, {span(moment - look.now)} on: {what} by then")


def show_living(look: Look, *, live: bool) -> str:
    """What lives, what ends first coming first."""
    ending, moving = look.ending, live and not look.barred
    shown = [_living_row(each, look.now) for each in ending[:_MOST]]
    if moving:
        shown = [(*each, there) for each, there in zip(shown, _ways_there(ending[:_MOST], look), strict=True)]
    head = ("what", "ends", "of what", "jump") if moving else ("what", "ends", "of what")
    body = html.table(shown[:_GLANCE], head) if shown else line("Nothing that has an end.")
    if rest := ending[_GLANCE:]:
        more = "" if len(ending) <= _MOST else html.quiet(f"and {_counted(ending[_MOST:])}")
        body += html.fold(f"later: {_counted(rest)}", html.table(shown[_GLANCE:], head) + more)
    if look.endless:
        listed = "".join(line(each.said) for each in look.endless[:_MOST])
        body += html.fold(f"without an end: {_counted(look.endless)}", listed)
    again = button("look", "Look again", live=live) if live else ""
    return html.part("What lives now", body) + again


def clock_panel_text(look: Look) -> str:
    """The panel in plain lines."""
    lines = [f"{date(look.now)}, {look.now:%H:%M:%S} UTC; {_from_start(look)}"]
    lines += [f"The clock cannot be moved here: {look.barred}."] if look.barred else [f"To {next_words(look)}"]
    lines += jumps_text(look)
    lines.append("What lives now:" if look.ending else "What lives now: nothing that has an end")
    lines += [f"  {each.said}: {_until(each, look.now)}, {each.cause}" for each in look.ending]
    return "\n".join([*lines, *([f"without an end: {_counted(look.endless)}"] if look.endless else [])])


def next_words(look: Look) -> str:
    """What ends next and when, before anybody goes there."""
    if look.next is None:
        return "the next expiry: nothing will end"
    first, *others = look.next.things
    more = f" (and {len(others)} more)" if others else ""
    return f"{when(look.next.at, look.now)}: {first.said} ends, {first.cause}{more}"


def _from_start(look: Look) -> str:
    if look.start is None:
        return "the clock of the machine"
    passed = look.now - look.start
    return f"{span(passed)} after the start of the lab" if passed else "the start of the lab"


def _living_row(thing: Living, now: datetime) -> tuple[str, ...]:
    ends = line(_until(thing, now)) + _lived(thing, now)
    return html.text(thing.said), ends, aside(thing.cause)


def _ways_there(things: Sequence[Living], look: Look) -> list[str]:
    """A button to where each ends; of several that end together the first has it."""
    before = (None, *(each.end for each in things))
    return [
        ""
        if each.end == last
        else button("jump to", f"To {when(each.end, look.now)}", live=True, moment=each.end.isoformat())
        for last, each in zip(before, things, strict=False)
    ]


def _until(thing: Living, now: datetime) -> str:
    return f"in {span(thing.end - now)}, {when(thing.end, now)}"


def _lived(thing: Living, now: datetime) -> str:
    """How much of its life has passed, for the eye alone: the words stand beside it."""
    whole = max(thing.end - thing.since, timedelta(microseconds=1))
    share = min(max((thing.end - now) / whole, 0), 1)
    inner = f'<div style="width:{share:.0%};height:4px;border-radius:2px;background:{_BAR}"></div>'
    style = "width:8em;height:4px;border-radius:2px;background:rgba(128,128,128,0.25);margin:1px 0 5px 0"
    return f'<div aria-hidden="true" style="{style}">{inner}</div>'


def _counted(things: Iterable[Living]) -> str:
    counts = Counter(each.kind for each in things)
    return ", ".join(several(count, kind.value) for kind, count in counts.items())

"""Shows a whole lab: a head line, what to do next, and sections folded to a line each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from oidc_lab.domain.overview import Overview, Overviewed
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.span import date
from oidc_lab.domain.suggestion import CLOCK, NEW, STEP, Doing, suggest
from oidc_lab.views import html
from oidc_lab.views import lab_given as given
from oidc_lab.views import lab_happened as happened
from oidc_lab.views import lab_parties as parties
from oidc_lab.views.controls import button, choice, row
from oidc_lab.views.lab_look import Look
from oidc_lab.views.whereabouts import opened, revealing
from oidc_lab.views.widgets.bundle import bundle

_PROFILES = {
    Profile.DOCUMENTED: "documented: what the documentation says",
    Profile.LOGTO: "logto: what the product does",
    Profile.STRICT: "strict: what the specifications ask for",
}
_OPENS = {"form": "applications", "step": "bench", "clock": "bench"}


@dataclass(frozen=True)
class Section:
    """One section: its title, how many there are of what, its line, and what it unfolds into."""

    title: str
    count: Callable[[Overview], str]
    said: Callable[[Overview], str]
    show: Callable[[Overview, Look], str]


SECTIONS = {
    "applications": Section(
        "Applications", lambda lab: str(len(lab.applications)), parties.said_applications, parties.show_applications
    ),
    "users": Section("Users", lambda lab: str(len(lab.users)), parties.said_users, parties.show_users),
    "sessions": Section("Sessions", lambda lab: str(len(lab.sessions)), given.said_sessions, given.show_sessions),
    "grants": Section("Grants and live tokens", lambda lab: str(len(lab.grants)), given.said_grants, given.show_grants),
    "runs": Section("Runs", lambda lab: str(len(lab.runs)), happened.said_runs, happened.show_runs),
    "log": Section("Log", lambda lab: str(lab.entries), happened.said_log, happened.show_log),
}


def show_head(lab: Overview, *, live: bool) -> str:
    """Where the provider is, whose rules it follows, and what time it is."""
    if lab.closed:
        return f"<div>{html.code(lab.issuer)}</div><div><b>{html.text(lab.closed)}</b></div>"
    profiles = [(profile.value, said) for profile, said in _PROFILES.items()]
    now = f"{html.text(date(lab.now))}, <b>{lab.now:%H:%M:%S}</b> UTC"
    rules = choice(
        "follow", "profile", "Profile: whose rules the provider follows", profiles, lab.profile or "", live=live
    )
    return row([f"<span>{html.code(lab.issuer)}</span>", f"<span>Profile {rules}</span>", f"<span>Clock: {now}</span>"])


def show_hint(lab: Overview, *, live: bool) -> str:
    """What to do next; besides, what can always be done."""
    if lab.closed:
        return ""
    hint = suggest(lab)
    doings = [*hint.doings, *(each for each in (NEW, STEP, CLOCK) if each not in hint.doings)]
    first = len(hint.doings) > 0
    buttons = [_button(each, live=live, first=first and place == 0) for place, each in enumerate(doings)]
    if lab.shared:
        buttons.append(button("look", "Look again", live=live))
    barred = f"<div>{html.quiet(html.text(f'The clock is there to be read: {lab.clock_barred}.'))}</div>"
    return f'<div style="margin-top:6px">{html.text(hint.said)}</div>{row(buttons)}{barred if lab.clock_barred else ""}'


def show_onward(lab: Overview) -> str:
    """What to do next, where the form ends that was just saved."""
    hint = None if lab.closed else suggest(lab)
    if hint is None or hint.after != "form":
        return ""
    buttons = [_button(each, live=True, first=place == 0) for place, each in enumerate(hint.doings)]
    return html.card(f"<div>{html.text(hint.said)}</div>{row(buttons)}")


def show_section(name: str, lab: Overview, look: Look) -> str:
    """A section: its line, and what it unfolds into."""
    if lab.closed:
        return ""
    section = SECTIONS[name]
    body = f'<div style="padding:2px 0 4px 18px">{section.show(lab, look)}</div>'
    line = html.quiet(html.text(section.said(lab)))
    summary = f"<b>{html.text(section.title)}</b> ({html.text(section.count(lab))})&ensp;{line}"
    return look.fold(name, summary, body)


def show_bar(where: str, what: str, label: str, former: str = "") -> str:
    """What stands above something that was opened: a button that closes it, and which run was there before."""
    # Beside the title of what stands below.
    style = "display:flex;justify-content:flex-end;height:0;position:relative;top:14px;right:12px;z-index:1"
    close = button("close", f"Close {label}", live=True, where=where, what=what)
    there = f"<div>The former run, “{html.text(former)}”, is under Runs.</div>" if former else ""
    return opened(what, where, f'<div role="status">{there}</div><div style="{style}"><div>{close}</div></div>')


def live_part(body: str) -> str:
    """A part of the live panel."""
    return revealing(body) if body else ""


def show_lab(lab: Overview) -> str:
    """Show everything at rest."""
    sections = "".join(show_section(name, lab, Look()) for name in SECTIONS)
    return f"<div>{show_head(lab, live=False)}{show_hint(lab, live=False)}{sections}</div>"


def lab_text(lab: Overview) -> str:
    """A lab in plain lines."""
    if lab.closed:
        return f"The lab at {lab.issuer}: {lab.closed}"
    head = f"The lab at {lab.issuer}: profile {lab.profile}, {date(lab.now)}, {lab.now:%H:%M:%S} UTC"
    lines = [f"{each.title} ({each.count(lab)}): {each.said(lab)}" for each in SECTIONS.values()]
    return "\n".join([head, suggest(lab).said, *lines])


def lab_view(model: Overviewed) -> dict[str, Any]:
    """What a notebook shows of a lab."""
    lab = model.overview()
    return bundle(model, {"text/plain": lab_text(lab), "text/html": show_lab(lab)}, "lab_panel")


def _button(doing: Doing, *, live: bool, first: bool = False) -> str:
    about = {"client_id": doing.client_id, "sub": doing.sub, "flow": doing.flow, **doing.choices}
    given = {name: value for name, value in about.items() if value}
    return button(
        doing.what, html.shortened(doing.label, 60), live=live, first=first, opens=_OPENS[doing.what], **given
    )

"""The sections of the lab panel about what happened: the latest runs, and the last entries of the audit log."""

from collections.abc import Sequence

from oidc_lab.domain.audit import LogEntry, Result
from oidc_lab.domain.overview import Overview, PastRun
from oidc_lab.domain.span import when
from oidc_lab.views import html
from oidc_lab.views.controls import button, choice, row, tick
from oidc_lab.views.lab_look import LONGEST_NAME, Look, application_name, roomy, table, unbroken, user_name


def said_runs(lab: Overview) -> str:
    """What the last one was and how it ended."""
    if not lab.runs:
        return "none yet"
    last = lab.runs[-1]
    return f"the last one: {html.shortened(last.title, 2 * LONGEST_NAME)}, {ended(last)}"


def show_runs(lab: Overview, look: Look) -> str:
    """The latest first, each with how it ended; the flow to step through, and what is in the tokens."""
    if not lab.runs:
        return html.quiet("No run yet. A run is one flow from its first message to its last.")
    return table([_run(lab, each, look) for each in reversed(lab.runs)], ("run", "at", "how it ended", "actions"))


def said_log(lab: Overview) -> str:
    """What the last entry says, and how many of the last ones were refused."""
    if not lab.log:
        return "nothing happened yet"
    last, refused = lab.log[-1], len(lab.refused)
    how = f", {refused} of the last {len(lab.log)} refused" if refused else ""
    return f"the last one: {last.key} {_verdict(last)} {_about(lab, last)}".rstrip() + how


def show_log(lab: Overview, look: Look) -> str:
    """What to look for, and what was found, the latest first, with the true reason of what was refused."""
    entries = lab.log if look.found is None else look.found
    rows = [_entry(lab, each) for each in reversed(entries)]
    found = table(rows, ("number", "at", "result", "what, and the true reason of a refusal", "application", "user"))
    return _filter(lab, look) + (found if rows else html.quiet("Nothing fits." if lab.log else "Nothing happened yet."))


def ended(run: PastRun) -> str:
    """How a run ended, or what comes next in it."""
    if run.refused:
        return f"refused by {run.refused}"
    return "done" if run.finished else f"next: {run.next_step}"


def _filter(lab: Overview, look: Look) -> str:
    applications = [("", "every application"), *((each.client_id, each.name) for each in lab.applications)]
    users = [("", "every user"), *((each.sub, each.name) for each in lab.users)]
    cells = [
        choice("filter", "client_id", "Entries about this application", applications, look.client_id, live=look.live),
        choice("filter", "sub", "Entries about this user", users, look.sub, live=look.live),
        tick("filter", "refused", "Refused only", look.refused, live=look.live),
    ]
    return row(cells)


def _run(lab: Overview, run: PastRun, look: Look) -> Sequence[str]:
    mark = "✗ " if run.refused else "✓ " if run.finished else ""
    title = html.text(html.shortened(run.title, 3 * LONGEST_NAME))
    doings = ""
    if run.flow:
        doings = button(
            "step", "Step through again", live=look.live, opens="bench", flow=run.flow, client_id=run.client_id,
            sub=run.sub,
        )  # fmt: skip
    if run.tokens:
        doings += button("inspect", "Look inside", live=look.live, run=run.key, opens="runs")
    at = "" if run.at is None else unbroken(when(run.at, lab.now))
    return title, at, html.text(mark + ended(run)), doings


def _entry(lab: Overview, entry: LogEntry) -> Sequence[str]:
    application = html.text(application_name(lab, entry.client_id)) if entry.client_id else ""
    user = html.text(user_name(lab, entry.sub)) if entry.sub else ""
    what = html.code(entry.key)
    if entry.reason:
        what += f"<div>{html.text(entry.truth or '')}</div><div>{html.quiet(html.code(entry.reason))}</div>"
    at, verdict = unbroken(when(entry.at, lab.now)), unbroken(_verdict(entry))
    return str(entry.number), at, verdict, roomy(what), application, user


def _verdict(entry: LogEntry) -> str:
    return "✗ refused" if entry.result is Result.ERROR else "✓"


def _about(lab: Overview, entry: LogEntry) -> str:
    parts = []
    if entry.client_id:
        parts.append(f"at {application_name(lab, entry.client_id)}")
    if entry.sub:
        parts.append(f"for {user_name(lab, entry.sub)}")
    return " ".join(parts)

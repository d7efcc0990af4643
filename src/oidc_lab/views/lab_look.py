"""What the sections of the lab panel have in common: how the panel is looked at, and how things are called in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from oidc_lab.domain.audit import LogEntry
from oidc_lab.domain.grant import Grant
from oidc_lab.domain.overview import Overview
from oidc_lab.domain.span import span, when
from oidc_lab.views import html
from oidc_lab.views.whereabouts import told_fold

LONGEST_NAME = 40


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a panel is looked at: whether it is live, what in it is unfolded, and what is looked for in the log.

    `found` is what was found there; None when nothing was looked for.
    """

    live: bool = False
    unfolded: frozenset[str] = frozenset()
    client_id: str = ""
    sub: str = ""
    refused: bool = False
    found: Sequence[LogEntry] | None = None

    def fold(self, name: str, summary: str, body: str) -> str:
        """A fold of this name."""
        return told_fold("fold", name, summary, body, unfolded=name in self.unfolded, live=self.live)


def application_name(lab: Overview, client_id: str) -> str:
    """What to call an application; by its client_id when it is gone."""
    found = lab.application(client_id)
    return client_id if found is None else html.shortened(found.name, LONGEST_NAME)


def user_name(lab: Overview, sub: str) -> str:
    """What to call a user; by the sub when there is none any more."""
    return html.shortened(lab.name_of(sub), LONGEST_NAME)


def whose(lab: Overview, grant: Grant) -> str:
    """Which application for which user."""
    return f"{application_name(lab, grant.client_id)} for {user_name(lab, grant.sub)}"


def counted(count: int, what: str) -> str:
    """A number of things: `1 run`, `2 runs`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def unbroken(words: str) -> str:
    """Words that stay on one line."""
    return f'<span style="white-space:nowrap">{html.text(words)}</span>'


def moment(at: datetime | None, lab: Overview, *, never: str = "never") -> str:
    """A moment, and how far it is from now."""
    if at is None:
        return never
    ahead, since = at - lab.now, lab.now - at
    far = f"in {span(ahead)}" if at > lab.now else f"{span(since)} ago" if since.total_seconds() >= 1 else "just now"
    return f"{unbroken(when(at, lab.now))} {html.quiet(unbroken(far))}"


def roomy(body: str) -> str:
    """Something long that may break anywhere, yet is never squeezed to a few letters."""
    return f'<div style="min-width:14em;overflow-wrap:anywhere">{body}</div>'


def titled(name: str, key: str) -> str:
    """What something is called, and its key below."""
    return f"<b>{html.text(html.shortened(name, 2 * LONGEST_NAME))}</b><div>{html.quiet(html.code(key))}</div>"


def table(rows: Iterable[Sequence[str]], head: Sequence[str]) -> str:
    """A table that can be scrolled sideways where there is no room for it."""
    return f'<div style="overflow-x:auto">{html.table(rows, head)}</div>'


def few(names: Sequence[str], none: str) -> str:
    """The first ones; the last one there is may be of use most, so that it is always among them."""
    if len(names) > 4:
        return f"{', '.join(names[:3])}, … and {names[-1]}"
    return ", ".join(names) or none

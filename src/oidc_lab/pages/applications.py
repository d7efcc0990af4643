"""The trainer's pages: all applications, and everything about one of them — OIDCR-2."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from oidc_lab.pages.render import render


@dataclass(frozen=True, kw_only=True)
class ApplicationRow:
    """An application in the list; `address` is that of its own page."""

    address: str
    client_id: str
    name: str
    type: str
    users: int
    last_activity: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """What is shown with the clause that it follows from, and the clause's address."""

    clause: str = ""
    clause_url: str = ""

    @property
    def link(self) -> str:
        """The address where it is that of a web page; escaping does not disarm a `javascript:` URL."""
        return self.clause_url if self.clause_url.startswith("https://") else ""


@dataclass(frozen=True, kw_only=True)
class SettingShown(Ruled):
    """A setting: `name` in the interface, what is stored, and what that does under the current profile.

    No `values` means that nothing is stored. For one that is not `available`, `effect` is the reason.
    """

    label: str
    name: str
    values: tuple[str, ...] = ()
    effect: str = ""
    available: bool = True


@dataclass(frozen=True, kw_only=True)
class SecretShown:
    """A secret by its name: nobody sees its value twice."""

    name: str
    created: datetime
    expires: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AdviceShown(Ruled):
    """What will hurt, and the setting to blame."""

    setting: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """What happened: `error` is what the wire said, `reason` what was the matter."""

    at: datetime
    event: str
    result: str
    failed: bool = False
    user: str = ""
    reason: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class ApplicationShown:
    """All that the page of an application shows; endpoints are (name, URL).

    `secrets` is None for an application that cannot keep any. `log` has the newest line first, and may
    be the beginning of `log_total` lines.
    """

    client_id: str
    name: str
    type: str
    description: str
    users: int
    settings: tuple[SettingShown, ...]
    endpoints: tuple[tuple[str, str], ...]
    secrets: tuple[SecretShown, ...] | None
    advice: tuple[AdviceShown, ...]
    log: tuple[LogLine, ...]
    log_total: int


def applications_page(
    *,
    stylesheet: str,
    action: str,
    query: str,
    applications: Sequence[ApplicationRow],
    total: int,
    now: datetime,
    leave: str,
    csrf: str,
) -> str:
    """Return the list; its search asks `action` with `q`, and `applications` are those of `total` that were found.

    Leaving posts to `leave`.
    """
    return render(
        "applications.html",
        stylesheet=stylesheet,
        action=action,
        query=query,
        applications=applications,
        total=total,
        now=now,
        leave=leave,
        csrf=csrf,
    )


def application_page(
    *,
    stylesheet: str,
    back: str,
    application: ApplicationShown,
    profile: str,
    now: datetime,
    leave: str,
    csrf: str,
) -> str:
    """Return the page of one application; `back` is the address of the list."""
    return render(
        "application.html",
        stylesheet=stylesheet,
        back=back,
        application=application,
        profile=profile,
        now=now,
        leave=leave,
        csrf=csrf,
    )

"""The page on which a user sees which applications have access, and takes it away — RFC6749-1.3, RFC9700-4.14.2."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from oidc_lab.pages.consent import ScopeAsked
from oidc_lab.pages.render import render


@dataclass(frozen=True, kw_only=True)
class GrantShown:
    """What one application may do, since when, until when, and what ends when it is taken away.

    `ends` is None when the grant has no end of its own. `offline` says that it has refresh tokens that live;
    `offline_until` is when the last of them expires, None when it does not.
    """

    grant_id: str
    application: str
    description: str
    since: datetime
    scopes: tuple[ScopeAsked, ...]
    claims: tuple[str, ...] = ()
    last_used: datetime | None = None
    ends: datetime | None = None
    offline: bool = False
    offline_until: datetime | None = None
    live_tokens: int = 0


@dataclass(frozen=True)
class TakenAway:
    """The application that has just lost its access, and how many tokens ended with it."""

    application: str
    tokens: int


def your_applications_page(
    *,
    stylesheet: str,
    action: str,
    csrf: str,
    sign_out: str,
    account: str,
    grants: Sequence[GrantShown],
    now: datetime,
    taken_away: TakenAway | None = None,
) -> str:
    """Return the page; the form of each application posts `grant` to `action`, the other one to `sign_out`."""
    return render(
        "your_applications.html",
        stylesheet=stylesheet,
        action=action,
        csrf=csrf,
        sign_out=sign_out,
        account=account,
        grants=grants,
        now=now,
        taken_away=taken_away,
    )

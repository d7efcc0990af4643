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
    `offline_until` is when the last of them expires, None when it does not. `belongs_to` names the sign-in that it was
    given for, and is empty when it was given whatever the sign-in.
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
    belongs_to: str = ""


@dataclass(frozen=True)
class TakenAway:
    """The application that has just lost its access, and how many tokens ended with it.

    `still` says that it has access all the same, by another sign-in or because it was allowed again.
    """

    application: str
    tokens: int
    still: bool = False


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
    must_ask: bool = True,
) -> str:
    """Return the page; the form of each application posts `grant` to `action`, the other one to `sign_out`.

    `must_ask` says whether an application that lost its access gets it again only when the user agrees.
    """
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
        must_ask=must_ask,
    )

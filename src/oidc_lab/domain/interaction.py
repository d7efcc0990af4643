"""Decides what a user is asked before an application gets its answer — OIDCC-3.1.2.3."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from oidc_lab.domain.authentication_request import AuthenticationRequest
from oidc_lab.domain.grant import Grant
from oidc_lab.domain.session import Session

INTERACTION_LIFETIME = timedelta(hours=1)


class Page(StrEnum):
    """The pages a user can be shown on the way."""

    SIGN_IN = "sign-in"
    SELECT_ACCOUNT = "select-account"
    CONSENT = "consent"


@dataclass(frozen=True)
class Progress:
    """What the user has done since this request arrived; an older sign-in does not count."""

    signed_in: bool = False
    account_selected: bool = False
    consented: bool = False


@dataclass(frozen=True)
class Ask:
    """What is shown next and why, in a sentence to the user; `unusual` when the application caused it.

    Without a page, the request is refused when `refusal` names an entry of the catalogue, and answered when not.
    """

    page: Page | None
    because: str
    clause: str
    refusal: str = ""
    unusual: bool = True


NOTHING = Ask(None, "The user is signed in and has agreed.", "OIDCC-3.1.2.4")


def decide(
    request: AuthenticationRequest,
    session: Session | None,
    progress: Progress,
    grant: Grant | None,
    now: datetime,
) -> Ask:
    """Answer the first thing that still has to happen, with its reason.

    `refusal` names the entry of the catalogue that applies when nothing may be shown (prompt=none).
    """
    if session is None:
        because = "Nobody is signed in in this browser."
        return Ask(Page.SIGN_IN, because, "OIDCC-3.1.2.3", "login_required", unusual=False)
    return (
        _authentication(request, session, progress, now)
        or _account(request, progress)
        or _consent(request, progress, grant)
        or NOTHING
    )


def _sign_in(because: str, clause: str, refusal: str) -> Ask:
    return Ask(Page.SIGN_IN, because, clause, refusal)


def _authentication(request: AuthenticationRequest, session: Session, progress: Progress, now: datetime) -> Ask | None:
    if request.expected_sub not in (None, session.sub):
        because = "The application asks for another user than the one who is signed in here."
        page = None if progress.signed_in else Page.SIGN_IN
        return Ask(page, because, "OIDCC-3.1.2.1", "other_user_expected")
    if progress.signed_in:
        return None
    if "login" in request.prompts:
        because = "The application asks you to sign in again (prompt=login)."
        return _sign_in(because, "OIDCC-3.1.2.1", "login_required")
    if _too_old(request, session, now):
        because = "Your last sign-in is longer ago than the application accepts (max_age)."
        return _sign_in(because, "OIDCC-3.1.2.1", "authentication_too_old")
    return None


def _too_old(request: AuthenticationRequest, session: Session, now: datetime) -> bool:
    # max_age=0 means the same as prompt=login, also within the second of a sign-in.
    if request.max_age is None:
        return False
    return request.max_age == timedelta(0) or now - session.auth_time > request.max_age


def _account(request: AuthenticationRequest, progress: Progress) -> Ask | None:
    if "select_account" not in request.prompts or progress.account_selected or progress.signed_in:
        return None
    because = "The application asks you to choose an account (prompt=select_account)."
    # Never refused: prompt=none, which forbids the page, cannot come together with select_account.
    return Ask(Page.SELECT_ACCOUNT, because, "OIDCC-3.1.2.1")


def _consent(request: AuthenticationRequest, progress: Progress, grant: Grant | None) -> Ask | None:
    if progress.consented:
        return None
    if "consent" in request.prompts:
        because = "The application asks for your agreement again (prompt=consent)."
        return Ask(Page.CONSENT, because, "OIDCC-3.1.2.1", "consent_required")
    if grant is None or not grant.covers(request):
        because = "You have not yet agreed to what the application asks for."
        return Ask(Page.CONSENT, because, "OIDCC-3.1.2.4", "consent_required", unusual=False)
    return None

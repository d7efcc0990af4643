"""The pages around signing out: the question, and its two outcomes — OIDCRIL-2."""

from collections.abc import Sequence

from oidc_lab.pages.difference import find_difference
from oidc_lab.pages.render import render


def confirm_sign_out_page(
    *, stylesheet: str, action: str, csrf: str, request: str, application: str | None, account: str
) -> str:
    """Return the page that asks before signing out; it posts `action=sign-out` or `action=stay`.

    `request` is an opaque value handed back unchanged; `application` is None when nobody known asked.
    """
    return render(
        "confirm_sign_out.html",
        stylesheet=stylesheet,
        action=action,
        csrf=csrf,
        request=request,
        application=application,
        account=account,
    )


def signed_out_page(*, stylesheet: str, notice: str = "", registered: Sequence[str] = (), received: str = "") -> str:
    """Return the page shown to a user who is signed out and not sent on.

    `received` is the post-logout redirect URI that was not followed, compared with the registered ones.
    """
    return render(
        "signed_out.html",
        stylesheet=stylesheet,
        notice=notice,
        label="Post-logout redirect URI",
        compared=bool(received),
        received=received,
        difference=find_difference(registered=registered, received=received),
    )


def still_signed_in_page(*, stylesheet: str, account: str) -> str:
    """Return the page shown to a user who chose to stay signed in."""
    return render("still_signed_in.html", stylesheet=stylesheet, account=account)

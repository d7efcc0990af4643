"""The page on which a user signs in, or says which account to use — OIDCC-3.1.2.3."""

from collections.abc import Sequence
from dataclasses import dataclass

from oidc_lab.pages.render import render


@dataclass(frozen=True)
class DemoUser:
    """A user of the lab who can be signed in with one click."""

    sub: str
    name: str
    username: str


def sign_in_page(
    *,
    stylesheet: str,
    action: str,
    interaction: str,
    csrf: str,
    application: str | None,
    application_description: str = "",
    interaction_name: str = "interaction",
    login_hint: str = "",
    problem: str = "",
    demo_users: Sequence[DemoUser] = (),
    reason: str = "",
) -> str:
    """Return the sign-in page; `application` is None when the user came to see what has access.

    The form posts `action=sign-in` with `username` and `password`, or `action=cancel`. The demo users stand
    in a form of their own, so that a shortcut never carries a typed password, and post `demo_user`. Both hand
    back `interaction`, an opaque value, in the field `interaction_name`.
    """
    return render(
        "sign_in.html",
        stylesheet=stylesheet,
        action=action,
        interaction=interaction,
        interaction_name=interaction_name,
        csrf=csrf,
        application=application,
        application_description=application_description,
        login_hint=login_hint,
        problem=problem,
        demo_users=demo_users,
        reason=reason,
    )


def select_account_page(
    *, stylesheet: str, action: str, interaction: str, csrf: str, application: str, account: str
) -> str:
    """Return the page for `prompt=select_account`; it posts `action=continue`, `other` or `cancel`."""
    return render(
        "select_account.html",
        stylesheet=stylesheet,
        action=action,
        interaction=interaction,
        csrf=csrf,
        application=application,
        account=account,
    )

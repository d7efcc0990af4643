"""The page on which a user allows or denies what an application asks for — OIDCC-3.1.2.4."""

from collections.abc import Sequence
from dataclasses import dataclass

from oidc_lab.pages.render import render

MEANING: dict[str, str] = {
    "openid": "Know that it is you, by an identifier that stays the same",
    "profile": "See your profile, such as your name and picture",
    "email": "See your email address, and whether it is verified",
    "address": "See your postal address",
    "phone": "See your phone number, and whether it is verified",
    "offline_access": "Stay signed in when you are away: the application may come back without you",
}
"""What the scopes of OIDCC-5.4 and OIDCC-11 mean to the person who is asked for them."""


@dataclass(frozen=True)
class ScopeAsked:
    """A scope an application asks for, and its meaning in plain language."""

    scope: str
    meaning: str


def consent_page(
    *,
    stylesheet: str,
    action: str,
    interaction: str,
    csrf: str,
    application: str,
    application_description: str,
    account: str,
    scopes: Sequence[ScopeAsked],
    destination: str,
    claims: Sequence[str] = (),
    reason: str = "",
) -> str:
    """Return the consent page; it posts `action=allow` or `action=deny`.

    `destination` is the host the user is sent to afterwards: it is what tells a known application from one
    that only bears its name.
    """
    return render(
        "consent.html",
        stylesheet=stylesheet,
        action=action,
        interaction=interaction,
        csrf=csrf,
        application=application,
        application_description=application_description,
        account=account,
        scopes=scopes,
        destination=destination,
        claims=claims,
        reason=reason,
    )

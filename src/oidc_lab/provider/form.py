"""Makes sure that a form comes from a page of this provider, in the browser that was given it — RFC6749-10.12."""

import hmac

from flask import request

from oidc_lab.provider.browser import COOKIE, current_browser
from oidc_lab.provider.refusal import refuse
from oidc_lab.provider.store.tables import digest


def form_token() -> str:
    """What a form brings along as `csrf`: bound to the browser's cookie, which no other site can read."""
    # The digest keeps the cookie out of the page.
    return digest(f"form {current_browser()}")


def check_form() -> None:
    """Refuse the present request when it is not such a form.

    What another site posts comes without the cookie, because it is SameSite=Lax. It is refused before the browser is
    known: it would be given a new cookie, and whoever is signed in would not be any more.
    """
    received = request.form.get("csrf", "").encode()
    if COOKIE not in request.cookies or not hmac.compare_digest(received, form_token().encode()):
        refuse("form_untrusted")

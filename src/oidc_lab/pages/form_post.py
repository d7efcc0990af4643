"""The page that carries an authorization response to the application — OAuth 2.0 Form Post Response Mode."""

import base64
import hashlib
from collections.abc import Sequence

from oidc_lab.pages.render import render

# A parameter named `submit` would hide the form's own method of that name, so the prototype is asked.
SCRIPT = "HTMLFormElement.prototype.submit.call(document.forms[0]);"
"""The only script of all pages. It is constant, so that the policy can name it by its hash."""

SCRIPT_HASH = "sha256-" + base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
"""What Content-Security-Policy calls the script."""


def form_post_page(*, action: str, parameters: Sequence[tuple[str, str]]) -> str:
    """Return a page that posts the parameters to `action` by itself, or by its button without script."""
    return render("form_post.html", action=action, parameters=parameters, script=SCRIPT)

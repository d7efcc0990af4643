"""The page shown when the user must not be sent back to the application — RFC6749-4.1.2.1."""

from collections.abc import Sequence

from oidc_lab.pages.difference import find_difference
from oidc_lab.pages.render import render


def error_page(
    *,
    stylesheet: str,
    title: str,
    what: str,
    error: str,
    registered: Sequence[str] = (),
    received: str | None = None,
    label: str = "Redirect URI",
    remedy: str = "",
    clause: str = "",
    clause_url: str = "",
) -> str:
    """Return the error page: what was wrong, the two values side by side, the remedy and the clause.

    `label` names the values compared. Without `registered` and `received` nothing is compared.
    """
    return render(
        "error.html",
        stylesheet=stylesheet,
        title=title,
        what=what,
        error=error,
        label=label,
        compared=bool(registered) or received is not None,
        received=received,
        registered=registered,
        difference=None if received is None else find_difference(registered=registered, received=received),
        remedy=remedy,
        clause=clause,
        # Escaping keeps a value inside the attribute; it does not keep a `javascript:` URL from being one.
        clause_url=clause_url if clause_url.startswith("https://") else "",
    )

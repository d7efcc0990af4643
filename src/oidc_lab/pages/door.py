"""The page that asks a trainer for the management token — RFC6750-2."""

from oidc_lab.pages.render import render


def door_page(*, stylesheet: str, action: str, csrf: str, problem: str = "") -> str:
    """Return the page before the trainer's pages; it posts `token`."""
    return render("door.html", stylesheet=stylesheet, action=action, csrf=csrf, problem=problem)

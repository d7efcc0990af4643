"""Sends a page with the headers that keep it from being framed, cached or leaked — RFC9700-4.16."""

from collections.abc import Sequence

from flask import Response

from oidc_lab.domain.spec import link
from oidc_lab.pages.error import error_page
from oidc_lab.pages.policy import content_security_policy, form_targets
from oidc_lab.provider.context import context
from oidc_lab.provider.refusal import RefusalError, record

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def stylesheet() -> str:
    """The address of the one stylesheet."""
    return context().path + "/pages/style.css"


def page(body: str, *, status: int = 200, leads_to: str | None = None, scripts: Sequence[str] = ()) -> Response:
    """Send a page; `leads_to` is the redirect URI that its form may end up at."""
    response = Response(body, status=status, mimetype="text/html", headers=HEADERS)
    targets = form_targets(leads_to) if leads_to else ()
    policy = content_security_policy(scripts=scripts, form_targets=targets)
    response.headers["Content-Security-Policy"] = policy
    return response


def protect(response: Response) -> Response:
    """Give an answer that is no page of ours, such as a redirect or a 404, the headers that every answer has."""
    for name in ("Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options"):
        response.headers.setdefault(name, HEADERS[name])
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", content_security_policy())
        response.headers.setdefault("Cache-Control", HEADERS["Cache-Control"])
    return response


def refusal_page(error: RefusalError) -> Response:
    """Say at the provider what was wrong: nobody is sent anywhere — RFC6749-4.1.2.1."""
    record(error)
    refusal = error.refusal
    body = error_page(
        stylesheet=stylesheet(),
        title="This request cannot be served",
        what=refusal.truth,
        error=refusal.error,
        registered=error.registered,
        received=error.received,
        label=refusal.blame,
        remedy=refusal.remedy,
        clause=refusal.clause,
        clause_url=link(refusal.clause),
    )
    return page(body, status=refusal.status)

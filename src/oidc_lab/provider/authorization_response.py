"""Sends an answer, good or bad, to the application through the browser — RFC6749-4.1.2, OIDCC-3.1.2.5, OIDCC-3.1.2.6.

Authlib adds RFC 9207's `iss` to the query only; here one place serves query, fragment and form_post alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response

from oidc_lab.domain.authentication_request import RESPONSE_MODES
from oidc_lab.pages.form_post import SCRIPT_HASH, form_post_page
from oidc_lab.provider.context import context
from oidc_lab.provider.exact import see_other
from oidc_lab.provider.page import page


@dataclass(frozen=True)
class Destination:
    """Where and how the application wants its answer."""

    redirect_uri: str
    response_mode: str = "query"
    state: str | None = None


def destination(parameters: Mapping[str, str]) -> Destination:
    """Read where an answer goes; an unusable response_mode is answered in the query — OAMR-2.1."""
    mode = parameters.get("response_mode", "query")
    redirect_uri = parameters["redirect_uri"]
    return Destination(redirect_uri, mode if _usable(mode, redirect_uri) else "query", parameters.get("state"))


def takes_form_post(redirect_uri: str) -> bool:
    """Whether a browser can post a form there — OAFP-2."""
    return redirect_uri.startswith(("http://", "https://"))


def _usable(mode: str, redirect_uri: str) -> bool:
    return mode in RESPONSE_MODES and (mode != "form_post" or takes_form_post(redirect_uri))


def authorization_response(to: Destination, parameters: Mapping[str, str]) -> Response:
    """Answer at the redirect URI, with state as it came — RFC6749-4.1.2 — and the issuer — RFC9207-2."""
    answer = dict(parameters)
    if to.state is not None:
        answer["state"] = to.state
    answer["iss"] = context().issuer
    if to.response_mode == "form_post":
        body = form_post_page(action=to.redirect_uri, parameters=list(answer.items()))
        return page(body, leads_to=to.redirect_uri, scripts=(SCRIPT_HASH,))
    response = see_other(_with(to, urlencode(answer)))
    response.headers["Cache-Control"] = "no-store"
    return response


def _with(to: Destination, answer: str) -> str:
    # Appended as text: the registered query stays as it was given, octet by octet — RFC6749-3.1.2.
    if to.response_mode == "fragment":
        return f"{to.redirect_uri}#{answer}"
    separator = "&" if "?" in to.redirect_uri else "?"
    return f"{to.redirect_uri}{separator}{answer}"

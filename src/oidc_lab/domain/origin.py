"""Decides from which origins a page may call the provider, endpoint by endpoint — RFC6454-7.

An origin is text that a browser sends and a page cannot forge; programs send none, and are not held by this.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING

from oidc_lab.domain import redirect_uri, url
from oidc_lab.domain.profile import Origins, Rules
from oidc_lab.domain.wildcard import WILDCARD, host_fits

if TYPE_CHECKING:  # an application checks its origins with this module
    from oidc_lab.domain.application import Application

REFUSAL = "origin_not_allowed"

_HOST = re.compile(r"[a-z0-9._\-]+|\[[0-9a-f:.]+\]")

_WRITE = "write it as a browser sends it, such as https://shop.example"


class Endpoint(StrEnum):
    """What is called: data about the provider itself, permission to call, or something for an application."""

    METADATA = "metadata"
    PREFLIGHT = "preflight"
    REQUEST = "request"


@dataclass(frozen=True, kw_only=True)
class OriginDecision:
    """Whether the answer may be read by the page, why, and the refusal to answer with when the request ends here.

    Without permission and without a refusal the answer goes out as it is, and the browser keeps it from the page.
    """

    allowed: bool
    reason: str
    refusal: str | None = None


def problem(origin: str) -> str | None:
    """Say in one sentence why `origin` cannot be listed, and what to write instead; None when it can."""
    if origin == url.OPAQUE:
        return "null is what every page without an origin sends, strangers' too; name the page's own"
    if WILDCARD in origin:
        return "it has a *; list every origin by itself, such as https://shop.example"
    if wrong := redirect_uri.problem(origin):
        return f"{wrong}; {_WRITE}"
    parts = url.read(origin)
    if parts.scheme not in url.DEFAULT_PORTS:
        return f"only pages of http and https have an origin; {_WRITE}"
    if not _is_host(parts.host or ""):
        return f"its host has another form in a browser; {_WRITE}"
    wanted = f"a browser sends no path, default port or capitals; write {parts.origin}"
    return wanted if origin != parts.origin else None


def _is_host(host: str) -> bool:
    if not _HOST.fullmatch(host):
        return False
    if not host.rpartition(".")[2].isdecimal():
        return True
    try:
        return str(IPv4Address(host)) == host
    except AddressValueError:
        return False


def decide(
    origin: str | None,
    application: "Application | None",
    *,
    endpoint: Endpoint,
    rules: Rules,
    issuer_origin: str,
    all_listed: Callable[[], Iterable[str]],
) -> OriginDecision:
    """Answer for the Origin header of one request; None when there is none.

    `application` is None while it is not known; `all_listed` gives the origins that any application lists, and is asked
    only when that matters.
    """
    if origin is None:
        return _yes("no page asks: there is no Origin header")
    if origin == issuer_origin:
        return _yes("it is the provider's own origin")
    if endpoint is Endpoint.REQUEST and application is not None:
        return _for_application(origin, application, rules)
    if rules.metadata_for_every_origin:
        return _yes("every origin may call, because no application is at stake yet")
    if origin in all_listed():
        return _yes("some application lists it")
    return OriginDecision(allowed=False, reason="no application lists it")


def _for_application(origin: str, application: "Application", rules: Rules) -> OriginDecision:
    if origin in application.cors_allowed_origins:
        return _yes("the application lists it")
    if rules.origins is Origins.LISTED:
        return OriginDecision(allowed=False, reason="the application does not list it", refusal=REFUSAL)
    for each in application.redirect_uris:
        if _derived(origin, each):
            return _yes(f"it is the origin of the redirect URI {each}")
    reason = "the application does not list it, and it is the origin of none of its redirect URIs"
    return OriginDecision(allowed=False, reason=reason, refusal=REFUSAL)


def of_redirect_uris(uris: Iterable[str]) -> tuple[str, ...]:
    """The origins that redirect URIs add where the rules say so, each once; a private-use scheme's is null."""
    return tuple(dict.fromkeys(url.read(each).origin for each in uris))


def _derived(origin: str, uri: str) -> bool:
    """As coded: unlike a redirect, a * may stand in any label of the host here — application-model 3.7."""
    registered = url.read(uri)
    if WILDCARD not in registered.origin:
        return origin == registered.origin
    if problem(origin) is not None:
        return False
    asked = url.read(origin)
    same = (asked.scheme, asked.port) == (registered.scheme, registered.port)
    return same and host_fits(asked.host or "", registered.host or "")


def _yes(reason: str) -> OriginDecision:
    return OriginDecision(allowed=True, reason=reason)

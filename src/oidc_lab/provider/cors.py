"""Lets pages of other origins call where the profile lets them, and no others — RFC6454-7, RFC9700-2.6."""

from functools import cache

from flask import Flask, Response, g, request

from oidc_lab.domain import origin, url
from oidc_lab.domain.application import Application
from oidc_lab.domain.audit import Key
from oidc_lab.domain.origin import Endpoint, OriginDecision
from oidc_lab.domain.refusal import CATALOGUE
from oidc_lab.provider.context import context
from oidc_lab.provider.refusal import RefusalError, record, refuse

# What a page may send where. The endpoints that browsers are sent to are not here — RFC9700-2.6.
_METHODS = {
    "discovery.openid_configuration": "GET",
    "openid_configuration": "GET",
    "discovery.jwks": "GET",
    "token.token": "POST",
    "introspection.introspection": "POST",
    "revocation.revocation": "POST",
    "userinfo.userinfo": "GET, POST",
}

# In seconds, the time for which a browser remembers the answer to its question.
_MAX_AGE = "3600"

# RFC6750-3: without it a page could not read what was wrong with its token.
_EXPOSED = {"Access-Control-Expose-Headers": "WWW-Authenticate"}


def install(app: Flask) -> None:
    """Have an application answer browsers that ask for a page of another origin."""
    app.before_request(_answer_preflight)
    app.after_request(_permit)


def admit(application: Application) -> None:
    """Refuse the present request when a page sent it that may not call for this application."""
    g.called_for = application
    decision = _decide(Endpoint.REQUEST)
    if decision.refusal is not None:
        refuse(
            decision.refusal,
            client_id=application.client_id,
            registered=application.cors_allowed_origins,
            received=_origin(),
            because=decision.reason,
        )


def _answer_preflight() -> Response | None:
    """Answer a browser that asks before it sends what a page wants to send."""
    asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    return Response(status=204) if asks and _origin() is not None and request.endpoint in _METHODS else None


def _permit(response: Response) -> Response:
    """Say whether the page may read the answer; where nothing is said, the browser keeps it from the page."""
    if request.endpoint not in _METHODS:
        return response
    response.vary.add("Origin")
    asked = _origin()
    if asked is None:
        return response
    endpoint = _endpoint()
    decision = _decide(endpoint)
    if decision.allowed:
        response.headers["Access-Control-Allow-Origin"] = asked
        response.headers.update(_preflight() if endpoint is Endpoint.PREFLIGHT else _EXPOSED)
    elif endpoint is not Endpoint.REQUEST:
        _tell_the_lab(asked, decision)
    return response


def _preflight() -> dict[str, str]:
    return {
        "Access-Control-Allow-Methods": _METHODS[request.endpoint or ""],
        "Access-Control-Allow-Headers": "authorization, content-type",
        "Access-Control-Max-Age": _MAX_AGE,
    }


def _endpoint() -> Endpoint:
    if request.method == "OPTIONS":
        return Endpoint.PREFLIGHT
    return Endpoint.METADATA if _METHODS[request.endpoint or ""] == "GET" else Endpoint.REQUEST


def _decide(endpoint: Endpoint) -> OriginDecision:
    return origin.decide(
        _origin(),
        g.get("called_for"),
        endpoint=endpoint,
        rules=context().rules,
        issuer_origin=_issuer_origin(context().issuer),
        all_listed=_all_listed,
    )


def _origin() -> str | None:
    return request.headers.get("Origin")


def _all_listed() -> set[str]:
    return {each for application in context().store.applications.all() for each in application.cors_allowed_origins}


@cache
def _issuer_origin(issuer: str) -> str:
    return url.read(issuer).origin


def _tell_the_lab(asked: str, decision: OriginDecision) -> None:
    # Nothing is refused: the browser does what the missing header says, and tells its page nothing.
    details = (("because", decision.reason),)
    record(RefusalError(CATALOGUE["origin_unlisted"], received=asked, details=details), key=Key.ORIGIN)

"""Knows a browser by its cookie and who is signed in in it — OIDCC-3.1.2.3."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Response, g, request

from oidc_lab.domain.audit import Key
from oidc_lab.domain.session import SESSION_LIFETIME, Session
from oidc_lab.provider.audit import note
from oidc_lab.provider.context import context
from oidc_lab.provider.deeds import revoke_at_sign_out
from oidc_lab.provider.exact import see_other
from oidc_lab.provider.server import posted

COOKIE = "oidc_lab_browser"


def current_browser() -> str:
    """The present browser's cookie; a browser that has none is given one with the response."""
    if "browser" not in g:
        g.browser = request.cookies.get(COOKIE) or _new_browser()
    return str(g.browser)


def current_session() -> Session | None:
    """Who is signed in in the present browser."""
    if COOKIE not in request.cookies and "browser" not in g:
        return None
    session = context().store.sessions.of_browser(current_browser(), context().now)
    return session and _rolled(session)


def _rolled(session: Session) -> Session:
    until = context().now + SESSION_LIFETIME
    if until <= session.expires_at:
        return session
    rolled = replace(session, expires_at=until)
    context().store.sessions.roll(rolled)
    return rolled


def again_with_get() -> Response:
    """Have the browser send what it posted once more, with GET and with its cookie.

    A form posted from another site comes without it, because it is SameSite=Lax; a redirect brings it along.
    """
    address = f"{request.path}?{urlencode(list(posted().items(multi=True)))}"
    return see_other(address)


def end_session(session: Session, key: Key = Key.SESSION_ENDED) -> None:
    """End a session, and with it what it gave and nobody agreed to be used offline — OIDCC-11.

    A sign-out may end more: an application's policy says so.
    """
    store, now = context().store, context().now
    store.sessions.end(session.sid, now)
    ended = store.tokens.revoke_of_session(session.sid, now)
    if key is Key.SIGN_OUT:
        ended += revoke_at_sign_out(session)
    if context().rules.logout_ends_grants:
        store.grants.forget_unused_of_session(session.sid)
    note(key, session=session, details={"families_ended": ended})


def sign_in(sub: str, client_id: str | None = None) -> Session:
    """Sign a user in, for an application when one asked for it.

    The cookie is renewed, so that one planted before the sign-in is worth nothing after it.
    """
    store, old, before = context().store, current_browser(), current_session()
    now = context().now
    until = now + SESSION_LIFETIME
    g.browser = _new_browser()
    store.interactions.move(old, g.browser)
    if before is not None and before.sub == sub:
        again = replace(before, auth_time=now, expires_at=until)
        store.sessions.renew(again, g.browser)
        note(Key.SIGN_IN, session=again, client_id=client_id)
        return again
    if before is not None:
        end_session(before)
    session = Session(sid=context().entropy.token(22), sub=sub, auth_time=now, began_at=now, expires_at=until)
    store.sessions.begin(session, g.browser, request.headers.get("User-Agent", ""))
    note(Key.SIGN_IN, session=session, client_id=client_id)
    return session


def set_cookie(response: Response) -> Response:
    """Give the browser its cookie when it is new; it is a session cookie, the provider keeps the lifetime."""
    if g.get("browser_is_new"):
        response.set_cookie(
            COOKIE,
            g.browser,
            path=context().path or "/",
            secure=context().secure,
            httponly=True,
            samesite="Lax",
        )
    return response


def _new_browser() -> str:
    g.browser_is_new = True
    return context().entropy.token()

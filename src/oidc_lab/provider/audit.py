"""Writes the audit log: what the present request did — RFC9700-2.6."""

import re
from typing import Any

from flask import g, has_request_context, request

from oidc_lab.domain.audit import Key, LogEntry, Result
from oidc_lab.domain.session import Session
from oidc_lab.domain.tokens import Family
from oidc_lab.provider.context import context

# What a request says of itself may be of any length; a database keeps so much.
_LONGEST_USER_AGENT = 500

_QUERY = re.compile(r"([?#])[^\s,]+")
# As long as what is drawn here, or the three parts of a JWT, which are longer.
_LOOKS_DRAWN = re.compile(r"[A-Za-z0-9_\-]{32,}(?:\.[A-Za-z0-9_\-]+)*")

_KEY_OF_GRANT_TYPE = {
    "authorization_code": Key.CODE_EXCHANGE,
    "refresh_token": Key.REFRESH,
    "client_credentials": Key.CLIENT_CREDENTIALS,
}

_KEY_OF_STEP = {
    "authorization": Key.AUTHORIZATION,
    "sign_in": Key.SIGN_IN,
    "consent": Key.CONSENT,
    "userinfo": Key.USERINFO,
    "introspection": Key.INTROSPECTION,
    "revocation": Key.REVOCATION,
    "logout": Key.SIGN_OUT,
    "your_applications": Key.GRANT_REVOKED,
    "applications": Key.TRAINER_SIGN_IN,
}


def note(
    key: Key,
    *,
    result: Result = Result.SUCCESS,
    family: Family | None = None,
    session: Session | None = None,
    details: dict[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Keep one entry; of a family or a session, what it says of application, user, session and grant is taken."""
    known: dict[str, Any] = {}
    if session is not None:
        known |= {"sub": session.sub, "sid": session.sid}
    if family is not None:
        known |= {name: getattr(family, name) for name in ("client_id", "sub", "sid", "grant_id")}
    known |= {name: value for name, value in fields.items() if value is not None}
    entry = LogEntry(
        at=context().now,
        key=key,
        result=result,
        details=details or {},
        user_agent=request.headers.get("User-Agent", "")[:_LONGEST_USER_AGENT] if has_request_context() else "",
        request_id=request_id(),
        **known,
    )
    context().store.log.add(entry)


def public(value: str) -> str:
    """A value that a request brought, without what may be a secret in it: queries, fragments and what looks drawn."""
    return _LOOKS_DRAWN.sub("…", _QUERY.sub(r"\1…", value))


def key_of_request() -> Key:
    """What the present request is about, when all that is known is where it came in."""
    step = request.blueprint or ""
    if step == "token":
        return _KEY_OF_GRANT_TYPE.get(request.form.get("grant_type", ""), Key.TOKEN_EXCHANGE)
    return _KEY_OF_STEP.get(step, Key.AUTHORIZATION)


def request_id() -> str:
    """The present request's name: the same in all of its entries."""
    if "request_id" not in g:
        g.request_id = context().request_ids.token(22)
    return str(g.request_id)

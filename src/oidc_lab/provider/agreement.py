"""Finds and keeps what a user agreed to, for the user or for one session, as the profile says — OIDCC-3.1.2.4."""

from oidc_lab.domain.audit import Key
from oidc_lab.domain.authentication_request import AuthenticationRequest
from oidc_lab.domain.grant import Grant
from oidc_lab.domain.session import Session
from oidc_lab.provider.audit import note
from oidc_lab.provider.context import context


def agreed(session: Session, client_id: str) -> Grant | None:
    """What the user of this session agreed to for an application, and what is not over yet."""
    grant = context().store.grants.find(session.sub, client_id, _of(session))
    over = grant is not None and grant.expired(context().now, context().rules.grant_lifetime)
    return None if over else grant


def agree(asked: AuthenticationRequest, session: Session) -> Grant:
    """Remember that the user agrees to a request; what was agreed to before stays agreed to, and ends when it would."""
    grants, before = context().store.grants, agreed(session, asked.client_id)
    if before is None:
        # One that is over gives way to its successor.
        _forget(session, asked.client_id)
    grant = Grant(
        grant_id=before.grant_id if before else context().entropy.token(22),
        sub=session.sub,
        client_id=asked.client_id,
        sid=_of(session),
        scopes=asked.scopes | (before.scopes if before else frozenset()),
        claims=asked.single_claims | (before.claims if before else frozenset()),
        created_at=before.created_at if before else context().now,
        last_used_at=before.last_used_at if before else None,
    )
    grants.keep(grant)
    details = {"scope": " ".join(sorted(asked.scopes)), "claims": sorted(asked.single_claims)}
    note(Key.CONSENT, session=session, client_id=asked.client_id, grant_id=grant.grant_id, details=details)
    return grant


def _of(session: Session) -> str:
    return session.sid if context().rules.grant_of_session else ""


def _forget(session: Session, client_id: str) -> None:
    over = context().store.grants.find(session.sub, client_id, _of(session))
    if over is not None:
        context().store.grants.forget(over.grant_id)

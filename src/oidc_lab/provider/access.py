"""Finds out what an application can do because of a grant, and until when — RFC6749-1.3."""

from dataclasses import dataclass
from datetime import datetime

from oidc_lab.domain import refresh_policy
from oidc_lab.domain.application import Application
from oidc_lab.domain.audit import Key
from oidc_lab.domain.grant import Grant
from oidc_lab.domain.refresh_policy import Ending, endings
from oidc_lab.domain.session import Session
from oidc_lab.domain.tokens import RefreshToken
from oidc_lab.provider.audit import note
from oidc_lab.provider.client import find_application
from oidc_lab.provider.context import context
from oidc_lab.provider.issue import policy_for
from oidc_lab.provider.refusal import refuse


@dataclass(frozen=True)
class LiveToken:
    """A refresh token that is honoured now, and the clock that ends it first if nobody uses it; None when none does."""

    token: RefreshToken
    ending: Ending | None

    @property
    def ends_at(self) -> datetime | None:
        """When that is."""
        return None if self.ending is None else self.ending.at

    @property
    def because(self) -> str | None:
        """How its refusal is called then."""
        return None if self.ending is None else self.ending.limit.value


@dataclass(frozen=True, kw_only=True)
class Access:
    """A grant, whose it is, when it `ends`, and the tokens that are good because of it now."""

    grant: Grant
    application: Application
    ends: datetime | None
    refresh_tokens: tuple[LiveToken, ...]
    access_tokens: int

    @property
    def live_tokens(self) -> int:
        """How many, of both kinds."""
        return len(self.refresh_tokens) + self.access_tokens


def accesses(*, sub: str | None = None, client_id: str | None = None) -> list[Access]:
    """What a user let applications have, or users an application, and what is not over; oldest first.

    A grant that was remembered for a session gives nothing any more when that is over and left no token.
    """
    now, lifetime = context().now, context().rules.grant_lifetime
    sessions = {"", *(session.sid for session, _ in context().store.sessions.all(now, sub=sub))}
    kept = context().store.grants.all(sub=sub, client_id=client_id)
    found = [access_of(each) for each in kept if not each.expired(now, lifetime)]
    return [each for each in found if each.grant.sid in sessions or each.live_tokens]


def users_of(client_id: str | None = None) -> dict[str, set[str]]:
    """The users that let one application, or each, have something; by client_id."""
    found: dict[str, set[str]] = {}
    for each in accesses(client_id=client_id):
        found.setdefault(each.grant.client_id, set()).add(each.grant.sub)
    return found


def access_of(grant: Grant) -> Access:
    """What one grant gives."""
    tokens, now, lifetime = context().store.tokens, context().now, context().rules.grant_lifetime
    application = find_application(grant.client_id) or refuse("client_unknown", client_id=grant.client_id)
    policy = policy_for(application)
    living = [each for each in tokens.of_grant(grant.grant_id) if refresh_policy.over(each, policy, now) is None]
    access = [each for each in tokens.access_of_grant(grant.grant_id, now) if not each.family.session_over(now)]
    return Access(
        grant=grant,
        application=application,
        ends=grant.ends_at(lifetime),
        refresh_tokens=tuple(LiveToken(each, next(iter(endings(each, policy)), None)) for each in living),
        access_tokens=len(access),
    )


def take_away(grant: Grant, *, session: Session | None = None) -> None:
    """Forget an agreement and end everything that was given because of it; `session` is where its user said so."""
    store, tokens = context().store, access_of(grant).live_tokens
    details = {"families_ended": store.tokens.revoke_of_grant(grant.grant_id, context().now, "grant_revoked")}
    store.grants.forget(grant.grant_id)
    if session is not None:
        details["tokens_ended"] = tokens  # the next page tells its user
    sid = session.sid if session else grant.sid or None
    client_id, sub, grant_id = grant.client_id, grant.sub, grant.grant_id
    note(Key.GRANT_REVOKED, client_id=client_id, sub=sub, sid=sid, grant_id=grant_id, details=details)

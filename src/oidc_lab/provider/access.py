"""Finds out what an application can do because of a grant, and until when — RFC6749-1.3."""

from dataclasses import dataclass
from datetime import datetime

from oidc_lab.domain import refresh_policy
from oidc_lab.domain.application import Application
from oidc_lab.domain.grant import Grant
from oidc_lab.provider.client import find_application
from oidc_lab.provider.context import context
from oidc_lab.provider.issue import policy_for
from oidc_lab.provider.refusal import refuse


@dataclass(frozen=True, kw_only=True)
class Access:
    """A grant, whose it is, when it `ends`, and how many tokens are good because of it now.

    `refreshed_until` has the end of each refresh token as long as nobody uses it; None for one without an end.
    """

    grant: Grant
    application: Application
    ends: datetime | None
    refreshed_until: tuple[datetime | None, ...]
    access_tokens: int

    @property
    def live_tokens(self) -> int:
        """Of both kinds."""
        return len(self.refreshed_until) + self.access_tokens


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
    ends = [next((ending.at for ending in refresh_policy.endings(each, policy)), None) for each in living]
    access = [each for each in tokens.access_of_grant(grant.grant_id, now) if not each.family.session_over(now)]
    return Access(
        grant=grant,
        application=application,
        ends=None if lifetime is None else grant.created_at + lifetime,
        refreshed_until=tuple(ends),
        access_tokens=len(access),
    )

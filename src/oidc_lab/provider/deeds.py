"""Ends what an application's policy says that a sign-out, a password or one sign-in too many ends — RFC9700-4.14.2."""

from collections.abc import Callable, Iterable

from oidc_lab.domain.refresh_parameters import MaxLiveScope, RefreshPolicy
from oidc_lab.domain.session import Session
from oidc_lab.domain.tokens import Family
from oidc_lab.provider.client import find_application
from oidc_lab.provider.context import context
from oidc_lab.provider.issue import policy_for

Rule = Callable[[RefreshPolicy], bool]


def revoke_at_sign_out(session: Session) -> int:
    """End the families of a session that outlive it, where a policy says that a sign-out ends them, too — OIDCC-11."""
    store = context().store
    follow = _following(lambda policy: policy.logout_revokes is True, store.families.applications(sid=session.sid))
    return store.families.revoke(context().now, "signed_out", sid=session.sid, client_ids=follow)


def revoke_at_password_change(sub: str) -> int:
    """End the families of a user, where a policy says that a new password ends them."""
    store = context().store
    follow = _following(lambda policy: policy.password_change_revokes is True, store.families.applications(sub=sub))
    return store.families.revoke(context().now, "password_changed", sub=sub, client_ids=follow)


def evict(family: Family, policy: RefreshPolicy) -> int:
    """End the oldest families, where a policy lets only so many live, for one that was just begun.

    Where sessions are counted, it is over all applications whose policy counts them.
    """
    most, store, now = policy.max_live, context().store, context().now
    if most is None:
        return 0
    if policy.max_live_scope is MaxLiveScope.USER_CLIENT:
        return store.families.evict(family, most, now)
    follow = _following(_counts_sessions, (each.client_id for each in store.applications.all()))
    return store.families.evict_sessions(family, most, now, client_ids=follow)


def _counts_sessions(policy: RefreshPolicy) -> bool:
    return policy.max_live is not None and policy.max_live_scope is MaxLiveScope.USER_SESSIONS


def _following(rule: Rule, client_ids: Iterable[str]) -> list[str]:
    known = (find_application(each) for each in client_ids)
    return [each.client_id for each in known if each is not None and rule(policy_for(each))]

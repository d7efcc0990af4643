"""What an application's settings, its type and the profile mean for its refresh tokens — RFC9700-4.14.2, OIDCC-11."""

from dataclasses import replace
from datetime import timedelta

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.profile import RULES, Profile
from oidc_lab.domain.refresh_policy import Anchor, LeewayAnchor, OnReuse, RefreshPolicy, Renew, Rotate

DEFAULT_TTL_IN_DAYS = 14

# Of a token's original lifetime, in percent: what has to pass before a confidential application gets a new one.
_ROTATE_AT = 70

_MACHINE, _SPA = ApplicationType.MACHINE_TO_MACHINE, ApplicationType.SPA

NOT_ISSUED = RefreshPolicy(issued=False)


def policy_of(application: Application, profile: Profile, *, sender_constrained: bool = False) -> RefreshPolicy:
    """The policy that decides for an application.

    `sender_constrained` says whether its tokens are bound to a key that only it has — RFC9449-5, RFC8705-4.
    """
    if application.type is _MACHINE:
        return NOT_ISSUED  # RFC6749-4.4.3: it can always ask again by itself
    return _OF_PROFILE[profile](application, sender_constrained)


def issues_refresh_token(application: Application, *, offline: bool) -> bool:
    """Whether a sign-in gives a refresh token; `offline` is that its user agreed to offline access — OIDCC-11."""
    has_grant = "refresh_token" in application.oauth.grant_types
    return has_grant and (offline or always_issues(application))


def always_issues(application: Application) -> bool:
    """Whether the application has the setting, and it is on."""
    offered = application.type in {ApplicationType.TRADITIONAL, _SPA}
    return offered and application.always_issue_refresh_token is True


def ttl_of(application: Application) -> timedelta:
    """The lifetime that is set, or the default."""
    return timedelta(days=application.refresh_token_ttl_in_days or DEFAULT_TTL_IN_DAYS)


def _documented(application: Application, sender_constrained: bool) -> RefreshPolicy:
    """The product's page, read literally; it says nothing of leeway or of a grant's end."""
    spent = RefreshPolicy(ttl=ttl_of(application), extend_on_use=True, on_reuse=OnReuse.REVOKE_FAMILY)
    if application.type is _SPA:
        default = timedelta(days=DEFAULT_TTL_IN_DAYS)
        return replace(spent, ttl=default, extend_on_use=False, rotate=Rotate.ALWAYS, renew=Renew.REMAINING)
    if application.type is ApplicationType.NATIVE:
        return replace(spent, rotate=Rotate.ALWAYS)
    if application.rotate_refresh_token is False:
        return spent
    capped = replace(spent, rotate_until=timedelta(days=365), rotate_until_anchor=Anchor.LAST_ROTATION)
    return _rotating(capped, application, sender_constrained)


def _logto(application: Application, sender_constrained: bool) -> RefreshPolicy:
    """As coded: application-model 3.3 to 3.6."""
    coded = RefreshPolicy(
        ttl=ttl_of(application),
        absolute=RULES[Profile.LOGTO].grant_lifetime,
        absolute_anchor=Anchor.GRANT,
        rotate_until=timedelta(days=365.25),
        leeway=timedelta(seconds=3),
        leeway_anchor=LeewayAnchor.LAST_USE,
        leeway_depth=None,
        on_reuse=OnReuse.REVOKE_GRANT,
        logout_revokes=False,
    )
    if application.type is _SPA and not sender_constrained:
        coded = replace(coded, renew=Renew.REMAINING)
    if application.rotate_refresh_token is False:
        return coded
    return _rotating(coded, application, sender_constrained)


def _strict(application: Application, sender_constrained: bool) -> RefreshPolicy:
    """RFC9700-4.14.2: a public application's token is bound to a key or replaced at each use, and outlives no first."""
    fixed = RefreshPolicy(ttl=ttl_of(application), renew=Renew.REMAINING, on_reuse=OnReuse.REVOKE_FAMILY)
    if not application.confidential:
        return fixed if sender_constrained else replace(fixed, rotate=Rotate.ALWAYS)
    if application.rotate_refresh_token is False:
        return fixed
    return replace(fixed, renew=Renew.FULL, rotate=Rotate.ALWAYS)


def _rotating(policy: RefreshPolicy, application: Application, sender_constrained: bool) -> RefreshPolicy:
    if not application.confidential and not sender_constrained:
        return replace(policy, rotate=Rotate.ALWAYS)
    return replace(policy, rotate=Rotate.AFTER_FRACTION, rotate_at=_ROTATE_AT)


_OF_PROFILE = {Profile.DOCUMENTED: _documented, Profile.LOGTO: _logto, Profile.STRICT: _strict}

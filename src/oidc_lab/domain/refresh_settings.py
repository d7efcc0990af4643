"""What an application's settings, its type and the profile mean for its refresh tokens — RFC9700-4.14.2, OIDCC-11."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.profile import RULES, Profile
from oidc_lab.domain.refresh_parameters import Anchor, LeewayAnchor, OnReuse, RefreshPolicy, Renew, Rotate
from oidc_lab.domain.settings import SETTINGS, availability

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
    ttl = timedelta(days=_setting(application, "refresh_token_ttl_in_days", profile))
    rotates: bool = _setting(application, "rotate_refresh_token", profile)
    return _OF_PROFILE[profile](application, ttl, rotates, sender_constrained)


def issues_refresh_token(application: Application, profile: Profile, *, offline: bool) -> bool:
    """Whether a sign-in gives a refresh token; `offline` is that its user agreed to offline access — OIDCC-11."""
    has_grant = "refresh_token" in application.oauth.grant_types
    return has_grant and (offline or always_issues(application, profile))


def always_issues(application: Application, profile: Profile) -> bool:
    """Whether the application has the setting, and it is on."""
    return bool(_setting(application, "always_issue_refresh_token", profile))


def _setting(application: Application, name: str, profile: Profile) -> Any:
    """What is set, when this type has the setting in this profile; what holds without it, when not."""
    value = getattr(application, name) if availability(name, application.type, profile).available else None
    return SETTINGS[name].default if value is None else value


def _documented(application: Application, ttl: timedelta, rotates: bool, sender_constrained: bool) -> RefreshPolicy:
    """The product's page, read literally; it says nothing of leeway or of a grant's end."""
    fixed = RefreshPolicy(ttl=ttl, extend_on_use=True, on_reuse=OnReuse.REVOKE_FAMILY)
    if application.type is _SPA:
        return replace(fixed, extend_on_use=False, rotate=Rotate.ALWAYS, renew=Renew.REMAINING)
    if application.type is ApplicationType.NATIVE:
        return replace(fixed, rotate=Rotate.ALWAYS)
    if not rotates:
        return fixed
    capped = replace(fixed, rotate_until=timedelta(days=365), rotate_until_anchor=Anchor.LAST_ROTATION)
    return _rotating(capped, application, sender_constrained)


def _logto(application: Application, ttl: timedelta, rotates: bool, sender_constrained: bool) -> RefreshPolicy:
    """As coded: application-model 3.3 to 3.6."""
    coded = RefreshPolicy(
        ttl=ttl,
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
    return _rotating(coded, application, sender_constrained) if rotates else coded


def _strict(application: Application, ttl: timedelta, rotates: bool, sender_constrained: bool) -> RefreshPolicy:
    """RFC9700-4.14.2: a public application's token is bound to a key or replaced at each use, and outlives no first."""
    fixed = RefreshPolicy(ttl=ttl, renew=Renew.REMAINING, on_reuse=OnReuse.REVOKE_FAMILY)
    if not application.confidential:
        return fixed if sender_constrained else replace(fixed, rotate=Rotate.ALWAYS)
    return replace(fixed, renew=Renew.FULL, rotate=Rotate.ALWAYS) if rotates else fixed


def _rotating(policy: RefreshPolicy, application: Application, sender_constrained: bool) -> RefreshPolicy:
    if not application.confidential and not sender_constrained:
        return replace(policy, rotate=Rotate.ALWAYS)
    return replace(policy, rotate=Rotate.AFTER_FRACTION, rotate_at=_ROTATE_AT)


_OF_PROFILE = {Profile.DOCUMENTED: _documented, Profile.LOGTO: _logto, Profile.STRICT: _strict}

"""Finds what will hurt about a registration, in the profile in which it is to run — RFC9700-2."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from oidc_lab.domain import advice_on_uris, settings
from oidc_lab.domain.advice import Advice, Advices, Registration
from oidc_lab.domain.application_type import LABEL, ApplicationType
from oidc_lab.domain.profile import RULES, Profile, Rules
from oidc_lab.domain.scenario import Scenario
from oidc_lab.domain.secret import Secret
from oidc_lab.domain.setting import in_words

if TYPE_CHECKING:  # an application offers its advice as a method
    from oidc_lab.domain.application import Application


def about(
    application: "Application",
    profile: Profile,
    *,
    rules: Rules | None = None,
    secrets: tuple[Secret, ...] = (),
    now: datetime | None = None,
) -> Advices:
    """Look at one application in one profile, in the order of the settings' table; `rules` are the profile's own."""
    registration = Registration(
        application=application, profile=profile, rules=rules or RULES[profile], secrets=secrets, now=now
    )
    order = list(settings.SETTINGS)
    found = [advice for look in _LOOKS for advice in look(registration)]
    return Advices(application.client_id, profile, tuple(sorted(found, key=lambda each: order.index(each.setting))))


def _without_effect(registration: Registration) -> Iterator[Advice]:
    """What is set and does nothing here, such as what was registered in another profile."""
    kind = registration.application.type
    for name in registration.application.given:
        if name not in settings.SETTINGS or settings.availability(name, kind, registration.profile).available:
            continue
        effect = settings.availability(name, kind, registration.profile)
        others = [each.value for each in Profile if settings.availability(name, kind, each).available]
        yield Advice(
            setting=name,
            value=in_words(getattr(registration.application, name)),
            reason=f"It has no effect: {registration.profile} does not have it for {LABEL[kind]}. {effect.sentence}",
            clause=effect.clause,
            remedy=f"Take it away; the profiles that have it: {', '.join(others)}.",
        )


def _never_refreshed(registration: Registration) -> Iterator[Advice]:
    if registration.application.type is not ApplicationType.MACHINE_TO_MACHINE:
        return
    for name in ("rotate_refresh_token", "refresh_token_ttl_in_days"):
        effect = settings.availability(name, registration.application.type, registration.profile)
        if effect.available and name in registration.application.given:
            yield Advice(
                setting=name,
                value=in_words(getattr(registration.application, name)),
                reason=effect.sentence,
                clause=effect.clause,
                remedy="Leave it as it is, and ask for a new access token when the old one expires.",
                scenario=Scenario.NO_REFRESH_TOKEN,
            )


def _always_issued(registration: Registration) -> Iterator[Advice]:
    if not registration.application.always_issue_refresh_token or not _has(registration, "always_issue_refresh_token"):
        return
    reason = "The application can act while its users are away, and none of them was asked."
    scenario = Scenario.REFRESHED_WITHOUT_CONSENT
    if not registration.rules.always_issued_is_offline:
        reason = "Without agreed offline_access the refresh token ends with the session, whatever its TTL."
        scenario = Scenario.ENDS_WITH_THE_SESSION
    yield Advice(
        setting="always_issue_refresh_token",
        value="on",
        reason=reason,
        clause="OIDCC-11",
        remedy="Switch it off, and ask for offline_access with prompt=consent.",
        scenario=scenario,
    )


def _never_rotated(registration: Registration) -> Iterator[Advice]:
    off = registration.application.rotate_refresh_token is False and _has(registration, "rotate_refresh_token")
    if off and not registration.application.confidential:
        yield Advice(
            setting="rotate_refresh_token",
            value="off",
            reason="Whoever copies a refresh token can use it beside the application, and nobody notices.",
            clause="RFC9700-4.14.2",
            remedy="Switch it on.",
            scenario=Scenario.REUSE_UNNOTICED,
        )


def _longer_than_its_grant(registration: Registration) -> Iterator[Advice]:
    days, lifetime = registration.application.refresh_token_ttl_in_days, registration.rules.grant_lifetime
    if days is None or lifetime is None or not _has(registration, "refresh_token_ttl_in_days"):
        return
    if timedelta(days=days) > lifetime:
        yield Advice(
            setting="refresh_token_ttl_in_days",
            value=in_words(days),
            reason=f"What the user agreed to is over after {in_words(lifetime)}, and the refresh token with it.",
            clause="RFC6749-1.5",
            remedy=f"Set {lifetime.days} or less, and have users sign in again.",
            scenario=Scenario.ENDS_WITH_THE_GRANT,
        )


def _bad_secrets(registration: Registration) -> Iterator[Advice]:
    for secret in registration.secrets:
        if secret.expires_at is None:
            yield Advice(
                setting="secrets",
                value=secret.name,
                reason="It never expires: whoever has ever seen it can use it until somebody takes it away.",
                clause="OIDCR-3.2",
                remedy="Add one that expires, change over, and take this one away.",
                scenario=Scenario.SECRET_NEVER_EXPIRES,
            )
        elif registration.now is not None and secret.expired(registration.now):
            yield Advice(
                setting="secrets",
                value=secret.name,
                reason="It has expired: requests that bring it are refused.",
                clause="OIDCR-3.2",
                remedy="Add a new one, and take this one away.",
                scenario=Scenario.SECRET_EXPIRED,
            )


def _has(registration: Registration, name: str) -> bool:
    return settings.availability(name, registration.application.type, registration.profile).available


_LOOKS = (
    _without_effect,
    _never_refreshed,
    *advice_on_uris.LOOKS,
    _always_issued,
    _never_rotated,
    _longer_than_its_grant,
    _bad_secrets,
)

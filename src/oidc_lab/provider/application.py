"""Gathers what the trainer's page of one application shows — OIDCR-2."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from oidc_lab.domain.advice import Advice
from oidc_lab.domain.application import LABEL, Application
from oidc_lab.domain.audit import LogEntry, Result
from oidc_lab.domain.overruled import in_force, still_true
from oidc_lab.domain.secret import Secret
from oidc_lab.domain.setting import Setting, in_words
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.domain.spec import link
from oidc_lab.pages.applications import AdviceShown, ApplicationShown, LogLine, SecretShown, SettingShown
from oidc_lab.pages.moment import exact_moment
from oidc_lab.provider.access import users_of
from oidc_lab.provider.context import context
from oidc_lab.provider.discovery import metadata
from oidc_lab.provider.store.log import LogFilter

_NEWEST = 50


def shown(application: Application) -> ApplicationShown:
    """All of it; of the log the newest entries."""
    store, profile, about = context().store, context().profile, LogFilter(client_id=application.client_id)
    secrets = store.applications.secrets(application.client_id)
    newest = store.log.find(about, most=_NEWEST, newest=True)
    advice = application.advice(profile, rules=context().rules, secrets=secrets, now=context().now)
    return ApplicationShown(
        client_id=application.client_id,
        name=application.name,
        type=LABEL[application.type],
        description=application.description,
        users=len(users_of(application.client_id).get(application.client_id, ())),
        settings=tuple(_setting(each, application, secrets) for each in SETTINGS.values()),
        endpoints=_endpoints(),
        secrets=tuple(_secret(each) for each in secrets) if application.confidential else None,
        advice=tuple(_advice(each) for each in still_true(advice, context().adopted.get(application.client_id))),
        log=tuple(_line(each) for each in reversed(newest)),
        log_total=store.log.count(about),
    )


def _setting(setting: Setting, application: Application, secrets: Sequence[Secret]) -> SettingShown:
    effect = setting.effect(application.type, context().profile)
    value = tuple(each.name for each in secrets) if setting.name == "secrets" else getattr(application, setting.name)
    # What a type does not have has the default of its field, which nobody set.
    stored = effect.available or setting.name in application.given
    said = effect.of(setting.default if value is None else value)
    if effect.available:
        # Beside the rule this has what it makes of these values in particular.
        every = in_force(application.differences(), context().adopted.get(application.client_id))
        rows = (row for row in every if row.setting == setting.name)
        said = next((row.under(context().profile) for row in rows), said)
    return SettingShown(
        label=setting.label,
        name=setting.name,
        values=_values(value) if stored else (),
        effect=said,
        available=effect.available,
        clause=effect.clause,
        clause_url=link(effect.clause),
    )


def _values(value: object) -> tuple[str, ...]:
    """As people read them; none where nothing is stored."""
    if value is None or value == "":
        return ()
    if isinstance(value, tuple):
        return tuple(map(str, value))
    if isinstance(value, Mapping):
        return tuple(f"{name} = {json.dumps(each, ensure_ascii=False)}" for name, each in value.items())
    return (exact_moment(value) if isinstance(value, datetime) else in_words(value),)


def _endpoints() -> tuple[tuple[str, str], ...]:
    found = ((name, str(url)) for name, url in metadata().items() if name.endswith(("_endpoint", "_uri")))
    return ("openid_configuration", context().address("/.well-known/openid-configuration")), *found


def _secret(secret: Secret) -> SecretShown:
    return SecretShown(name=secret.name, created=secret.created_at, expires=secret.expires_at)


def _advice(advice: Advice) -> AdviceShown:
    reason = f"{advice.value}: {advice.reason} {advice.remedy}"
    return AdviceShown(setting=advice.setting, reason=reason, clause=advice.clause, clause_url=link(advice.clause))


def _line(entry: LogEntry) -> LogLine:
    return LogLine(
        at=entry.at,
        event=entry.key.value,
        result=entry.result.value,
        failed=entry.result is Result.ERROR,
        user=entry.sub or "",
        reason=entry.truth or "",
        error=entry.error or "",
    )

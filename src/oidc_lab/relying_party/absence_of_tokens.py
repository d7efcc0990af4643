"""Says which tokens a run was not given and why — OIDCC-11, RFC6749-4.4.3."""

from collections.abc import Iterator

from oidc_lab.domain.application import ONE
from oidc_lab.domain.overruled import overruled
from oidc_lab.domain.refresh_settings import always_issues
from oidc_lab.domain.settings import SETTINGS, availability
from oidc_lab.relying_party.absence import CHANGED, Absent, Reason
from oidc_lab.relying_party.circumstances import Circumstances
from oidc_lab.relying_party.provenance import Given

_FOLLOW = "have it follow its settings again, or a policy that gives one"


def absent_tokens(given: Given | None, about: Circumstances) -> tuple[Absent, ...]:
    """The tokens that the last response of a run did not bring."""
    if given is None:
        return ()
    found = []
    if given.tokens.id_token is None:
        found.append(Absent(name="id_token", reasons=(_no_id_token(given),)))
    if given.tokens.refresh_token is None:
        reasons = tuple(_no_refresh_token(given, about))
        found.append(Absent(name="refresh_token", reasons=reasons, instead=_not_always(about)))
    return tuple(found)


def _no_id_token(given: Given) -> Reason:
    if given.sent.get("grant_type") == "client_credentials":
        sentence = "nobody signed in: the application asked for itself"
        return Reason(code="nobody_signed_in", sentence=sentence, clause="RFC6749-4.4")
    if given.refreshed and "openid" in given.first.scopes:
        sentence = "this refresh asked for fewer scopes, without openid"
        return Reason(code="scope_left_out", sentence=sentence, clause="OIDCC-12.2", remedy="refresh for all of them")
    sentence = "the scope openid was not asked for, so it was no sign-in"
    return Reason(code="no_openid", sentence=sentence, clause="OIDCC-3.1.2.1", remedy="ask for the scope openid")


def _no_refresh_token(given: Given, about: Circumstances) -> Iterator[Reason]:
    application = about.application
    if application is not None and "refresh_token" not in application.oauth.grant_types:
        sentence = f"{application.name} is {ONE[application.type]}, which never gets one"
        yield Reason(code="type_has_none", sentence=sentence, clause="RFC6749-4.4.3")
        return
    if application is not None and about.adopted is not None and not about.adopted.issued:
        sentence = f"{application.name} follows a policy in place of its settings that gives none"
        yield Reason(code="policy_has_none", sentence=sentence, clause="RFC6749-1.5", remedy=_FOLLOW)
        return
    if application is not None and always_issues(application, about.profile):
        yield CHANGED
        return
    asked = given.asked or {}
    if "offline_access" not in asked.get("scope", "").split():
        sentence = "the scope offline_access was not asked for"
        yield Reason(code="no_offline_access", sentence=sentence, clause="OIDCC-11", remedy="ask for offline_access")
    if "consent" not in asked.get("prompt", "").split():
        sentence = "prompt=consent was missing, without which offline_access is not granted"
        yield Reason(code="no_prompt_consent", sentence=sentence, clause="OIDCC-11", remedy="send prompt=consent")


def _not_always(about: Circumstances) -> Reason | None:
    name, application = "always_issue_refresh_token", about.application
    if application is None or always_issues(application, about.profile) or name in overruled(about.adopted):
        return None
    if not availability(name, application.type, about.profile).available:
        return None
    setting = SETTINGS[name]
    sentence = f"and the setting {setting.label} of {application.name} is off"
    return Reason(code="not_always", sentence=sentence, clause=setting.clause, remedy="turn it on, which is enough")

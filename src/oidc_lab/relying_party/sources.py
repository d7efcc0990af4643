"""Says where a value in an ID Token comes from, and what became of that since — OIDCC-2."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from oidc_lab.domain.claims import USER_CLAIMS
from oidc_lab.domain.setting import in_words
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.relying_party.circumstances import MOMENTS, Circumstances, Source, Value
from oidc_lab.relying_party.id_token import moment
from oidc_lab.relying_party.user_sources import of_user

_MAKER = "whoever made this token; nothing here knows"


def claimed_value(name: str, value: Any) -> Value:
    """A value of a token that no known key signed: nothing is known of it but that it stands there."""
    return Value(name=name, value=value, source=_MAKER, at=moment(value) if name in MOMENTS else None)


def header_value(name: str, value: Any, about: Circumstances) -> Value:
    """A member of the header."""
    source, clause, since = _HEADER.get(name, _unknown)(about, value)
    return Value(name=name, value=value, source=source, clause=clause, since=since)


def claim_value(name: str, value: Any, about: Circumstances) -> Value:
    """A claim of an ID Token."""
    if about.claims.get("iss") != about.issuer and name != "iss":
        return claimed_value(name, value)
    if name in USER_CLAIMS:
        source, clause, since = of_user(name, value, about)
    else:
        source, clause, since = _CLAIMS.get(name, _unknown)(about, value)
    at = moment(value) if name in MOMENTS else None
    return Value(name=name, value=value, source=source, clause=clause, since=since, at=at)


def _unknown(_: Circumstances, __: Any) -> Source:
    return "no rule of this provider", "", ""


def _iss(about: Circumstances, value: Any) -> Source:
    if value != about.issuer:
        return f"somebody else: the provider here is {about.issuer}", "OIDCD-3", ""
    return "the provider: its issuer, as its configuration names it", "OIDCD-3", ""


def _sub(about: Circumstances, value: Any) -> Source:
    if about.user is None:
        return "the user who signed in", "OIDCC-8", f"there is no user {value} here now"
    return f"the user {about.whose}, username {about.user.username}", "OIDCC-8", ""


def _aud(about: Circumstances, value: Any) -> Source:
    known = about.application is not None and value == about.application.client_id
    since = "" if known else "it is not the application as which this is looked at"
    return (
        f"the application that asked: {about.application_name}" if known else "the application that asked",
        "OIDCC-2",
        since,
    )


def _exp(about: Circumstances, value: Any) -> Source:
    lived = _span(about.claims.get("iat"), value)
    if about.application is None or lived is None:
        return "iat and the application's ID token time to live", "OIDCC-2", ""
    setting = SETTINGS["id_token_ttl"]
    is_set = about.application.id_token_ttl
    now, how = (setting.default, " by default") if is_set is None else (is_set, "")
    said = f"iat and the setting {setting.label} of {about.application_name}"
    if now == lived:
        return f"{said}: {in_words(lived)}{how}", setting.clause, ""
    return f"{said}, which was {in_words(lived)}", setting.clause, f"the setting is {in_words(now)}{how} now"


def _iat(_: Circumstances, __: Any) -> Source:
    return "the provider's clock when it was issued", "", ""


def _auth_time(about: Circumstances, _: Any) -> Source:
    asked = about.given.first.awaited if about.given is not None else None
    because = "which this provider always says"
    if asked is not None and asked.max_age is not None:
        because = f"asked for with max_age={asked.max_age}"
    elif asked is not None and asked.auth_time:
        because = "asked for with the claims parameter"
    return f"the session: when {about.whose} last signed in with it, {because}", "", ""


def _nonce(about: Circumstances, value: Any) -> Source:
    if about.given is None or about.given.asked is None:
        return "the request, which this lab did not send", "", ""
    sent = about.given.asked.get("nonce")
    return "the request: its nonce, repeated", "", "" if sent == value else f"the request had {sent or 'none'}"


def _at_hash(_: Circumstances, __: Any) -> Source:
    return "the access token beside it: half of its hash", "", ""


def _sid(about: Circumstances, value: Any) -> Source:
    setting = SETTINGS["backchannel_logout_session_required"]
    since = "the session lives" if value in about.live_sessions else "the session is over"
    is_set = about.application is not None and about.application.backchannel_logout_session_required
    changed = "" if is_set or about.application is None else "; the setting is off now"
    return f"the setting {setting.label} of {about.application_name}", setting.clause, since + changed


def _alg(about: Circumstances, value: Any) -> Source:
    setting = SETTINGS["id_token_signed_response_alg"]
    if about.application is None:
        return f"the setting {setting.label} of the application", setting.clause, ""
    now = about.application.id_token_signed_response_alg
    since = "" if now == value else f"the setting is {now}"
    return f"the setting {setting.label} of {about.application_name}", setting.clause, since


def _kid(_: Circumstances, __: Any) -> Source:
    return "the provider: its key of this name, among those at jwks_uri", "OIDCC-10.1", ""


def _typ(_: Circumstances, __: Any) -> Source:
    return "the protocol", "", ""


def _span(start: Any, end: Any) -> timedelta | None:
    began, ends = moment(start), moment(end)
    return None if began is None or ends is None else ends - began


_Rule = Callable[[Circumstances, Any], Source]
_HEADER: Mapping[str, _Rule] = {"alg": _alg, "kid": _kid, "typ": _typ}
_CLAIMS: Mapping[str, _Rule] = {
    "iss": _iss, "sub": _sub, "aud": _aud, "exp": _exp, "iat": _iat, "auth_time": _auth_time, "nonce": _nonce,
    "at_hash": _at_hash, "sid": _sid,
}  # fmt: skip

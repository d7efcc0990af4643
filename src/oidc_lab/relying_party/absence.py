"""Says which claims a token does not have and why — OIDCC-5.4, OIDCC-5.5.

Every reason names what, when changed, would bring it: a test changes each and sees it come.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from oidc_lab.domain.claims import USER_CLAIMS
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.relying_party.circumstances import Circumstances, scope_of


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason: what it is called, a sentence, its clause, and the change that would take it away.

    What is `never` there, no change of this provider's settings, users or requests would bring.
    """

    code: str
    sentence: str
    clause: str
    remedy: str = ""
    never: bool = False


@dataclass(frozen=True, kw_only=True)
class Absent:
    """What is not there; all of the reasons hold, so each has to go, or `instead` alone."""

    name: str
    reasons: tuple[Reason, ...]
    instead: Reason | None = None

    @property
    def all(self) -> tuple[Reason, ...]:
        """Everything that is to be said."""
        return (*self.reasons, self.instead) if self.instead is not None else self.reasons

    @property
    def never(self) -> bool:
        """Whether it never is there."""
        return any(each.never for each in self.reasons)


_Why = Callable[[Circumstances], Reason]


def absent_in_id_token(about: Circumstances) -> tuple[Absent, ...]:
    """The standard claims that an ID Token of this provider does not have."""
    if about.claims.get("iss") != about.issuer:
        return ()
    missing = (name for name in (*USER_CLAIMS, *_PROTOCOL) if name not in about.claims)
    return tuple(Absent(name=name, reasons=tuple(_in_id_token(name, about))) for name in missing)


def absent_in_userinfo(told: Iterable[str], about: Circumstances) -> tuple[Absent, ...]:
    """The standard claims that userinfo does not tell to an access token."""
    missing = (name for name in USER_CLAIMS if name not in set(told))
    return tuple(Absent(name=name, reasons=tuple(_in_userinfo(name, about))) for name in missing)


# -- claims


def _in_id_token(name: str, about: Circumstances) -> Iterator[Reason]:
    if name in _PROTOCOL:
        yield _PROTOCOL[name](about)
        return
    found = [*_not_wanted_in_id_token(name, about), *_no_attribute(name, about)]
    yield from found or [CHANGED]


def _not_wanted_in_id_token(name: str, about: Circumstances) -> Iterator[Reason]:
    given, scope = about.given, scope_of(name)
    known = given is not None and given.asked is not None
    if given is not None and name in given.asked_singly("id_token"):
        return
    if not known and name not in (about.user.claims if about.user else ()):
        return  # whether it was asked for is not known, and that there is none explains it
    granted = scope in (about.scopes or ())
    if about.rules.id_token_has_scope_claims and granted:
        return
    if given is not None and name in given.asked_singly("userinfo"):
        yield _ASKED_IN_USERINFO
    elif about.rules.id_token_has_scope_claims:
        yield _not_granted(scope, about) if known else _neither(scope)
    else:
        yield _elsewhere_even_if_granted(scope) if known and not granted else _SERVED_AT_USERINFO


def _in_userinfo(name: str, about: Circumstances) -> Iterator[Reason]:
    given, scope = about.given, scope_of(name)
    found: list[Reason] = []
    wanted = scope in (about.scopes or ()) or (given is not None and name in given.asked_singly("userinfo"))
    if not wanted and given is not None and name in given.asked_singly("id_token"):
        found.append(_ASKED_IN_ID_TOKEN)
    elif not wanted:
        found.append(_not_granted(scope, about))
    found += _no_attribute(name, about)
    yield from found or [CHANGED]


def _no_attribute(name: str, about: Circumstances) -> Iterator[Reason]:
    if about.user is None:
        yield Reason(code="no_user", sentence="there is no such user here now", clause="OIDCC-5.3.2")
    elif name not in about.user.claims:
        sentence = f"{about.whose} has no such attribute"
        yield Reason(code="no_attribute", sentence=sentence, clause="OIDCC-5.1", remedy="give the user one")


def _not_granted(scope: str, about: Circumstances) -> Reason:
    given = about.given
    if given is not None and given.refreshed and scope in given.first.scopes:
        sentence = f"this refresh asked for fewer scopes than were granted, without {scope}"
        return Reason(code="scope_left_out", sentence=sentence, clause="OIDCC-12.1", remedy="refresh for all of them")
    sentence = f"the scope {scope} was not granted"
    return Reason(code="scope_not_granted", sentence=sentence, clause="OIDCC-5.4", remedy="ask for it")


def _elsewhere_even_if_granted(scope: str) -> Reason:
    sentence = f"the scope {scope} was not granted; had it been, userinfo would tell it, not the ID Token"
    return replace(_SERVED_AT_USERINFO, code="scope_not_granted", sentence=sentence)


def _neither(scope: str) -> Reason:
    sentence = f"neither the scope {scope} nor the claims parameter asked for it"
    return Reason(code="not_asked", sentence=sentence, clause="OIDCC-5.4", remedy=f"ask for the scope {scope}")


_SERVED_AT_USERINFO = Reason(
    code="served_at_userinfo",
    sentence="what scopes stand for is told at userinfo, not in the ID Token",
    clause="OIDCC-5.4",
    remedy="the claims parameter can ask for it here",
)
_ASKED_IN_USERINFO = Reason(
    code="asked_in_userinfo",
    sentence="the claims parameter asked for it in userinfo only",
    clause="OIDCC-5.5",
    remedy="name it under id_token there",
)
_ASKED_IN_ID_TOKEN = Reason(
    code="asked_in_id_token",
    sentence="the claims parameter asked for it in the ID Token only",
    clause="OIDCC-5.5",
    remedy="name it under userinfo there, or ask for its scope",
)
CHANGED = Reason(
    code="changed_since",
    sentence="nothing stands against it now, so the user or the profile was changed after this was issued",
    clause="",
    remedy="get a new token",
)


# -- claims of the protocol


def _no_nonce(about: Circumstances) -> Reason:
    given = about.given
    if given is not None and given.refreshed:
        return Reason(
            code="nonce_after_refresh",
            sentence="it comes from a refresh, where this provider leaves it out",
            clause="OIDCC-12.2",
            remedy="look at the sign-in's ID Token",
        )
    known = given is not None and given.asked is not None
    sentence = "the request had none" if known else "the request had none, or the token comes from a refresh"
    return Reason(code="no_nonce", sentence=sentence, clause="OIDCC-2", remedy="send a nonce")


def _no_sid(about: Circumstances) -> Reason:
    setting = SETTINGS["backchannel_logout_session_required"]
    if about.application is not None and about.application.backchannel_logout_session_required:
        return Reason(code="changed_since", sentence="the setting was off when it was issued", clause=setting.clause)
    sentence = f"the setting {setting.label} of {about.application_name} is off"
    return Reason(code="sid_off", sentence=sentence, clause=setting.clause, remedy="turn it on")


def _never(code: str, sentence: str, clause: str) -> _Why:
    reason = Reason(code=code, sentence=sentence, clause=clause, never=True)
    return lambda _: reason


_PROTOCOL: dict[str, _Why] = {
    "nonce": _no_nonce,
    "sid": _no_sid,
    "auth_time": _never("optional", "nobody signed in with a session", "OIDCC-2"),
    "at_hash": _never("optional", "in the code flow a provider may leave it out", "OIDCC-3.1.3.6"),
    "azp": _never("same_party", "it was issued to its audience, so there is nobody else to name", "OIDCC-2"),
    "acr": _never("one_way", "there is one way to sign in here, so no strength to tell", "OIDCC-2"),
    "amr": _never("one_way", "how somebody signed in is not told here", "OIDCC-2"),
    "c_hash": _never("code_flow", "no code came beside it: the token endpoint gave it", "OIDCC-3.3.2.11"),
    "jti": _never("optional", "this provider does not number its ID Tokens", "RFC7519-4.1.7"),
    "nbf": _never("optional", "it may be used from the moment it was issued", "RFC7519-4.1.5"),
}

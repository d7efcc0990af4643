"""Looks into a token that only its provider can read: what introspection says, what the bench knows — RFC7662-2."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from oidc_lab.domain.differences import Difference
from oidc_lab.domain.overruled import in_force
from oidc_lab.domain.profile import Profile
from oidc_lab.relying_party.absence import Absent, absent_in_userinfo
from oidc_lab.relying_party.asking import Introspection, ask_userinfo, introspect
from oidc_lab.relying_party.circumstances import Circumstances, Value
from oidc_lab.relying_party.judging import sub_of
from oidc_lab.relying_party.looking import Kind, Knowing, circumstances
from oidc_lab.relying_party.opaque_facts import Fact, facts_of
from oidc_lab.relying_party.provenance import Given, Provenance
from oidc_lab.relying_party.user_sources import userinfo_value
from oidc_lab.relying_party.why import Cause


@dataclass(frozen=True, kw_only=True)
class OpaqueToken:
    """A token that nobody but its provider can read, or a text that is none.

    `userinfo` is what it opens there now, `absent` what it does not, and `settings` are those that decide how it lives.
    """

    token: str = field(repr=False)
    kind: Kind
    sentence: str
    given: Given | None = field(default=None, repr=False)
    introspection: Introspection | None = None
    facts: tuple[Fact, ...] = ()
    userinfo: tuple[Value, ...] = ()
    userinfo_cause: Cause | None = None
    absent: tuple[Absent, ...] = ()
    settings: tuple[Difference, ...] = ()
    profile: Profile = Profile.DOCUMENTED

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, as its provider says."""
        said = self.introspection.said if self.introspection is not None else None
        return said.expires_at if said is not None else None


def look_into_opaque(token: str, provenance: Provenance, knowing: Knowing) -> OpaqueToken:
    """Ask the provider about a token, and put what the bench knows beside it."""
    if not token:
        return OpaqueToken(token="", kind=Kind.NOTHING, sentence="There is nothing to look into: the text is empty.")
    given = provenance.giver_of(token)
    asked = introspect(token, given, knowing)
    kind = _kind(token, given, asked)
    if kind is Kind.UNKNOWN:
        return OpaqueToken(token=token, kind=kind, sentence=_unknown(token, provenance, asked), introspection=asked)
    client_id = given.client_id if given is not None else (asked.said and asked.said.client_id) or ""
    sub = (asked.said.sub if asked.said is not None else None) or sub_of(given)
    about = circumstances(
        knowing, given, client_id=client_id, sub=sub, scopes=asked.said.scopes if asked.said is not None else None
    )
    whose = about.whose if sub or given is None else "itself"
    told, userinfo_cause = ask_userinfo(token, asked, knowing) if kind is Kind.ACCESS_TOKEN else (None, None)
    return OpaqueToken(
        token=token,
        kind=kind,
        sentence=_SENTENCE[kind].format(name=about.application_name, whose=whose),
        given=given,
        introspection=asked,
        facts=tuple(facts_of(token, kind, asked, provenance, knowing)),
        userinfo=tuple(userinfo_value(name, value, about) for name, value in (told or {}).items() if name != "sub"),
        userinfo_cause=userinfo_cause,
        absent=absent_in_userinfo(told, about) if told is not None else (),
        settings=tuple(_settings(kind, about)),
        profile=about.profile,
    )


_SENTENCE = {
    Kind.ACCESS_TOKEN: "An access token: {name} shows it to an API, userinfo among them, which lets it act for {whose}."
    " Nothing can be read from it but by its provider.",
    Kind.REFRESH_TOKEN: "A refresh token: {name} gets new tokens with it, and {whose} is not asked again. Nothing can"
    " be read from it but by its provider.",
}


# What a refusal in the lab's own channel tells of the token, when introspection itself only says that it is not active.
_KIND_OF_REFUSAL = (("bearer_", Kind.ACCESS_TOKEN), ("introspected_", Kind.UNKNOWN))


def _kind(token: str, given: Given | None, asked: Introspection) -> Kind:
    if given is not None:
        return Kind.ACCESS_TOKEN if given.tokens.access_token == token else Kind.REFRESH_TOKEN
    if asked.active:
        return Kind.ACCESS_TOKEN if asked.said is not None and asked.said.token_type else Kind.REFRESH_TOKEN
    code = asked.cause.code if asked.cause is not None else "introspected_"
    known = (kind for beginning, kind in _KIND_OF_REFUSAL if code.startswith(beginning))
    return next(known, Kind.REFRESH_TOKEN if asked.said is not None else Kind.UNKNOWN)


def _unknown(token: str, provenance: Provenance, asked: Introspection) -> str:
    passed = provenance.passed(token)
    if passed is not None and passed.name == "code":
        what = "An authorization code, which is no token: it is redeemed once, soon, for tokens (RFC6749-4.1.2)."
        used = "Nobody has redeemed it" if passed.used is None else f"It was redeemed at {passed.used:%H:%M:%S} UTC"
        return f"{what} {used} in “{passed.title}”."
    if passed is not None and passed.name != "token":
        return f"No token: it passed as {passed.name} in “{passed.title}”."
    if asked.said is None:
        return "It is no signed token, and what else it is cannot be found out here."
    if asked.cause is None:
        return (
            "No token that is good at this provider. Whether it is one that has ended, or never was one, introspection"
            " does not say, and no run that this lab remembers gave it (RFC7662-2.2)."
        )
    return (
        "No token that this provider knows: not a signed one, and introspection does not know it. A code would look"
        " the same."
    )


_DECIDING = {
    Kind.REFRESH_TOKEN: ("always_issue_refresh_token", "rotate_refresh_token", "refresh_token_ttl_in_days"),
}


def _settings(kind: Kind, about: Circumstances) -> Iterator[Difference]:
    if about.application is not None:
        wanted = _DECIDING.get(kind, ())
        rows = in_force(about.application.differences(), about.adopted)
        yield from (each for each in rows if each.setting in wanted)

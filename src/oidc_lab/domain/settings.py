"""The settings of an application: which type has which, in each profile, and what it does there — OIDCR-2.

One table, read by the provider, the API, the forms and the README. A type that does not have a setting has a reason.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from oidc_lab.domain.application_type import ApplicationType
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.setting import Case, Effect, Given, Setting
from oidc_lab.domain.tokens import ID_TOKEN_LIFETIME

DEFAULT_TTL_IN_DAYS = 14


@cache
def availability(name: str, kind: ApplicationType, profile: Profile) -> Effect:
    """What the setting `name` does for a type in a profile. Raises KeyError when there is no such setting."""
    return SETTINGS[name].effect(kind, profile)


@cache
def refused_everywhere(name: str, kind: ApplicationType) -> Effect | None:
    """Why no profile has this setting for this type; None when one has it."""
    effects = [availability(name, kind, profile) for profile in Profile]
    return None if any(each.available for each in effects) else effects[0]


def _where(types: Iterable[ApplicationType], profiles: Iterable[Profile], effect: Effect) -> Case:
    return Case(types=frozenset(types), profiles=frozenset(profiles), effect=effect)


def _does(clause: str, text: str) -> Effect:
    return Effect(available=True, clause=clause, text=text)


def _switch(clause: str, *, on: str, off: str) -> Effect:
    return Effect(available=True, clause=clause, on=on, off=off)


def _not(clause: str, reason: str) -> Effect:
    return Effect(available=False, clause=clause, text=reason)


_D, _L, _X = Profile.DOCUMENTED, Profile.LOGTO, Profile.STRICT
_N, _S, _T, _M = (
    ApplicationType.NATIVE,
    ApplicationType.SPA,
    ApplicationType.TRADITIONAL,
    ApplicationType.MACHINE_TO_MACHINE,
)
_PUBLIC, _CONFIDENTIAL, _SIGN_IN = (_N, _S), (_T, _M), (_N, _S, _T)

_NOBODY = _where((_M,), Profile, _not("RFC6749-4.4", "It signs nobody in, so there is nothing that this could be for."))
_NO_REFRESH = "It never gets a refresh token: it can ask for an access token by itself at any time (client_credentials)"


def _everyone(clause: str, text: str) -> tuple[Case, ...]:
    return (_where(ApplicationType, Profile, _does(clause, text)),)


def _sign_in(clause: str, text: str) -> tuple[Case, ...]:
    return (_where(_SIGN_IN, Profile, _does(clause, text)), _NOBODY)


_REDIRECT_URIS = (
    _where((_N,), (_D,), _does("RFC8252-7.3", "https, http on the loopback, or a private-use scheme; a request's URI"
        " must be one of them, character by character, but for the port of the loopback.")),
    _where((_S, _T), (_D,), _does("OIDCC-3.1.2.1", "https or http; a request's URI must be one of them, character by"
        " character.")),
    _where((_N,), (_L,), _does("RFC8252-7.3", "Any scheme; a request's URI may be spelled another way, * stands for a"
        " part of host or path, and the port of the loopback is free.")),
    _where((_S, _T), (_L,), _does("RFC9700-2.1", "Any scheme; a request's URI may be spelled another way, and * stands"
        " for a part of host or path.")),
    _where((_N,), (_X,), _does("RFC8252-7.1", "https, http on the loopback, or a private-use scheme with a dot; a"
        " request's URI must be one of them, character by character, but for the port of the loopback.")),
    _where((_S, _T), (_X,), _does("RFC9700-2.6", "https alone; a request's URI must be one of them, character by"
        " character.")),
    _NOBODY,
)  # fmt: skip

_POST_LOGOUT = (
    _where(_SIGN_IN, (_D,), _does("OIDCRIL-3", "A signed-out user is sent to a URI that is one of them, character by"
        " character; to another, not at all.")),
    _where(_SIGN_IN, (_L,), _does("OIDCRIL-3", "A signed-out user is sent to a URI that is one of them, also spelled"
        " another way or through *; another one stops the sign-out.")),
    _where(_SIGN_IN, (_X,), _does("OIDCRIL-3", "A signed-out user is sent to a URI that is one of them, character by"
        " character, when the request brings a valid ID Token.")),
    _NOBODY,
)  # fmt: skip

_CORS = (
    _where(_SIGN_IN, (_D, _X), _does("RFC6454-7", "Pages of these origins, and no others, may call the provider for"
        " this application.")),
    _where(_SIGN_IN, (_L,), _does("RFC6454-7", "Pages of these origins may call the provider for this application, and"
        " so may those of its redirect URIs' origins.")),
    _NOBODY,
)  # fmt: skip

_OFFLINE_ONLY = "a refresh token only for offline_access that was asked for with prompt=consent."
_BOUND = "always a refresh token; without agreed offline_access it ends with the session."
_ALWAYS = (
    _where((_S, _T), (_D,), _switch("OIDCC-11", on="always a refresh token, whatever prompt and scope say.",
        off=_OFFLINE_ONLY)),
    _where((_S, _T), (_L, _X), _switch("OIDCC-11", on=_BOUND, off=_OFFLINE_ONLY)),
    _where((_N,), Profile, _not("OIDCC-11", "It gets a refresh token only for offline_access that was asked for with"
        " prompt=consent.")),
    _where((_M,), Profile, _not("RFC6749-4.4.3", f"{_NO_REFRESH}.")),
)  # fmt: skip

_SAME = "the same token until it expires, so reuse is not noticed."
_ROTATE = (
    _where((_T,), (_D,), _switch("RFC9700-4.14.2", on="a new token when 70 % of its TTL has passed, if the last"
        " rotation is less than a year ago.", off="the same token at every request.")),
    _where((_M,), (_D,), _does("RFC6749-4.4.3", f"The switch is there and does nothing. {_NO_REFRESH}.")),
    _where(_PUBLIC, (_D,), _not("RFC9700-4.14.2", "It has no switch: it gets a new token at every request.")),
    _where(_PUBLIC, (_L,), _switch("RFC9700-4.14.2", on="a new token at every request, for 365.25 days from the"
        " first.", off=_SAME)),
    _where((_T,), (_L,), _switch("RFC9700-4.14.2", on="a new token when 70 % of its TTL has passed, for 365.25 days"
        " from the first.", off=_SAME)),
    _where((_T,), (_X,), _switch("RFC9700-4.14.2", on="a new token at every request.", off=_SAME)),
    _where(_PUBLIC, (_X,), _not("RFC9700-4.14.2", "It has no switch: a public application's token is replaced at every"
        " request, so that reuse is noticed.")),
    _where((_M,), (_L, _X), _not("RFC6749-4.4.3", f"{_NO_REFRESH}.")),
)  # fmt: skip

_TTL = (
    _where((_N, _T), (_D,), _does("RFC9700-4.14.2", "A token lives {value}; every token request gives it {value} again,"
        " replaced or not.")),
    _where((_S,), (_D,), _not("RFC9700-4.14.2", "Its tokens live the default 14 days from the first, which no request"
        " extends.")),
    _where((_M,), (_D,), _does("RFC6749-4.4.3", f"The setting is there and does nothing. {_NO_REFRESH}.")),
    _where((_N, _T), (_L,), _does("RFC9700-4.14.2", "A token lives {value}; only a rotation gives {value} again, and"
        " 180 days after the user agreed all is over.")),
    _where((_S,), (_L,), _does("RFC9700-4.14.2", "The first token lives {value}; those that replace it live for what is"
        " left, and 180 days after the user agreed all is over.")),
    _where(_PUBLIC, (_X,), _does("RFC9700-4.14.2", "The first token lives {value}; those that replace it live for what"
        " is left.")),
    _where((_T,), (_X,), _does("RFC9700-4.14.2", "A token lives {value}; only a rotation gives {value} again.")),
    _where((_M,), (_L, _X), _not("RFC6749-4.4.3", f"{_NO_REFRESH}.")),
)  # fmt: skip

_SECRETS = (
    _where(_CONFIDENTIAL, Profile, _does("RFC6749-2.3.1", "It proves with one of its secrets that it is the"
        " application; each is good until it expires.")),
    _where(_PUBLIC, Profile, _not("RFC6749-2.1", "It cannot keep a secret, because everyone can read its code.")),
)  # fmt: skip

_TABLE = (
    Setting(name="client_id", label="Application ID", meaning="What the application is called on the wire.",
        clause="RFC6749-2.2", default=None, given=Given.NEVER,
        cases=_everyone("RFC6749-2.2", "It is drawn when the application is created, unless one is given then, and"
            " never changes.")),
    Setting(name="type", label="Application type", meaning="What kind of software it is.", clause="RFC6749-2.1",
        default=None, given=Given.CREATION,
        cases=_everyone("RFC6749-2.1", "It decides whether it can keep a secret, and which settings it has.")),
    Setting(name="name", label="Application name", meaning="What users and trainers call it.", clause="OIDCR-2",
        default=None, cases=_everyone("OIDCR-2", "It is shown on the sign-in and consent pages and in the log.")),
    Setting(name="description", label="Description", meaning="What it is for.", clause="OIDCR-2", default="",
        cases=_everyone("OIDCR-2", "It is shown to trainers.")),
    Setting(name="redirect_uris", label="Redirect URIs", meaning="Where answers may be sent.", clause="OIDCC-3.1.2.1",
        default=(), cases=_REDIRECT_URIS),
    Setting(name="post_logout_redirect_uris", label="Post sign-out redirect URIs", clause="OIDCRIL-3", default=(),
        meaning="Where a signed-out user may be sent.", cases=_POST_LOGOUT),
    Setting(name="cors_allowed_origins", label="CORS allowed origins", clause="RFC6454-7", default=(),
        meaning="Which pages may call the provider from a browser.", cases=_CORS),
    Setting(name="secrets", label="Application secrets", meaning="What it proves itself with; each has a name and may"
        " expire.", clause="RFC6749-2.3.1", default=(), cases=_SECRETS),
    Setting(name="always_issue_refresh_token", label="Always issue refresh token", clause="OIDCC-11", default=False,
        meaning="Whether a sign-in gives a refresh token without being asked.", cases=_ALWAYS),
    Setting(name="rotate_refresh_token", label="Rotate refresh token", clause="RFC9700-4.14.2", default=True,
        meaning="Whether a refresh token is replaced when it is used.", cases=_ROTATE),
    Setting(name="refresh_token_ttl_in_days", label="Refresh token time to live (TTL) in days", clause="RFC9700-4.14.2",
        default=DEFAULT_TTL_IN_DAYS, meaning="How long a refresh token lives, 1 to 180 days.", cases=_TTL),
    Setting(name="id_token_ttl", label="ID token time to live (TTL)", meaning="How long an ID Token is to be believed.",
        clause="OIDCC-2", default=ID_TOKEN_LIFETIME,
        cases=_sign_in("OIDCC-2", "An ID Token lives {value}.")),
    Setting(name="id_token_signed_response_alg", label="ID token signing algorithm", clause="OIDCR-2", default="RS256",
        meaning="How ID Tokens are signed.", cases=_sign_in("OIDCR-2", "ID Tokens are signed with this algorithm.")),
    Setting(name="backchannel_logout_uri", label="Back-channel logout URI", clause="OIDCBCL-2.2", default=None,
        meaning="Where the provider tells it that a user signed out.",
        cases=_sign_in("OIDCBCL-2.2", "It is stored; the provider does not call it.")),
    Setting(name="backchannel_logout_session_required", label="Back-channel logout: session required", default=False,
        clause="OIDCBCL-2.2", meaning="Whether a logout token must say which session ended.",
        cases=(_where(_SIGN_IN, Profile, _switch("OIDCBCL-2.2", on="its ID Tokens name the session (sid).",
            off="its ID Tokens do not name the session.")), _NOBODY)),
    Setting(name="custom_data", label="Custom data", meaning="A JSON object of your own.", clause="OIDCR-2", default={},
        cases=_everyone("OIDCR-2", "It is kept and given back as it is; no rule reads it.")),
    Setting(name="created_at", label="Created at", meaning="When it was registered.", clause="RFC7591-3.2.1",
        default=None, given=Given.NEVER,
        cases=_everyone("RFC7591-3.2.1", "It is noted when the application is created.")),
)  # fmt: skip

SETTINGS: Mapping[str, Setting] = {each.name: each for each in _TABLE}

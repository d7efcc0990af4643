"""What each parameter of a refresh-token policy settles, and its value as people read it — RFC9700-4.14.2."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from oidc_lab.domain.provider_policy import ProviderPolicy
from oidc_lab.domain.refresh_parameters import RefreshPolicy, Rotate, Supersede

# What is written where a parameter decides nothing, because of another one.
NO_EFFECT = "—"
# What is written behind a value that is not established.
DOUBT = "?"
NOT_ESTABLISHED = "not established"

MEANING: Mapping[str, str] = {
    "issued": "Whether the application is given a refresh token at all; without one its user has to sign in again.",
    "ttl": "How long a token lives after it was given out: who stays away longer than that has to sign in again.",
    "renew": "Whether a replacing token has the full lifetime again, so that use keeps the user signed in, or ends when"
    " the first one would have, so that use does not help.",
    "extend_on_use": "Whether a use gives a token that is not replaced its full lifetime again.",
    "idle": "How long the tokens of one sign-in may go unused; every use starts this clock again.",
    "absolute": "How long the tokens of one sign-in work at all, however often they are used.",
    "absolute_anchor": "From when the absolute lifetime counts: a grant or a session may be older than the tokens.",
    "rotate": "When a use replaces the token; a token that is never replaced can be copied without anyone noticing.",
    "rotate_at": "The part of its lifetime, its age, or the time left to it from which on a use replaces a token.",
    "rotate_until": "How old a sign-in may be for its tokens to be replaced still; after that the last one is final.",
    "rotate_until_anchor": "From when it counts until which tokens are replaced.",
    "supersede": "Whether a replaced token is spent, so that a thief is noticed, or stays good until its own end.",
    "leeway": "How long a replaced token is honoured all the same: this spares two tabs, and who lost a reply.",
    "leeway_anchor": "Whether the leeway counts from the first use of a token, or again from each.",
    "leeway_reuses": "How many more times a replaced token is honoured within the leeway.",
    "leeway_depth": "How many generations back a replaced token may be and be honoured still.",
    "leeway_answer": "Whether a replaced token that is honoured gets one more new token, or the same one again.",
    "on_reuse": "What a replaced token that comes back ends: nothing, all tokens of its sign-in, or all of its grant.",
    "reuse_memory": "How long a replaced token is recognised; once it is forgotten, its return raises no alarm.",
    "max_live": "How many sign-ins can be alive at once; one more ends the oldest.",
    "max_live_scope": "Whether sign-ins are counted for a user and an application, or over all sessions of a user.",
    "logout_revokes": "Whether a sign-out ends the refresh tokens, too.",
    "password_change_revokes": "Whether a new password ends the refresh tokens, too.",
}  # fmt: skip

# What null says, and what nothing does.
_NULL: Mapping[str, str] = {
    "max_live": "none known",
    "rotate_until": "no end",
    "leeway_reuses": "any number",
    "leeway_depth": "any",
    "reuse_memory": "until it would have expired",
    "logout_revokes": NOT_ESTABLISHED,
    "password_change_revokes": NOT_ESTABLISHED,
}
_NOTHING: Mapping[str, str] = {"leeway": "none", "reuse_memory": "forgotten at once"}

_UNITS = (("day", "d", 86400), ("hour", "h", 3600), ("minute", "min", 60), ("second", "s", 1))


def shown(of: ProviderPolicy, name: str) -> str:
    """A parameter's value, `NO_EFFECT` where it decides nothing; with a mark when it is not established.

    Raises KeyError when there is no such parameter.
    """
    if name not in of.unverified:
        return value(of.policy, name) if matters(of.policy, name) else NO_EFFECT
    known = getattr(of.policy, name) is not None
    return f"{value(of.policy, name) if known else NOT_ESTABLISHED} {DOUBT}"


def value(policy: RefreshPolicy, name: str) -> str:
    """A parameter's value in a word or two."""
    found = getattr(policy, name)
    if found is None:
        return _NULL.get(name, "none")
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, timedelta):
        return short(found) if found else _NOTHING.get(name, short(found))
    return f"{found} %" if name == "rotate_at" else str(found)


def short(length: timedelta) -> str:
    """A length, exactly: `14 d`, `182 d 15 h`, `30 min`."""
    return " ".join(f"{count:g} {unit}" for count, (_, unit, _) in _parts(length))


def spelled(length: timedelta) -> str:
    """A length, exactly and spelled out: `14 days`, `182 days 15 hours`."""
    return " ".join(f"{count:g} {unit}{'' if count == 1 else 's'}" for count, (unit, _, _) in _parts(length))


def _parts(length: timedelta) -> list[tuple[float, tuple[str, str, int]]]:
    found, rest = [], length.total_seconds()
    for unit in _UNITS[:-1]:
        count, rest = divmod(rest, unit[2])
        found.append((count, unit))
    found.append((rest, _UNITS[-1]))
    return [each for each in found if each[0]] or found[-1:]


def matters(policy: RefreshPolicy, name: str) -> bool:
    """Whether a parameter decides anything beside the others of this policy. Raises KeyError when there is none."""
    if name not in MEANING:
        raise KeyError(name)
    decides = _MATTERS.get(name)
    return (policy.issued or name == "issued") and (decides is None or decides(policy))


def _rotates(policy: RefreshPolicy) -> bool:
    return policy.rotate is not Rotate.NEVER


def _sometimes_stays(policy: RefreshPolicy) -> bool:
    return policy.rotate is not Rotate.ALWAYS or policy.rotate_until is not None


def _spends(policy: RefreshPolicy) -> bool:
    return _rotates(policy) and policy.supersede is Supersede.REVOKE


def _spares(policy: RefreshPolicy) -> bool:
    return _spends(policy) and bool(policy.leeway)


_MATTERS: Mapping[str, Callable[[RefreshPolicy], bool]] = {
    "renew": lambda policy: _rotates(policy) and policy.ttl is not None,
    "extend_on_use": lambda policy: policy.ttl is not None and _sometimes_stays(policy),
    "absolute_anchor": lambda policy: policy.absolute is not None,
    "rotate_at": lambda policy: policy.rotate not in {Rotate.NEVER, Rotate.ALWAYS},
    "rotate_until": _rotates,
    "rotate_until_anchor": lambda policy: _rotates(policy) and policy.rotate_until is not None,
    "supersede": _rotates,
    "leeway": _spends,
    "leeway_anchor": _spares,
    "leeway_reuses": _spares,
    "leeway_depth": _spares,
    "leeway_answer": lambda policy: _spares(policy) or (_rotates(policy) and not _spends(policy)),
    "on_reuse": _spends,
    "reuse_memory": _spends,
    "max_live_scope": lambda policy: policy.max_live is not None,
}

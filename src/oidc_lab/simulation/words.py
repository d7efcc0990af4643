"""Says what a policy means: how long users stay signed in, and what two tabs, a lost reply and a thief do — RFC6749-6.

Every sentence is computed: the walk is led, and what it told is put into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from oidc_lab.domain.happening import Happening
from oidc_lab.domain.refresh_parameters import RefreshPolicy, Rotate, checked
from oidc_lab.domain.session import SESSION_LIFETIME
from oidc_lab.domain.span import span
from oidc_lab.simulation.mishaps import Mishap, Theft, mishap, theft
from oidc_lab.simulation.regular import Fate, fate

_DAY = timedelta(days=1)

# Who comes how often; of the first one something is said only where an hour is too long.
USERS = {
    "busy": timedelta(minutes=5), "hourly": timedelta(hours=1), "daily": _DAY, "weekly": 7 * _DAY, "monthly": 30 * _DAY,
}  # fmt: skip

_YEAR, _LEAP_YEAR = 365 * _DAY, 365.25 * _DAY

# What ends it, and what has passed by a visit, with how long it is.
_ENDS = {
    "refresh_token_expired": ("the token's TTL", "the token's TTL"),
    "refresh_token_idle": ("the idle limit", "the idle limit"),
    "family_too_old": ("the absolute lifetime", "the absolute lifetime"),
    "grant_expired": ("the grant", "the grant's lifetime"),
    "session_over": ("the session", "the session's lifetime"),
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """A sentence, and what it was made from: the fates of those it speaks of, or what a mishap or a theft did."""

    sentence: str
    fates: tuple[Fate, ...] = ()
    mishap: Mishap | None = None
    theft: Theft | None = None


def in_words(
    policy: RefreshPolicy, *, offline: bool = True, session_lifetime: timedelta = SESSION_LIFETIME
) -> list[str]:
    """What a policy means, a sentence each."""
    return [each.sentence for each in said(policy, offline=offline, session_lifetime=session_lifetime)]


@lru_cache
def said(
    policy: RefreshPolicy, *, offline: bool = True, session_lifetime: timedelta = SESSION_LIFETIME
) -> tuple[Said, ...]:
    """What a policy means, a sentence each, with what each was made from."""
    if not checked(policy).issued:
        return (Said(sentence="No refresh token is issued: the user has to sign in at every visit."),)
    started: dict[str, Any] = {"offline": offline, "session_lifetime": session_lifetime}
    fates = {name: fate(policy, every, **started) for name, every in USERS.items() if name != "busy"}
    if not fates["hourly"].visits:
        fates = {"busy": fate(policy, USERS["busy"], **started), **fates}
    return (
        *(_of_users(group, fates) for group in _alike(fates)),
        *_of_mishaps(policy, fates, started),
        _of_theft(policy, fates, started),
    )


def lasting(length: timedelta) -> str:
    """How long something is, in the fewest words: `1 year`, `180 days`, `8 hours`."""
    for year in (_YEAR, _LEAP_YEAR):
        if length and not length % year:
            return f"{length // year} year{'' if length == year else 's'}"
    return "half a year" if length == _LEAP_YEAR / 2 else span(length)


def _alike(fates: Mapping[str, Fate]) -> list[list[str]]:
    """The users to whom the same happens, together."""
    groups: dict[object, list[str]] = {}
    for name, each in fates.items():
        groups.setdefault((each.ended_by, each.ends_after, each.known_until, each.visits > 0), []).append(name)
    return list(groups.values())


def _of_users(names: list[str], fates: Mapping[str, Fate]) -> Said:
    each = fates[names[0]]
    many = len(names) > 1
    return Said(
        sentence=f"{_users(names, every=len(names) == len(USERS))} {_what_becomes(each, many)}.",
        fates=tuple(fates[name] for name in names),
    )


def _users(names: list[str], *, every: bool) -> str:
    if every:
        return "Users of every kind"
    if names == ["busy"]:
        return f"A busy user, who asks every {lasting(USERS['busy'])},"
    if len(names) == 1:
        return f"{'An' if names[0][0] == 'h' else 'A'} {names[0]} user"
    return f"{', '.join(names[:-1])} and {names[-1]} users".capitalize()


def _what_becomes(each: Fate, many: bool) -> str:
    s = "" if many else "s"
    if not each.ended_by and each.known_until is not None:
        return f"{'are' if many else 'is'} still signed in after {lasting(each.known_until)}"
    if each.ends_after is None:
        return f"stay{s} signed in for as long as the visits go on"
    ends, passed = _ENDS[each.ended_by]
    if not each.visits:
        why = f"{passed} of {lasting(each.ends_after)} has passed by then"
        return f"{'have' if many else 'has'} to sign in at every visit: {why}"
    return f"stay{s} signed in for {lasting(each.ends_after)}, then {ends} ends it"


def _of_mishaps(policy: RefreshPolicy, fates: Mapping[str, Fate], started: dict[str, Any]) -> list[Said]:
    renewed = [each for each in fates.values() if each.renewed_after is not None]
    if not renewed:
        return [Said(sentence="No token is replaced, so two tabs at once and a lost reply do no harm.")]
    # The one who came least often until then is led the fewest visits.
    user = min(renewed, key=lambda each: (each.renewed_after or each.every) / each.every)
    tabs, lost = (mishap(policy, what, user, **started) for what in (Happening.TWO_TABS, Happening.LOST_REPLY))
    if not tabs.signs_out and not lost.signs_out:
        return [
            Said(sentence="Two tabs at once do no harm: the token that they sent stays good.", mishap=tabs),
            Said(sentence="A reply lost on the way does no harm: the token that was sent stays good.", mishap=lost),
        ]
    due = "" if policy.rotate is Rotate.ALWAYS else ", when a new token is due,"
    return [
        Said(sentence=f"Two tabs at once{due} sign the user out{_unless('the second asks', tabs)}.", mishap=tabs),
        Said(
            sentence=f"A reply lost on the way{due} signs the user out{_unless('the retry comes', lost)}.", mishap=lost
        ),
    ]


def _unless(what: str, within: Mishap) -> str:
    return "" if within.within is None else f", unless {what} within {lasting(within.within)}"


def _of_theft(policy: RefreshPolicy, fates: Mapping[str, Fate], started: dict[str, Any]) -> Said:
    """Of the daily user, or of who comes more often where a day is too long."""
    name = next((name for name in ("daily", "hourly") if fates[name].visits), "busy")
    stolen = theft(policy, fates[name], **started)
    until = stolen.thief_out_after
    lives = "for as long as the thief uses it" if until is None else f"for {lasting(until)}"
    if stolen.shows_after is None:
        return Said(sentence=f"A stolen copy of the token works unnoticed {lives}.", theft=stolen)
    what = f"When {'an' if name[0] == 'h' else 'a'} {name} user's token is stolen and used at once,"
    after = lasting(stolen.shows_after)
    if stolen.ends_both:
        return Said(sentence=f"{what} that shows after {after}, and both are out.", theft=stolen)
    if stolen.user_out:
        sentence = f"{what} the user is signed out after {after}, and the copy works {lives}."
        return Said(sentence=sentence, theft=stolen)
    return Said(sentence=f"{what} the thief is refused after {after}, and the user goes on.", theft=stolen)

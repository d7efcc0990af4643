"""Says what helps when a refresh token's lifetime is over, by what its application can set — RFC9700-4.14.2.

The provider notes two facts with the refusal, in words; whoever explains it chooses the sentences by them.
"""

from collections.abc import Mapping
from enum import StrEnum

from oidc_lab.domain.application import Application
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import RefreshPolicy, Renew, Rotate
from oidc_lab.domain.refresh_policy import Limit
from oidc_lab.domain.setting_rules import MAXIMUM_TTL_IN_DAYS
from oidc_lab.domain.settings import availability

_SETTING = "refresh_token_ttl_in_days"


class Gain(StrEnum):
    """How much lifetime a refresh gives."""

    FULL = "the full lifetime again"
    REPLACED = "the full lifetime again, when it replaces the token"
    REMAINING = "what was left of the lifetime"
    NOTHING = "no more time"


class Longer(StrEnum):
    """Whether the application can have a longer TTL."""

    SETTING = "can be set"
    LONGEST = "is not to be had: it is the longest"
    NOT_HERE = "not for this type, in this profile"
    ADOPTED = "is up to the policy that stands in place of the settings"


def gain(policy: RefreshPolicy) -> Gain:
    """What a refresh gives under a policy."""
    if policy.rotate is Rotate.NEVER:
        return Gain.FULL if policy.extend_on_use else Gain.NOTHING
    if policy.renew is Renew.REMAINING:
        return Gain.REMAINING
    return Gain.FULL if policy.extend_on_use or policy.rotate is Rotate.ALWAYS else Gain.REPLACED


def longer(application: Application, profile: Profile, *, adopted: bool) -> Longer:
    """Whether a longer TTL can be set; `adopted` is that another policy stands in place of the settings."""
    if adopted:
        return Longer.ADOPTED
    if not availability(_SETTING, application.type, profile).available:
        return Longer.NOT_HERE
    longest = application.refresh_token_ttl_in_days == MAXIMUM_TTL_IN_DAYS
    return Longer.LONGEST if longest else Longer.SETTING


def told(code: str, truth: str, remedy: str, facts: Mapping[str, str]) -> tuple[str, str]:
    """What is true, and what helps, by the facts of a refusal; as given where they are not known."""
    gained, more = facts.get("a_refresh_gives", ""), facts.get("a_longer_ttl", "")
    if code != Limit.TTL or gained not in _TRUTH or more not in _REMEDY:
        return truth, remedy
    earlier = gained in (Gain.FULL, Gain.REPLACED)
    begin = "Have the user sign in again, and refresh earlier" if earlier else "Have the user sign in again"
    return f"The refresh token's lifetime is over{_TRUTH[gained]}", begin + _REMEDY[more]


_TRUTH: Mapping[str, str] = {
    Gain.FULL: ": no refresh came in time to give it the full one again.",
    Gain.REPLACED: ": no refresh came in time to replace it by one with a full lifetime.",
    Gain.REMAINING: ". A token that replaces another has only what was left, so it ends when the first one would have,"
    " however often it was refreshed.",
    Gain.NOTHING: ". It is never replaced, and no refresh moves its end.",
}
_REMEDY: Mapping[str, str] = {
    Longer.SETTING: f". With a longer TTL ({_SETTING}), the tokens of the next sign-in end later.",
    Longer.LONGEST: "; its TTL is already the longest that can be set.",
    Longer.NOT_HERE: "; an application of this type has no longer TTL in this profile.",
    Longer.ADOPTED: "; how long its tokens live is up to the policy that it follows in place of its settings.",
}

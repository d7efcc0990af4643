"""Says in sentences what a provider's policy does; one that rests on what is not established says so — RFC6749-6."""

from collections.abc import Iterator, Mapping

from oidc_lab.domain.policy_parameter import DOUBT, NOT_ESTABLISHED, matters, spelled
from oidc_lab.domain.provider_policy import ProviderPolicy
from oidc_lab.domain.refresh_parameters import (
    Anchor,
    LeewayAnchor,
    LeewayAnswer,
    MaxLiveScope,
    OnReuse,
    RefreshPolicy,
    Renew,
    Rotate,
    Supersede,
)

# A sentence, and the parameters that it rests on.
Said = tuple[str, tuple[str, ...]]

_SINCE: Mapping[Anchor, str] = {
    Anchor.FIRST_TOKEN: "the sign-in",
    Anchor.LAST_ROTATION: "the last replacement",
    Anchor.GRANT: "the grant began",
    Anchor.SSO_SESSION: "the session began",
}
_ENDS: Mapping[OnReuse, str] = {
    OnReuse.REJECT: "is refused, and the others go on working",
    OnReuse.REVOKE_FAMILY: "ends all tokens of its sign-in",
    OnReuse.REVOKE_GRANT: "ends all tokens of its grant",
}


# What is said of a parameter that is not established and has no value to say anything with.
_OPEN: Mapping[str, str] = {
    "idle": "whether it is over when it is not used",
    "absolute": "whether it is over after some time, however often it is used",
    "max_live": "whether one more sign-in ends an older one",
    "logout_revokes": "whether a sign-out ends it",
    "password_change_revokes": "whether a new password ends it",
}
_GETS: Mapping[LeewayAnswer, str] = {
    LeewayAnswer.NEW_TOKEN: "one more new token",
    LeewayAnswer.SAME_SUCCESSOR: "the same new token again",
}


def sentences(of: ProviderPolicy) -> list[str]:
    """What the policy does, a sentence each."""
    said = [_doubted(sentence, [name for name in on if name in of.unverified]) for sentence, on in _said(of)]
    silent = [name for name in _OPEN if name in of.unverified and getattr(of.policy, name) is None]
    return said + [f"{_capital(NOT_ESTABLISHED)} ({DOUBT}): {_OPEN[name]}." for name in silent]


def _doubted(sentence: str, doubts: list[str]) -> str:
    return f"{sentence[:-1]} ({DOUBT} {NOT_ESTABLISHED}: {', '.join(doubts)})." if doubts else sentence


def _said(of: ProviderPolicy) -> Iterator[Said]:
    policy = of.policy
    if not policy.issued:
        yield "No refresh token is given: when the access token ends, the user has to sign in again.", ("issued",)
        return
    yield _replacement(policy)
    yield _lifetime(policy)
    yield from _clocks(policy)
    yield from _spent(policy)
    yield from _events(policy)


def _replacement(policy: RefreshPolicy) -> Said:
    if policy.rotate is Rotate.NEVER:
        return "A use does not replace the token.", ("rotate",)
    if policy.rotate is Rotate.ALWAYS:
        return "Every use replaces the token.", ("rotate",)
    at = policy.rotate_at
    long = f"{at} % of its lifetime" if isinstance(at, int) else spelled(at)
    when = {
        Rotate.AFTER_FRACTION: f"once {long} have passed",
        Rotate.AFTER_AGE: f"once it is {long} old",
        Rotate.WHEN_REMAINING: f"once it has no more than {long} left",
    }[policy.rotate]
    return f"A use replaces the token {when}.", ("rotate", "rotate_at")


def _lifetime(policy: RefreshPolicy) -> Said:
    if policy.ttl is None:
        return "A token has no end of its own.", ("ttl",)
    lives = f"A token lives {spelled(policy.ttl)}"
    if policy.rotate is Rotate.NEVER:
        again = "each use gives it as long again" if policy.extend_on_use else "use does not make it longer"
        return f"{lives}; {again}.", ("ttl", "extend_on_use")
    if policy.renew is Renew.FULL:
        return f"{lives}, and so does each that replaces it.", ("ttl", "renew")
    return f"{lives}; one that replaces it ends when the first would have, however often it is used.", ("ttl", "renew")


def _clocks(policy: RefreshPolicy) -> Iterator[Said]:
    if policy.idle is not None:
        yield f"After {spelled(policy.idle)} without a use it is over.", ("idle",)
    if policy.absolute is not None:
        since = _SINCE[policy.absolute_anchor]
        yield f"{_capital(spelled(policy.absolute))} after {since} it is over.", ("absolute", "absolute_anchor")
    if policy.rotate_until is not None and matters(policy, "rotate_until"):
        age = f"{spelled(policy.rotate_until)} after {_SINCE[policy.rotate_until_anchor]}"
        yield f"{_capital(age)} tokens are replaced no more: the last one is final.", ("rotate_until",)


def _spent(policy: RefreshPolicy) -> Iterator[Said]:
    if policy.rotate is Rotate.NEVER:
        return
    if policy.supersede is Supersede.KEEP:
        gets = _GETS[policy.leeway_answer]
        yield f"A replaced token stays good until its own end: it gets {gets}.", ("supersede", "leeway_answer")
        return
    if policy.leeway:
        yield _leeway(policy)
    late = " later" if policy.leeway else ""
    yield f"A replaced token that comes back{late} {_ENDS[policy.on_reuse]}.", ("supersede", "leeway", "on_reuse")
    if policy.reuse_memory is not None and policy.on_reuse is not OnReuse.REJECT:
        when = f"{_capital(spelled(policy.reuse_memory))} after its use" if policy.reuse_memory else "At once"
        yield f"{when} it is forgotten, and its return is refused and ends nothing.", ("reuse_memory",)


def _leeway(policy: RefreshPolicy) -> Said:
    since = "first" if policy.leeway_anchor is LeewayAnchor.FIRST_USE else "last"
    reuses, depth = policy.leeway_reuses, policy.leeway_depth
    times = "" if reuses is None else f", {reuses} time{'' if reuses == 1 else 's'} at most"
    back = "" if depth is None else f", {depth} generation{'' if depth == 1 else 's'} back at most"
    until = f"until {spelled(policy.leeway)} after its {since} use{times}{back}"
    return f"A replaced token is honoured {until}: it gets {_GETS[policy.leeway_answer]}.", (
        "leeway",
        "leeway_anchor",
        "leeway_reuses",
        "leeway_depth",
        "leeway_answer",
    )


def _events(policy: RefreshPolicy) -> Iterator[Said]:
    if policy.max_live is not None:
        where = "with this application" if policy.max_live_scope is MaxLiveScope.USER_CLIENT else "in all"
        sentence = f"A user has up to {policy.max_live} sign-ins alive {where}; one more ends the oldest."
        yield sentence, ("max_live", "max_live_scope")
    for name, what in (("logout_revokes", "A sign-out"), ("password_change_revokes", "A new password")):
        ends = getattr(policy, name)
        if ends is not None:
            yield f"{what} {'ends it, too' if ends else 'does not end it'}.", (name,)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

"""What a policy asks of a refresh token, in whole seconds: what the arrays compare with — RFC6749-6."""

from dataclasses import dataclass, fields
from datetime import timedelta

import numpy as np

from oidc_lab.domain.refresh_parameters import Anchor, RefreshPolicy, Renew, Rotate, Supersede, checked
from oidc_lab.domain.refresh_policy import Limit
from oidc_lab.domain.span import span
from oidc_lab.simulation.steps import NEVER, Seconds

_SECOND = timedelta(seconds=1)
_ABSOLUTE = {Anchor.GRANT: Limit.GRANT, Anchor.SSO_SESSION: Limit.SESSION}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """A policy's lifetimes in seconds; None where it has no such limit.

    `family` are the limits that are counted from the sign-in, and `last_rotation` that from the token's own issue. A
    token is replaced always, or from an `age` on, from a `percent` of its own lifetime on, or when so little is `left`;
    and neither after `until` from the sign-in, nor after `until_own` from its issue.
    """

    policy: RefreshPolicy
    bound: bool
    session: int
    ttl: int | None
    idle: int | None
    family: tuple[tuple[Limit, int], ...]
    last_rotation: int | None
    always: bool
    age: int | None
    percent: int | None
    left: int | None
    until: int | None
    until_own: int | None
    leeway: int
    memory: int | None

    @property
    def replaces(self) -> bool:
        """Whether a token can be replaced at all."""
        return self.always or not self.age is self.percent is self.left is None

    @property
    def renews(self) -> bool:
        """Whether a replacing token has its full lifetime."""
        return self.policy.renew is Renew.FULL

    @property
    def extends(self) -> bool:
        """Whether the use of a token that is not replaced gives it its lifetime again."""
        return self.policy.extend_on_use and self.ttl is not None

    @property
    def spends(self) -> bool:
        """Whether a replaced token is spent."""
        return self.replaces and self.policy.supersede is Supersede.REVOKE

    def turns(self, issued: Seconds, expires: Seconds) -> Seconds:
        """From when on tokens are replaced: at a percentage of what they live, rounded up to a second."""
        lifetimes = expires.astype(np.int64) - issued
        return np.asarray(issued + -(-lifetimes * (self.percent or 0) // 100), dtype=np.int32)


def terms_of(policy: RefreshPolicy, *, horizon: int, offline: bool, session_lifetime: timedelta) -> Terms:
    """What a policy means in whole seconds; `offline` and `session_lifetime` are as for a walk.

    Raises ValueError where a duration is not whole seconds, or does not fit the arrays together with the horizon.
    """
    checked(policy)
    spans = {field.name: getattr(policy, field.name) for field in fields(policy)} | {"session": session_lifetime}
    seconds = {name: _whole(name, each, horizon) for name, each in spans.items() if isinstance(each, timedelta)}
    absolute, anchor = seconds.get("absolute"), policy.absolute_anchor
    ends = [] if offline else [(Limit.SESSION, seconds["session"])]
    if absolute is not None and anchor is not Anchor.LAST_ROTATION:
        ends.insert(0, (_ABSOLUTE.get(anchor, Limit.ABSOLUTE), absolute))
    own = policy.rotate_until_anchor is Anchor.LAST_ROTATION
    return Terms(
        policy=policy, bound=not offline, session=seconds["session"], ttl=seconds.get("ttl"), idle=seconds.get("idle"),
        family=tuple(ends), last_rotation=absolute if anchor is Anchor.LAST_ROTATION else None,
        always=policy.rotate is Rotate.ALWAYS, **_threshold(policy, seconds),
        until=None if own else seconds.get("rotate_until"), until_own=seconds.get("rotate_until") if own else None,
        leeway=seconds["leeway"], memory=seconds.get("reuse_memory"),
    )  # fmt: skip


def _threshold(policy: RefreshPolicy, seconds: dict[str, int]) -> dict[str, int | None]:
    """The one threshold of a policy, by name: in the order in which the decision looks for it."""
    at, ttl = policy.rotate_at, seconds.get("ttl")
    found: dict[str, int | None] = {"age": None, "percent": None, "left": None}
    if policy.rotate in {Rotate.NEVER, Rotate.ALWAYS}:
        return found
    if policy.rotate is Rotate.AFTER_FRACTION and isinstance(at, int) and ttl:
        # Whole percents rounded down reach a whole percent when the exact share does.
        exact = -(-ttl * at // 100)
        return found | ({"age": exact} if policy.renew is Renew.FULL else {"percent": at})
    if not isinstance(at, timedelta):
        return found
    if policy.rotate is Rotate.AFTER_AGE:
        return found | {"age": seconds["rotate_at"]}
    return found | {"left": seconds["rotate_at"] if ttl is not None else None}


def _whole(name: str, lifetime: timedelta, horizon: int) -> int:
    if lifetime % _SECOND:
        raise ValueError(f"{name} is {lifetime}: users in arrays count whole seconds, walk such a policy")
    seconds = lifetime // _SECOND
    if not -NEVER < seconds < NEVER - horizon:
        raise ValueError(f"{name} is {span(lifetime)}: with a horizon of {horizon} seconds more than 32 bits can count")
    return seconds

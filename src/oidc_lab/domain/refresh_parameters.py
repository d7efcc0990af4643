"""The parameters in which the refresh-token policies of all providers are expressed — RFC6749-6, RFC9700-4.14.2."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any, cast

NO_TIME = timedelta(0)


class Renew(StrEnum):
    """Whether a replacing token has its full lifetime, or what was left of its predecessor's."""

    FULL = "full"
    REMAINING = "remaining"


class Rotate(StrEnum):
    """When a token is replaced: the last three compare with `rotate_at`."""

    NEVER = "never"
    ALWAYS = "always"
    AFTER_FRACTION = "after_fraction"
    AFTER_AGE = "after_age"
    WHEN_REMAINING = "when_remaining"


class Anchor(StrEnum):
    """From when the absolute lifetime, or the end of rotation, is counted."""

    FIRST_TOKEN = "first_token"
    LAST_ROTATION = "last_rotation"
    GRANT = "grant"
    SSO_SESSION = "sso_session"


class Supersede(StrEnum):
    """Whether a replaced token is spent, or stays good until its own expiry."""

    REVOKE = "revoke"
    KEEP = "keep"


class LeewayAnchor(StrEnum):
    """Whether the leeway is counted from the first use, or from the last."""

    FIRST_USE = "first_use"
    LAST_USE = "last_use"


class LeewayAnswer(StrEnum):
    """Whether a spent token gets one more new token within the leeway, or the same successor again."""

    NEW_TOKEN = "new_token"
    SAME_SUCCESSOR = "same_successor"


class OnReuse(StrEnum):
    """What ends when a spent token comes back: nothing, its family, or everything of its grant."""

    REJECT = "reject"
    REVOKE_FAMILY = "revoke_family"
    REVOKE_GRANT = "revoke_grant"


class MaxLiveScope(StrEnum):
    """What the number of live families is counted over."""

    USER_CLIENT = "user_client"
    USER_SESSIONS = "user_sessions"


@dataclass(frozen=True, kw_only=True)
class RefreshPolicy:
    """How refresh tokens live; None means that there is no such limit.

    `ttl` counts from a token's own issue, `idle` from the family's last use, `absolute` from its anchor. `rotate_at`
    is a percentage with AFTER_FRACTION and a duration with AFTER_AGE and WHEN_REMAINING. After `rotate_until` the last
    token is final. With `extend_on_use` a token that is not replaced has its full `ttl` again. A spent token is
    honoured for `leeway`, `leeway_reuses` more times, `leeway_depth` generations back. `reuse_memory` is how long it is
    recognised as spent after its use. `logout_revokes` and `password_change_revokes` are None when not established.
    """

    issued: bool = True
    ttl: timedelta | None = None
    renew: Renew = Renew.FULL
    extend_on_use: bool = False
    idle: timedelta | None = None
    absolute: timedelta | None = None
    absolute_anchor: Anchor = Anchor.FIRST_TOKEN
    rotate: Rotate = Rotate.NEVER
    rotate_at: timedelta | int = 0
    rotate_until: timedelta | None = None
    rotate_until_anchor: Anchor = Anchor.FIRST_TOKEN
    supersede: Supersede = Supersede.REVOKE
    leeway: timedelta = NO_TIME
    leeway_anchor: LeewayAnchor = LeewayAnchor.FIRST_USE
    leeway_reuses: int | None = None
    leeway_depth: int | None = 1
    leeway_answer: LeewayAnswer = LeewayAnswer.NEW_TOKEN
    on_reuse: OnReuse = OnReuse.REJECT
    reuse_memory: timedelta | None = None
    max_live: int | None = None
    max_live_scope: MaxLiveScope = MaxLiveScope.USER_CLIENT
    logout_revokes: bool | None = None
    password_change_revokes: bool | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a value of another kind than its parameter, or than `rotate` compares with.

        A word in place of its choice, or a number in place of a duration, would decide nothing, and nobody would see.
        """
        for parameter in fields(self):
            _check(parameter.name, parameter.type, getattr(self, parameter.name))
        share = isinstance(self.rotate_at, int)
        if self.rotate is Rotate.AFTER_FRACTION and not (share and 0 <= cast(int, self.rotate_at) <= 100):
            raise ValueError(f"rotate_at: {self.rotate_at!r}: with after_fraction it is a whole percentage, 0 to 100")
        if self.rotate in {Rotate.AFTER_AGE, Rotate.WHEN_REMAINING} and share:
            raise ValueError(f"rotate_at: {self.rotate_at!r}: with {self.rotate} it is a duration, a timedelta")


def checked(policy: RefreshPolicy) -> RefreshPolicy:
    """The same. Raises TypeError for what is no policy, and says where there are some."""
    if not isinstance(policy, RefreshPolicy):
        where = "provider_policies()['auth0-spa'].policy is one, all are in its .rules; lab.refresh_policy('web-shop')"
        raise TypeError(f"{policy!r} is no RefreshPolicy: {where} is an application's")
    return policy


def _check(name: str, kind: Any, value: Any) -> None:
    if not isinstance(value, kind):
        rule = f"one of {', '.join(f'{kind.__name__}.{each.name}' for each in kind)}" if kind in _CHOICES else str(kind)
        raise ValueError(f"{name}: {value!r}: it is {_KINDS.get(kind, rule)}")
    if isinstance(value, timedelta) and value < NO_TIME:
        raise ValueError(f"{name}: {value!r}: no time is shorter than none")


_CHOICES = {Renew, Rotate, Anchor, Supersede, LeewayAnchor, LeewayAnswer, OnReuse, MaxLiveScope}
_KINDS: Mapping[Any, str] = {
    bool: "True or False",
    bool | None: "True, False or None",
    int | None: "a whole number, or None",
    timedelta: "a timedelta, such as timedelta(seconds=3)",
    timedelta | None: "a timedelta, such as timedelta(days=14), or None",
    timedelta | int: "a timedelta, or a whole percentage",
}

"""The audit log: what happened, when, to whom, with which result and for which true reason — RFC9700-2.6."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar


class Key(StrEnum):
    """What happened; the names follow the product's where it logs the same."""

    SIGN_IN = "SignIn"
    CONSENT = "Consent"
    AUTHORIZATION = "Authorization"
    CODE_EXCHANGE = "ExchangeTokenBy.AuthorizationCode"
    REFRESH = "ExchangeTokenBy.RefreshToken"
    CLIENT_CREDENTIALS = "ExchangeTokenBy.ClientCredentials"
    TOKEN_EXCHANGE = "ExchangeTokenBy.Unknown"
    USERINFO = "UserInfo"
    INTROSPECTION = "Introspection"
    REVOCATION = "RevokeToken"
    SIGN_OUT = "SignOut"
    GRANT_REVOKED = "RevokeGrant"
    SESSION_ENDED = "EndSession"
    ORIGIN = "CrossOrigin"
    APPLICATION_CREATED = "Application.Create"
    APPLICATION_CHANGED = "Application.Update"
    APPLICATION_DELETED = "Application.Delete"
    POLICY_CHANGED = "Application.Policy.Update"
    SECRET_CREATED = "Application.Secret.Create"
    SECRET_DELETED = "Application.Secret.Delete"
    USER_CREATED = "User.Create"
    USER_CHANGED = "User.Update"
    USER_DELETED = "User.Delete"
    PROFILE_CHANGED = "Profile.Update"
    TRAINER_SIGN_IN = "Trainer.SignIn"


class Result(StrEnum):
    """How it ended."""

    SUCCESS = "Success"
    ERROR = "Error"


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One line of the log; never a secret, code or token. `number` grows by one and is 0 before it is kept.

    `error` is what the wire said, `reason` the catalogue's code, and `truth` the sentence behind it.
    """

    at: datetime
    key: Key
    result: Result = Result.SUCCESS
    client_id: str | None = None
    sub: str | None = None
    sid: str | None = None
    grant_id: str | None = None
    error: str | None = None
    reason: str | None = None
    truth: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    user_agent: str = ""
    request_id: str = ""
    number: int = 0


class DrawnLog:
    """A log that is drawn by what was put on its class, given its table and axes: it knows no pictures itself."""

    drawing: ClassVar[Callable[[Any, Any], Any] | None] = None

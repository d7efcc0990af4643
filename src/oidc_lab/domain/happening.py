"""What can happen to the refresh tokens of one sign-in, and what is said of each request and deed — RFC6749-6."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from oidc_lab.domain.refresh_parameters import NO_TIME
from oidc_lab.domain.refresh_policy import Ending, Limit


class Happening(StrEnum):
    """What happens: the application asks, somebody else does, or a deed ends something.

    A lost reply is a token request that the provider answers and the application does not hear. Replayed is what the
    application held before the token it holds now. Two tabs send the same token, the second one before it could know
    what the first one got. A session ends at the provider, by an administrator or another user's sign-in. A sign-in
    elsewhere begins another family of the same user and application. A thief copies what the application holds, and
    asks with the copy from then on.
    """

    SIGN_IN = "sign-in"
    REQUEST = "token request"
    LOST_REPLY = "lost reply"
    REPLAY = "replayed token"
    TWO_TABS = "two tabs at once"
    SIGN_OUT = "sign-out"
    SESSION_END = "session end"
    PASSWORD_CHANGE = "password change"
    ELSEWHERE = "sign-in elsewhere"
    THEFT = "theft"
    THIEF = "thief's token request"


class By(StrEnum):
    """Who does it."""

    APPLICATION = "application"
    SECOND_TAB = "second tab"
    SOMEBODY = "somebody else"
    THIEF = "thief"
    USER = "user"
    PROVIDER = "provider"


class Answer(StrEnum):
    """What came of it: the first three and the refusal are answers to requests, the others are said of deeds."""

    NEW = "new token"
    SAME = "same token"
    SUCCESSOR = "same successor"
    REFUSED = "refused"
    REVOKED = "family ended"
    NOTHING = "nothing ended"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happens at `at`; `gap` is how much later the second of two tabs asks.

    Raises ValueError for a time without a time zone, and for what is no Happening.
    """

    at: datetime
    what: Happening = Happening.REQUEST
    gap: timedelta = NO_TIME

    def __post_init__(self) -> None:
        if not isinstance(self.at, datetime) or self.at.tzinfo is None:
            raise ValueError(f"at: {self.at!r}: it is a date and time with its time zone, as in tzinfo=UTC")
        if not isinstance(self.what, Happening):
            choices = ", ".join(f"Happening.{each.name}" for each in Happening)
            raise ValueError(f"what: {self.what!r}: it is one of {choices}")


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is said of one request or deed.

    Tokens are numbered in the order in which they were given out, the first one is 0; `sent` and `given` are None where
    none was. `reason` names a refusal of the catalogue; `because` is the sentence of the decision, or what ended the
    family. `generation` is how often a token of the family was replaced by then. `clocks` are the ends, the next one
    first, of the token that was given, or else of the one that was sent, or else of the one that the application holds;
    none count any more once the family is ended.
    """

    at: datetime
    what: Happening
    by: By
    answer: Answer
    sent: int | None = None
    given: int | None = None
    reason: str = ""
    because: str = ""
    generation: int = 0
    clocks: tuple[Ending, ...] = ()

    @property
    def binds(self) -> Limit | None:
        """The clock that runs out first."""
        return self.clocks[0].limit if self.clocks else None

    @property
    def ended_by(self) -> str:
        """Why the user is not signed in at the application any more after this; empty when that is not so.

        The refusal's name, or what ended the family, where that is why.
        """
        if self.what is Happening.SIGN_OUT:
            return "signed_out"
        if self.answer is not Answer.REFUSED or self.by not in {By.APPLICATION, By.SECOND_TAB}:
            return ""
        if self.what is Happening.LOST_REPLY:
            return ""  # it does not hear that either
        return self.because if self.reason == "family_revoked" else self.reason

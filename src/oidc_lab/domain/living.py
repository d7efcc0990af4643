"""What lives now, whose it is, and which clock or deed ends it — RFC6749-1.4, RFC6749-1.5."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

_NEVER = datetime.max.replace(tzinfo=UTC)


class Kind(StrEnum):
    """What can live: all but the ID Token is kept by the provider, and that by the application that it was given to."""

    CODE = "authorization code"
    ACCESS_TOKEN = "access token"
    REFRESH_TOKEN = "refresh token"
    SESSION = "session"
    GRANT = "grant"
    SECRET = "application secret"
    ID_TOKEN = "ID Token"

    @property
    def plural(self) -> str:
        """As several are called."""
        return f"{self.value}s"

    @property
    def one(self) -> str:
        """With its article: `an access token`."""
        return f"{'an' if self[0] in 'aI' else 'a'} {self.value}"


class Cause(StrEnum):
    """What ends something: a clock, down to LEEWAY, or what somebody did."""

    TTL = "ttl"
    IDLE = "idle"
    ABSOLUTE = "absolute"
    GRANT = "grant"
    SESSION = "session"
    LEEWAY = "leeway"
    REPLACED = "replaced"
    USED = "used"
    REVOKED = "revoked"
    GONE = "gone"

    @property
    def by_clock(self) -> bool:
        """Whether it comes by itself, when time passes."""
        return self not in {Cause.REPLACED, Cause.USED, Cause.REVOKED, Cause.GONE}

    @property
    def words(self) -> str:
        """What it is in a few words."""
        return _WORDS[self]


@dataclass(frozen=True, kw_only=True)
class Living:
    """One thing that lives; `key` tells it from others and gives nothing away.

    `ends_at` is when the first clock ends it, None when none does; `because` which clock that is, and `refusal` how
    the catalogue calls the answer from then on. `name` is a secret's. What does not apply is empty.
    """

    key: str
    kind: Kind
    since: datetime
    ends_at: datetime | None = None
    because: Cause | None = None
    refusal: str = ""
    client_id: str = ""
    application: str = ""
    sub: str = ""
    user: str = ""
    name: str = ""
    sid: str = ""
    grant_id: str = ""
    family_id: str = ""

    @property
    def said(self) -> str:
        """What it is and whose: `the access token of Photo Album for Anna Lindqvist`."""
        application, user = self.application or self.client_id, self.user or self.sub
        if self.kind is Kind.SESSION:
            return f"the session of {user}"
        if self.kind is Kind.GRANT:
            return f"the grant of {user} to {application}"
        if self.kind is Kind.SECRET:
            return f"the secret “{self.name}” of {application}"
        return f"the {self.kind} of {application}" + (f" for {user}" if user else "")

    @property
    def end(self) -> datetime:
        """When it ends; the end of the calendar when it does not."""
        return self.ends_at or _NEVER

    @property
    def cause(self) -> str:
        """Of what it ends, in a few words; empty when it has no end."""
        return "" if self.because is None else _of(self.kind, self.because)


@dataclass(frozen=True, kw_only=True)
class Death:
    """When something ended, and of what; `detail` is what was done, as the provider calls it."""

    of: Living
    at: datetime
    because: Cause
    detail: str = ""

    @property
    def said(self) -> str:
        """Of what it died, in a few words: `its own TTL`, `revoked: the user signed out`."""
        own = _of(self.of.kind, self.because)
        if not self.detail or own == _SIGNED_OUT:
            return own
        return f"{own}: {deed(self.detail)}"


def soonest_first(things: list[Living]) -> list[Living]:
    """In the order in which they end; what has no end comes last."""
    return sorted(things, key=lambda each: (each.end, each.kind.one, each.said, each.key))


def deed(detail: str) -> str:
    """What was done, in words; as the provider calls it, when nothing better is known."""
    return _DEEDS.get(detail, detail)


_SIGNED_OUT = "ended by a sign-out"
_WORDS = {
    Cause.TTL: "its own TTL",
    Cause.IDLE: "not used for too long (idle)",
    Cause.ABSOLUTE: "the longest lifetime of its family (absolute)",
    Cause.GRANT: "its grant ends",
    Cause.SESSION: "its session ends",
    Cause.LEEWAY: "the leeway after its replacement",
    Cause.REPLACED: "replaced by a new one (rotation)",
    Cause.USED: "redeemed",
    Cause.REVOKED: "revoked",
    Cause.GONE: "deleted",
}
_OWN = {
    (Kind.SESSION, Cause.TTL): "its own TTL, counted from the last visit of its browser",
    (Kind.SESSION, Cause.REVOKED): _SIGNED_OUT,
    (Kind.SECRET, Cause.TTL): "its own expiry date",
    (Kind.GRANT, Cause.TTL): "the lifetime of grants",
}


def _of(kind: Kind, because: Cause) -> str:
    return _OWN.get((kind, because)) or because.words


_DEEDS = {
    "signed_out": "the session ended",
    "grant_revoked": "the grant was taken away",
    "refresh_token_reused": "a replaced refresh token came back",
    "revoked_by_application": "the application gave it back",
    "token_revoked": "the application gave it back",
    "code_used": "its code was used twice",
    "user_gone": "the user was deleted",
    "rules_changed": "other rules hold now",
    "password_changed": "the user has a new password",
    "evicted": "too many sign-ins came after it",
}

"""What was given at a provider and lives: grants and sessions, looked at and taken away from Python — RFC6749-1.3."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.grant import Grant
from oidc_lab.domain.session import Session
from oidc_lab.domain.steady import Steady
from oidc_lab.lab.management import Management

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class LiveRefreshToken:
    """A refresh token that is honoured now, which nobody but the application knows.

    `ends_at` is when the first clock ends it, and `because` how its refusal is called then.
    """

    issued_at: datetime
    expires_at: datetime | None
    generation: int
    last_used_at: datetime | None
    ends_at: datetime | None
    because: str | None


@dataclass(frozen=True, kw_only=True, repr=False)
class HeldGrant(Steady, Grant):
    """A grant as the provider keeps it, until when it lives, and the refresh tokens that live of it."""

    expires_at: datetime | None
    refresh_tokens: tuple[LiveRefreshToken, ...]
    _of: "Grants" = field(repr=False, compare=False)

    def revoke(self) -> None:
        """Take it away, and every token that was given because of it."""
        self._of.revoke(self.grant_id)


@dataclass(frozen=True, kw_only=True)
class LiveSession(Session):
    """A session as the provider keeps it, and what its browser says it is."""

    user_agent: str
    _of: "Sessions" = field(repr=False, compare=False)

    def end(self) -> None:
        """End it as a sign-out does."""
        self._of.end(self.sid)


class Grants:
    """What users let applications have."""

    def __init__(self, management: Management) -> None:
        self._management = management

    def find(self, *, sub: str | None = None, client_id: str | None = None) -> list[HeldGrant]:
        """The grants of a user, of an application, of both or all; oldest first."""
        found = self._management.ask("GET", "grants", query={"sub": sub, "client_id": client_id})
        return [self._read(each) for each in found]

    def revoke(self, grant_id: str | None = None, *, sub: str | None = None, client_id: str | None = None) -> None:
        """Take away a grant, or all of a user, of an application, or of a user to an application.

        Every token that was given because of it ends. Raises LookupError when there is none.
        """
        if (grant_id is None) is (sub is None and client_id is None):
            raise ValueError("say which grant: its grant_id, or whose it is with sub, client_id or both")
        found = [each.grant_id for each in self.find(sub=sub, client_id=client_id)] if grant_id is None else [grant_id]
        if not found:
            raise LookupError(f"there is no grant with {_said(sub=sub, client_id=client_id)}")
        for each in found:
            self._management.ask("DELETE", "grants", each)

    def table(self, *, sub: str | None = None, client_id: str | None = None) -> "pd.DataFrame":
        """The grants, a row each; `refresh_tokens` is how many live, `ends_at` when the last of them ends."""
        import pandas as pd

        from oidc_lab.lab.table import Table

        columns = ["grant_id", "sub", "client_id", "scopes", "created_at", "last_used_at", "expires_at"]
        rows = [
            {name: getattr(each, name) for name in columns} | _summed(each)
            for each in self.find(sub=sub, client_id=client_id)
        ]
        frame = pd.DataFrame(rows, columns=[*columns, "refresh_tokens", "ends_at"]).set_index("grant_id")
        return Table(frame)

    def __iter__(self) -> Iterator[HeldGrant]:
        return iter(self.find())

    def __len__(self) -> int:
        return len(self.find())

    def __repr__(self) -> str:
        return "\n".join(
            [
                f"{len(self)} grants",
                *(f"{each.sub} lets {each.client_id} have {' '.join(sorted(each.scopes))}" for each in self),
            ]
        )

    def _read(self, said: Mapping[str, Any]) -> HeldGrant:
        tokens = tuple(LiveRefreshToken(**_moments(LiveRefreshToken, each)) for each in said["refresh_tokens"])
        sets = {"scopes": frozenset(said["scopes"]), "claims": frozenset(said["claims"])}
        return HeldGrant(**{**_moments(HeldGrant, said), **sets, "refresh_tokens": tokens, "_of": self})


class Sessions:
    """Who is signed in in which browser."""

    def __init__(self, management: Management) -> None:
        self._management = management

    def find(self, *, sub: str | None = None) -> list[LiveSession]:
        """The sessions that live, of one user or of all; oldest first."""
        found = self._management.ask("GET", "sessions", query={"sub": sub})
        return [LiveSession(**_moments(LiveSession, each), _of=self) for each in found]

    def end(self, sid: str) -> None:
        """End a session as a sign-out does. Raises LookupError when there is none (any more)."""
        self._management.ask("DELETE", "sessions", sid)

    def table(self, *, sub: str | None = None) -> "pd.DataFrame":
        """The sessions that live, a row each."""
        import pandas as pd

        names = [each.name for each in fields(LiveSession) if each.name != "_of"]
        rows = [{name: getattr(each, name) for name in names} for each in self.find(sub=sub)]
        return pd.DataFrame(rows, columns=names).set_index("sid")

    def __iter__(self) -> Iterator[LiveSession]:
        return iter(self.find())

    def __len__(self) -> int:
        return len(self.find())

    def __repr__(self) -> str:
        return "\n".join(
            [f"{len(self)} sessions", *(f"{each.sub} until {each.expires_at:%Y-%m-%d %H:%M}" for each in self)]
        )


def _moments(kind: type, said: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer says of the fields of `kind`, its moments read."""
    names = [each.name for each in fields(kind) if each.name in said]
    moments = {name for name in names if name.endswith("_at") or name == "auth_time"}
    return {
        name: datetime.fromisoformat(said[name]) if name in moments and said[name] else said[name] for name in names
    }


def _summed(grant: HeldGrant) -> dict[str, Any]:
    ends = [each.ends_at for each in grant.refresh_tokens]
    last = max((each for each in ends if each is not None), default=None)
    words = " ".join(sorted(grant.scopes))
    return {"scopes": words, "refresh_tokens": len(ends), "ends_at": None if None in ends else last}


def _said(**given: str | None) -> str:
    return " and ".join(f"{name} {value!r}" for name, value in given.items() if value is not None)

"""What lives at a provider and at the applications of a bench, asked for when it is looked at — RFC6749-1.4."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from oidc_lab.domain.living import Cause, Death, Kind, Living, soonest_first
from oidc_lab.lab.applications import Applications
from oidc_lab.lab.history import History
from oidc_lab.lab.management import Management
from oidc_lab.lab.users import Users
from oidc_lab.relying_party.flow import SignedIn
from oidc_lab.relying_party.id_token import moment

_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)


class Lives:
    """What lives: what the provider keeps, and the ID Tokens that the latest runs of this bench were given."""

    def __init__(self, management: Management, history: History, applications: Applications, users: Users) -> None:
        self._management, self._history = management, history
        self._applications, self._users = applications, users

    def find(self) -> list[Living]:
        """What the provider keeps and honours now, what ends first coming first."""
        return [_read(each) for each in self._management.ask("GET", "living")["living"]]

    def look(self, now: datetime, since: datetime | None = None) -> tuple[list[Living], list[Death]]:
        """What lives now, ID Tokens included, and what ended from `since` on; the ended may hold some from before."""
        said = self._management.ask("GET", "living", query={"since": since})
        living, ended = [_read(each) for each in said["living"]], [_read_death(each) for each in said["ended"]]
        for each in self._id_tokens():
            if each.ends_at is None or now < each.ends_at:
                living.append(each)
            elif since is not None:
                ended.append(Death(of=each, at=each.ends_at, because=Cause.TTL))
        return soonest_first(living), sorted(ended, key=lambda death: death.at)

    def next(self) -> tuple[datetime, str] | None:
        """The next moment at which something that the provider keeps ends, and what that is; None when nothing will."""
        first = next((each for each in self.find() if each.ends_at is not None), None)
        return None if first is None or first.ends_at is None else (first.ends_at, first.kind.one)

    def __iter__(self) -> Iterator[Living]:
        return iter(self.find())

    def __len__(self) -> int:
        return len(self.find())

    def __repr__(self) -> str:
        return "\n".join(map(_line, self.find())) or "nothing lives"

    def _id_tokens(self) -> list[Living]:
        held = {}
        for run in self._history:
            result = run.result if run.finished else None
            if isinstance(result, SignedIn) and result.tokens.id_token:
                held[result.tokens.id_token] = result.claims
        return [self._held(id_token, claims) for id_token, claims in held.items()]

    def _held(self, id_token: str, claims: Mapping[str, Any]) -> Living:
        audience = claims.get("aud")
        client_id = str(audience[0] if isinstance(audience, list) and audience else audience)
        sub = str(claims.get("sub"))
        return Living(
            key=f"{Kind.ID_TOKEN} {id_token[-20:]}",  # of its signature
            kind=Kind.ID_TOKEN,
            since=moment(claims.get("iat")) or _UNKNOWN,
            ends_at=moment(claims.get("exp")),
            because=Cause.TTL,
            refusal="id_token_expired",
            client_id=client_id,
            application=self._name(self._applications, client_id),
            sub=sub,
            user=self._name(self._users, sub),
        )

    def _name(self, known: Applications | Users, key: str) -> str:
        try:
            return known.own(key).name
        except LookupError:  # deleted meanwhile
            return key


def _read(said: Mapping[str, Any]) -> Living:
    ends_at, because = said["ends_at"], said["because"]
    read = {
        "kind": Kind(said["kind"]),
        "since": datetime.fromisoformat(said["since"]),
        "ends_at": ends_at and datetime.fromisoformat(ends_at),
        "because": because and Cause(because),
    }
    return Living(**{**said, **read})


def _read_death(said: Mapping[str, Any]) -> Death:
    at = datetime.fromisoformat(said["at"])
    return Death(of=_read(said["of"]), at=at, because=Cause(said["because"]), detail=said["detail"])


def _line(each: Living) -> str:
    until = "has no end" if each.ends_at is None else f"until {each.ends_at:%Y-%m-%d %H:%M:%S}, {each.cause}"
    return f"{each.said}: {until}"

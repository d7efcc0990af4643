"""Lists what lives, until when and because of which clock, and what ended of late — RFC6749-1.4, RFC6749-1.5."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from oidc_lab.domain.fate import Fate, fate_of_access_token, fate_of_code, fate_of_refresh_token, first
from oidc_lab.domain.living import Cause, Death, Kind, Living, soonest_first
from oidc_lab.domain.refresh_parameters import NO_TIME, RefreshPolicy, Supersede
from oidc_lab.domain.tokens import CODE_LIFETIME, AccessToken, Code, Family, RefreshToken
from oidc_lab.provider.context import context
from oidc_lab.provider.issue import policy_for
from oidc_lab.provider.store.tables import digest

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)

# Enough to tell things apart; what is kept of a token is its digest, and this is less.
_KEY = 20


@dataclass(frozen=True)
class Lives:
    """What lives at `now`, what ends first coming first, and what ended, the latest last."""

    now: datetime
    living: list[Living]
    ended: list[Death]


def lives(since: datetime | None = None) -> Lives:
    """What lives, and what ended from `since` on; what ended before may be among that, too."""
    now = context().now
    living: list[Living] = []
    ended: list[Death] = []
    for thing, fate in _Look(since or now).everything():
        if fate.at is None or fate.because is None or now < fate.at:
            living.append(thing)
        elif since is not None:
            ended.append(Death(of=thing, at=fate.at, because=fate.because, detail=fate.detail))
    return Lives(now, soonest_first(living), sorted(ended, key=lambda death: death.at))


class _Look:
    """One look at everything that is kept, with the applications' policies and the users' names at hand."""

    def __init__(self, since: datetime) -> None:
        self._since = max(since, _ALWAYS)
        self._applications = {each.client_id: each for each in context().store.applications.all()}
        self._policies = {name: policy_for(each) for name, each in self._applications.items()}
        self._users: dict[str, str] = {}

    def everything(self) -> Iterator[tuple[Living, Fate]]:
        """Each thing with what ends it."""
        yield from self._tokens()
        yield from self._sessions()
        yield from self._grants()
        yield from self._secrets()

    def _tokens(self) -> Iterator[tuple[Living, Fate]]:
        kept, lifetime = context().store.expiries, context().rules.grant_lifetime
        for code in kept.tokens(Code, self._since):
            began = code.expires_at - CODE_LIFETIME
            yield self._token(Kind.CODE, code.digest, code.family, began, fate_of_code(code, lifetime))
        for access in kept.tokens(AccessToken, self._since):
            fate = fate_of_access_token(access, lifetime)
            yield self._token(Kind.ACCESS_TOKEN, access.digest, access.family, access.issued_at, fate)
        replaced_since = _lingering_since(self._since, list(self._policies.values()))
        refreshes = kept.tokens(RefreshToken, self._since, replaced_since=replaced_since)
        generations = _generations(refreshes)
        for refresh in refreshes:
            family = refresh.family
            fate = fate_of_refresh_token(refresh, self._policies[family.client_id], generations[family.family_id])
            yield self._token(Kind.REFRESH_TOKEN, refresh.digest, refresh.family, refresh.issued_at, fate)

    def _sessions(self) -> Iterator[tuple[Living, Fate]]:
        for session, ended_at in context().store.expiries.sessions(self._since):
            signed_out = Fate(at=ended_at, because=Cause.REVOKED, refusal=_SIGNED_OUT, detail="signed_out")
            fate = first((Fate(at=session.expires_at, because=Cause.TTL, refusal=_SIGNED_OUT), signed_out))
            whose = {"sub": session.sub, "user": self._user(session.sub), "sid": session.sid}
            yield _thing(Kind.SESSION, session.sid, session.began_at, fate, **whose)

    def _grants(self) -> Iterator[tuple[Living, Fate]]:
        lifetime = context().rules.grant_lifetime
        for grant in context().store.grants.all():
            fate = Fate(at=grant.ends_at(lifetime), because=Cause.TTL, refusal="grant_expired")
            whose = self._whose(grant.client_id, grant.sub) | {"sid": grant.sid, "grant_id": grant.grant_id}
            yield _thing(Kind.GRANT, grant.grant_id, grant.created_at, fate, **whose)

    def _secrets(self) -> Iterator[tuple[Living, Fate]]:
        for client_id, secret in context().store.expiries.secrets(self._since):
            fate = Fate(at=secret.expires_at, because=Cause.TTL, refusal="secret_expired")
            key = digest(f"{client_id} {secret.name} {secret.created_at.isoformat()}")
            yield _thing(Kind.SECRET, key, secret.created_at, fate, **self._whose(client_id), name=secret.name)

    def _token(self, kind: Kind, key: str, family: Family, since: datetime, fate: Fate) -> tuple[Living, Fate]:
        whose = self._whose(family.client_id, family.sub or "")
        descent = {"sid": family.sid or "", "grant_id": family.grant_id or "", "family_id": family.family_id}
        return _thing(kind, key, since, fate, **whose, **descent)

    def _whose(self, client_id: str, sub: str = "") -> dict[str, str]:
        application = self._applications[client_id].name
        return {"client_id": client_id, "application": application, "sub": sub, "user": self._user(sub)}

    def _user(self, sub: str) -> str:
        if sub not in self._users:
            user = context().store.users.find(sub) if sub else None
            self._users[sub] = user.name if user else sub
        return self._users[sub]


_SIGNED_OUT = "login_required"


def _thing(kind: Kind, key: str, since: datetime, fate: Fate, **more: str) -> tuple[Living, Fate]:
    because = fate.because if fate.at is not None else None
    refusal = fate.refusal if fate.at is not None else ""
    named = f"{kind} {key[:_KEY]}"
    return Living(key=named, kind=kind, since=since, ends_at=fate.at, because=because, refusal=refusal, **more), fate


def _generations(tokens: Iterable[RefreshToken]) -> dict[str, dict[int, datetime]]:
    """When each generation of each family was first given out."""
    families: dict[str, dict[int, datetime]] = {}
    for token in tokens:
        known = families.setdefault(token.family.family_id, {})
        known[token.generation] = min(token.issued_at, known.get(token.generation, token.issued_at))
    return families


def _lingering_since(since: datetime, policies: list[RefreshPolicy]) -> datetime:
    """From when on a replaced token may still be honoured at a moment."""
    if any(each.supersede is Supersede.KEEP for each in policies):
        return _ALWAYS
    return since - max((each.leeway for each in policies), default=NO_TIME)

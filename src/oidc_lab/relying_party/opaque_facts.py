"""What a bench knows of a token by itself: who gave it, for what, until when it lives and why — RFC6749-6."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oidc_lab.domain.fate import clock_of
from oidc_lab.domain.living import Cause
from oidc_lab.relying_party.asking import Introspection
from oidc_lab.relying_party.introspection import Introspected
from oidc_lab.relying_party.looking import Held, Kind, Knowing
from oidc_lab.relying_party.provenance import Given, Provenance


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something the bench knows of a token by itself."""

    name: str
    sentence: str
    at: datetime | None = None


def facts_of(token: str, kind: Kind, asked: Introspection, provenance: Provenance, knowing: Knowing) -> Iterator[Fact]:
    given = provenance.giver_of(token)
    if given is None:
        yield Fact(name="Given", sentence="by no run that this lab remembers, so what was asked for is not known")
    else:
        yield Fact(name="Given", sentence=f"in “{given.title}”", at=given.at)
        yield from _line(given)
        if given.asked is not None:
            yield Fact(name="Asked for", sentence=_request(given.asked))
        if given.tokens.scopes is not None:
            yield Fact(name="Granted", sentence=" ".join(sorted(given.tokens.scopes)))
    for each in provenance.redeemed(token):
        how = "and was replaced" if each.tokens.refresh_token != token else "and stayed in use"
        yield Fact(name="Used", sentence=f"in “{each.title}”, {how}", at=each.at)
    yield from _of_grant(kind, given, asked, knowing)


def _line(given: Given) -> Iterator[Fact]:
    if given.earlier:
        first, refreshes = given.first, len(given.earlier)
        times = "once" if refreshes == 1 else f"{refreshes} times"
        yield Fact(name="Family", sentence=f"of “{first.title}”, refreshed {times} since", at=first.at)


def _request(asked: Mapping[str, str]) -> str:
    shown = [f"{name}={asked[name]}" for name in ("scope", "prompt", "max_age", "claims") if name in asked]
    return ", ".join(shown)


def _of_grant(kind: Kind, given: Given | None, asked: Introspection, knowing: Knowing) -> Iterator[Fact]:
    said = asked.said
    if said is None or not said.active or said.client_id is None:
        return
    held = knowing.grants(said.sub, said.client_id) if said.sub is not None else ()
    for each in held:
        until = (
            "without an end of its own" if each.expires_at is None else f"until {each.expires_at:%Y-%m-%d %H:%M} UTC"
        )
        yield Fact(name="Grant", sentence=f"of {' '.join(sorted(each.scopes))}, {until}", at=each.created_at)
    if said.expires_at is None:
        yield Fact(name="Ends", sentence="not by itself")
        return
    because = _why_access_ends if kind is Kind.ACCESS_TOKEN else _why_refresh_ends
    yield Fact(name="Ends", sentence=f"then: {because(said, given, held, knowing)}", at=said.expires_at)


def _why_access_ends(said: Introspected, given: Given | None, held: Sequence[Held], knowing: Knowing) -> str:
    lives = given.tokens.expires_in if given is not None else None
    if given is not None and lives is not None and given.at + timedelta(seconds=lives) == said.expires_at:
        return f"{Cause.TTL.words}, expires_in was {lives}"
    if any(each.expires_at == said.expires_at for each in held):
        return Cause.GRANT.words
    sessions = knowing.sessions(said.sub) if said.sub is not None else ()
    if any(each.expires_at == said.expires_at for each in sessions):
        return f"{Cause.SESSION.words}{_MORE[Cause.SESSION]}"
    return Cause.TTL.words


def _why_refresh_ends(said: Introspected, _: Given | None, held: Sequence[Held], __: Knowing) -> str:
    live = [token for each in held for token in each.refresh_tokens]
    alike = {each.because for each in live if (each.issued_at, each.ends_at) == (said.issued_at, said.expires_at)}
    clock = clock_of(alike.pop() or "") if len(alike) == 1 else None
    return _UNTOLD if clock is None else f"{clock.words}{_MORE.get(clock, '')}"


_UNTOLD = "the first of its clocks says so"
_MORE = {
    Cause.GRANT: ", which no refresh extends",
    Cause.SESSION: ", to which it is bound without offline_access",
}

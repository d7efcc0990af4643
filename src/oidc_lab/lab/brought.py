"""Finds the run that brought a refresh token which lives: the provider knows its digest only — RFC6749-1.5."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oidc_lab.domain.grant import Grant
from oidc_lab.lab.given import LiveRefreshToken
from oidc_lab.lab.history import History
from oidc_lab.relying_party.flow import Bench
from oidc_lab.relying_party.provenance import given_in

# The clocks of a bench and of a provider that is served may differ by so much.
_APART = timedelta(seconds=5)


@dataclass(frozen=True)
class Brought:
    """A refresh token that a run brought and that was not replaced in another one."""

    key: str
    client_id: str
    sub: str
    at: datetime
    refreshed: bool

    def may_be(self, token: LiveRefreshToken, grant: Grant) -> bool:
        """Whether it can be this token of this grant."""
        same = (self.client_id, self.sub, self.refreshed) == (grant.client_id, grant.sub, token.generation > 0)
        return same and abs(self.at - token.issued_at) <= _APART


def brought(history: History) -> list[Brought]:
    """The refresh tokens that the runs of a bench brought, without those that were replaced."""
    found: dict[str, Brought] = {}
    replaced: set[str] = set()
    for text, spent, each in _responses(history):
        found.setdefault(text, each)  # one that stays in use is sent again; the first run brought it
        replaced |= {spent} - {text}
    return [each for text, each in found.items() if text not in replaced]


def key_of(token: LiveRefreshToken, grant: Grant, among: Sequence[Brought]) -> str:
    """The run that brought a token; empty when it was none of these, or when it cannot be told which."""
    found = [each.key for each in among if each.may_be(token, grant)]
    return found[0] if len(found) == 1 else ""


def _responses(history: History) -> Iterator[tuple[str, str, Brought]]:
    """The refresh token of each run, the one that was sent for it, and what is known of it."""
    for run in history:
        given, desk = given_in(run), history.desk(run)
        if given is None or given.tokens.refresh_token is None or not isinstance(desk, Bench):
            continue
        spent = given.sent.get("refresh_token", "") if given.refreshed else ""
        known = Brought(history.key(run), given.client_id, desk.persona.sub, given.at, given.refreshed)
        yield given.tokens.refresh_token, spent, known

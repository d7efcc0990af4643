"""Asks the provider what a token that nobody else can read is worth, and what it opens — RFC7662-2, OIDCC-5.3."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from oidc_lab.domain.application import Application
from oidc_lab.relying_party.back_channel import introspection_flow, userinfo_flow
from oidc_lab.relying_party.flow import SignedIn
from oidc_lab.relying_party.introspection import Introspected
from oidc_lab.relying_party.looking import Knowing
from oidc_lab.relying_party.provenance import Given
from oidc_lab.relying_party.token import Tokens
from oidc_lab.relying_party.why import Cause, explain


@dataclass(frozen=True, kw_only=True)
class Introspection:
    """What introspection said: who asked, `at` which moment, the answer as it came, and why it is not more.

    `problem` says why nobody could ask; then there is no answer.
    """

    asker: Application | None
    at: datetime
    answer: Mapping[str, Any] = field(default_factory=dict)
    said: Introspected | None = None
    cause: Cause | None = None
    problem: str = ""

    @property
    def active(self) -> bool:
        """Whether the provider says that the token is good."""
        return self.said is not None and self.said.active


def introspect(token: str, given: Given | None, knowing: Knowing) -> Introspection:
    """Ask what a token is worth, as its own application where that can say who it is."""
    for asker in _askers(given, knowing):
        try:
            desk = knowing.desk(asker)
        except ValueError:
            continue
        title = f"{asker.name} asks what a token is worth"
        run = knowing.send(title, lambda desk: introspection_flow(desk, token), desk)
        answer = run.trace.exchanges[-1].response
        said = answer.json() if answer is not None else None
        causes = explain(run).causes
        return Introspection(
            asker=asker,
            at=knowing.now(),
            answer=said if isinstance(said, dict) and run.finished else {},
            said=run.result if run.finished else None,
            cause=causes[-1] if causes else None,
        )
    problem = "nobody here can ask: the secret of no application is known (RFC7662-4)"
    return Introspection(asker=None, at=knowing.now(), problem=problem)


def _askers(given: Given | None, knowing: Knowing) -> Iterator[Application]:
    """Its own application first, then those that may ask about every token, then whoever is left — RFC7662-4."""
    own = knowing.application(given.client_id) if given is not None else None
    if own is not None:
        yield own
    yield from knowing.askers()
    yield from knowing.applications()


def ask_userinfo(token: str, asked: Introspection, knowing: Knowing) -> tuple[Mapping[str, Any] | None, Cause | None]:
    """What userinfo tells to an access token that is good, or why it refuses."""
    said, asker = asked.said, asked.asker
    if said is None or asker is None or not said.active or said.sub is None:
        return None, None
    signed_in = SignedIn(Tokens(access_token=token, token_type="Bearer"), {"sub": said.sub}, {}, {})
    title = "The application asks who the user is"
    run = knowing.send(title, lambda desk: userinfo_flow(desk, signed_in), knowing.desk(asker))
    if run.finished:
        return run.result.userinfo, None
    return None, next(iter(reversed(explain(run).causes)), None)

"""Looks into the tokens of a bench: what it knows and can ask for that — RFC7662-2."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from oidc_lab.domain.application import Application
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.session import Session
from oidc_lab.domain.user import User
from oidc_lab.domain.watched import Watched
from oidc_lab.lab.applications import RegisteredApplication
from oidc_lab.lab.given import HeldGrant
from oidc_lab.lab.named import UnknownName
from oidc_lab.lab.parties import client_of
from oidc_lab.relying_party.desk import Desk
from oidc_lab.relying_party.flow import Flow, SignedIn
from oidc_lab.relying_party.inspection import Inspection
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.provenance import given_in, tokens_of
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.token import Tokens
from oidc_lab.relying_party.wire import Wire

if TYPE_CHECKING:
    from oidc_lab.lab.managed import Managed

Inspectable = str | Run | SignedIn | Tokens

_BEARER = "bearer "
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")
_JOINED = "Line breaks and spaces inside the text were taken out: a token has none, a mail or a terminal wraps it."


class BenchKnowledge:
    """What a bench knows of its tokens, and whom it can ask; `besides` is a run that it does not remember any more."""

    def __init__(self, lab: "Managed", wire: Wire, besides: Run | None = None) -> None:
        self._lab, self._wire, self._besides = lab, wire, besides
        self.issuer = lab.issuer

    def now(self) -> datetime:
        """The present moment."""
        return self._lab.clock.now

    def runs(self) -> Sequence[Run]:
        """The runs that it remembers, oldest first."""
        kept = tuple(self._lab.history)
        return kept if self._besides is None or self._besides in kept else (*kept, self._besides)

    def profile(self) -> Profile:
        """Whose rules the provider follows."""
        return self._lab.profile

    def application(self, client_id: str) -> Application | None:
        """An application as the provider has it now."""
        try:
            return self._lab.applications[client_id]
        except UnknownName:
            return None

    def adopted(self, client_id: str) -> RefreshPolicy | None:
        """The policy that an application follows in place of its settings."""
        return self._lab.applications.adopted(client_id)

    def applications(self) -> Sequence[Application]:
        """Those that users sign in to."""
        return [each for each in self._all() if each.oauth.response_types]

    def user(self, sub: str) -> User | None:
        """A user as the provider has it now."""
        try:
            return self._lab.users[sub]
        except UnknownName:
            return None

    def grants(self, sub: str, client_id: str) -> Sequence[HeldGrant]:
        """What a user lets an application have."""
        return self._lab.grants.find(sub=sub, client_id=client_id)

    def sessions(self, sub: str) -> Sequence[Session]:
        """Where a user is signed in."""
        return self._lab.sessions.find(sub=sub)

    def desk(self, application: Application) -> Desk:
        """An application as it asks. Raises ValueError when its secret is not known."""
        return Desk(registration=client_of(application, self.issuer), ledger=Ledger())

    def askers(self) -> Sequence[Application]:
        """The confidential applications whose secret is known."""
        return [each for each in self._all() if each.confidential and each.client_secret]

    def _all(self) -> list[RegisteredApplication]:
        return [self._lab.applications.own(each) for each in self._lab.applications]

    def send(self, title: str, flow: Callable[[Desk], Flow], desk: Desk) -> Run:
        """Run a flow to its end, beside the runs that are remembered.

        The provider's audit log has it, as it has every question; the history of runs has not.
        """
        return Run(title, flow(desk), wire=self._wire, ledger=desk.ledger, clock=self._lab.clock).finish()

    def follow(self, changed: Callable[[], None]) -> None:
        """Have `changed` called when the clock was moved."""
        if isinstance(self._lab.clock, Watched):
            self._lab.clock.watch(changed)


def inspect(lab: "Managed", of: Inspectable, application: Application | str | None = None, *, wire: Wire) -> Inspection:
    """Look into a token, or into those of a run. Raises TypeError for anything else."""
    viewer = lab.applications[application] if isinstance(application, str) else application
    if isinstance(of, str):
        bare = _bare(of)
        joined = _joined(bare)
        note = "" if joined == bare else _JOINED
        return Inspection(BenchKnowledge(lab, wire), [joined], application=viewer, note=note)
    if isinstance(of, Run):
        return _of_run(lab, of, viewer, wire)
    if isinstance(of, SignedIn | Tokens):
        tokens = of.tokens if isinstance(of, SignedIn) else of
        return Inspection(BenchKnowledge(lab, wire), _texts(tokens), application=viewer)
    called = repr(of) if of is None or isinstance(of, int | float) else f"a {type(of).__name__}"
    raise TypeError(f"{called} is no token: give its text, or a run, or what a run gave")


def _of_run(lab: "Managed", run: Run, viewer: Application | None, wire: Wire) -> Inspection:
    tokens, given = tokens_of(run), given_in(run)
    if tokens is None:
        problem = "This run has no token" + (" yet: its steps are not done." if run.next_step is not None else ".")
        return Inspection(BenchKnowledge(lab, wire, run), [], title=run.title, problem=problem)
    if run.finished and isinstance(run.result, SignedIn | Tokens):
        result = run.result.tokens if isinstance(run.result, SignedIn) else run.result
        tokens = replace(tokens, refresh_token=result.refresh_token)  # one that stays in use is not sent again
    return Inspection(BenchKnowledge(lab, wire, run), _texts(tokens), title=run.title, given=given, application=viewer)


def _texts(tokens: Tokens) -> list[str]:
    return [each for each in (tokens.id_token, tokens.access_token, tokens.refresh_token) if each is not None]


def _joined(text: str) -> str:
    """Without line breaks and spaces where what is left can be a token — RFC6750-2.1."""
    joined = "".join(text.split())
    return joined if _TOKEN.fullmatch(joined) else text


def _bare(text: str) -> str:
    """Without what stands round a token where people copy it from."""
    bare = text.strip()
    return bare[len(_BEARER) :].strip() if bare.lower().startswith(_BEARER) else bare

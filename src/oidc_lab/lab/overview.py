"""Looks at a whole bench, and hands out what its panel unfolds into — OIDCC-1."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.audit import LogEntry, Result
from oidc_lab.domain.overview import LiveFamily, Overview, Panel, PastRun
from oidc_lab.domain.shown import Shown
from oidc_lab.lab.brought import brought, key_of
from oidc_lab.lab.given import HeldGrant
from oidc_lab.relying_party.choices import FlowKind
from oidc_lab.relying_party.flow import Bench
from oidc_lab.relying_party.provenance import tokens_of
from oidc_lab.relying_party.run import Run

if TYPE_CHECKING:
    from oidc_lab.lab.managed import Managed

_MOST_RUNS, _MOST_ENTRIES = 8, 10

# The step by whose clause each flow is known.
_FLOWS = {
    "OIDCC-3.1.2.1": FlowKind.SIGN_IN,
    "OIDCC-12.1": FlowKind.REFRESH,
    "OIDCC-5.3.1": FlowKind.USERINFO,
    "OIDCRIL-2": FlowKind.SIGN_OUT,
    "RFC6749-4.4.2": FlowKind.CLIENT_CREDENTIALS,
    "RFC7662-2.1": FlowKind.INTROSPECTION,
    "RFC7009-2.1": FlowKind.REVOCATION,
}


class BenchPanel(Panel):
    """The panel of a bench."""

    def __init__(self, lab: "Managed") -> None:
        self._lab = lab

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Have `changed` called when the bench, one of its runs or its clock changes."""
        ends = [self._lab.watch(changed), self._lab.clock.watch(changed)]

        def stop() -> None:
            for each in ends:
                each()

        return stop

    def overview(self) -> Overview:
        """The bench as it is now; one that is closed, or whose provider is gone, says so."""
        lab = self._lab
        try:
            return self._look()
        except (RuntimeError, ConnectionError) as error:
            return Overview(issuer=lab.issuer, now=lab.clock.now, closed=str(error))

    def entries(self, *, client_id: str = "", sub: str = "", refused: bool = False) -> Sequence[LogEntry]:
        """The last entries of the log that fit, oldest first."""
        wanted = {"client_id": client_id or None, "sub": sub or None, "result": Result.ERROR if refused else None}
        return self._entries(**wanted)

    def follow(self, profile: str) -> None:
        """Have the provider follow another profile."""
        self._lab.profile = profile

    def end_session(self, sid: str) -> None:
        """End a session."""
        self._lab.sessions.end(sid)

    def revoke(self, grant_id: str) -> None:
        """Take a grant away."""
        self._lab.grants.revoke(grant_id)

    def form(self, client_id: str = "") -> Shown:
        """The form of an application, or of a new one."""
        applications = self._lab.applications
        return applications[client_id].form() if client_id else applications.form()

    def step(self, client_id: str = "", *, flow: str = "sign-in", sub: str = "", **choices: str) -> Shown:
        """A flow to step through; one that has ended begins anew, where both sides stand now."""
        stepping = self._lab.step(client_id or None, flow=flow, user=sub or None, **choices)
        if stepping.run is not None and stepping.next_step is None:
            stepping.choose()
        return stepping

    def inspect(self, run: str) -> Shown:
        """A look inside the tokens that a run has."""
        return self._lab.inspect(self._run(run))

    def clock(self) -> Shown:
        """The clock."""
        return self._lab.clock.panel()

    def _look(self) -> Overview:
        lab = self._lab
        grants = lab.grants.find()
        return Overview(
            issuer=lab.issuer,
            now=lab.clock.now,
            profile=lab.profile,
            applications=lab.applications.all(),
            users=lab.users.all(),
            passwords=lab.test_passwords,
            sessions=lab.sessions.find(),
            grants=grants,
            grant_ends={each.grant_id: each.expires_at for each in grants if each.expires_at is not None},
            families=list(self._families(grants)),
            log=self._entries(),
            entries=lab.audit_log.last_number,
            runs=[self._past(run) for run in lab.history[-_MOST_RUNS:]],
            clock_barred=lab.clock.barred,
            shared=lab.shared,
        )

    def _entries(self, **wanted: Any) -> list[LogEntry]:
        return self._lab.audit_log.latest(_MOST_ENTRIES, **wanted)

    def _families(self, grants: Sequence[HeldGrant]) -> Iterator[LiveFamily]:
        known = brought(self._lab.history)
        for grant, token in ((held, token) for held in grants for token in held.refresh_tokens):
            yield LiveFamily(
                grant=grant,
                generation=token.generation,
                issued_at=token.issued_at,
                last_used_at=token.last_used_at,
                ends_at=token.ends_at,
                because=token.because,
                run=key_of(token, grant, known),
            )

    def _past(self, run: Run) -> PastRun:
        sent, due = run.trace.exchanges, run.next_step
        steps = [*(each.step for each in sent), *([due] if due else [])]
        desk, refusal, tokens = self._lab.history.desk(run), run.refusal, tokens_of(run)
        return PastRun(
            key=self._lab.history.key(run),
            title=run.title,
            at=sent[-1].at if sent else None,
            messages=len(sent),
            flow=next((_FLOWS[each.clause] for each in steps if each.clause in _FLOWS), ""),
            client_id=desk.registration.client_id,
            sub=desk.persona.sub if isinstance(desk, Bench) else "",
            finished=run.finished,
            refused=f"the {refusal.who}: {refusal.error}" if refusal else "",
            next_step=due.title if due else "",
            tokens=tokens is not None,
            refreshable=tokens is not None and tokens.refresh_token is not None,
        )

    def _run(self, key: str) -> Run:
        history = self._lab.history
        found: Run | None = next((each for each in history if history.key(each) == key), None)
        if found is None:
            raise LookupError("this run is not remembered any more")
        return found

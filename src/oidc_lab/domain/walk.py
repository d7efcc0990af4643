"""Leads the refresh tokens of one sign-in through what happens to them, a row for each — RFC6749-6, RFC9700-4.14.2.

It asks the same decision as the provider, and keeps of each answer what the provider keeps.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from oidc_lab.domain.authentication_request import ClaimsRequest
from oidc_lab.domain.happening import Answer, By, Event, Happening, Row
from oidc_lab.domain.refresh_parameters import NO_TIME, LeewayAnswer, OnReuse, RefreshPolicy, checked
from oidc_lab.domain.refresh_policy import Ending, RefreshDecision, decide, endings, first_expiry
from oidc_lab.domain.session import SESSION_LIFETIME
from oidc_lab.domain.tokens import Family, RefreshToken

NOT_ISSUED = "not_issued"
SIGNED_OUT, PASSWORD_CHANGED, EVICTED, REUSED = "signed_out", "password_changed", "evicted", "refresh_token_reused"


def walk(policy: RefreshPolicy, events: Iterable[Event], begin: datetime, **started: Any) -> list[Row]:
    """Lead a family that begins at `begin` through events, in their order; gives a row for each request and deed.

    `started` is as for Walk. What an application would ask after it was refused, or its user signed out, is left out.
    Raises ValueError for events that are not in order, or cannot happen to it.
    """
    family = Walk(policy, begin, **started)
    return [family.begun, *(row for event in events for row in family.happen(event))]


class Walk:
    """One family under way; `begun` is the row of the sign-in, `signed_in` whether the application still has a token.

    `offline` is whether the user agreed to offline access: then the family outlives its session. `grant_began_at` and
    `session_began_at` may lie before `begin`.
    """

    def __init__(
        self,
        policy: RefreshPolicy,
        begin: datetime,
        *,
        offline: bool = True,
        grant_began_at: datetime | None = None,
        session_began_at: datetime | None = None,
        session_lifetime: timedelta = SESSION_LIFETIME,
    ) -> None:
        self.policy, self.now = checked(policy), begin
        self.family = Family(
            family_id="walk", client_id="", sub="", sid="", auth_time=begin, offline=offline, first_issued_at=begin,
            grant_began_at=grant_began_at or begin, session_began_at=session_began_at or begin,
            session_expires_at=begin + session_lifetime,
        )  # fmt: skip
        self.held: int | None = None
        self._former: int | None = None
        self._copied: int | None = None
        self._elsewhere = 0
        self._tokens: list[RefreshToken] = []
        self._successors: dict[int, int] = {}
        self.begun = self._begin()

    @property
    def signed_in(self) -> bool:
        """Whether the application still has a token that it was not refused."""
        return self.held is not None

    def happen(self, event: Event) -> list[Row]:
        """Let one thing happen. Raises ValueError for what cannot happen to it, or not at this moment."""
        if event.what is Happening.SIGN_IN:
            raise ValueError("a family begins with its sign-in, once; another one of this user is a sign-in elsewhere")
        if event.at < self.now:
            raise ValueError(f"{event.what} at {event.at}: something happened at {self.now} already, sort the events")
        if event.gap < NO_TIME:
            raise ValueError(f"{event.what} at {event.at}: the second tab asks later than the first, or at once")
        self.now = event.at
        if event.what in _DEEDS:
            return self._deed(event)
        if event.what is Happening.THIEF:
            return self._thief_asks(event)
        if self.held is None:
            return []
        if event.what is Happening.THEFT:
            self._copied = self.held
            return [self._row(event, By.THIEF, Answer.NOTHING)]
        if event.what is Happening.REPLAY:
            return [self._ask(event, By.SOMEBODY, self.held if self._former is None else self._former)]
        return self._application_asks(event, self.held)

    def _begin(self) -> Row:
        event = Event(at=self.now, what=Happening.SIGN_IN)
        if not self.policy.issued:
            return self._row(event, By.USER, Answer.NOTHING, because=NOT_ISSUED)
        self.held = self._keep(first_expiry(self.policy, self.now), generation=0)
        return self._row(event, By.USER, Answer.NEW, given=self.held, about=self.held)

    def _application_asks(self, event: Event, held: int) -> list[Row]:
        row = self._ask(event, By.APPLICATION, held)
        if event.what is Happening.LOST_REPLY:
            return [row]
        self._hear(row)
        if event.what is not Happening.TWO_TABS:
            return [row]
        self.now = event.at + event.gap
        second = self._ask(event, By.SECOND_TAB, held)
        if self.held is not None:
            self._hear(second)
        return [row, second]

    def _hear(self, row: Row) -> None:
        """The tabs share what they hold: whoever is answered last leaves it, whoever is refused signs the user out."""
        if row.given != self.held:
            self._former, self.held = self.held, row.given

    def _thief_asks(self, event: Event) -> list[Row]:
        if self._copied is None:
            return []
        row = self._ask(event, By.THIEF, self._copied)
        self._copied = row.given
        return [row]

    def _ask(self, event: Event, by: By, sent: int) -> Row:
        token = replace(self._tokens[sent], family=self.family)
        decision = decide(token, self.policy, self.now)
        if decision.refusal is not None:
            because = self.family.revoked_because or decision.because
            if decision.revokes is not OnReuse.REJECT:
                self._revoke(REUSED)
            return self._row(event, by, Answer.REFUSED, sent=sent, reason=decision.refusal, because=because, about=sent)
        given, answer = self._honour(token, decision, sent)
        return self._row(event, by, answer, sent=sent, given=given, because=decision.because, about=given)

    def _honour(self, token: RefreshToken, decision: RefreshDecision, sent: int) -> tuple[int, Answer]:
        if not decision.replaced:
            self._tokens[sent] = replace(token, expires_at=decision.expires_at, last_used_at=self.now)
            self.family = replace(self.family, last_used_at=self.now)
            return sent, Answer.SAME
        used_at, reuses = token.used_at or self.now, token.reuses + decision.again
        self._tokens[sent] = replace(token, used_at=used_at, last_used_at=self.now, reuses=reuses)
        if self.policy.leeway_answer is LeewayAnswer.SAME_SUCCESSOR and sent in self._successors:
            return self._successors[sent], Answer.SUCCESSOR
        # A second successor of one token is the sibling of the first, not its child.
        given = self._keep(decision.expires_at, generation=token.generation + 1)
        self._successors[sent] = given
        newest = max(token.generation + 1, self.family.generation)
        self.family = replace(self.family, last_used_at=self.now, generation=newest)
        return given, Answer.NEW

    def _keep(self, expires_at: datetime | None, *, generation: int) -> int:
        number = len(self._tokens)
        token = RefreshToken(
            digest=f"token {number}", family=self.family, scopes=frozenset(), claims=ClaimsRequest(),
            issued_at=self.now, expires_at=expires_at, ttl=None if expires_at is None else expires_at - self.now,
            generation=generation,
        )  # fmt: skip
        self._tokens.append(token)
        return number

    def _deed(self, event: Event) -> list[Row]:
        if not self._tokens:
            return []
        ends, because, by = self._ends(event.what)
        ended = ends and self.family.revoked_at is None
        if ended:
            self._revoke(because)
        row = self._row(event, by, Answer.REVOKED if ended else Answer.NOTHING, because=because if ended else "")
        if event.what is Happening.SIGN_OUT:
            self.held = self._former = None
        return [row]

    def _ends(self, what: Happening) -> tuple[bool, str, By]:
        """Whether a deed ends the family, how the provider calls that, and whose deed it is."""
        bound, policy = not self.family.offline, self.policy
        if what is Happening.SIGN_OUT:
            return self._session_ends() and (bound or policy.logout_revokes is True), SIGNED_OUT, By.USER
        if what is Happening.SESSION_END:
            return self._session_ends() and bound, SIGNED_OUT, By.PROVIDER
        if what is Happening.PASSWORD_CHANGE:
            return policy.password_change_revokes is True, PASSWORD_CHANGED, By.USER
        self._elsewhere += 1
        return policy.max_live is not None and self._elsewhere >= policy.max_live, EVICTED, By.USER

    def _session_ends(self) -> bool:
        """End the session; nothing ends with one that is over already, by time or by a deed."""
        ends_at = self.family.session_expires_at
        there = ends_at is not None and self.now < ends_at
        if there:
            self.family = replace(self.family, session_expires_at=self.now)
        return there

    def _revoke(self, because: str) -> None:
        self.family = replace(self.family, revoked_at=self.now, revoked_because=because)

    def _row(self, event: Event, by: By, answer: Answer, *, about: int | None = None, **said: Any) -> Row:
        concerned = self.held if about is None else about
        clocks: tuple[Ending, ...] = ()
        if concerned is not None and self.family.revoked_at is None:
            clocks = tuple(endings(replace(self._tokens[concerned], family=self.family), self.policy))
        return Row(
            at=self.now, what=event.what, by=by, answer=answer, generation=self.family.generation, clocks=clocks, **said
        )


_DEEDS = {Happening.SIGN_OUT, Happening.SESSION_END, Happening.PASSWORD_CHANGE, Happening.ELSEWHERE}

"""A family of refresh tokens led through events, said a second time and plainly: what the walk is held to.

Nothing here asks the domain's decision, its clocks or its leeway; it is written from provider-policies 1 and from the
words of domain/happening. Time counts microseconds since the family began, and what never ends ends at FOREVER.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from typing import Any

from oidc_lab.domain.happening import Event, Happening, Row
from oidc_lab.domain.refresh_parameters import RefreshPolicy

FOREVER = inf
# In which order an ended token is told why; a clock's own name, and the refusal.
REFUSALS = {
    "ttl": "refresh_token_expired",
    "idle": "refresh_token_idle",
    "absolute": "family_too_old",
    "grant": "grant_expired",
    "session": "session_over",
}
CLOCK_OF = {"first_token": "absolute", "last_rotation": "absolute", "grant": "grant", "sso_session": "session"}


@dataclass(frozen=True)
class Told:
    """What is compared of a row; `ended` is why the family is over, where the row says so."""

    at: float
    what: str
    by: str
    answer: str
    sent: int | None = None
    given: int | None = None
    reason: str = ""
    ended: str = ""
    generation: int = 0
    clocks: tuple[tuple[float, str], ...] = ()


@dataclass
class Token:
    """`spent` is when it was replaced, `good` when it was last honoured, `extra` how often it was after that."""

    issued: float
    end: float
    generation: int
    lifetime: float
    spent: float | None = None
    good: float | None = None
    extra: int = 0
    heir: int | None = None


def of_row(row: Row, begin: datetime) -> Told:
    """A row of the walk in the words of this module."""
    names = {refusal: clock for clock, refusal in REFUSALS.items()}
    says_why = row.reason == "family_revoked" or row.answer == "family ended" or row.because == "not_issued"
    return Told(
        count(row.at - begin), row.what.value, row.by.value, row.answer.value, row.sent, row.given, row.reason,
        row.because if says_why else "", row.generation,
        tuple((count(clock.at - begin), names[clock.limit.value]) for clock in row.clocks),
    )  # fmt: skip


def count(length: timedelta | None) -> float:
    """A duration in microseconds."""
    return FOREVER if length is None else length // timedelta(microseconds=1)


class PlainWalk:
    """One family; `told` grows with every request and deed."""

    def __init__(
        self, policy: RefreshPolicy, begin: datetime, *, offline: bool, grant_began: datetime, session_began: datetime,
        session_lifetime: timedelta,
    ) -> None:  # fmt: skip
        self.policy, self.begin, self.offline = policy, begin, offline
        self.starts = {
            "first_token": 0,
            "grant": count(grant_began - begin),
            "sso_session": count(session_began - begin),
        }
        self.session_end = count(session_lifetime)
        self.session_there = True
        self.now: float = 0
        self.last_use: float = 0
        self.newest = self.others = 0
        self.over = ""
        self.tokens: list[Token] = []
        self.held: int | None = None
        self.before: int | None = None
        self.loot: int | None = None
        self.told: list[Told] = []
        if policy.issued:
            self.held = self._issue(count(policy.ttl), 0)
            self._tell("sign-in", "user", "new token", given=0)
        else:
            self._tell("sign-in", "user", "nothing ended", ended="not_issued")

    def lead(self, events: list[Event]) -> list[Told]:
        for event in events:
            self.now = count(event.at - self.begin)
            self._happens(event.what.value, event)
        return self.told

    def _happens(self, what: str, event: Event) -> None:
        if not self.tokens:
            return
        if event.what in {
            Happening.SIGN_OUT, Happening.SESSION_END, Happening.PASSWORD_CHANGE, Happening.ELSEWHERE,
        }:  # fmt: skip
            self._deed(what)
        elif what == "thief's token request":
            if self.loot is not None:
                self.loot = self._redeem(what, "thief", self.loot)
        elif self.held is None:
            pass
        elif what == "theft":
            self.loot = self.held
            self._tell(what, "thief", "nothing ended")
        elif what == "replayed token":
            self._redeem(what, "somebody else", self.before if self.before is not None else self.held)
        elif what == "lost reply":
            self._redeem(what, "application", self.held)
        else:
            self._asks(what, event)

    def _asks(self, what: str, event: Event) -> None:
        shared = self.held
        self._store(self._redeem(what, "application", shared))
        if what == "two tabs at once":
            self.now += count(event.gap)
            answered = self._redeem(what, "second tab", shared)
            if self.held is not None:
                self._store(answered)

    def _store(self, answered: int | None) -> None:
        if answered != self.held:
            self.before = self.held
        self.held = answered

    def _deed(self, what: str) -> None:
        policy, ends = self.policy, False
        if what == "sign-out":
            ends, why, by = (not self.offline or bool(policy.logout_revokes)), "signed_out", "user"
            ends, self.session_there = ends and self._session_lives(), False
        elif what == "session end":
            ends, why, by = not self.offline, "signed_out", "provider"
            ends, self.session_there = ends and self._session_lives(), False
        elif what == "password change":
            ends, why, by = bool(policy.password_change_revokes), "password_changed", "user"
        else:
            self.others += 1
            # The oldest goes when there is one more than the limit, and this family is the oldest.
            ends, why, by = policy.max_live is not None and self.others + 1 > policy.max_live, "evicted", "user"
        if ends and not self.over:
            self.over = why
            self._tell(what, by, "family ended", ended=why)
        else:
            self._tell(what, by, "nothing ended")
        if what == "sign-out":
            self.held = self.before = None

    def _session_lives(self) -> bool:
        return self.session_there and self.now < self.session_end

    def _redeem(self, what: str, by: str, number: int) -> int | None:
        """Send one token; gives what is answered with, or None."""
        token = self.tokens[number]
        if reason := self._ended(token):
            self._tell(what, by, "refused", sent=number, reason=reason, ended=self.over)
            return None
        spent = token.spent is not None and self.policy.supersede.value == "revoke"
        if spent and not self._forgiven(token):
            reason = "refresh_token_spent"
            if self.policy.on_reuse.value != "reject" and self.now < token.spent + count(self.policy.reuse_memory):
                reason, self.over = "refresh_token_reused", "refresh_token_reused"
            self._tell(what, by, "refused", sent=number, reason=reason)
            return None
        if spent or self._rotates(token):
            return self._replace(what, by, number, again=spent)
        if self.policy.extend_on_use and self.policy.ttl is not None:
            token.end = self.now + count(self.policy.ttl)
        token.good = self.last_use = self.now
        self._tell(what, by, "same token", sent=number, given=number)
        return number

    def _ended(self, token: Token) -> str:
        if self.over:
            return "family_revoked"
        passed = {clock for end, clock in self._clocks(token) if not self.now < end}
        return next((refusal for clock, refusal in REFUSALS.items() if clock in passed), "")

    def _clocks(self, token: Token) -> list[tuple[float, str]]:
        policy, anchor = self.policy, self.policy.absolute_anchor.value
        clocks = [
            (token.end, "ttl"),
            (self.last_use + count(policy.idle), "idle"),
            (self.starts.get(anchor, token.issued) + count(policy.absolute), CLOCK_OF[anchor]),
            (FOREVER if self.offline else self.session_end, "session"),
        ]
        return sorted([each for each in clocks if each[0] != FOREVER], key=lambda each: each[0])

    def _forgiven(self, token: Token) -> bool:
        policy = self.policy
        since = token.spent if policy.leeway_anchor.value == "first_use" else token.good
        in_time = self.now - since < count(policy.leeway)
        enough = policy.leeway_reuses is None or token.extra + 1 <= policy.leeway_reuses
        near = policy.leeway_depth is None or token.generation + policy.leeway_depth >= self.newest
        return in_time and enough and near

    def _rotates(self, token: Token) -> bool:
        policy = self.policy
        family_began = self.starts.get(policy.rotate_until_anchor.value, token.issued)
        if not self.now < family_began + count(policy.rotate_until):
            return False
        age, left = self.now - token.issued, token.end - self.now
        return {
            "never": lambda: False,
            "always": lambda: True,
            "after_fraction": lambda: token.lifetime != FOREVER and 100 * age >= policy.rotate_at * token.lifetime,
            "after_age": lambda: not age < count(policy.rotate_at),
            "when_remaining": lambda: not left > count(policy.rotate_at),
        }[policy.rotate.value]()

    def _replace(self, what: str, by: str, number: int, *, again: bool) -> int:
        token = self.tokens[number]
        if token.spent is None:
            token.spent = self.now
        token.good = self.now
        token.extra += again
        if self.policy.leeway_answer.value == "same_successor" and token.heir is not None:
            self._tell(what, by, "same successor", sent=number, given=token.heir)
            return token.heir
        end = token.end if self.policy.renew.value == "remaining" else self.now + count(self.policy.ttl)
        token.heir = self._issue(end, token.generation + 1)
        self.newest = max(self.newest, token.generation + 1)
        self.last_use = self.now
        self._tell(what, by, "new token", sent=number, given=token.heir)
        return token.heir

    def _issue(self, end: float, generation: int) -> int:
        self.tokens.append(Token(issued=self.now, end=end, generation=generation, lifetime=end - self.now))
        return len(self.tokens) - 1

    def _tell(self, what: str, by: str, answer: str, **said: Any) -> None:
        about = next((said[name] for name in ("given", "sent") if said.get(name) is not None), self.held)
        clocks = () if about is None or self.over else tuple(self._clocks(self.tokens[about]))
        self.told.append(Told(self.now, what, by, answer, generation=self.newest, clocks=clocks, **said))

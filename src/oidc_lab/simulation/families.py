"""Decides in arrays whether tokens are honoured and replaced, as domain/refresh_policy does — RFC6749-6."""

from typing import NamedTuple

import numpy as np

from oidc_lab.domain.refresh_parameters import LeewayAnswer
from oidc_lab.domain.refresh_policy import Limit
from oidc_lab.simulation.record import CAUSE, Mask, Users, first_over
from oidc_lab.simulation.reuse import REUSED, caught, spared
from oidc_lab.simulation.slots import NONE, Slots
from oidc_lab.simulation.steps import NEVER, Codes, Seconds
from oidc_lab.simulation.terms import Terms

_SIGNED_OUT, _PASSWORD, _EVICTED = CAUSE["signed_out"], CAUSE["password_changed"], CAUSE["evicted"]


class Answers(NamedTuple):
    """What came of requests: the slots of the tokens given, NONE where refused; why, 0 where not; whether it is new."""

    given: Users
    why: Codes
    new: Mask


class Families:
    """A family of each of many users, under one policy."""

    def __init__(self, terms: Terms, users: int) -> None:
        self.terms = terms
        self._same = terms.policy.leeway_answer is LeewayAnswer.SAME_SUCCESSOR
        self.slots = Slots(users, chained=self._same)
        self._began, self._used, self._session_ends, self._elsewhere = np.zeros((4, users), dtype=np.int32)
        self._generation = np.zeros(users, dtype=np.int32)
        self._revoked = np.zeros(users, dtype=np.int8)
        self.begin(np.arange(users), self._began.copy())

    def begin(self, who: Users, at: Seconds) -> None:
        """These users sign in."""
        expires = self._fresh(at)
        self.slots.begin(who, at, expires, self._turns(at, expires))
        self._began[who] = self._used[who] = at
        self._session_ends[who] = at + np.int32(self.terms.session)
        self._elsewhere[who] = self._generation[who] = self._revoked[who] = 0

    def make_room(self) -> None:
        """To be called before each step once thieves are about."""
        if self._same:
            self.slots.make_room(self._generation)

    def only(self, who: Users) -> None:
        """Forget all other users."""
        self.slots.only(who)
        for name in ("_began", "_used", "_session_ends", "_elsewhere", "_generation", "_revoked"):
            setattr(self, name, getattr(self, name)[who])

    def ask(self, who: Users, sent: Users, at: Seconds) -> Answers:
        """Decide on the token in a slot of each of these users, and keep what a provider keeps."""
        place = sent * self.slots.users + who
        why = self._over(who, place, at)
        again = self._spent(who, place, at, why)
        honoured = why == 0
        replaced = honoured & (self._replaces(who, place, at) | again)
        if self.terms.extends:
            kept = honoured & ~replaced
            self.slots.expires[place[kept]] = at[kept] + np.int32(self.terms.ttl or 0)
        given = np.where(honoured, sent, NONE)
        new = replaced
        if self.terms.replaces:
            self.slots.used_at[place[honoured]] = at[honoured]
            some = np.flatnonzero(replaced)
            given[some], fresh = self._replace(who[some], sent[some], at[some], again[some])
            if self._same:
                new, honoured = replaced.copy(), honoured.copy()
                new[some] = fresh
                honoured[some] = fresh
        self._used[who[honoured]] = at[honoured]
        return Answers(given, why, new)

    def session_ends(self, who: Users, at: Seconds, revokes: bool) -> None:
        """By a deed: what is bound to a session that is still there ends with it, and the rest if `revokes`."""
        there = at < self._session_ends[who]
        self._session_ends[who[there]] = at[there]
        if revokes or self.terms.bound:
            self._revoke(who[there], _SIGNED_OUT)

    def password_changes(self, who: Users) -> None:
        """The user has another password."""
        if self.terms.policy.password_change_revokes is True:
            self._revoke(who, _PASSWORD)

    def elsewhere(self, who: Users) -> None:
        """The user signs in in another place."""
        self._elsewhere[who] += 1
        if self.terms.policy.max_live is not None:
            self._revoke(who[self._elsewhere[who] >= self.terms.policy.max_live], _EVICTED)

    def _fresh(self, at: Seconds) -> Seconds | None:
        return None if self.terms.ttl is None else at + np.int32(self.terms.ttl)

    def _turns(self, at: Seconds, expires: Seconds | None) -> Seconds | None:
        if self.terms.age is not None:
            return at + np.int32(self.terms.age)
        return None if self.terms.percent is None or expires is None else self.terms.turns(at, expires)

    def _revoke(self, who: Users, because: int) -> None:
        still = who[self._revoked[who] == 0]
        self._revoked[still] = because

    def _over(self, who: Users, place: Users, at: Seconds) -> Codes:
        terms, ends = self.terms, []
        if terms.ttl is not None:
            ends.append((CAUSE[Limit.TTL], self.slots.expires[place]))
        if terms.idle is not None:
            ends.append((CAUSE[Limit.IDLE], self._used[who] + np.int32(terms.idle)))
        if terms.last_rotation is not None:
            ends.append((CAUSE[Limit.ABSOLUTE], self.slots.issued[place] + np.int32(terms.last_rotation)))
        ends += [(CAUSE[limit], self._began[who] + np.int32(length)) for limit, length in terms.family]
        revoked = self._revoked[who]
        return np.where(revoked > 0, revoked, first_over(at, ends))

    def _spent(self, who: Users, place: Users, at: Seconds, why: Codes) -> Mask:
        """Which tokens are honoured though they are spent; tells the others in `why`."""
        again = np.zeros(len(who), dtype=np.bool_)
        if not self.terms.spends:
            return again
        back = np.flatnonzero((self.slots.spent_at[place] != NEVER) & (why == 0))
        if not back.size:
            return again
        within = spared(self.terms, self.slots, place[back], self._generation[who[back]], at[back])
        again[back] = within
        out = back[~within]
        why[out] = caught(self.terms, self.slots, place[out], at[out])
        self._revoke(who[why == REUSED], REUSED)
        return again

    def _replaces(self, who: Users, place: Users, at: Seconds) -> Mask:
        terms, slots = self.terms, self.slots
        replaces = np.full(len(who), terms.always)
        if terms.age is not None or terms.percent is not None:
            replaces = at >= slots.turns[place]
        elif terms.left is not None:
            replaces = at >= slots.expires[place] - np.int32(terms.left)
        if terms.until is not None:
            replaces &= at < self._began[who] + np.int32(terms.until)
        if terms.until_own is not None:
            replaces &= at < slots.issued[place] + np.int32(terms.until_own)
        return replaces

    def _replace(self, who: Users, sent: Users, at: Seconds, again: Mask) -> tuple[Users, Mask]:
        """Give each its successor, and say whether it is a new one."""
        slots = self.slots
        place = sent * slots.users + who
        slots.reuses[place] += again
        unspent = slots.spent_at[place] == NEVER
        slots.spent_at[place[unspent]] = at[unspent]
        fresh = unspent if self._same else np.ones(len(who), dtype=np.bool_)
        given = slots.after(sent) if self._same else np.empty_like(sent)
        some = slice(None) if fresh.all() else np.flatnonzero(fresh)
        given[some] = self._new(who[some], sent[some], at[some])
        return given, fresh

    def _new(self, who: Users, sent: Users, at: Seconds) -> Users:
        slots, terms = self.slots, self.terms
        old = sent * slots.users + who
        expires = self._fresh(at) if terms.renews or terms.ttl is None else slots.expires[old]
        given = slots.successor(who, sent, at, expires, self._turns(at, expires))
        self._generation[who] = np.maximum(self._generation[who], slots.generation[old] + 1)
        return given

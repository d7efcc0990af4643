"""Leads many users through everything that can happen, all of them at once — RFC6749-6, RFC9700-4.14.2."""

import numpy as np

from oidc_lab.domain.happening import Happening
from oidc_lab.simulation.families import Answers, Families
from oidc_lab.simulation.moments import Moment
from oidc_lab.simulation.record import CAUSE, Lived, Mask, Record, Users
from oidc_lab.simulation.slots import NONE
from oidc_lab.simulation.steps import CODES, Codes, Seconds
from oidc_lab.simulation.terms import Terms
from oidc_lab.simulation.unissued import ASKS

_SIGNED_OUT = CAUSE["signed_out"]
_LOST, _TABS = CODES[Happening.LOST_REPLY], CODES[Happening.TWO_TABS]


class Disturbed:
    """Users under one policy.

    Without `returns` nobody signs in again, and of thieves only those are heard that `steal` and `thief` lead.
    """

    def __init__(self, terms: Terms, users: int, horizon: int, *, returns: bool = True) -> None:
        self.terms, self.record, self.horizon = terms, Record(users, horizon), horizon
        self.families = Families(terms, users)
        self.slots = self.families.slots
        self._returns, self._stolen = returns, False

    def happen(self, moment: Moment) -> None:
        """Let the next thing of each user happen."""
        if self._stolen:
            self.families.make_room()
        if moment.what is None:
            asking = np.flatnonzero(np.broadcast_to(moment.there, moment.at.shape))
            self._ask(asking, moment)
            return
        asks = ASKS[moment.what] & moment.there
        self._ask(np.flatnonzero(asks), moment)
        if not (asks | ~np.broadcast_to(moment.there, asks.shape)).all():
            self._deeds(moment, moment.what)

    def lived(self) -> Lived:
        """What became of them."""
        return self.record.lived()

    def steal(self, who: Users) -> None:
        """A thief copies what the application holds."""
        self.slots.copied[who] = self.slots.held[who]
        self._stolen = True

    def thief(self, who: Users, at: Seconds) -> Codes:
        """Thieves ask with what they have; gives why they are refused, 0 where not."""
        self.families.make_room()
        answers = self.families.ask(who, self.slots.copied[who], at)
        self.slots.copied[who] = answers.given
        return answers.why

    def only(self, who: Users) -> None:
        """Forget all other users, and what was noted of them."""
        self.families.only(who)
        self.record = Record(len(who), self.horizon)

    def _ask(self, who: Users, moment: Moment) -> None:
        held = self.slots.held[who]
        if (held == NONE).any():
            if self._returns:
                again = who[held == NONE]
                self._sign_in(again, moment.at[again])
            who, held = who[held != NONE], held[held != NONE]
        at = moment.at[who]
        answers = self.families.ask(who, held, at)
        self._count(who, answers)
        if moment.what is None:
            self._hear(who, at, answers)
            return
        what = moment.what[who]
        self._hear(who, at, answers, unheard=what == _LOST)
        twice = np.flatnonzero((what == _TABS) & (answers.why == 0))
        if twice.size:
            self._second(who[twice], held[twice], moment)

    def _second(self, who: Users, held: Users, moment: Moment) -> None:
        """The second tab asks with what the first one sent."""
        at = moment.at[who] if moment.gap is None else moment.at[who] + moment.gap[who]
        before = at < self.horizon
        who, held, at = who[before], held[before], at[before]
        answers = self.families.ask(who, held, at)
        self._count(who, answers)
        self._hear(who, at, answers)

    def _count(self, who: Users, answers: Answers) -> None:
        self.record.requests.each[who] += answers.why == 0
        self.record.rotations.each[who] += answers.new

    def _hear(self, who: Users, at: Seconds, answers: Answers, unheard: Mask | bool = False) -> None:
        """The application holds what it was given, and one that is refused has its user sign in again."""
        other = (answers.given != self.slots.held[who]) & np.logical_not(unheard)
        changed = np.flatnonzero(other & (answers.why == 0))
        self.slots.hear(who[changed], answers.given[changed])
        out = np.flatnonzero(other & (answers.why != 0))
        if out.size:
            self.record.out(who[out], at[out], answers.why[out])
            if self._returns:
                self._sign_in(who[out], at[out])
            else:
                self.slots.leave(who[out])

    def _sign_in(self, who: Users, at: Seconds) -> None:
        self.record.sign_ins[who] += 1
        self.families.begin(who, at)

    def _deeds(self, moment: Moment, what: Codes) -> None:
        signed_in = (self.slots.held != NONE) & moment.there

        def those(happening: Happening) -> Users:
            return np.flatnonzero(signed_in & (what == CODES[happening]))

        self._replay(those(Happening.REPLAY), moment.at)
        who = those(Happening.SESSION_END)
        self.families.session_ends(who, moment.at[who], revokes=False)
        self.families.password_changes(those(Happening.PASSWORD_CHANGE))
        self.families.elsewhere(those(Happening.ELSEWHERE))
        self._sign_out(those(Happening.SIGN_OUT), moment.at)
        if self._returns:
            who = those(Happening.THEFT)
            if who.size:
                self.steal(who)
            armed = (self.slots.copied != NONE) & moment.there
            who = np.flatnonzero(armed & (what == CODES[Happening.THIEF]))
            self.thief(who, moment.at[who])

    def _replay(self, who: Users, at: Seconds) -> None:
        """Somebody sends what the application held before, or what it holds while it never held another one."""
        former = self.slots.former[who]
        self.families.ask(who, np.where(former == NONE, self.slots.held[who], former), at[who])

    def _sign_out(self, who: Users, at: Seconds) -> None:
        self.families.session_ends(who, at[who], revokes=self.terms.policy.logout_revokes is True)
        self.record.out(who, at[who], np.full(len(who), _SIGNED_OUT, dtype=np.int8))
        self.slots.leave(who)

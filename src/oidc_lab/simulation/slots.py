"""Keeps the few refresh tokens that can still be sent, of each of many users — RFC9700-4.14.2.

A user has some slots. Where each use of a spent token gives one more new token, a slot is free again as soon as nobody
holds what is in it, and there are at most three who do. Where a spent token gives the same successor again, whoever
lags behind still gets each one of those that came after it: generation g is then in slot g modulo the number of slots,
and there are more of them as soon as somebody lags behind so far.
"""

import numpy as np

from oidc_lab.simulation.record import Mask, Users
from oidc_lab.simulation.steps import NEVER, Seconds

NONE = -1
SLOTS = 4
_BITS = np.array([1, 2, 4, 8, 0], dtype=np.intp)  # the last one is found for NONE
_FREE = np.array([next((slot for slot in range(SLOTS) if not taken >> slot & 1), NONE) for taken in range(16)])


class Slots:
    """Tokens of users, and who holds which: the application, what it held before, and a thief.

    Each of the arrays has an entry for each slot and user; a place is slot times users plus user.
    """

    def __init__(self, users: int, *, chained: bool) -> None:
        self.users, self._chained = users, chained
        self.held, self.former, self.copied = np.full((3, users), NONE, dtype=np.intp)
        none = np.zeros(SLOTS * users, dtype=np.int32)
        self.issued, self.expires, self.turns = none.copy(), none.copy(), none.copy()
        self.spent_at, self.used_at, self.reuses = none.copy(), none.copy(), none.copy()
        # Slots differ modulo their number even where nothing was in them yet, so that each finds its own new slot.
        self.generation = np.repeat(np.arange(SLOTS, dtype=np.int32), users)

    def begin(self, who: Users, at: Seconds, expires: Seconds | None, turns: Seconds | None) -> None:
        """Give the application its first token; nobody has any other."""
        self.held[who], self.former[who], self.copied[who] = 0, NONE, NONE
        self._fill(who, at, expires, turns)
        self.generation[who] = 0

    def successor(self, who: Users, sent: Users, at: Seconds, expires: Seconds | None, turns: Seconds | None) -> Users:
        """Put a new token in a slot of each of these users, and say in which."""
        slot = self.after(sent) if self._chained else self._free(who)
        place = slot * self.users + who
        self._fill(place, at, expires, turns)
        self.generation[place] = self.generation[sent * self.users + who] + 1
        return slot

    def after(self, sent: Users) -> Users:
        """The slot of the one successor of a token."""
        return (sent + 1) % (len(self.generation) // self.users)

    def hear(self, who: Users, given: Users) -> None:
        """The application holds what it was given, which is another token than it held."""
        self.former[who] = self.held[who]
        self.held[who] = given

    def leave(self, who: Users) -> None:
        """The application holds nothing any more."""
        self.held[who] = self.former[who] = NONE

    def make_room(self, newest: Seconds) -> None:
        """Have room for two more tokens of each user; nobody's slot may be kept across this."""
        slots = len(self.generation) // self.users
        everybody, lag = np.arange(self.users), 0
        for pointer in (self.held, self.former, self.copied):
            behind = newest - self.generation[pointer * self.users + everybody]
            lag = max(lag, int(np.max(behind, where=pointer != NONE, initial=0)))
        if self._chained and lag + 3 > slots:
            self._widen(slots, 2 * (lag + 3))

    def only(self, who: Users | Mask) -> None:
        """Forget all other users."""
        slots = len(self.generation) // self.users
        for name in _OF_TOKENS:
            setattr(self, name, getattr(self, name).reshape(slots, -1)[:, who].ravel())
        for name in _POINTERS:
            setattr(self, name, getattr(self, name)[who])
        self.users = len(self.held)

    def _free(self, who: Users) -> Users:
        free: Users = _FREE[_BITS[self.held[who]] | _BITS[self.former[who]] | _BITS[self.copied[who]]]
        return free

    def _fill(self, place: Users, at: Seconds, expires: Seconds | None, turns: Seconds | None) -> None:
        self.issued[place] = at
        if expires is not None:
            self.expires[place] = expires
        if turns is not None:
            self.turns[place] = turns
        self.spent_at[place] = NEVER
        self.reuses[place] = 0

    def _widen(self, slots: int, wider: int) -> None:
        generation = self.generation.reshape(slots, -1)
        everybody = np.arange(self.users)
        places = (generation % wider * self.users + everybody).ravel()
        for name in _POINTERS:
            pointer = getattr(self, name)
            moved = self.generation[pointer * self.users + everybody] % wider
            setattr(self, name, np.where(pointer == NONE, NONE, moved))
        for name in _OF_TOKENS:
            kept = np.repeat(np.arange(wider, dtype=np.int32), self.users)
            kept[places] = getattr(self, name)
            setattr(self, name, kept)


_POINTERS = ("held", "former", "copied")
_OF_TOKENS = ("issued", "expires", "turns", "spent_at", "used_at", "reuses", "generation")

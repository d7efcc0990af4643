"""Leads many users through the use of an application without refresh tokens: each request is a sign-in — OIDCC-11."""

import numpy as np

from oidc_lab.domain.happening import Happening
from oidc_lab.simulation.moments import Moment
from oidc_lab.simulation.record import CAUSE, Count, Lived

# By code: what makes an application ask, or a user who is not signed in sign in.
ASKS = np.isin(list(Happening), [Happening.REQUEST, Happening.LOST_REPLY, Happening.TWO_TABS])


class Unissued:
    """Users whose sign-in lasts no time."""

    def __init__(self, users: int) -> None:
        self._users, self._sign_ins = users, Count(users)

    def happen(self, moment: Moment) -> None:
        """Whoever would ask signs in again."""
        self._sign_ins.add(moment.there if moment.what is None else ASKS[moment.what] & moment.there)

    def lived(self) -> Lived:
        """What became of them."""
        none = np.zeros(self._users, dtype=np.int32)
        return Lived(
            duration=none, event_observed=np.ones(self._users, dtype=np.bool_),
            ended_by=np.full(self._users, CAUSE["not_issued"], dtype=np.int8),
            sign_ins=self._sign_ins.total() + np.int32(1), requests=none.copy(), rotations=none.copy(),
        )  # fmt: skip

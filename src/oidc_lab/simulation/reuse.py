"""Decides in arrays what becomes of replaced tokens that come back, as domain/leeway does — RFC9700-4.14.2."""

import numpy as np

from oidc_lab.domain.refresh_parameters import LeewayAnchor, OnReuse
from oidc_lab.simulation.record import CAUSE, Mask, Users
from oidc_lab.simulation.slots import Slots
from oidc_lab.simulation.steps import Codes, Seconds
from oidc_lab.simulation.terms import Terms

SPENT, REUSED = CAUSE["refresh_token_spent"], CAUSE["refresh_token_reused"]


def spared(terms: Terms, slots: Slots, place: Users, newest: Seconds, at: Seconds) -> Mask:
    """Whether spent tokens are within the leeway: its time, its number of uses, its generations.

    `newest` are the generations that their families have reached.
    """
    policy = terms.policy
    since = slots.spent_at if policy.leeway_anchor is LeewayAnchor.FIRST_USE else slots.used_at
    within: Mask = at < since[place] + np.int32(terms.leeway)
    if policy.leeway_reuses is not None:
        within &= slots.reuses[place] < policy.leeway_reuses
    if policy.leeway_depth is not None:
        within &= newest - slots.generation[place] <= policy.leeway_depth
    return within


def caught(terms: Terms, slots: Slots, place: Users, at: Seconds) -> Codes:
    """What spent tokens are told that no leeway spares; REUSED ends the family."""
    if terms.policy.on_reuse is OnReuse.REJECT:
        return np.full(len(at), SPENT, dtype=np.int8)
    if terms.memory is None:
        return np.full(len(at), REUSED, dtype=np.int8)
    known = at < slots.spent_at[place] + np.int32(terms.memory)
    return np.where(known, REUSED, SPENT).astype(np.int8)

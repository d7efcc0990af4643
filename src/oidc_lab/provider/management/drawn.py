"""Draws what the management API hands out, without a draw from what codes and tokens are drawn from — RFC6749-10.10."""

from typing import cast

from flask import current_app

from oidc_lab.domain.application import draw_client_id
from oidc_lab.domain.entropy import Entropy
from oidc_lab.provider.context import context

EXTENSION = "oidc_lab.management"


def unused_client_id() -> str:
    """A client_id that nobody has; a seed draws the same again over a store that is kept."""
    drawn = draw_client_id(_entropy())
    while context().store.applications.find(drawn) is not None:
        drawn = draw_client_id(_entropy())
    return drawn


def unused_sub() -> str:
    """A sub that nobody has."""
    drawn = _entropy().token(22)
    while context().store.users.find(drawn) is not None:
        drawn = _entropy().token(22)
    return drawn


def secret() -> str:
    """The value of a secret, with 256 bits."""
    return _entropy().token()


def _entropy() -> Entropy:
    return cast(Entropy, current_app.extensions[EXTENSION])

"""Figures of how long refresh tokens live: each is a function from a frame to axes, whose title is its conclusion."""

from oidc_lab.views.figures.comparison import across, comparison
from oidc_lab.views.figures.family import life
from oidc_lab.views.figures.heat import heat
from oidc_lab.views.figures.played import played
from oidc_lab.views.figures.race import race
from oidc_lab.views.figures.rotation import rotation
from oidc_lab.views.figures.style import Picture, picture
from oidc_lab.views.figures.survival import survival
from oidc_lab.views.figures.tradeoff import tradeoff

__all__ = [
    "Picture", "across", "comparison", "heat", "life", "picture", "played", "race", "rotation", "survival", "tradeoff",
]  # fmt: skip

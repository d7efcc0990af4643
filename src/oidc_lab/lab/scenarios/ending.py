"""How a play ended, in words that are read from what passed — RFC9700-4."""

from dataclasses import dataclass

from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.why import explain


@dataclass(frozen=True)
class Ending:
    """Whether it ended as the scenario tells it, and how it did."""

    as_told: bool
    sentence: str


def because(run: Run) -> str:
    """What is known of why it went wrong; an application would know less."""
    causes = explain(run).causes
    return causes[0].truth if causes else "Nothing was refused."

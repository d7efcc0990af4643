"""Plays what an advice is about, over HTTP, on a bench of its own with a copy of the application — RFC9700-4."""

from oidc_lab.domain.advice import Advice, Registration
from oidc_lab.domain.scenario import PLAYS
from oidc_lab.lab.scenarios.plays import BY_SCENARIO
from oidc_lab.lab.scenarios.stage import Stage
from oidc_lab.relying_party.demonstration import Demonstration


def play(advice: Advice, registration: Registration) -> Demonstration:
    """Play the run that shows an advice, with the application it is about, or with a mended one.

    Raises ValueError when nothing of it is seen over HTTP.
    """
    if advice.scenario is None:
        raise ValueError(f"no run shows what is said about {advice.setting} {advice.value}: {advice.reason}")
    with Stage(registration, advice) as stage:
        ending = BY_SCENARIO[advice.scenario](stage, advice.sends)
        lent = f" {stage.lent}" if stage.lent else ""
        return Demonstration(
            title=PLAYS[advice.scenario],
            runs=tuple(stage.runs),
            as_told=ending.as_told,
            conclusion=f"{ending.sentence}{lent}",
        )

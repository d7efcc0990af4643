"""Plays what an advice is about, over HTTP, on a bench of its own with a copy of the application — RFC9700-4."""

from collections.abc import Callable, Mapping

from oidc_lab.domain.advice import Advice, Registration
from oidc_lab.domain.scenario import PLAYS, Scenario
from oidc_lab.lab.scenarios import signing_in, tokens
from oidc_lab.lab.scenarios.ending import Ending
from oidc_lab.lab.scenarios.stage import Stage
from oidc_lab.relying_party.demonstration import Demonstration

_BY_SCENARIO: Mapping[Scenario, Callable[[Stage, str], Ending]] = {
    Scenario.SIGN_IN_REFUSED: signing_in.sign_in_refused,
    Scenario.CODE_IN_THE_CLEAR: signing_in.code_in_the_clear,
    Scenario.ANSWERED_ELSEWHERE: signing_in.answered_elsewhere,
    Scenario.SIGNED_OUT_NOT_SENT_BACK: signing_in.signed_out_not_sent_back,
    Scenario.BROWSER_CALL_REFUSED: signing_in.browser_call_refused,
    Scenario.REFRESHED_WITHOUT_CONSENT: tokens.refreshed_without_consent,
    Scenario.ENDS_WITH_THE_SESSION: tokens.ends_with_the_session,
    Scenario.REUSE_UNNOTICED: tokens.reuse_unnoticed,
    Scenario.ENDS_WITH_THE_GRANT: tokens.ends_with_the_grant,
    Scenario.NO_REFRESH_TOKEN: tokens.no_refresh_token,
    Scenario.SECRET_EXPIRED: tokens.secret_expired,
    Scenario.SECRET_NEVER_EXPIRES: tokens.secret_never_expires,
}


def play(advice: Advice, registration: Registration) -> Demonstration:
    """Play the run that shows an advice, with the application it is about, or with a mended one.

    Raises ValueError when nothing of it is seen over HTTP.
    """
    if advice.scenario is None:
        raise ValueError(f"no run shows what is said about {advice.setting} {advice.value}: {advice.reason}")
    with Stage(registration, advice) as stage:
        ending = _BY_SCENARIO[advice.scenario](stage, advice.sends)
        lent = f" {stage.lent}" if stage.lent else ""
        return Demonstration(
            title=PLAYS[advice.scenario],
            runs=tuple(stage.runs),
            as_told=ending.as_told,
            conclusion=f"{ending.sentence}{lent}",
        )

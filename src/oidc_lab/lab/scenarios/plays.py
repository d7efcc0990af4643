"""What happens in each scenario, and how it ended, said from what passed over HTTP — RFC9700-4."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from oidc_lab.domain.scenario import Scenario
from oidc_lab.lab.scenarios.stage import Stage
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.message import Request, split
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.why import explain

_OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}
_LATER = timedelta(hours=1)


@dataclass(frozen=True)
class Ending:
    """Whether it ended as the scenario tells it, and how it did."""

    as_told: bool
    sentence: str


def sign_in_refused(stage: Stage, sends: str) -> Ending:
    """Ask for a sign-in whose answer is to go to `sends`."""
    run = stage.sign_in_at(sends)
    if run.finished:
        return Ending(False, f"The user signed in, and the code was sent to {sends}.")
    nobody = _refused_by(run) is Party.PROVIDER and _delivered(run) is None
    where = "The provider answered with a page and sent nobody anywhere" if nobody else "It ended otherwise"
    return Ending(nobody, f"{where}. {_because(run)}")


def code_in_the_clear(stage: Stage, sends: str) -> Ending:
    """Sign in with an answer to `sends`, and look how the code travelled."""
    run = stage.sign_in_at(sends)
    delivered = _delivered(run)
    if delivered is None:
        return Ending(False, f"No code was sent. {_because(run)}")
    clear = split(delivered.url).scheme == "http"
    how = "in the clear, where everyone on the way can read it" if clear else "over a protected connection"
    return Ending(clear, f"The code travelled to {sends} {how}.")


def answered_elsewhere(stage: Stage, sends: str) -> Ending:
    """Sign in with an answer to `sends`, and look whether it went there."""
    run = stage.sign_in_at(sends)
    if _delivered(run) is None:
        return Ending(False, f"No code was sent. {_because(run)}")
    registered = sends in stage.application.redirect_uris
    how = "which is registered by itself" if registered else "which is registered nowhere by itself"
    return Ending(not registered, f"The code was sent to {sends}, {how}.")


def signed_out_not_sent_back(stage: Stage, sends: str) -> Ending:
    """Sign in and out, and look whether the browser came back."""
    run = stage.sign_out_to(sends, stage.sign_in_somewhere())
    if run.finished and run.result.returned:
        return Ending(False, f"The user was signed out and sent back to {sends}.")
    still = "still signed in" if _signed_in(stage) else "signed out"
    return Ending(True, f"The user stays at the provider, {still}. {_because(run)}")


def browser_call_refused(stage: Stage, sends: str) -> Ending:
    """Sign in, with a page of the origin `sends` that redeems the code."""
    run = stage.sign_in_on_page(sends)
    if run.finished:
        return Ending(False, f"The page of {sends} redeemed the code and read the tokens.")
    kept = _refused_by(run) is Party.BROWSER
    return Ending(kept, f"The browser kept the answer from the page of {sends}. {_because(run)}")


def refreshed_without_consent(stage: Stage, _: str) -> Ending:
    """Sign in without asking for offline access, sign out, and refresh."""
    first = stage.sign_in_somewhere(scopes="openid")
    stage.sign_out_to(None, first)
    again = stage.refresh_once(first)
    asked = "offline_access" in first.result.tokens.scopes
    if again.finished:
        who = "agreed to offline access" if asked else "was never asked about offline access"
        return Ending(not asked, f"The user {who} and is signed out; the refresh token still gave tokens.")
    return Ending(False, f"After the sign-out there were no new tokens. {_because(again)}")


def ends_with_the_session(stage: Stage, _: str) -> Ending:
    """Sign in without asking for offline access, refresh, sign out, and refresh again."""
    first = stage.sign_in_somewhere(scopes="openid")
    second = stage.refresh_once(first)
    if not second.finished:
        return Ending(False, f"There were no new tokens, even before the sign-out. {_because(second)}")
    stage.sign_out_to(None, first)
    third = stage.refresh_once(second)
    if third.finished:
        return Ending(False, "The refresh token gave tokens before and after the sign-out.")
    return Ending(True, f"The refresh token gave tokens until the user signed out, and none after. {_because(third)}")


def reuse_unnoticed(stage: Stage, _: str) -> Ending:
    """Use one refresh token twice, an hour apart, as its owner and a thief would."""
    first = stage.sign_in_somewhere(**_OFFLINE)
    used = stage.refresh_once(first)
    stage.clock.move_to(stage.clock.now + _LATER)
    again = stage.refresh_once(first)
    if used.finished and again.finished:
        return Ending(True, "The same refresh token gave tokens twice, an hour apart, and nobody noticed.")
    return Ending(False, f"The refresh token gave tokens once. {_because(again)}")


def ends_with_the_grant(stage: Stage, _: str) -> Ending:
    """Refresh at the moment at which the grant is over."""
    first = stage.sign_in_somewhere(**_OFFLINE)
    (grant,) = stage.grants.find(client_id=stage.application.client_id)
    (token,) = grant.refresh_tokens
    if grant.expires_at is None:
        return Ending(False, "What the user agreed to has no end of its own.")
    left = token.expires_at is None or token.expires_at > grant.expires_at
    stage.clock.move_to(grant.expires_at)
    run = stage.refresh_once(first)
    if run.finished:
        return Ending(False, "The refresh token gave tokens after the grant's end.")
    how = f"would have lived until {_words(token.expires_at)}" if left else "had ended by then by itself"
    return Ending(left, f"The grant ended at {_words(grant.expires_at)}; the refresh token {how}. {_because(run)}")


def no_refresh_token(stage: Stage, _: str) -> Ending:
    """Ask for a token with client_credentials, and then with grant_type=refresh_token."""
    first = stage.client_credentials(stage.application).finish()
    if not first.finished:
        return Ending(False, f"There was no token at all. {_because(first)}")
    second = stage.client_credentials(stage.application)
    while second.next_step is not None and second.next_step.request.method != "POST":
        second.advance()
    second.change(grant_type="refresh_token", refresh_token="none-was-given")
    second.finish()
    if first.result.refresh_token is not None or second.finished:
        return Ending(False, "There was a refresh token.")
    return Ending(True, f"There was an access token and no refresh token. {_because(second)}")


def secret_expired(stage: Stage, _: str) -> Ending:
    """Bring the secret at the moment at which it ends."""
    if stage.secret is not None and stage.secret.expires_at is not None:
        stage.clock.move_to(stage.secret.expires_at)
    if stage.application.oauth.response_types:
        run = stage.sign_in_somewhere()
    else:
        run = stage.client_credentials(stage.application).finish()
    if run.finished:
        return Ending(False, "The secret is good, and there were tokens.")
    return Ending(stage.secret is not None, f"There were no tokens. {_because(run)}")


def _delivered(run: Run) -> Request | None:
    """What the browser brought to the application, when there is a code in it."""
    brought = (each.request for each in run.trace.exchanges if each.step.receiver is Party.RELYING_PARTY)
    return next((each for each in brought if "code" in each.parameters), None)


def _refused_by(run: Run) -> Party | None:
    return None if run.refusal is None else run.refusal.who


def _because(run: Run) -> str:
    """What is known of why it went wrong; an application would know less."""
    causes = explain(run).causes
    return causes[0].truth if causes else "Nothing was refused."


def _signed_in(stage: Stage) -> bool:
    return bool(stage.sessions.find(sub=stage.user))


def _words(moment: datetime | None) -> str:
    return "ever" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


BY_SCENARIO: Mapping[Scenario, Callable[[Stage, str], Ending]] = {
    Scenario.SIGN_IN_REFUSED: sign_in_refused,
    Scenario.CODE_IN_THE_CLEAR: code_in_the_clear,
    Scenario.ANSWERED_ELSEWHERE: answered_elsewhere,
    Scenario.SIGNED_OUT_NOT_SENT_BACK: signed_out_not_sent_back,
    Scenario.BROWSER_CALL_REFUSED: browser_call_refused,
    Scenario.REFRESHED_WITHOUT_CONSENT: refreshed_without_consent,
    Scenario.ENDS_WITH_THE_SESSION: ends_with_the_session,
    Scenario.REUSE_UNNOTICED: reuse_unnoticed,
    Scenario.ENDS_WITH_THE_GRANT: ends_with_the_grant,
    Scenario.NO_REFRESH_TOKEN: no_refresh_token,
    Scenario.SECRET_EXPIRED: secret_expired,
}

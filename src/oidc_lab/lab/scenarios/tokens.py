"""What is played about refresh tokens and secrets — RFC9700-4.14."""

from datetime import datetime, timedelta

from oidc_lab.lab.scenarios.ending import Ending, because
from oidc_lab.lab.scenarios.stage import Stage
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.why import explain

_OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}
_LATER = timedelta(hours=1)


def refreshed_without_consent(stage: Stage, _: str) -> Ending:
    """Sign in without asking for offline access, sign out, and refresh."""
    first = stage.sign_in_somewhere(scopes="openid")
    stage.sign_out_to(None, first)
    again = stage.refresh_once(first)
    asked = "offline_access" in first.result.tokens.scopes
    if again.finished:
        who = "agreed to offline access" if asked else "was never asked about offline access"
        told = not asked and stage.user_is == "signed out"
        return Ending(told, f"The user {who} and is {stage.user_is}; the refresh token still gave tokens.")
    return Ending(False, f"After the sign-out there were no new tokens. {because(again)}")


def ends_with_the_session(stage: Stage, _: str) -> Ending:
    """Sign in without asking for offline access, refresh, sign out, and refresh again."""
    first = stage.sign_in_somewhere(scopes="openid")
    second = stage.refresh_once(first)
    if not second.finished:
        return Ending(False, f"There were no new tokens, even before the sign-out. {because(second)}")
    stage.sign_out_to(None, first)
    third = stage.refresh_once(second)
    if third.finished:
        return Ending(False, "The refresh token gave tokens before and after the sign-out.")
    return Ending(True, f"The refresh token gave tokens until the user signed out, and none after. {because(third)}")


def reuse_unnoticed(stage: Stage, _: str) -> Ending:
    """Use one refresh token twice, an hour apart, as its owner and a thief would."""
    first = stage.sign_in_somewhere(**_OFFLINE)
    used = stage.refresh_once(first)
    stage.clock.move_to(stage.clock.now + _LATER)
    again = stage.refresh_once(first)
    if used.finished and again.finished:
        return Ending(not stage.refusals, "The same refresh token gave tokens twice, an hour apart; nobody noticed.")
    return Ending(False, f"The refresh token gave tokens once. {because(again)}")


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
    return Ending(left, f"The grant ended at {_words(grant.expires_at)}; the refresh token {how}. {because(run)}")


def no_refresh_token(stage: Stage, _: str) -> Ending:
    """Ask for a token with client_credentials, and then with grant_type=refresh_token."""
    first = stage.client_credentials(stage.application).finish()
    if not first.finished:
        return Ending(False, f"There was no token at all. {because(first)}")
    second = stage.client_credentials(stage.application)
    while second.next_step is not None and second.next_step.request.method != "POST":
        second.advance()
    second.change(grant_type="refresh_token", refresh_token="none-was-given")
    second.finish()
    if first.result.refresh_token is not None or second.finished:
        return Ending(False, "There was a refresh token.")
    return Ending(True, f"There was an access token and no refresh token. {because(second)}")


def secret_expired(stage: Stage, _: str) -> Ending:
    """Bring the secret at the moment at which it ends, or at that of the advice when it still lives then."""
    ends = None if stage.secret is None else stage.secret.expires_at
    moments = [each for each in (stage.registration.now, ends) if each is not None]
    stage.clock.move_to(max(stage.clock.now, min(moments, default=stage.clock.now)))
    run = _with_its_secret(stage)
    if run.finished:
        return Ending(False, "The secret that it brings is good: there were tokens.")
    expired = any(each.code == "secret_expired" for each in explain(run).causes)
    return Ending(expired, f"There were no tokens. {because(run)}")


def secret_never_expires(stage: Stage, _: str) -> Ending:
    """Bring the secret after ten years."""
    stage.clock.advance(days=3653)
    run = _with_its_secret(stage)
    if run.finished:
        return Ending(True, "After ten years the secret is good: there were tokens.")
    return Ending(False, f"There were no tokens. {because(run)}")


def _with_its_secret(stage: Stage) -> Run:
    if stage.application.oauth.response_types:
        return stage.sign_in_somewhere()
    return stage.client_credentials(stage.application).finish()


def _words(moment: datetime | None) -> str:
    return "ever" if moment is None else f"{moment:%Y-%m-%d %H:%M}"

"""What is played about signing in and out, and about pages that call the provider — RFC9700-4.1."""

from oidc_lab.lab.scenarios.ending import Ending, because
from oidc_lab.lab.scenarios.stage import Stage
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.message import Request, split
from oidc_lab.relying_party.run import Run


def sign_in_refused(stage: Stage, sends: str) -> Ending:
    """Ask for a sign-in whose answer is to go to `sends`."""
    run = stage.sign_in_at(sends)
    if run.finished:
        return Ending(False, f"The user signed in, and the code was sent to {sends}.")
    nobody = _refused_by(run) is Party.PROVIDER and _delivered(run) is None
    where = "The provider answered with a page and sent nobody anywhere" if nobody else "It ended otherwise"
    return Ending(nobody, f"{where}. {because(run)}")


def code_in_the_clear(stage: Stage, sends: str) -> Ending:
    """Sign in with an answer to `sends`, and look how the code travelled."""
    run = stage.sign_in_at(sends)
    delivered = _delivered(run)
    if delivered is None:
        return Ending(False, f"No code was sent. {because(run)}")
    clear = split(delivered.url).scheme == "http"
    how = "in the clear, where everyone on the way can read it" if clear else "over a protected connection"
    return Ending(clear, f"The code travelled to {sends} {how}.")


def answered_elsewhere(stage: Stage, sends: str) -> Ending:
    """Sign in with an answer to `sends`, and look whether it went there."""
    run = stage.sign_in_at(sends)
    if _delivered(run) is None:
        return Ending(False, f"No code was sent. {because(run)}")
    registered = sends in stage.application.redirect_uris
    how = "which is registered by itself" if registered else "which is registered nowhere by itself"
    return Ending(not registered, f"The code was sent to {sends}, {how}.")


def signed_out_not_sent_back(stage: Stage, sends: str) -> Ending:
    """Sign in and out, and look whether the browser came back."""
    run = stage.sign_out_to(sends, stage.sign_in_somewhere())
    if run.finished and run.result.returned:
        return Ending(False, f"The user was signed out and sent back to {sends}.")
    return Ending(True, f"The user stays at the provider, {stage.user_is}. {because(run)}")


def browser_call_refused(stage: Stage, sends: str) -> Ending:
    """Sign in, with a page of the origin `sends` that redeems the code."""
    run = stage.sign_in_on_page(sends)
    if run.finished:
        return Ending(False, f"The page of {sends} redeemed the code and read the tokens.")
    kept = _refused_by(run) is Party.BROWSER
    return Ending(kept, f"The browser kept the answer from the page of {sends}. {because(run)}")


def _delivered(run: Run) -> Request | None:
    """What the browser brought to the application, when there is a code in it."""
    brought = (each.request for each in run.trace.exchanges if each.step.receiver is Party.RELYING_PARTY)
    return next((each for each in brought if "code" in each.parameters), None)


def _refused_by(run: Run) -> Party | None:
    return None if run.refusal is None else run.refusal.who

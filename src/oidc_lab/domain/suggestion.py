"""What to do next in a lab, told from how it stands: register, sign in, refresh, move the clock — OIDCC-1.3."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from oidc_lab.domain.application import Application
from oidc_lab.domain.application_type import ApplicationType
from oidc_lab.domain.audit import Key, Result
from oidc_lab.domain.overview import Overview

_REGISTERED = {Key.APPLICATION_CREATED, Key.APPLICATION_CHANGED}
# What a sign-in must ask for so that it gives a refresh token too — OIDCC-11.
OFFLINE = {"scopes": "openid profile email offline_access", "prompt": "consent"}


@dataclass(frozen=True, kw_only=True)
class Doing:
    """Something to do: `what` is form, step or clock; `choices` are those of the flow."""

    what: str
    label: str
    client_id: str = ""
    sub: str = ""
    flow: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A sentence, and what can be done; the first is what most would do. `after` says after what it is to be said."""

    said: str
    doings: Sequence[Doing]
    after: str = ""


NEW = Doing(what="form", label="New application")
STEP = Doing(what="step", label="Step through a flow", flow="sign-in")
CLOCK = Doing(what="clock", label="Clock")


def suggest(lab: Overview) -> Suggestion:
    """What to do next."""
    if lab.untouched:
        said = "Begin here: register an application of your own, or step through a sign-in to one that is there."
        return Suggestion(said=said, doings=(NEW, STEP))
    after = (_registered, _under_way, _refused, _goes_on, _signed_out, _over, _signed_in)
    found = next((hint for each in after if (hint := each(lab)) is not None), None)
    return found or Suggestion(said="Step through another flow, or move the clock.", doings=())


def _registered(lab: Overview) -> Suggestion | None:
    entry = lab.log[-1] if lab.log else None
    application = lab.application(entry.client_id) if entry and entry.key in _REGISTERED else None
    if application is None:
        return None
    name, of = application.name, application.client_id
    if application.type is ApplicationType.MACHINE_TO_MACHINE:
        token = Doing(what="step", label=f"Get a token for {name}", client_id=of, flow="client-credentials")
        return Suggestion(said=f"{name} is registered. Next: get a token for it.", doings=(token,), after="form")
    if not application.redirect_uris:
        more = Doing(what="form", label="Add a redirect URI", client_id=of)
        said = f"{name} is registered. Next: give it a redirect URI, without which no answer can reach it."
        return Suggestion(said=said, doings=(more,), after="form")
    said = f"{name} is registered. Next: sign somebody in to it."
    return Suggestion(said=said, doings=(_sign_in(application),), after="form")


def _under_way(lab: Overview) -> Suggestion | None:
    run = lab.runs[-1] if lab.runs else None
    if run is None or not run.next_step:
        return None
    return Suggestion(said=f"Under way: {run.title}. Next: {run.next_step}.", doings=())


def _refused(lab: Overview) -> Suggestion | None:
    """The log knows the true reason of what the provider refused; a relying party has no log there."""
    run, entry = lab.runs[-1] if lab.runs else None, lab.log[-1] if lab.log else None
    if entry is None or entry.result is not Result.ERROR:
        return Suggestion(said=f"{run.title}: refused by {run.refused}.", doings=()) if run and run.refused else None
    if run is not None and not run.refused:
        return None
    why, _, _ = (entry.truth or entry.reason or "").partition(". ")
    said, application = f"The last request was refused: {why.removesuffix('.')}.", lab.application(entry.client_id)
    if application is None or not application.redirect_uris:
        return Suggestion(said=said, doings=())
    again = _sign_in(application, entry.sub or "")
    return Suggestion(said=said, doings=(again, *([_sign_out(application, entry.sub)] if entry.sub else [])))


def _goes_on(lab: Overview) -> Suggestion | None:
    if not lab.families:
        return None
    family = max(lab.families, key=lambda each: each.last_used_at or each.issued_at)
    of, sub = family.grant.client_id, family.grant.sub
    application = lab.application(of)
    name = application.name if application else of
    has = f"{name} has a refresh token for {lab.name_of(sub)}"
    if _ended_with_sign_out(lab):
        has = f"{lab.name_of(sub)} is signed out, and {name} still has a refresh token"
    refresh = Doing(what="step", label="Refresh", client_id=of, sub=sub, flow="refresh")
    doings = [refresh, *([_sign_out(application, sub)] if application else [])]
    return Suggestion(said=f"{has}. Next: use it, or move the clock until it has ended.", doings=doings)


def _signed_out(lab: Overview) -> Suggestion | None:
    if not _ended_with_sign_out(lab):
        return None
    return Suggestion(said="Signed out. Next: step through another flow, or look into the log below.", doings=())


def _ended_with_sign_out(lab: Overview) -> bool:
    return bool(lab.runs) and lab.runs[-1].flow == "sign-out" and lab.runs[-1].finished


def _over(lab: Overview) -> Suggestion | None:
    run = next((each for each in reversed(lab.runs) if each.refreshable), None)
    application = lab.application(run.client_id) if run else None
    if run is None or application is None:
        return None
    name = lab.name_of(run.sub)
    said = f"The refresh token of {application.name} for {name} has ended. Next: try to refresh, and see why not."
    refresh = Doing(what="step", label="Refresh", client_id=run.client_id, sub=run.sub, flow="refresh")
    return Suggestion(said=said, doings=(refresh, _sign_in(application, run.sub), _sign_out(application, run.sub)))


def _signed_in(lab: Overview) -> Suggestion | None:
    session = lab.sessions[-1] if lab.sessions else None
    user = lab.user(session.sub) if session else None
    application = lab.application(lab.application_of(user.sub)) if user else None
    if user is None or application is None:
        return None
    said = f"{user.name} is signed in. Next: sign in once more for a refresh token, or sign out."
    return Suggestion(said=said, doings=(_sign_in(application, user.sub), _sign_out(application, user.sub)))


def _sign_in(application: Application, sub: str = "") -> Doing:
    label, of = f"Sign in to {application.name}", application.client_id
    return Doing(what="step", label=label, client_id=of, sub=sub, flow="sign-in", choices=OFFLINE)


def _sign_out(application: Application, sub: str) -> Doing:
    return Doing(what="step", label="Sign out", client_id=application.client_id, sub=sub, flow="sign-out")

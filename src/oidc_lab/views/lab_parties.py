"""The sections of the lab panel about who takes part: applications and users."""

from collections.abc import Sequence

from oidc_lab.domain.application import LABEL, Application, ApplicationType
from oidc_lab.domain.overview import Overview
from oidc_lab.domain.user import User
from oidc_lab.views import html
from oidc_lab.views.controls import button
from oidc_lab.views.lab_look import LONGEST_NAME, Look, counted, few, roomy, table, titled
from oidc_lab.views.sheet import written

# As many redirect URIs as are read at a glance.
_FIRST = 3


def said_applications(lab: Overview) -> str:
    """Which there are."""
    return _listed(lab.applications, "none yet")


def show_applications(lab: Overview, look: Look) -> str:
    """Each with its type and where answers go; its form, and a flow of it."""
    rows = [_application(each, look) for each in lab.applications]
    new = button("form", "New application", live=look.live, opens="applications")
    return table(rows, ("application", "redirect URIs", "actions")) + f"<div>{new}</div>"


def said_users(lab: Overview) -> str:
    """Who there is."""
    return _listed(lab.users, "nobody")


def show_users(lab: Overview, look: Look) -> str:
    """Each with the claims; a sign-in of this user, and a sign-out."""
    said = "The passwords are test data of this lab, to type on the provider's sign-in page."
    shown = table([_user(lab, each, look) for each in lab.users], ("user", "claims", "actions"))
    return shown + (f"<div>{html.quiet(html.text(said))}</div>" if lab.passwords else "")


def _application(application: Application, look: Look) -> Sequence[str]:
    of = application.client_id
    machine = application.type is ApplicationType.MACHINE_TO_MACHINE
    label, flow = ("Get a token", "client-credentials") if machine else ("Sign in", "sign-in")
    form = button("form", "Settings", live=look.live, client_id=of, opens="applications")
    step = button("step", label, live=look.live, client_id=of, flow=flow, opens="bench")
    kind = f"<div>{html.text(LABEL[application.type])}</div>"
    return titled(application.name, of) + kind, roomy(_uris(application, look)), form + step


def _uris(application: Application, look: Look) -> str:
    """The first ones; the others unfold."""
    shown = [f"<div>{html.code(each)}</div>" for each in application.redirect_uris]
    first, rest = "".join(shown[:_FIRST]) or html.quiet("none"), shown[_FIRST:]
    return first + (look.fold(f"uris {application.client_id}", f"and {len(rest)} more", "".join(rest)) if rest else "")


def _user(lab: Overview, user: User, look: Look) -> Sequence[str]:
    claims = look.fold(f"user {user.sub}", counted(len(user.claims), "claim"), html.block(_claims(user)))
    step = button("step", "Sign in somewhere", live=look.live, sub=user.sub, flow="sign-in", opens="bench")
    if any(each.sub == user.sub for each in lab.sessions):
        at = lab.application_of(user.sub)
        step += button("step", "Sign out", live=look.live, sub=user.sub, client_id=at, flow="sign-out", opens="bench")
    typed = lab.passwords.get(user.sub)
    password = "" if typed is None else f", password {html.code(typed)}"
    named = f"<div>username {html.code(user.username)}{password}</div>"
    return titled(user.name, user.sub) + named, roomy(claims), step


def _listed(things: Sequence[Application] | Sequence[User], none: str) -> str:
    return few([html.shortened(each.name, LONGEST_NAME) for each in things], none)


def _claims(user: User) -> str:
    return "\n".join(f"{name}: {written(value)}" for name, value in user.claims.items()) or "none"

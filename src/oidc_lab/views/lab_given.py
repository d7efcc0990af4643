"""The sections of the lab panel about what lives: sessions, grants, and the refresh tokens of each family."""

from collections.abc import Sequence

from oidc_lab.domain.fate import clock_of
from oidc_lab.domain.grant import Grant
from oidc_lab.domain.overview import LiveFamily, Overview
from oidc_lab.domain.session import Session
from oidc_lab.domain.span import span, when
from oidc_lab.views import html
from oidc_lab.views.controls import button
from oidc_lab.views.lab_look import Look, counted, few, moment, table, user_name, whose


def said_sessions(lab: Overview) -> str:
    """Who is signed in, and until when."""
    last = [f"{user_name(lab, each.sub)} until {when(each.expires_at, lab.now)}" for each in lab.sessions]
    return few(last, "nobody is signed in")


def show_sessions(lab: Overview, look: Look) -> str:
    """Each with when it began and ends; its end."""
    if not lab.sessions:
        return html.quiet("Nobody is signed in. A session begins when a user signs in, in the browser of that user.")
    head = ("user", "signed in", "ends, if the browser stays away", "actions")
    return table([_session(lab, each, look) for each in lab.sessions], head)


def said_grants(lab: Overview) -> str:
    """What ends next."""
    ends = [(each.ends_at, each) for each in lab.families if each.ends_at is not None]
    live = counted(len(lab.families), "live refresh token") if lab.families else "no live refresh token"
    if not lab.grants:
        return "nothing was granted yet"
    if not ends:
        return live
    end, first = min(ends, key=lambda each: each[0])
    return f"{live}; {whose(lab, first.grant)} next ends in {span(end - lab.now)}"


def show_grants(lab: Overview, look: Look) -> str:
    """Each with the refresh tokens that live because of it, by family."""
    if not lab.grants:
        return html.quiet("Nothing was granted yet. A grant is what a user let an application have at a sign-in.")
    return "".join(_grant(lab, each, look) for each in lab.grants)


def _session(lab: Overview, session: Session, look: Look) -> Sequence[str]:
    yes = button("end", "Yes, end it", live=look.live, sid=session.sid)
    what = f"The browser of {html.text(user_name(lab, session.sub))} is signed out, and what lives with it ends."
    sure = look.fold(f"end {session.sid}", "End…", f"<div>{what}</div>{yes}")
    who = html.text(user_name(lab, session.sub))
    began, ends = moment(session.began_at, lab), moment(session.expires_at, lab)
    if session.auth_time != session.began_at:
        began += f"<div>and again {moment(session.auth_time, lab)}</div>"
    return f"<b>{who}</b>", began, ends, sure


def _grant(lab: Overview, grant: Grant, look: Look) -> str:
    yes = button("revoke", "Yes, revoke it", live=look.live, grant_id=grant.grant_id)
    sure = look.fold(
        f"revoke {grant.grant_id}", "Revoke…", f"<div>Every token that was given because of it ends.</div>{yes}"
    )
    scopes = " ".join(html.code(each) for each in sorted(grant.scopes)) or html.quiet("no scope")
    head = f"<div><b>{html.text(whose(lab, grant))}</b></div><div>{scopes}</div>"
    ends = lab.grant_ends.get(grant.grant_id)
    until = f", ends {moment(ends, lab)}" if ends else ""
    granted = f"<div>granted {moment(grant.created_at, lab)}{until}</div>"
    families = [_family(lab, each, look) for each in lab.families_of(grant)]
    names = ("generation", "issued", "last used", "ends, and because", "actions")
    tokens = table(families, names) if families else f"<div>{html.quiet('no live refresh token')}</div>"
    return html.card(head + granted + tokens + sure)


def _family(lab: Overview, family: LiveFamily, look: Look) -> Sequence[str]:
    of, sub = family.grant.client_id, family.grant.sub
    step = button("step", "Refresh", live=look.live, client_id=of, sub=sub, flow="refresh", opens="bench")
    if family.run:
        step += button("inspect", "Look inside", live=look.live, run=family.run, opens="grants")
    times = [moment(each, lab) for each in (family.issued_at, family.last_used_at)]
    ends = moment(family.ends_at, lab, never="never by itself") + _cause(family.because)
    return (str(family.generation), *times, ends, step)


def _cause(because: str | None) -> str:
    if because is None:
        return ""
    clock = clock_of(because)
    return f"<div>{html.text(clock.words if clock else because)}</div><div>{html.quiet(html.code(because))}</div>"

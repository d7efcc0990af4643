"""One token in the inspector: what it is, whether it is good, itself, and its tables — OIDCC-2, RFC7662-2."""

from datetime import datetime, timedelta

from oidc_lab.relying_party.judging import Judged
from oidc_lab.relying_party.opaque import OpaqueToken
from oidc_lab.relying_party.signed import SignedToken
from oidc_lab.relying_party.why import Cause
from oidc_lab.views import checks, html
from oidc_lab.views.controls import copier, row
from oidc_lab.views.inspected import far, never, opaque_groups, signed_groups, table, userinfo_groups
from oidc_lab.views.token import moment
from oidc_lab.views.why import show_value, values

_GREEN, _RED, _GREY = "rgb(46,160,67)", "rgb(229,83,75)", "rgba(128,128,128,0.5)"
_TOKEN_SHOWN = 44
_FRESH = timedelta(minutes=1)  # the clock of a provider that is served goes on by itself


def stale(at: datetime, now: datetime) -> bool:
    """Whether what was found out then may not hold any more."""
    return now - at >= _FRESH


def signed_token(token: SignedToken, now: datetime, *, live: bool) -> str:
    """Show a signed token."""
    return "".join(
        [
            f"<div>{_said(token)}</div>",
            _verdict(token, now),
            _itself(token.token, live),
            table(signed_groups(token, now)),
            _never(token),
            _checks(token.judged),
        ]
    )


def _said(token: SignedToken) -> str:
    said = html.text(token.sentence)
    return said if token.vouched else f"<b>✗ {said}</b>"


def _verdict(token: SignedToken, now: datetime) -> str:
    lines = [] if token.ends_at is None else [_end(token.ends_at, now, claimed=not token.vouched)]
    if token.given is not None:
        lines.append(_given(token, now))
    judged = token.judged
    if judged is None:
        return html.card(_lines(["There is no application here to check it as.", *lines]), _GREY)
    who = html.text(judged.application.name)
    would = f"{who} would {_not(judged.believed)}believe it if it came now"
    if stale(judged.at, now):
        would = f"{who} would {_not(judged.believed)}have believed it {far(judged.at, now)}, when this was checked"
    mark, colour = ("✓", _GREEN) if judged.believed else ("✗", _RED)
    because = "" if judged.cause is None else f": {_cause(judged.cause)}"
    shown = _lines([f"<b>{mark} {would}</b>{because or '.'}", *lines])
    return html.card(shown, _GREY if stale(judged.at, now) else colour)


def _not(holds: bool) -> str:
    return "" if holds else "not "


def _given(token: SignedToken, now: datetime) -> str:
    given = token.given
    if given is None:
        return ""
    how = {True: ", and was believed then", False: ", and was not believed then", None: ""}
    return f"It came {far(given.at, now)}, in “{html.text(given.title)}”{how[token.believed_when_it_came]}."


def _end(at: datetime, now: datetime, *, claimed: bool = False) -> str:
    verb = "It ends" if at > now else "It ended"
    if claimed:
        verb = "It claims to end" if at > now else "It claims to have ended"
    return f"{verb} <b>{html.text(far(at, now))}</b>, at {html.text(moment(at.timestamp()))}."


def _cause(cause: Cause) -> str:
    given = dict(cause.details)
    shown = [f"{html.text(each.name)} {show_value(each)}" for each in values(cause)]
    if set(given) == {"checked", "seen", "expected"}:
        shown = [
            f"{html.text(given['checked'])}: saw {html.code(given['seen'])}",
            f"expected {html.code(given['expected'])}",
        ]
    beside = f"<div>{', '.join(shown)}</div>" if shown else ""
    remedy = f"<div>{html.text(cause.remedy)}</div>" if cause.remedy else ""
    return f"{html.text(cause.truth)} {html.clause(cause.clause)}{beside}{remedy}"


def _lines(lines: list[str]) -> str:
    return "".join(f"<div>{each}</div>" for each in lines)


def _itself(token: str, live: bool) -> str:
    """The token shortened, whole in a fold; the browser copies it."""
    copy = copier(token, "Copy the token") if live else ""
    shown = row([html.code(html.shortened(token, _TOKEN_SHOWN)), copy])
    return shown + (html.fold("The whole token", html.block(token)) if len(token) > _TOKEN_SHOWN else "")


def _never(token: SignedToken) -> str:
    names = [html.code(each.name) for each in token.absent if each.never]
    return html.fold(f"Never in an ID Token of this provider: {', '.join(names)}", never(token)) if names else ""


def _checks(judged: Judged | None) -> str:
    if judged is None:
        return ""
    needed = [
        (html.text(each.name), html.code(each.value) if each.value else "not known here", html.text(each.sentence))
        for each in judged.needed
    ]
    body = checks.show(judged.checks) + html.part("What the application has to know for that", html.table(needed))
    summary = f"What {html.text(judged.application.name)} checks: {html.text(checks.summary(judged.checks))}"
    opened = "" if judged.believed else " open"
    return f"<details{opened}><summary>{summary}</summary>{_scrolled(body)}</details>"


def _scrolled(body: str) -> str:
    """What is too wide scrolls by itself; the grid keeps it from making everything else as wide."""
    grid = "display:grid;grid-template-columns:minmax(0,1fr)"
    return f'<div style="{grid}"><div style="overflow-x:auto">{body}</div></div>'


def opaque_token(token: OpaqueToken, now: datetime, *, live: bool) -> str:
    """Show a token that only its provider can read, or a text that is none."""
    parts = [f"<div>{html.text(token.sentence)}</div>"]
    if token.introspection is not None:
        parts.append(_asked(token, now))
    if token.token:
        parts.append(_itself(token.token, live))
    parts += [table(opaque_groups(token, now)), _userinfo(token, now)]
    return "".join(parts)


def _asked(token: OpaqueToken, now: datetime) -> str:
    asked = token.introspection
    if asked is None or asked.problem:
        return html.card(f"Introspection: {html.text(asked.problem if asked else '')}", _GREY)
    who = f"{html.text(asked.asker.name if asked.asker else '')} asked by introspection {html.clause('RFC7662-2')}"
    ends = [] if token.ends_at is None else [_end(token.ends_at, now)]
    old = stale(asked.at, now)
    says, colour = (f"said {far(asked.at, now)}", _GREY) if old else ("says", _GREEN if asked.active else _RED)
    truth = "" if asked.cause is None else _cause(asked.cause)
    if asked.active:
        lines = [f"<b>✓ The provider {says} that it is good</b> (active). {who}.", *ends]
    elif asked.said is None:
        lines = [f"<b>✗ The provider did not say</b> whether it is good. {who}.", truth]
    else:
        silent = f"<b>✗ The provider {says} that it is not active</b>, and nothing else. {who}."
        lines = [silent, *([f"The true reason: {truth}"] if truth else [])]
    return html.card(_lines(lines), colour)


def _userinfo(token: OpaqueToken, now: datetime) -> str:
    if token.userinfo_cause is not None:
        refused = f"Userinfo refuses it: {_cause(token.userinfo_cause)}"
        return html.card(refused, _RED)
    shown = table(userinfo_groups(token, now))
    count = len(token.userinfo)
    claims = f"{count} claim{'' if count == 1 else 's'}"
    return html.fold(f"At userinfo it opens {claims} about the user", shown) if shown else ""

"""The token inspector in plain lines: the same content as its table — OIDCC-2."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from oidc_lab.relying_party.absence import Absent, Reason
from oidc_lab.relying_party.circumstances import Value
from oidc_lab.relying_party.inspection import Inspection
from oidc_lab.relying_party.judging import Judged
from oidc_lab.relying_party.ledger import Check, Verdict
from oidc_lab.relying_party.opaque import OpaqueToken
from oidc_lab.relying_party.signed import SignedToken
from oidc_lab.relying_party.why import Cause
from oidc_lab.views.checks import MARK
from oidc_lab.views.inspected import far, together, token_name, written
from oidc_lab.views.parameters import CLAIMS, INTROSPECTED
from oidc_lab.views.token import moment
from oidc_lab.views.why import values


def inspection_text(inspection: Inspection) -> str:
    """Everything in plain lines."""
    lines = [each for each in (inspection.title, inspection.problem, inspection.note) if each]
    for token in inspection.tokens:
        lines += ["", token.sentence] if lines else [token.sentence]
        now = inspection.now
        lines += _signed(token, now) if isinstance(token, SignedToken) else _opaque(token, now)
    lines += [f"no {token_name(each.name)}: {_reasons(each.all)}" for each in inspection.missing]
    return "\n".join(lines)


def _signed(token: SignedToken, now: datetime) -> Iterator[str]:
    yield f"  {token.token}"
    if token.judged is not None:
        yield f"  {_judged(token.judged, now)}"
    if token.given is not None:
        how = {True: ", believed then", False: ", not believed then", None: ""}
        yield f"  came {far(token.given.at, now)}, in “{token.given.title}”{how[token.believed_when_it_came]}"
    about = "about" if token.vouched else "claimed about"
    yield from _values(f"{about} the token", token.about_token, now)
    yield from _values(f"{about} the user", token.about_user, now)
    yield from _absent("absent", token.absent)
    yield from _values("header", token.header, now)
    yield f"  signature of {len(token.signature)} characters"
    if token.judged is not None:
        yield f"  what {token.judged.application.name} checks"
        for each in token.judged.checks:
            yield f"    {MARK[each.verdict]} {each.what}: {_compared(each)} ({each.clause})"
        for need in token.judged.needed:
            yield f"    to know: {need.name} {need.value or '(not known here)'}, {need.sentence}"


def _opaque(token: OpaqueToken, now: datetime) -> Iterator[str]:
    if token.token:
        yield f"  {token.token}"
    if token.introspection is not None:
        asked = token.introspection
        who = "" if asked.asker is None else f"{asked.asker.name} asked: "
        verdict = "active" if asked.active else "not active" if asked.said is not None else "no answer"
        yield f"  introspection: {asked.problem or f'{who}{verdict}'}{_because(asked.cause)}"
        for name, value in asked.answer.items():
            meaning, clause = INTROSPECTED.get(name, ("", ""))
            yield f"    {name}: {written(value)}{_date(name, value, now)} ({meaning}, {clause})"
    for fact in token.facts:
        at = "" if fact.at is None else f"{moment(fact.at.timestamp())}, {far(fact.at, now)}, "
        yield f"  {fact.name.lower()}: {at}{fact.sentence}"
    for setting in token.settings:
        yield f"  {setting.label}: {setting.value}. {setting.under(token.profile)}"
    if token.userinfo_cause is not None:
        yield f"  userinfo refuses it{_because(token.userinfo_cause)}"
    yield from _values("at userinfo", token.userinfo, now)
    yield from _absent("absent there", token.absent)


def _values(group: str, values: Sequence[Value], now: datetime) -> Iterator[str]:
    if values:
        yield f"  {group}"
    for each in values:
        meaning, clause = CLAIMS.get(each.name, ("", ""))
        at = "" if each.at is None else f" = {moment(each.at.timestamp())}, {far(each.at, now)}"
        yield f"    {each.name}: {written(each.value)}{at}"
        if meaning:
            yield f"      {meaning} {clause}"
        yield f"      from {' '.join(part for part in (each.source, each.clause) if part)}" + (
            f"; {each.since}" if each.since else ""
        )


def _absent(group: str, absent: Sequence[Absent]) -> Iterator[str]:
    if absent:
        yield f"  {group}"
    for names, reasons in together(absent):
        yield f"    no {', '.join(names)}: {_reasons(reasons)}"


def _reasons(reasons: Sequence[Reason]) -> str:
    return "; ".join(
        f"{each.sentence}{f', {each.remedy}' if each.remedy else ''}{f' ({each.clause})' if each.clause else ''}"
        for each in reasons
    )


def _judged(judged: Judged, now: datetime) -> str:
    mark, less = ("✓", "") if judged.believed else ("✗", "not ")
    when = f"{far(judged.at, now)}, when this was checked" if far(judged.at, now) != "now" else "now"
    return f"{mark} {judged.application.name} would {less}believe it, coming {when}{_because(judged.cause)}"


def _compared(check: Check) -> str:
    seen = "" if check.verdict is Verdict.NOT_NEEDED else f"saw {check.seen}, expected "
    return seen + check.expected


def _because(cause: Cause | None) -> str:
    if cause is None:
        return ""
    details = "".join(f"; {each.name} {each.said}" for each in values(cause))
    return f": {cause.truth} {cause.code} ({cause.clause}){details}. {cause.remedy}".rstrip()


def _date(name: str, value: object, now: datetime) -> str:
    if name not in ("exp", "iat", "nbf") or (shown := moment(value)) is None or not isinstance(value, int | float):
        return ""
    return f" = {shown}, {far(datetime.fromtimestamp(value, now.tzinfo), now)}"

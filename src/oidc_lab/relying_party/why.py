"""Explains what went wrong in a run: what the client saw, what happened, what to change — RFC6749-5.2."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus

from oidc_lab.domain import refresh_ended, url
from oidc_lab.domain.refusal import Refused
from oidc_lab.domain.shown import Shown
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.ledger import Check, Verdict
from oidc_lab.relying_party.remedies import REMEDIES, SERVE_THE_PAGE, UNHEARD, Remedy
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.seen import Pairs, blocked, delivered, saw
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.relying_party.token import refusal_in
from oidc_lab.relying_party.trace import Exchange, Refusal, Trace


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One thing that went wrong: in which message (counted from 1; 0 for one shown alone), and all that is known.

    `saw` is what the client could see of it; `details` are values seen and expected; `blame` is the parameter or
    setting at fault, `remedy` the smallest change that helps.
    """

    who: Party
    code: str
    number: int
    step: str
    saw: Pairs
    truth: str
    details: Pairs
    blame: str
    remedy: str
    clause: str


@dataclass(frozen=True)
class Why(Shown):
    """What went wrong, in the order in which it happened, and how it ended in a sentence."""

    title: str
    sentence: str
    causes: tuple[Cause, ...] = ()


def explain(of: Run | Trace | Exchange | Stepping) -> Why:
    """Explain every failed step of a run, of its trace, or one exchange; of a stepping, its present branch."""
    if isinstance(of, Stepping):
        return explain(of.run) if of.run is not None else Why(repr(of), f"Nothing began: {of.problem}.")
    if isinstance(of, Exchange):
        alone = explain(Trace(of.step.title, (of,), _end_of(of)))
        return replace(alone, causes=tuple(replace(each, number=0) for each in alone.causes))
    trace, end = (of.trace, " so far" if of.next_step is not None else "") if isinstance(of, Run) else (of, "")
    causes = tuple(_causes(trace))
    return Why(trace.title, _sentence(trace, len(causes), end), causes)


def _sentence(trace: Trace, causes: int, end: str) -> str:
    sent = len(trace.exchanges)
    messages = f"{sent} message{'s' if sent != 1 else ''}"
    if not causes:
        return f"Nothing was refused in {messages}{end}: there is nothing to explain."
    if trace.refusal is None:
        return f"{_counted(causes)} in {messages}{end}."
    ended = f"The {trace.refusal.who} refused: {trace.refusal.error}."
    return ended if causes == 1 else f"{ended} {_counted(causes)} in all, in the order in which they happened."


def _counted(causes: int) -> str:
    return f"{causes} refusal{'s' if causes != 1 else ''}"


def _causes(trace: Trace) -> Iterator[Cause]:
    for number, exchange in enumerate(trace.exchanges, 1):
        why_blocked = _why_blocked(exchange)
        for refused in exchange.refusals:
            if refused is not why_blocked:
                yield _refused(trace, number, refused)
        for check in exchange.own_checks:
            if check.verdict is Verdict.FAILED:
                yield _failed(trace, number, check) if why_blocked is None else _blocked(trace, number, why_blocked)
    if trace.refusal is not None and not _told(trace, trace.refusal):
        yield _ended(trace, trace.refusal)


def _refused(trace: Trace, number: int, refused: Refused) -> Cause:
    entry = refused.refusal
    truth, remedy = refresh_ended.told(entry.code, entry.truth, entry.remedy, dict(refused.details))
    known = Remedy(truth, entry.blame, entry.clause, remedy)
    return _cause(trace, number, who=Party.PROVIDER, code=entry.code, known=known, details=refused.details)


def _failed(trace: Trace, number: int, check: Check) -> Cause:
    known = REMEDIES.get(check.error, Remedy(f"{check.what} is not what it must be.", check.what, check.clause, ""))
    details = (("checked", check.what), ("seen", check.seen), ("expected", check.expected))
    return _cause(trace, number, who=check.who, code=check.error, known=known, details=details)


def _why_blocked(exchange: Exchange) -> Refused | None:
    """What the provider holds against the page's origin, when the browser kept an answer from the page for that."""
    about = (each for each in exchange.refusals if each.refusal.blame == REMEDIES["blocked_by_cors"].blame)
    return next(about, None) if blocked(exchange) else None


def _blocked(trace: Trace, number: int, refused: Refused) -> Cause:
    # One cause, not two: the browser acts on what the provider did not say.
    entry = refused.refusal
    nowhere = ("received", url.OPAQUE) in refused.details
    known = Remedy(entry.truth, entry.blame, entry.clause, SERVE_THE_PAGE if nowhere else entry.remedy)
    details = (("the provider's reason", entry.code), *refused.details)
    return _cause(trace, number, who=Party.BROWSER, code="blocked_by_cors", known=known, details=details)


def _ended(trace: Trace, refusal: Refusal) -> Cause:
    response = trace.exchanges[-1].response if trace.exchanges else None
    broke = response is not None and response.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    code = "provider_broke" if broke else refusal.error
    details = (("said", refusal.description),) if refusal.description else ()
    known = REMEDIES.get(code, UNHEARD)
    return _cause(trace, len(trace.exchanges), who=refusal.who, code=code, known=known, details=details)


def _cause(trace: Trace, number: int, *, who: Party, code: str, known: Remedy, details: Pairs) -> Cause:
    return Cause(
        who=who,
        code=code,
        number=number,
        step=trace.exchanges[number - 1].step.title if number else "",
        saw=tuple(saw(trace, number)) if number else (),
        truth=known.truth,
        details=details,
        blame=known.blame,
        remedy=known.remedy,
        clause=known.clause,
    )


def _told(trace: Trace, refusal: Refusal) -> bool:
    """Whether a refusal that the provider reported, or a check that failed, is what ended the trace."""
    if refusal.who is not Party.PROVIDER:
        return any(check.verdict is Verdict.FAILED for each in trace.exchanges[-1:] for check in each.own_checks)
    # What the provider refuses in the browser is read one message later, when the browser has brought it.
    last = trace.exchanges[-2:] if delivered(trace, len(trace.exchanges)) else trace.exchanges[-1:]
    return refusal.error not in REMEDIES and any(each.refusals for each in last)


def _end_of(exchange: Exchange) -> Refusal | None:
    response = exchange.response
    if blocked(exchange):
        return _failed_check(exchange)
    if response is None:
        lost = exchange.step.receiver is not Party.RELYING_PARTY
        return Refusal(exchange.step.sender, "not_sent", exchange.request.url) if lost else _failed_check(exchange)
    if response.status >= HTTPStatus.BAD_REQUEST:
        refused = refusal_in(response)
        return Refusal(refused.who, refused.error, refused.description)
    return _failed_check(exchange)


def _failed_check(exchange: Exchange) -> Refusal | None:
    failed = (check for check in exchange.own_checks if check.verdict is Verdict.FAILED)
    return next((Refusal(check.who, check.error, check.what) for check in failed), None)

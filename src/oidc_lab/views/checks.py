"""The checks of a party as a table: what, seen, expected, verdict and clause — OIDCC-3.1.3.7."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.ledger import Check, Verdict
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.trace import Exchange, Trace
from oidc_lab.views import html

if TYPE_CHECKING:
    import pandas as pd

MARK = {Verdict.PASSED: "✓", Verdict.FAILED: "✗", Verdict.NOT_NEEDED: "○", Verdict.NOTED: "•"}
_COLOUR = {
    Verdict.PASSED: "rgb(46,160,67)",
    Verdict.FAILED: "rgb(229,83,75)",
    Verdict.NOT_NEEDED: "inherit",
    Verdict.NOTED: "inherit",
}


def table(of: Trace | Run | Exchange, who: Party | str | None = None) -> "pd.DataFrame":
    """Tabulate the checks of a run, its trace, or one exchange: those of `who`, or of all but the provider."""
    import pandas as pd

    trace = of.trace if isinstance(of, Run) else of
    exchanges = trace.exchanges if isinstance(trace, Trace) else (trace,)
    checks = _of(who, [check for each in exchanges for check in each.checks])
    rows = [(each.what, each.clause, each.seen, each.expected, each.verdict.value) for each in checks]
    return pd.DataFrame(rows, columns=["what", "clause", "seen", "expected", "verdict"])


def summary(checks: Sequence[Check], who: Party | None = None) -> str:
    """Count the checks of `who`, or of all but the provider: `✓ 9 checks, 5 not needed`; a failed one is named."""
    checks = _of(who, checks)
    for check in checks:
        if check.verdict is Verdict.FAILED:
            return f"✗ {check.what}"
    passed, spared, noted = (
        sum(check.verdict is each for check in checks) for each in (Verdict.PASSED, Verdict.NOT_NEEDED, Verdict.NOTED)
    )
    aside = [f"{number} {verdict}" for number, verdict in ((spared, "not needed"), (noted, "noted")) if number]
    if passed:
        return f"✓ {', '.join([_counted(passed), *aside])}"
    if spared:
        return f"○ {', '.join([f'{_counted(spared)} not needed', *aside[1:]])}"
    return f"• {noted} noted" if noted else ""


def _of(who: Party | str | None, checks: Sequence[Check]) -> Sequence[Check]:
    return [each for each in checks if (each.who is not Party.PROVIDER if who is None else each.who is Party(who))]


def _counted(number: int) -> str:
    return f"{number} check{'s' if number != 1 else ''}"


def show(checks: Sequence[Check]) -> str:
    """Show checks as HTML."""
    if not checks:
        return ""
    return html.table([_row(each) for each in checks], ("verdict", "what", "seen", "expected", "clause"))


def _row(check: Check) -> tuple[str, str, str, str, str]:
    verdict = (
        f'<span style="color:{_COLOUR[check.verdict]};font-weight:bold">{MARK[check.verdict]}</span> {check.verdict}'
    )
    expected = html.text(check.expected) if check.verdict is Verdict.NOT_NEEDED else html.code(check.expected)
    return (
        verdict,
        html.text(check.what),
        _wrapped(html.code(check.seen)) if check.seen else "",
        _wrapped(expected),
        html.clause(check.clause),
    )


def _wrapped(value: str) -> str:
    """Two addresses beside each other leave no room on a projector, unless they may break."""
    return f'<span style="overflow-wrap:anywhere">{value}</span>'

"""Shows what holds for an application that follows another policy in place of its settings — RFC9700-4.14.2."""

from collections.abc import Sequence

from oidc_lab.domain.adopted import Adopted, Row
from oidc_lab.views import html


def adopted_view(adopted: Adopted) -> dict[str, str]:
    """What a notebook shows of an adopted policy."""
    return {"text/plain": repr(adopted), "text/html": show_adopted(adopted)}


def show_adopted(adopted: Adopted) -> str:
    """Show each parameter, now and before, and what to mind: doubts, and what no parameter can say."""
    rows = [_row(each) for each in sorted(adopted.rows, key=lambda each: not each.changed)]
    return html.card(
        f"<div><b>{html.text(adopted.title)}</b></div>"
        + "".join(f"<div>⚠ {html.text(each)}</div>" for each in adopted.warnings)
        + html.table(rows, ("parameter", "now", "before"))
        + html.part("What is not established", _lines(adopted.doubts))
        + html.part("What these parameters cannot say", _lines(adopted.not_expressible))
    )


def _row(row: Row) -> Sequence[str]:
    if row.changed:
        return html.code(row.parameter), f"<b>{html.text(row.now)}</b>", html.text(row.before)
    return html.code(row.parameter), html.text(row.now), html.quiet("the same")


def _lines(said: Sequence[str]) -> str:
    return "".join(f"<div>{html.text(each)}</div>" for each in said)

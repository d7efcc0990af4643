"""Shows the ways that a run was taken, and two of them side by side with their first difference — OIDCC-3.1.1."""

from oidc_lab.relying_party.comparison import Comparison, Difference, Row
from oidc_lab.relying_party.contents import SENT
from oidc_lab.relying_party.departures import departure
from oidc_lab.relying_party.stepping import Branch, Stepping
from oidc_lab.relying_party.told import told
from oidc_lab.relying_party.trace import Exchange
from oidc_lab.views import html, wording
from oidc_lab.views.controls import button, choice, row

_HEAD = ("branch", "how it ended", "where it parts", "go there")


def show(model: Stepping, *, live: bool) -> str:
    """List the branches when there is more than one."""
    if len(model.branches) < 2:
        return ""
    rows = [_row(index, each, model, live=live) for index, each in enumerate(model.branches)]
    return html.section("Branches") + f"<div>{html.text(_title(model))}</div>" + html.table(rows, _HEAD)


def show_choice(model: Stepping, two: tuple[int, int], *, live: bool) -> str:
    """Show which two branches to lay side by side."""
    if len(model.branches) < 2:
        return ""
    branches = model.branches
    names = [(str(index), f"Branch {each.name}: {departure(each, branches)}") for index, each in enumerate(branches)]
    lists = [
        choice("compare", side, f"{label} branch to compare", names, str(chosen), live=live)
        for side, label, chosen in (("one", "First", two[0]), ("other", "Second", two[1]))
    ]
    return row(["<b>Compare</b>", lists[0], "<span>with</span>", lists[1]])


def show_compared(model: Stepping, two: tuple[int, int]) -> str:
    """Show two branches side by side."""
    if len(model.branches) < 2:
        return ""
    return table(model.compare(*two)) if two[0] != two[1] else "<div>Choose two different branches.</div>"


def usual_two(model: Stepping) -> tuple[int, int]:
    """Give the two branches that are worth comparing: the present one, and the one it left, or any other."""
    here = model.here
    left = [index for index, each in enumerate(model.branches) if each.name == model.branches[here].parent]
    return (*left, 1 if here == 0 else 0)[0], here


def table(compared: Comparison) -> str:
    """Show a comparison: the first difference in words, then message beside message."""
    head = ("message", f"branch {html.text(compared.one)}", f"branch {html.text(compared.other)}", "is it the same")
    rows = [_pair(each, compared.first is each) for each in compared.rows]
    return _first(compared) + html.fold("Message by message", html.table(rows, head))


def comparison_view(compared: Comparison) -> dict[str, str]:
    """What a notebook shows of a comparison."""
    return {"text/plain": compared.sentence, "text/html": table(compared)}


def text(model: Stepping) -> list[str]:
    """The branches in plain lines."""
    if len(model.branches) < 2:
        return []
    return [
        f"{len(model.branches)} branches: {_title(model)}",
        *(_line(each, model, here=index == model.here) for index, each in enumerate(model.branches)),
    ]


def _title(model: Stepping) -> str:
    """What all branches are ways to do."""
    return model.branches[model.here].trace.title


def _line(branch: Branch, model: Stepping, *, here: bool) -> str:
    done = departure(branch, model.branches)
    return f"branch {branch.name}{' (here)' if here else ''}: {done}; {_ended(branch)}; {_parted(branch)}"


def _row(index: int, branch: Branch, model: Stepping, *, live: bool) -> tuple[str, str, str, str]:
    here = index == model.here
    name = f"<b>{html.text(branch.name)}</b> {html.text(departure(branch, model.branches))}"
    switch = (
        "<b>you are here</b>"
        if here
        else button("switch", f"Switch to branch {branch.name}", live=live, index=str(index))
    )
    undoes = "" if here else model.switch_undoes(index)
    aside = html.quiet(html.text(f" It {undoes}.")) if undoes else ""
    return name, html.text(_ended(branch)), html.text(_parted(branch)), switch + aside


def _ended(branch: Branch) -> str:
    sent = len(branch.trace.exchanges)
    return branch.ended or f"not at its end: {sent} message{_s(sent)} so far"


def _parted(branch: Branch) -> str:
    if not branch.parent:
        return "the first"
    return f"after message {branch.forked_at} of branch {branch.parent}" if branch.forked_at else "from the beginning"


def _first(compared: Comparison) -> str:
    first = compared.first
    if first is None:
        return "<div>✓ All messages are the same.</div>"
    number = _number(first)
    if first.one is None or first.other is None:
        short = compared.one if first.one is None else compared.other
        return f"<div><b>First difference:</b> branch {html.text(short)} has no message {number}.</div>"
    said = f"<div><b>First difference:</b> message {number}, {html.text(first.title)}.</div>"
    head = ("where", "name", f"branch {html.text(compared.one)}", f"branch {html.text(compared.other)}")
    # What was sent otherwise is why; what came then follows from it.
    cause = [_difference(each) for each in first.differences if each.where in SENT]
    effect = [_difference(each) for each in first.differences if each.where not in SENT]
    if not cause or not effect:
        return html.card(said + html.table(cause + effect, head))
    more = html.fold(f"What came of it: {len(effect)} more difference{_s(len(effect))}", html.table(effect, head))
    return html.card(said + html.table(cause, head) + more)


def _s(number: int) -> str:
    return "s" if number != 1 else ""


def _difference(each: Difference) -> tuple[str, str, str, str]:
    sides = [
        html.quiet("not there") if value is None else html.code(told(each.name, value))
        for value in (each.one, each.other)
    ]
    return html.text(each.where), html.code(each.name), sides[0], sides[1]


def _number(row: Row) -> str:
    """The numbers of both messages, one when it is the same; the ways may be of different length by then."""
    numbers = dict.fromkeys(str(each) for each in (row.number_of_one, row.number_of_other) if each is not None)
    return " and ".join(numbers)


def _pair(each: Row, first: bool) -> tuple[str, str, str, str]:
    verdict = "same" if each.same else "<b>first difference</b>" if first else "different"
    return _number(each), _side(each.one), _side(each.other), verdict


def _side(exchange: Exchange | None) -> str:
    if exchange is None:
        return html.quiet("nothing")
    answer = wording.answer(exchange.response, 34)
    return html.text(exchange.step.title) + (f"<div>{html.code(answer)}</div>" if answer else "")

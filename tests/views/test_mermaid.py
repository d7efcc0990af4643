"""Mermaid text: the same messages, and nothing from outside that Mermaid would read as its own."""

import re

from oidc_lab import Lab
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.run import Run
from oidc_lab.views.mermaid import mermaid


def _name(party: Party) -> str:
    return party.value.replace(" ", "_").lower()


def test_every_message_and_answer_is_a_line(signed_in: Run) -> None:
    rows = mermaid(signed_in).splitlines()
    assert rows[0] == "sequenceDiagram"
    arrows = [row.strip() for row in rows if "->>" in row and "-->>" not in row]
    expected = [
        f"{_name(each.step.sender)}->>{_name(each.step.receiver)}: {number}. {each.request.method} "
        for number, each in enumerate(signed_in.trace.exchanges, 1)
    ]
    assert len(arrows) == len(expected)
    assert all(row.startswith(start) for row, start in zip(arrows, expected, strict=True))
    assert sum("-->>" in row for row in rows) == sum(each.response is not None for each in signed_in.trace.exchanges)


def test_who_takes_no_part_is_not_drawn_and_notes_reach_across_those_who_do(lab: Lab, signed_in: Run) -> None:
    """RFC6749-1.1: only userinfo is called with an access token."""
    out = lab.sign_out("web-shop", "anna", signed_in=signed_in).finish()
    assert "participant api" not in mermaid(out)
    assert "participant api as API" in mermaid(signed_in)
    late = lab.userinfo("web-shop", "anna", signed_in=signed_in)
    late.advance()
    lab.clock.advance(minutes=2)
    assert "Note over browser,api: 2 minutes later" in mermaid(late.finish())


def test_a_run_and_its_trace_are_the_same(signed_in: Run) -> None:
    assert mermaid(signed_in) == mermaid(signed_in.trace)


def test_the_refusal_and_its_truth_are_notes(provider_refuses: Run) -> None:
    text = mermaid(provider_refuses)
    assert "Note over provider: ✗ the provider refused: invalid_grant" in text
    assert "verifier_wrong" in text


def test_what_comes_from_outside_cannot_be_mermaid(hostile: Run) -> None:
    text = mermaid(hostile)
    without_codes = re.sub(r"#\d+;", "", text)
    assert not set('<>;#%{}"&') & set(without_codes.replace("->>", ""))
    assert "#60;img src=x onerror=alert(1)#62;" in text


def test_one_seed_gives_one_text() -> None:
    def text() -> str:
        with Lab() as lab:
            return mermaid(lab.sign_in("web-shop", "anna").finish())

    assert text() == text()

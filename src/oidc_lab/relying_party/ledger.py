"""Keeps what was checked: clause, value seen, value expected and verdict, also of what passes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from oidc_lab.relying_party.errors import FlowRefused, Party


class Verdict(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_NEEDED = "not needed"
    NOTED = "noted"


@dataclass(frozen=True)
class Check:
    """One check; `error` is the code with which a failed one ended the flow, `who` makes it.

    That is the relying party, or the browser when a page of the relying party calls.
    """

    what: str
    clause: str
    seen: str
    expected: str
    verdict: Verdict
    error: str = ""
    who: Party = Party.RELYING_PARTY


class Ledger:
    """The checks of one run, in the order in which they were made."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def expect(
        self,
        what: str,
        clause: str,
        *,
        seen: Any,
        expected: Any,
        holds: bool,
        error: str,
        who: Party = Party.RELYING_PARTY,
    ) -> None:
        """Note a check; a failed one ends the flow with `error`."""
        verdict = Verdict.PASSED if holds else Verdict.FAILED
        self.checks.append(Check(what, clause, _text(seen), _text(expected), verdict, "" if holds else error, who))
        if not holds:
            description = f"{what}: expected {_text(expected)}, saw {_text(seen)} ({clause})"
            raise FlowRefused(who, error, description)

    def equal(self, what: str, clause: str, *, seen: Any, expected: Any, error: str) -> None:
        """Note a comparison for equality."""
        self.expect(what, clause, seen=seen, expected=expected, holds=seen == expected, error=error)

    def not_needed(self, what: str, clause: str, because: str, who: Party = Party.RELYING_PARTY) -> None:
        """Note a check that does not apply here, and why."""
        self.checks.append(Check(what, clause, "", because, Verdict.NOT_NEEDED, who=who))

    def note(self, what: str, clause: str, *, seen: Any, expected: Any) -> None:
        """Note what a clause advises or leaves open; the flow goes on either way."""
        self.checks.append(Check(what, clause, _text(seen), _text(expected), Verdict.NOTED))


def _text(value: Any) -> str:
    return "nothing" if value is None else str(value)

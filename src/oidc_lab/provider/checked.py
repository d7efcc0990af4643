"""Tells the lab what is checked in the present request, also what passes; it is never on the wire — RFC9700-2.6."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import g

from oidc_lab.domain.checked import Checked
from oidc_lab.domain.refusal import Refused
from oidc_lab.provider.context import context

RIGHT, WRONG = "right", "wrong"  # how a secret is told
KNOWN, UNKNOWN = "known here", "unknown here"  # how a code or token is told


def checked(what: str, clause: str, seen: Any, expected: Any, holds: bool | None = True) -> None:
    """Note a check; one that does not hold comes just before its refusal. `seen` is never a secret, code or token."""
    tell = context().on_check
    if tell is None:
        return
    if holds is False:
        g.check_failed = True
    tell(Checked(what, clause, _text(seen), _text(expected), holds))


def failed(refused: Refused) -> None:
    """Note what a refusal says of itself, unless the check that failed was noted where it was made."""
    if not g.pop("check_failed", False):
        entry = refused.refusal
        seen = ", ".join(f"{name}: {value}" for name, value in refused.details)
        checked(entry.blame, entry.clause, seen or entry.truth, entry.remedy, holds=False)


def moment(at: datetime) -> str:
    """A moment as a check tells it."""
    return at.isoformat(" ", "seconds").removesuffix("+00:00") + " UTC"


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value or "nothing"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Iterable):
        return " or ".join(value) or "nothing"
    return "nothing" if value is None else str(value)

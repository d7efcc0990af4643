"""One thing that a provider checked in a request: what it saw and what it expected — RFC9700-2.6."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Checked:
    """A check as it was made; the values are never a secret, code or token.

    `holds` is None for what is taken note of and decides nothing alone.
    """

    what: str
    clause: str
    seen: str
    expected: str
    holds: bool | None

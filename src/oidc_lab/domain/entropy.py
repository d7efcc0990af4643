"""What a source of randomness is: something that draws unguessable text — RFC6749-10.10."""

from typing import Protocol, Self


class Entropy(Protocol):
    """Draws values that nobody outside can predict; a seeded one draws the same values again."""

    def token(self, length: int = 43) -> str:
        """Draw `length` characters of the base64url alphabet; 43 of them carry 256 bits."""
        ...

    def child(self, name: str) -> Self:
        """Give a source that draws independently of this one."""
        ...

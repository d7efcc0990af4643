"""The sources of randomness: one that repeats itself from a seed, and the machine's — RFC6749-10.10."""

import base64
import hashlib
import itertools
import secrets
from typing import Self


class SeededEntropy:
    """Draws the same values for the same seed, on every machine and Python version.

    Not for anything that must be secret: who knows the seed knows every code and token. `child` gives a source
    of its own to each part of the bench, so that one more draw here does not change what is drawn there.
    """

    def __init__(self, seed: int | str) -> None:
        self._seed = str(seed)
        self._counter = itertools.count()

    def child(self, name: str) -> Self:
        """Give a source that is independent of this one and of those with other names."""
        return type(self)(f"{self._seed}/{name}")

    def token(self, length: int = 43) -> str:
        """Draw `length` characters of the base64url alphabet."""
        material = hashlib.shake_256(f"{self._seed}#{next(self._counter)}".encode())
        return base64.urlsafe_b64encode(material.digest(length)).decode()[:length]


class SystemEntropy:
    """Draws from the operating system: for a provider that other people's machines can reach."""

    def child(self, name: str) -> Self:  # noqa: ARG002 - one source is independent enough
        """Give this source: the operating system's draws have nothing in common with each other."""
        return self

    def token(self, length: int = 43) -> str:
        """Draw `length` characters of the base64url alphabet."""
        return secrets.token_urlsafe(length)[:length]

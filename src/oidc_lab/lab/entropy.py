"""The sources of randomness: one that repeats itself from a seed, and the machine's — RFC6749-10.10."""

import base64
import hashlib
import secrets
import threading
from typing import Self

# How many values a source has drawn, and what its children have.
Drawn = tuple[int, tuple["Drawn", ...]]


class SeededEntropy:
    """Draws the same values for the same seed, on every machine and Python version.

    Not for anything that must be secret: who knows the seed knows every code and token. `child` gives a source
    of its own to each part of the bench, so that one more draw here does not change what is drawn there.
    """

    def __init__(self, seed: int | str) -> None:
        self._seed = str(seed)
        self._drawn = 0
        self._children: list[Self] = []
        self._turn = threading.Lock()

    def child(self, name: str) -> Self:
        """Give a source that is independent of this one and of those with other names."""
        child = type(self)(f"{self._seed}/{name}")
        self._children.append(child)
        return child

    def image(self) -> Drawn:
        """How far this source and its children have come."""
        return self._drawn, tuple(each.image() for each in self._children)

    def restore(self, image: Drawn) -> None:
        """Draw from there on again; a child that was not there yet begins anew."""
        self._drawn, children = image
        unborn: Drawn = (0, ())
        for place, child in enumerate(self._children):
            child.restore(children[place] if place < len(children) else unborn)

    def token(self, length: int = 43) -> str:
        """Draw `length` characters of the base64url alphabet."""
        with self._turn:
            place, self._drawn = self._drawn, self._drawn + 1
        material = hashlib.shake_256(f"{self._seed}#{place}".encode())
        return base64.urlsafe_b64encode(material.digest(length)).decode()[:length]


class SystemEntropy:
    """Draws from the operating system: for a provider that other people's machines can reach."""

    def child(self, name: str) -> Self:  # noqa: ARG002 - one source is independent enough
        """Give this source: the operating system's draws have nothing in common with each other."""
        return self

    def token(self, length: int = 43) -> str:
        """Draw `length` characters of the base64url alphabet."""
        return secrets.token_urlsafe(length)[:length]

"""What can be put back to where it stood: a store, a clock, a browser's cookies — RFC6749-1.2."""

from typing import Any, Protocol


class Rewindable(Protocol):
    """Gives an image of itself, and becomes again what an image shows."""

    def image(self) -> Any:
        """How it stands at present; what happens later does not change the image."""
        ...

    def restore(self, image: Any) -> None:
        """Stand as the image shows."""
        ...

"""What can be explored and drawn: it knows no pictures itself, they are put on its class — RFC9700-4.14.2."""

from collections.abc import Callable
from typing import Any, ClassVar

from oidc_lab.domain.shown import Shown
from oidc_lab.domain.watched import Watched


class Explorable(Shown, Watched):
    """Draws its figures through what was put on its class."""

    drawing: ClassVar[Callable[[Any, str], Any] | None] = None

    def figure(self, name: str = "") -> Any:
        """One of its figures, or the one that is chosen. Raises ValueError when there is nothing to draw, and why."""
        draw = type(self).drawing
        if draw is None:
            raise RuntimeError("this is drawn where oidc_lab.views.put_on() was called, as importing Lab does")
        return draw(self, name)

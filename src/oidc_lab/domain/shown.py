"""What a notebook can show: an object with a view, which is put on from outside because objects know no pictures."""

from collections.abc import Callable
from typing import Any, ClassVar


class Shown:
    """Shows itself in a notebook through the view that was put on its class."""

    view: ClassVar[Callable[[Any], dict[str, str]] | None] = None

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        view = type(self).view
        return {"text/plain": repr(self)} if view is None else view(self)

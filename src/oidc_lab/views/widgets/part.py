"""A part of a live view: HTML that is drawn anew only when it changes, and not over what was typed there."""

from collections.abc import Iterator
from typing import Any

import ipywidgets


class Part(ipywidgets.HTML):
    """A part of a frame. What is shown already is not drawn again."""

    value: str
    _body, _drawn = "", 0
    _kept = _keeping = False

    def show(self, body: str) -> None:
        """Show HTML."""
        if body == self._body:
            return
        if self._kept:  # the page may know the same HTML from before something was typed, and would not draw it
            self._kept, self._drawn = False, self._drawn + 1
        self._set(body)

    def keep(self, body: str) -> None:
        """Know that a page holds this already, because it was typed or chosen there: only a later page draws it."""
        self._kept = self._keeping = True
        try:
            self._set(body)
        finally:
            self._keeping = False

    def bring(self) -> None:
        """Have the pages draw what was only kept."""
        if self._kept:
            self.send_state("value")

    def notify_change(self, change: Any) -> None:
        """Tell the pages of a change, unless it comes from there."""
        if not self._keeping:
            super().notify_change(change)

    def _set(self, body: str) -> None:
        self._body = body
        # In one element, so that the page can compare what was there with what comes.
        drawn = f' data-drawn="{self._drawn}"' if self._drawn else ""
        self.value = f"<div{drawn}>{body}</div>" if body else ""


def parts_in(box: ipywidgets.Box) -> Iterator[Part]:
    """Every part in a box, and in boxes in it."""
    for each in box.children:
        if isinstance(each, Part):
            yield each
        elif isinstance(each, ipywidgets.Box):
            yield from parts_in(each)

"""Reads the controls of a live view, and does what a person does with them, over the wire as a page does."""

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count

from oidc_lab.views.widgets.frame import Frame

_NUMBERS = count(1)
_EMPTY = {"input", "img", "link", "meta"}


@dataclass
class Control:
    """A button, field, list, mark or frame: what it is called, what it holds, whether it can be used."""

    tag: str
    attributes: dict[str, str]
    name: str = ""
    value: str = ""
    options: dict[str, str] = field(default_factory=dict)

    @property
    def enabled(self) -> bool:
        return "disabled" not in self.attributes

    @property
    def data(self) -> dict[str, str]:
        return {name[5:]: value for name, value in self.attributes.items() if name.startswith("data-")}


class Controls(HTMLParser):
    """Every control of some HTML, in order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.all: list[Control] = []
        self._label = ""
        self._open: Control | None = None
        self._option: str | None = None
        self._mark: Control | None = None
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag in {"button", "input", "select", "textarea", "iframe"}:
            named = given.get("aria-label", given.get("title", "") if tag == "iframe" else "")
            made = Control(tag, given, named, given.get("value", ""))
            if given.get("type") == "checkbox":
                made.value = "on" if "checked" in given else ""
            self.all.append(made)
            self._open = made if tag in {"button", "select", "textarea"} else None
            self._mark = made if given.get("type") in {"checkbox", "radio"} else None
        elif tag == "option" and self._open is not None:
            self._option = given.get("value", "")
            self._open.options[self._option] = ""
            if "selected" in given:
                self._open.value = self._option

    def handle_endtag(self, tag: str) -> None:
        if tag == "option":
            self._option = None
        elif tag in {"button", "select", "textarea"}:
            self._open = None
        elif tag == "label":
            self._mark = None

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._option is not None:
            self._open.options[self._option] += data
        elif self._open is not None and self._open.tag == "textarea":
            self._open.value += data.removeprefix("\n") if not self._open.value else data  # as a browser reads it
        elif self._open is not None and self._open.tag == "button":
            self._open.name += data
        elif self._mark is not None:
            self._mark.name = f"{self._mark.name}{data}".strip()

    def named(self, name: str) -> Control:
        found = [each for each in self.all if each.name == name]
        assert found, (name, [each.name for each in self.all])
        return found[0]


def shown(frame: Frame) -> str:
    """Everything that the parts of a frame show."""
    return "".join(part.value for part in frame.parts.values())


def controls(frame: Frame) -> Controls:
    return Controls(shown(frame))


def press(frame: Frame, name: str) -> None:
    """Press the button of this name; it must be one that can be pressed."""
    pressed = controls(frame).named(name)
    assert pressed.enabled, name
    assert pressed.tag == "button"
    _say(frame, pressed.data)


def enter(frame: Frame, name: str, value: str) -> None:
    """Type a value in a field, choose it in a list, or set a tick ("on" or "")."""
    used = controls(frame).named(name)
    assert used.enabled, name
    if used.tag == "select":
        assert value in used.options, (value, used.options)
    _say(frame, {**used.data, "value": value})


def send_form(frame: Frame, to: str, values: dict[str, str]) -> None:
    """Send the form of the page that stands in the frame, as its handler does."""
    (page,) = (each for each in controls(frame).all if each.tag == "iframe")
    _say(frame, {**page.data, "to": to, "values": json.dumps(list(values.items()))})


def _say(frame: Frame, message: dict[str, str]) -> None:
    wire = next(each for each in frame.children if "ol-wire" in getattr(each, "_dom_classes", ()))
    wire.value = json.dumps([{**message, "number": next(_NUMBERS)}])

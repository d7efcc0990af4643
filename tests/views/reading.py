"""Reads what a view shows the way a notebook does."""

import base64
from html.parser import HTMLParser
from xml.etree import ElementTree

HOSTILE = "<img src=x onerror=alert(1)>\"'&;#%%{init}"
SVG = "{http://www.w3.org/2000/svg}"
_EMPTY = {"img", "br", "input"}
# What an untrusted JupyterLab leaves in place.
KEPT = {
    "a",
    "b",
    "code",
    "details",
    "div",
    "img",
    "pre",
    "span",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
}


class Page(HTMLParser):
    """The tags, attributes and words of some HTML; a tag that is not closed is an error."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.words: list[str] = []
        self.summaries: list[str] = []
        self.cells: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]
        if tag not in _EMPTY:
            self._open.append(tag)
        if tag == "summary":
            self.summaries.append("")
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if "summary" in self._open:
            self.summaries[-1] += data
        if "td" in self._open:
            self.cells[-1] += data

    def attribute(self, tag: str, name: str) -> list[str]:
        return [value or "" for of, called, value in self.attributes if (of, called) == (tag, name)]

    @property
    def text(self) -> str:
        return "".join(self.words)


def picture(source: str) -> ElementTree.Element:
    """The one picture of some HTML."""
    (address,) = Page(source).attribute("img", "src")
    kind, _, data = address.partition(",")
    assert kind == "data:image/svg+xml;base64"
    return ElementTree.fromstring(base64.b64decode(data))


def words(drawing: ElementTree.Element) -> list[str]:
    """The texts of a picture, in order."""
    return [each.text or "" for each in drawing.iter(f"{SVG}text")]


def html(shown: object) -> str:
    """What a notebook shows of an object."""
    return shown._repr_mimebundle_()["text/html"]  # type: ignore[attr-defined,no-any-return]

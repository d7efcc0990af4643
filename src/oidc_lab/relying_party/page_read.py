"""A page of the provider as a browser reads it: forms, buttons, who is on it, what went wrong — OIDCC-3.1.2.3."""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)

# What a person can act on, and what says that something went wrong. The parser is slow, so it is given nothing else.
_TELLING = re.compile(
    r"""<(?:form|input|button)\b(?:"[^"]*"|'[^']*'|[^"'>])*>"""
    r"""|<(\w+)\b[^<>]*\bid="(?:problem|what|error)".*?</\1>""",
    re.DOTALL | re.IGNORECASE,
)

# The lab's own pages say here whose button it is, and who is signed in.
_SHORTCUT = re.compile(r'id="demo-user-([^"]*)".*?<bdi>(.*?)</bdi> <bdi class="quiet">(.*?)</bdi>', re.DOTALL)
_ACCOUNT = re.compile(r'(?:<p class="signed-in">.*?|Continue as )<bdi>(.*?)</bdi>', re.DOTALL)


@dataclass
class Form:
    """A form: where it leads, and what its fields hold."""

    action: str
    values: dict[str, str]


class Page(HTMLParser):
    """The forms, fields, buttons (by id) and marked texts of a page.

    `people` are those whom one click signs in, by sub; `usernames` the same by what they type. `account` is who is
    signed in there already.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.fields: set[str] = set()
        self.buttons: dict[str, tuple[Form, str, str]] = {}
        self.texts: dict[str, str] = {}
        self.people: dict[str, str] = {}
        self.usernames: dict[str, str] = {}
        for each in _SHORTCUT.finditer(html):
            sub, name, username = map(_read, each.groups())
            self.people[sub] = self.usernames[username] = name
        found = _ACCOUNT.search(html)
        self.account = _read(found[1]) if found else ""
        self._reading: tuple[str, str] | None = None
        self.feed("".join(found[0] for found in _TELLING.finditer(html)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), {}))
        elif tag == "input" and self.forms:
            self.forms[-1].values[given.get("name", "")] = given.get("value", "")
            self.fields.add(given.get("name", ""))
        elif tag == "button" and self.forms:
            pressed = (self.forms[-1], given.get("name", ""), given.get("value", ""))
            self.buttons[given.get("id", "")] = pressed
        if given.get("id") in {"problem", "what", "error"}:
            self._reading = (tag, given["id"])
            self.texts[given["id"]] = ""

    def handle_endtag(self, tag: str) -> None:
        if self._reading and self._reading[0] == tag:
            self._reading = None

    def handle_data(self, data: str) -> None:
        if self._reading:
            name = self._reading[1]
            self.texts[name] = f"{self.texts[name]} {data}".strip()

    @property
    def clause(self) -> str:
        """The clause that the page is there for."""
        if "username" in self.fields:
            return "OIDCC-3.1.2.3"
        return next((_CLAUSES[each] for each in self.buttons if each in _CLAUSES), "OAFP-2")


_CLAUSES = {"allow": "OIDCC-3.1.2.4", "continue": "OIDCC-3.1.2.3", "sign-out": "OIDCRIL-2"}


def page_title(body: str) -> str:
    """The title of a page, "" when it has none."""
    found = _TITLE.search(body)
    return " ".join(unescape(found[1]).split()) if found else ""


def _read(text: str) -> str:
    return unescape(text).strip()

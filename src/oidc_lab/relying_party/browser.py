"""A browser that a script drives: it follows redirects and fills in the provider's forms — RFC6749-1.2.

Pure: it looks at an answer and says which request a person in front of that page would cause next.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin

from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.message import Request, Response, get, post, split

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, kw_only=True)
class Persona:
    """Who sits in front of the browser. Without a password the lab's one-click shortcut is used.

    `by_hand` is somebody who fills in each page, and may mistype: a form then stands there as the page brings it.
    """

    sub: str
    name: str
    username: str
    password: str | None = field(default=None, repr=False)
    agrees: bool = True
    by_hand: bool = False


@dataclass(frozen=True)
class Move:
    """What the person does next: the request it causes, in words, and its clause."""

    request: Request
    title: str
    clause: str


_PAGES = {
    "sign-in": ("Open the sign-in page", "OIDCC-3.1.2.3"),
    "select-account": ("Open the page to choose an account", "OIDCC-3.1.2.3"),
    "consent": ("Open the page that asks for consent", "OIDCC-3.1.2.4"),
    "authorize": ("Go on at the authorization endpoint", "OIDCC-3.1.2"),
}


def next_move(request: Request, response: Response, persona: Persona) -> Move | None:
    """What follows from an answer; None when the page leads nowhere further.

    Raises FlowRefused when the page says that the provider refused.
    """
    if response.status in _REDIRECTS:
        return _followed(_address(request.url, response.header("Location") or ""))
    page = _Page(response.body)
    tries_again = persona.by_hand and bool(page.buttons)
    if "problem" in page.texts and not tries_again:
        raise FlowRefused(Party.PROVIDER, "sign_in_failed", page.texts["problem"])
    if "what" in page.texts:
        raise FlowRefused(Party.PROVIDER, page.texts.get("error", "refused"), page.texts["what"])
    return _act(page, request.url, persona) if page.buttons else None


def form_addresses(response: Response, url: str) -> frozenset[str]:
    """Where the forms of a page at `url` lead; none when the answer shows no page on which something can be sent."""
    if response.status in _REDIRECTS:
        return frozenset()
    page, addresses = _Page(response.body), set()
    for form, _, _ in page.buttons.values():
        with suppress(ValueError):
            addresses.add(urljoin(url, form.action))
    return frozenset(addresses)


def page_title(body: str) -> str:
    """The title of a page, "" when it has none."""
    found = _TITLE.search(body)
    return " ".join(unescape(found[1]).split()) if found else ""


def marked_texts(body: str) -> Mapping[str, str]:
    """What a page marks as gone wrong: `problem` when signing in, `what` and `error` elsewhere."""
    return _Page(body).texts


def _followed(url: str) -> Move:
    title, clause = _PAGES.get(split(url).path.rpartition("/")[2], ("Follow the redirect", "RFC6749-1.7"))
    return Move(get(url), title, clause)


def _address(url: str, target: str) -> str:
    """Where a page at `url` leads. Raises FlowRefused when nobody can read the target as an address."""
    try:
        return urljoin(url, target)
    except ValueError as error:
        raise FlowRefused(Party.BROWSER, "address_unreadable", f"{target}: {error}") from None


def _act(page: "_Page", url: str, persona: Persona) -> Move:
    buttons = page.buttons
    if persona.by_hand:
        return Move(_pressed(page, url, next(iter(buttons))), f"{persona.name} fills in the page", _clause(page))
    if "username" in page.fields:
        return _sign_in(page, url, persona)
    if "allow" in buttons and "deny" in buttons:
        choice = "allow" if persona.agrees else "deny"
        title = f"{persona.name} agrees" if persona.agrees else f"{persona.name} declines"
        return Move(_pressed(page, url, choice), title, "OIDCC-3.1.2.4")
    for choice, title, clause in _CHOICES:
        if choice in buttons:
            return Move(_pressed(page, url, choice), title.format(persona.name), clause)
    return Move(_pressed(page, url, next(iter(buttons))), "Send the form on", "OAFP-2")


def _clause(page: "_Page") -> str:
    if "username" in page.fields:
        return "OIDCC-3.1.2.3"
    return next((_CLAUSES[each] for each in page.buttons if each in _CLAUSES), "OAFP-2")


_CHOICES = (
    ("continue", "{} goes on", "OIDCC-3.1.2.3"),
    ("sign-out", "{} confirms the sign-out", "OIDCRIL-2"),
)
_CLAUSES = {"allow": "OIDCC-3.1.2.4", **{button: clause for button, _, clause in _CHOICES}}


def _sign_in(page: "_Page", url: str, persona: Persona) -> Move:
    if persona.password is not None:
        typed = {"username": persona.username, "password": persona.password}
        return Move(_pressed(page, url, "sign-in", typed), f"{persona.name} types a password", "OIDCC-3.1.2.3")
    shortcut = f"demo-user-{persona.sub}"
    if shortcut not in page.buttons:
        what = f"the sign-in page has no shortcut for {persona.name}; give a password"
        raise FlowRefused(Party.BROWSER, "no_shortcut", what)
    return Move(_pressed(page, url, shortcut), f"{persona.name} signs in with one click", "OIDCC-3.1.2.3")


def _pressed(page: "_Page", url: str, button: str, typed: dict[str, str] | None = None) -> Request:
    form, name, value = page.buttons[button]
    parameters = {**form.values, **(typed or {})}
    if name:
        parameters[name] = value
    return post(_address(url, form.action), parameters)


_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)

# What a person can act on, and what says that something went wrong. The parser is slow, so it is given nothing else.
_TELLING = re.compile(
    r"""<(?:form|input|button)\b(?:"[^"]*"|'[^']*'|[^"'>])*>"""
    r"""|<(\w+)\b[^<>]*\bid="(?:problem|what|error)".*?</\1>""",
    re.DOTALL | re.IGNORECASE,
)


@dataclass
class _Form:
    action: str
    values: dict[str, str]


class _Page(HTMLParser):
    """The forms, fields, buttons and marked texts of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self.fields: set[str] = set()
        self.buttons: dict[str, tuple[_Form, str, str]] = {}
        self.texts: dict[str, str] = {}
        self._reading: tuple[str, str] | None = None
        self.feed("".join(found[0] for found in _TELLING.finditer(html)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_Form(given.get("action", ""), {}))
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

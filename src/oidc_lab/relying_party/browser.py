"""A browser that a script drives: it follows redirects and fills in the provider's forms — RFC6749-1.2.

Pure: it looks at an answer and says which request a person in front of that page would cause next.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin

from oidc_lab.relying_party.deed import deed
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.message import Request, Response, get, post, split
from oidc_lab.relying_party.page_read import Page, page_title

__all__ = ["Move", "Persona", "form_addresses", "marked_texts", "next_move", "page_title"]

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


def next_move(request: Request, response: Response, persona: Persona, *, by_hand: bool = False) -> Move | None:
    """What follows from an answer; None when the page leads nowhere further.

    `by_hand` says that a person filled in the request, whoever the persona is, and may try again after a mistake.
    Raises FlowRefused when the page says that the provider refused.
    """
    if response.status in _REDIRECTS:
        return _followed(_address(request.url, response.header("Location") or ""))
    page = Page(response.body)
    tries_again = (persona.by_hand or by_hand) and bool(page.buttons)
    if "problem" in page.texts and not tries_again:
        raise FlowRefused(Party.PROVIDER, "sign_in_failed", page.texts["problem"])
    if "what" in page.texts:
        raise FlowRefused(Party.PROVIDER, page.texts.get("error", "refused"), page.texts["what"])
    return _act(page, request.url, persona) if page.buttons else None


def form_addresses(response: Response, url: str) -> frozenset[str]:
    """Where the forms of a page at `url` lead; none when the answer shows no page on which something can be sent."""
    if response.status in _REDIRECTS:
        return frozenset()
    page, addresses = Page(response.body), set()
    for form, _, _ in page.buttons.values():
        with suppress(ValueError):
            addresses.add(urljoin(url, form.action))
    return frozenset(addresses)


def marked_texts(body: str) -> Mapping[str, str]:
    """What a page marks as gone wrong: `problem` when signing in, `what` and `error` elsewhere."""
    return Page(body).texts


def _followed(url: str) -> Move:
    title, clause = _PAGES.get(split(url).path.rpartition("/")[2], ("Follow the redirect", "RFC6749-1.7"))
    return Move(get(url), title, clause)


def _address(url: str, target: str) -> str:
    """Where a page at `url` leads. Raises FlowRefused when nobody can read the target as an address."""
    try:
        return urljoin(url, target)
    except ValueError as error:
        raise FlowRefused(Party.BROWSER, "address_unreadable", f"{target}: {error}") from None


def _act(page: Page, url: str, persona: Persona) -> Move:
    if persona.by_hand:
        return Move(_pressed(page, url, next(iter(page.buttons)), {}), f"{persona.name} fills in the page", page.clause)
    request = _pressed(page, url, *_pressing(page, persona))
    return Move(request, *(deed(page, request.parameters, persona.name) or ("Send the form on", "OAFP-2")))


def _pressing(page: Page, persona: Persona) -> tuple[str, dict[str, str]]:
    """The button that is pressed, and what is typed before."""
    if "username" in page.fields:
        return _signing_in(page, persona)
    if "allow" in page.buttons and "deny" in page.buttons:
        return "allow" if persona.agrees else "deny", {}
    return next((each for each in ("continue", "sign-out") if each in page.buttons), next(iter(page.buttons))), {}


def _signing_in(page: Page, persona: Persona) -> tuple[str, dict[str, str]]:
    if persona.password is not None:
        return "sign-in", {"username": persona.username, "password": persona.password}
    shortcut = f"demo-user-{persona.sub}"
    if shortcut not in page.buttons:
        what = f"the sign-in page has no shortcut for {persona.name}; give a password"
        raise FlowRefused(Party.BROWSER, "no_shortcut", what)
    return shortcut, {}


def _pressed(page: Page, url: str, button: str, typed: dict[str, str]) -> Request:
    form, name, value = page.buttons[button]
    parameters = {**form.values, **typed}
    if name:
        parameters[name] = value
    return post(_address(url, form.action), parameters)

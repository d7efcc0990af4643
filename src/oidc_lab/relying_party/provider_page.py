"""A page of the provider that waits for its user, and the request that the user's form becomes — OIDCC-3.1.2.3."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin

from oidc_lab.relying_party.browser import form_addresses
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.message import FORM, Request
from oidc_lab.relying_party.page_read import Page, page_title
from oidc_lab.relying_party.trace import Exchange


@dataclass(frozen=True)
class UserPassword:
    """What a user types to sign in: test data, where the bench knows it."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class ProviderPage:
    """A page as the provider sent it, where the browser found it, and the stylesheet that it asks for.

    `addresses` are those that its forms lead to; `asks_password` says whether a password can be typed there.
    """

    html: str = field(repr=False)
    title: str
    url: str
    stylesheet: str = field(default="", repr=False)
    addresses: frozenset[str] = field(default=frozenset(), repr=False)
    asks_password: bool = False

    def filled(self, action: str, values: Sequence[tuple[str, str]]) -> Request:
        """The request that a form of the page becomes. Raises ValueError when it has no form that leads there."""
        address = urljoin(self.url, action)
        if address not in self.addresses:
            there = ", ".join(sorted(self.addresses))
            raise ValueError(f"the page has no form that leads to {address!r}; it has {there}")
        return Request("POST", address, (("Content-Type", FORM),), urlencode(list(values)))


def page_after(exchange: Exchange | None, stylesheet: str) -> ProviderPage | None:
    """The page with a form that a browser has in front of it after a message; None when there is none."""
    if exchange is None or exchange.response is None or exchange.step.sender is not Party.BROWSER:
        return None
    body, url = exchange.response.body, exchange.request.url
    addresses = form_addresses(exchange.response, url)
    if not addresses:
        return None
    return ProviderPage(body, page_title(body), url, stylesheet, addresses, "password" in Page(body).fields)

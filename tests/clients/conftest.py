"""A provider on a real loopback port, and a scripted browser that other people's clients send to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.lab import data as demo
from oidc_lab.relying_party.browser import Persona, next_move
from oidc_lab.relying_party.message import Request, Response, get
from oidc_lab.serve import provider as served

CALLBACK = "http://127.0.0.1:7777/callback"
GOODBYE = "http://127.0.0.1:7777/goodbye"

_COMMON: Any = {"redirect_uris": (CALLBACK,), "post_logout_redirect_uris": (GOODBYE,)}
CONFIDENTIAL = Application(
    client_id="web", type=ApplicationType.TRADITIONAL, name="Web", client_secret="a-test-secret-0123456789", **_COMMON
)
ODD = Application(
    client_id="web:odd",
    type=ApplicationType.TRADITIONAL,
    name="Web, with a name and a secret that must be encoded in a header",
    client_secret="a test secret: +/&%",
    **_COMMON,
)
EDDSA = Application(
    client_id="web-eddsa",
    type=ApplicationType.TRADITIONAL,
    name="Web, EdDSA",
    client_secret="a-test-secret-9876543210",
    id_token_signed_response_alg="EdDSA",
    **_COMMON,
)
PUBLIC = Application(client_id="spa", type=ApplicationType.SPA, name="Page", **_COMMON)


@dataclass(frozen=True)
class Arrival:
    """What the browser brings to the application: the address it opens, and a form's body."""

    url: str
    body: str = ""

    @property
    def answer(self) -> dict[str, str]:
        """The parameters, wherever they are."""
        parts = urlsplit(self.url)
        return dict(parse_qsl(self.body or parts.query or parts.fragment))


class ScriptedBrowser:
    """Opens an address, fills in what the provider's pages ask, and stops where the application begins."""

    def __init__(self, user: demo.DemoUser, *, types_password: bool) -> None:
        who = user.user
        password = user.password if types_password else None
        self.persona = Persona(sub=who.sub, name=who.name, username=who.username, password=password)
        self.session = requests.Session()

    def opens(self, url: str, until: str) -> Arrival:
        """Go on from page to page until an address of the application."""
        request = get(url)
        for _ in range(20):
            if request.url.startswith(until):
                return Arrival(request.url, request.body)
            move = next_move(request, self._send(request), self.persona)
            assert move is not None, f"the browser is stuck at {request.url}"
            request = move.request
        raise AssertionError(f"no end of pages, at last {request.url}")

    def _send(self, request: Request) -> Response:
        answer = self.session.request(
            request.method,
            request.url,
            headers=dict(request.headers),
            data=request.body or None,
            allow_redirects=False,
            timeout=10,
        )
        return Response(answer.status_code, tuple(answer.headers.items()), answer.text)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider that knows these applications; closed after the module."""
    offer = served.Offer(applications=[CONFIDENTIAL, ODD, EDDSA, PUBLIC], users=demo.read_users(demo.folder()))
    with served.serve(offer, port=0) as server:
        yield server.url


@pytest.fixture
def browser() -> Iterator[ScriptedBrowser]:
    """Anna's browser, in which she uses the one-click shortcut."""
    yield from _browser(types_password=False)


@pytest.fixture
def typing_browser() -> Iterator[ScriptedBrowser]:
    """Anna's browser, in which she types her password."""
    yield from _browser(types_password=True)


def _browser(*, types_password: bool) -> Iterator[ScriptedBrowser]:
    anna = next(each for each in demo.read_users(demo.folder()) if each.user.sub == "anna")
    browser = ScriptedBrowser(anna, types_password=types_password)
    yield browser
    browser.session.close()

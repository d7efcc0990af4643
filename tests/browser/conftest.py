"""A real browser for the tests that need one, and the names of those that do not run where there is none."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest
import requests
from flask import Flask, redirect, request
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright
from werkzeug.wrappers import Response

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.lab import data as demo
from oidc_lab.serve import provider as served
from oidc_lab.serve.server import LiveServer
from tests.browser.jupyter import jupyter
from tests.browser.machine import ARGUMENTS, find_chromium

__all__ = ["jupyter"]  # a fixture for all modules here

PICTURES = Path(__file__).resolve().parents[2] / ".screenshots"
MANAGEMENT_TOKEN = "a-test-management-token"
SECRET = "a-test-secret"
CHROMIUM = pytest.StashKey[str | None]()
NOT_RUN = pytest.StashKey[list[str]]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the browser tests out where there is no browser; they are named at the end."""
    need = [item for item in items if item.get_closest_marker("browser")]
    if not need:
        return
    config.stash[CHROMIUM] = find_chromium()
    if config.stash[CHROMIUM] is None:
        config.stash[NOT_RUN] = [item.nodeid for item in need]
        config.hook.pytest_deselected(items=need)
        items[:] = [item for item in items if item not in need]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what did not run, and say what would make it run."""
    if not_run := config.stash.get(NOT_RUN, []):
        terminalreporter.section("browser tests that were NOT RUN", sep="=", red=True)
        for name in not_run:
            terminalreporter.line(f"NOT RUN {name}")
        terminalreporter.line("No Chromium or Chrome was found. Debian: apt install chromium")
        terminalreporter.line("Elsewhere: python -m playwright install chromium, or name one in CHROMIUM")
        if _in_ci():
            terminalreporter.line("In CI this is a failure.")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail in CI, where a browser that is missing is a mistake."""
    if session.config.stash.get(NOT_RUN, []) and _in_ci():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


# One browser a module: playwright keeps an event loop running, in which other modules' tests would find themselves.
@pytest.fixture(scope="module")
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """The machine's Chromium, without a window."""
    program = request.config.stash[CHROMIUM]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Site:
    """A web site of the tests: its origin, and each request it got as (method, path, parameters)."""

    origin: str
    received: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    @property
    def answer(self) -> dict[str, str]:
        """The parameters of the last request."""
        return self.received[-1][2]


PAGE = "<!doctype html><html lang=en><title>{0}</title><link rel=icon href='data:,'><h1 id=here>{0}</h1>"


def _site(onward: str = "") -> Iterator[Site]:
    app = Flask("site", static_folder=None)

    @app.before_request
    def keep() -> None:
        site.received.append((request.method, request.path, dict(request.values.items())))

    @app.route("/callback", methods=["GET", "POST"])
    @app.route("/goodbye", endpoint="goodbye")
    def here() -> str:
        return PAGE.format("Back at the shop")

    @app.route("/welcome")
    def welcome() -> str:
        return PAGE.format("Welcome")

    @app.route("/onward", methods=["GET", "POST"])
    def on() -> Response:
        return redirect(f"{onward}/welcome")

    with LiveServer(lambda url: app) as server:
        # another site than the provider's 127.0.0.1, so that cookies and policies are put to the test
        site = Site(f"http://localhost:{server.port}")
        yield site


@pytest.fixture(scope="module")
def sites() -> Iterator[tuple[Site, Site]]:
    """The application's site and a third one, for all tests of a module: a server a test would cost seconds."""
    with contextmanager(_site)() as third, contextmanager(_site)(third.origin) as shop:
        yield shop, third


@pytest.fixture
def start_page(sites: tuple[Site, Site]) -> Site:
    """A third origin, to which the application sends people on."""
    sites[1].received.clear()
    return sites[1]


@pytest.fixture
def shop(sites: tuple[Site, Site]) -> Site:
    """The application's site; /onward redirects to the third origin."""
    sites[0].received.clear()
    return sites[0]


@dataclass(frozen=True)
class Provider:
    """A provider that knows the shop."""

    issuer: str
    shop: Site

    def asks(self, **parameters: str) -> str:
        """The address to which the shop sends its users to sign in — OIDCC-3.1.2.1."""
        asked = {
            "response_type": "code",
            "client_id": "web-shop",
            "redirect_uri": f"{self.shop.origin}/callback",
            "scope": "openid profile email",
            "state": "a-state",
            "nonce": "a-nonce",
        }
        return f"{self.issuer}/authorize?{urlencode({**asked, **parameters})}"


@pytest.fixture
def provider(shop: Site) -> Iterator[Provider]:
    """A served provider with the demo users, fresh for each test."""
    application = Application(
        client_id="web-shop",
        type=ApplicationType.TRADITIONAL,
        name="Web Shop",
        description="A shop whose server keeps a secret.",
        redirect_uris=(f"{shop.origin}/callback", f"{shop.origin}/onward"),
        post_logout_redirect_uris=(f"{shop.origin}/goodbye",),
        client_secret=SECRET,
    )
    offer = served.Offer(
        applications=[application], users=demo.read_users(demo.folder()), seed=7, management_token=MANAGEMENT_TOKEN
    )
    with served.serve(offer, port=0) as server:
        yield Provider(server.url, shop)


def photograph(shown: Page | Locator, name: str) -> None:
    """Keep a picture of a page, or of a part of one, for whoever looks at them; git ignores the folder."""
    PICTURES.mkdir(exist_ok=True)
    if isinstance(shown, Page):
        shown.screenshot(path=PICTURES / f"{name}.png", full_page=True)
    else:
        shown.screenshot(path=PICTURES / f"{name}.png")


class Window:
    """A browser window that notes what its console complains about."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def photograph(self, name: str) -> None:
        """Keep a picture for whoever looks at them."""
        photograph(self.page, name)


Open = Callable[..., Window]


@pytest.fixture
def open_window(chromium: Browser) -> Iterator[Open]:
    """Open a window of its own cookies; what is given shapes it, as in viewport={...}."""
    contexts = []

    def opened(**shape: object) -> Window:
        contexts.append(chromium.new_context(**shape))  # type: ignore[arg-type]  # playwright's own options
        contexts[-1].set_default_timeout(10_000)
        return Window(contexts[-1])

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def window(open_window: Open) -> Window:
    """A window of a usual size."""
    return open_window()


def parameters(url: str) -> dict[str, str]:
    """The parameters after ? or # of an address."""
    return {name: values[0] for name, values in parse_qs(url.partition("#")[2] or url.partition("?")[2]).items()}


def signed_in(page: Page, provider: Provider, **asked: str) -> None:
    """Sign Anna in with the shortcut and agree, also where she has agreed before."""
    page.goto(provider.asks(**{"prompt": "consent", **asked}))
    page.click("#demo-user-anna")
    page.click("#allow")


def asked_for_tokens(provider: Provider, **asked: str) -> requests.Response:
    """What the shop's server is told at the token endpoint."""
    return requests.post(f"{provider.issuer}/token", data=asked, auth=("web-shop", SECRET), timeout=10)


def redeemed(provider: Provider) -> dict[str, str]:
    """The tokens of the sign-in that has just come back to the shop."""
    callback, code = f"{provider.shop.origin}/callback", provider.shop.answer["code"]
    answer = asked_for_tokens(provider, grant_type="authorization_code", code=code, redirect_uri=callback)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())

"""Each page can be read and used on a phone, enlarged, on a projector, and by those who do not see it — WCAG 2.2."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import MANAGEMENT_TOKEN, Provider, Window, redeemed, signed_in

pytestmark = pytest.mark.browser


def consent(page: Page, provider: Provider) -> None:
    """Every scope is asked for."""
    page.goto(provider.asks(scope="openid profile email address phone"))
    page.click("#demo-user-anna")
    page.wait_for_selector("#allow")


def wrong_password(page: Page, provider: Provider) -> None:
    """The sign-in page again, with its problem."""
    page.goto(provider.asks(prompt="login"))
    page.fill("#username", "anna")
    page.fill("#password", "wrong")
    page.click("#sign-in")
    page.wait_for_selector("[role=alert]")


def select_account(page: Page, provider: Provider) -> None:
    """Somebody is signed in."""
    signed_in(page, provider)
    page.goto(provider.asks(prompt="select_account"))


def sign_out(page: Page, provider: Provider) -> None:
    """Somebody is signed in, and asked."""
    signed_in(page, provider)
    page.goto(f"{provider.issuer}/end-session?client_id=web-shop")


def signed_out(page: Page, provider: Provider) -> None:
    """Nobody is signed in any more, and the way back was not registered."""
    sign_out(page, provider)
    page.click("#sign-out")
    page.wait_for_selector("#sign-out", state="detached")


def your_applications(page: Page, provider: Provider) -> None:
    """One application has access, also while its user is away."""
    signed_in(
        page, provider, scope="openid profile email offline_access", claims='{"userinfo": {"phone_number": null}}'
    )
    page.wait_for_url(f"{provider.shop.origin}/callback?*")
    redeemed(provider)
    page.goto(f"{provider.issuer}/your-applications")


def access_taken_away(page: Page, provider: Provider) -> None:
    """None has access any more, and the page says so."""
    your_applications(page, provider)
    page.click(".ending")
    page.wait_for_selector("#notice")


def wrong_token(page: Page, provider: Provider) -> None:
    """The door again, with its problem."""
    page.goto(f"{provider.issuer}/applications")
    page.fill("#token", "wrong")
    page.click("#enter")
    page.wait_for_selector("[role=alert]")


def entered(path: str) -> Callable[[Page, Provider], None]:
    """One of the trainer's pages, after a sign-in and a refusal for the log to tell of."""

    def enter(page: Page, provider: Provider) -> None:
        signed_in(page, provider)
        page.goto(provider.asks(redirect_uri="https://shop.example/"))
        page.goto(f"{provider.issuer}{path}")
        page.fill("#token", MANAGEMENT_TOKEN)
        page.click("#enter")
        page.wait_for_selector("#token", state="detached")

    return enter


PAGES: dict[str, Callable[[Page, Provider], object]] = {
    "sign-in": lambda page, provider: page.goto(provider.asks()),
    "wrong-password": wrong_password,
    "consent": consent,
    "select-account": select_account,
    "error": lambda page, provider: page.goto(provider.asks(redirect_uri="https://shop.example/a-long/" + "x" * 80)),
    "sign-out": sign_out,
    "signed-out": signed_out,
    "home": lambda page, provider: page.goto(provider.issuer),
    "sign-in-without-an-application": lambda page, provider: page.goto(f"{provider.issuer}/your-applications"),
    "your-applications": your_applications,
    "access-taken-away": access_taken_away,
    "door": lambda page, provider: page.goto(f"{provider.issuer}/applications"),
    "wrong-token": wrong_token,
    "applications": entered("/applications"),
    "applications-found": entered("/applications?q=shop"),
    "application": entered("/applications/web-shop"),
    "no-application": entered("/applications/unheard-of"),
}
SHAPES = {
    "laptop": (1280, 800),
    "enlarged": (640, 400),  # what is left of it at 200 %
    "phone": (320, 640),
}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off(provider: Provider, window: Window, name: str) -> None:
    """No sideways scrolling on a phone, at 200 % or on a projector — WCAG 2.2 1.4.10; pictures are kept."""
    page = window.page
    PAGES[name](page, provider)
    for shape, (width, height) in SHAPES.items():
        page.set_viewport_size({"width": width, "height": height})
        window.photograph(f"{name}-{shape}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, shape
    # the phone comes last: 24 pixels is the least for a finger (WCAG 2.2 2.5.8), these pages ask for 40
    assert all(box and box["height"] >= 40 for box in (each.bounding_box() for each in page.locator("button").all()))
    page.emulate_media(color_scheme="dark")
    window.photograph(f"{name}-dark")
    # a refusal's own status is told there too
    assert [each for each in window.complaints if not re.search("responded with a status of (400|404)", each)] == []


@pytest.mark.parametrize("name", PAGES)
def test_the_page_can_be_used_without_seeing_it_and_without_a_mouse(
    provider: Provider, window: Window, name: str
) -> None:
    """Language, title, one main heading, a name for each field and button — WCAG 2.2 3.1.1, 2.4.2, 1.3.1, 4.1.2."""
    page = window.page
    PAGES[name](page, provider)
    assert page.get_attribute("html", "lang") == "en"
    assert page.title().endswith("OIDC Lab")
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    for each in page.locator("input:not([type=hidden])").all():
        label = page.locator(f"label[for={each.get_attribute('id')}]")
        assert label.count() == 1
        assert (label.text_content() or "").strip()
    for button in page.locator("button").all():
        assert (button.text_content() or "").strip()
        assert button.get_attribute("id")
    levels = [int(each.evaluate("each => each.tagName[1]")) for each in page.locator("h1, h2, h3").all()]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    _visits_everything_in_order(page)


def _visits_everything_in_order(page: Page) -> None:
    """Tab visits everything that acts, in the order of the page, with an outline — WCAG 2.2 2.4.3, 2.4.7."""
    acting = "a[href], button, input:not([type=hidden])"
    count = page.locator(acting).count()
    if count == 0:  # nothing is left to do on the signed-out page
        return
    page.locator(acting).first.focus()
    visited = [0]
    for _ in range(count - 1):
        page.keyboard.press("Tab")
        place, seen = page.evaluate(
            "acting => { const it = document.activeElement, style = getComputedStyle(it);"
            " return [[...document.querySelectorAll(acting)].indexOf(it), style.outlineStyle] }",
            acting,
        )
        visited.append(place)
        assert seen != "none", place
    assert visited == list(range(count))

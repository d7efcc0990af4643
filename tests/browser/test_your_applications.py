"""A user takes an application's access away with a real browser, and it takes effect."""

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.conftest import Open, Provider, Site, Window, asked_for_tokens, parameters, redeemed, signed_in

pytestmark = pytest.mark.browser

OFFLINE = "openid profile email offline_access"


def refreshed(provider: Provider, refresh_token: str) -> requests.Response:
    return asked_for_tokens(provider, grant_type="refresh_token", refresh_token=refresh_token)


def userinfo(provider: Provider, access_token: str) -> int:
    headers = {"Authorization": f"Bearer {access_token}"}
    return requests.get(f"{provider.issuer}/userinfo", headers=headers, timeout=10).status_code


def test_a_user_takes_access_away_and_the_refresh_is_refused(provider: Provider, shop: Site, window: Window) -> None:
    """RFC7009-2: the tokens end at once, and the next sign-in asks for consent again."""
    page = window.page
    signed_in(page, provider, scope=OFFLINE)
    page.wait_for_url(f"{shop.origin}/callback?*")
    tokens = redeemed(provider)
    tokens = refreshed(provider, tokens["refresh_token"]).json()
    assert userinfo(provider, tokens["access_token"]) == 200
    page.goto(provider.issuer)
    page.click("text=Your applications")
    assert page.text_content("h2 bdi") == "Web Shop"
    page.click("text=Take away access")
    page.wait_for_selector("#notice")
    assert (page.text_content("#notice") or "").startswith("Web Shop no longer has access. 3 tokens ended at once.")
    assert page.locator("#none").count() == 1
    answer = refreshed(provider, tokens["refresh_token"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert userinfo(provider, tokens["access_token"]) == 401
    page.goto(provider.asks(scope=OFFLINE))
    page.wait_for_selector("#allow")
    assert window.complaints == []


def test_the_keyboard_alone_takes_access_away(provider: Provider, window: Window) -> None:
    """WCAG 2.2 2.1.1: the button says whose access it takes."""
    page = window.page
    signed_in(page, provider)
    page.goto(f"{provider.issuer}/your-applications")
    page.locator("#sign-out").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Take away access from Web Shop"
    page.keyboard.press("Enter")
    page.wait_for_selector("#notice")
    assert page.title() == "Web Shop no longer has access · OIDC Lab"


def test_a_user_signs_in_at_the_provider_and_comes_back(provider: Provider, window: Window) -> None:
    """OIDCC-3.1.2.3: the keyboard alone, without an application; signing out ends it."""
    page, keyboard = window.page, window.page.keyboard
    page.goto(f"{provider.issuer}/your-applications")
    expect(page.locator("#username")).to_be_focused()
    keyboard.type("anna")
    keyboard.press("Tab")
    keyboard.type("violet-lamp-42")
    keyboard.press("Enter")
    page.wait_for_selector("#none")
    assert page.url == f"{provider.issuer}/your-applications"
    page.reload()
    assert page.locator("#none").count() == 1
    page.click("#sign-out")
    page.wait_for_selector("text=You are signed out")
    page.goto(f"{provider.issuer}/your-applications")
    assert page.locator("#sign-in").count() == 1
    assert window.complaints == []


def test_a_page_of_another_origin_can_neither_take_away_nor_sign_out(
    provider: Provider, shop: Site, window: Window
) -> None:
    """RFC6265-5.2: its form arrives without the cookie; who is signed in stays so, and nobody loses access."""
    page = window.page
    signed_in(page, provider)
    page.wait_for_url(f"{shop.origin}/callback?*")
    page.goto(f"{provider.issuer}/your-applications")
    known = {each: page.locator(f"[name={each}]").last.get_attribute("value") for each in ("csrf", "grant")}
    for path in ("/your-applications", "/sign-out"):
        page.goto(f"{shop.origin}/callback")
        # with what only the provider's own page knows: the cookie is what is missing
        page.evaluate(
            """([action, values]) => {
                const form = document.body.appendChild(document.createElement("form"));
                Object.assign(form, {method: "post", action});
                for (const [name, value] of Object.entries(values))
                    form.appendChild(Object.assign(document.createElement("input"), {name, value}));
                form.submit();
            }""",
            [provider.issuer + path, known],
        )
        page.wait_for_url(f"{provider.issuer}{path}")
        assert (
            page.text_content("#what") == "The form's CSRF token is missing or is not the one this provider put "
            "into the page."
        )
    page.goto(f"{provider.issuer}/your-applications")
    assert page.text_content("h2 bdi") == "Web Shop"


def test_no_page_of_another_origin_can_show_it_in_a_frame(provider: Provider, shop: Site, window: Window) -> None:
    """RFC9700-4.16: nobody is made to press a button that cannot be seen."""
    page = window.page
    signed_in(page, provider)
    page.wait_for_url(f"{shop.origin}/callback?*")
    page.evaluate(
        "address => new Promise(done => { const frame = document.createElement('iframe');"
        " Object.assign(frame, {src: address, onload: done}); document.body.appendChild(frame) })",
        f"{provider.issuer}/your-applications",
    )
    assert [each for each in page.frames if "your-applications" in each.url] == []
    assert any("frame" in each for each in window.complaints)


def test_the_answer_still_reaches_the_application_after_a_sign_in_here(
    provider: Provider, shop: Site, open_window: Open
) -> None:
    """OIDCC-3.1.2.3: who signed in at the provider is signed in for applications, too."""
    page = open_window().page
    page.goto(f"{provider.issuer}/your-applications")
    page.click("#demo-user-ben")
    page.wait_for_selector("#none")
    page.goto(provider.asks())
    page.click("#allow")
    page.wait_for_url(f"{shop.origin}/callback?*")
    assert "code" in parameters(page.url)

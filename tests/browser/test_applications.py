"""A trainer looks at the applications with a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MANAGEMENT_TOKEN, Open, Provider, Site, Window, signed_in

pytestmark = pytest.mark.browser


def test_a_trainer_finds_an_application_and_reads_its_log(
    provider: Provider, shop: Site, window: Window, open_window: Open
) -> None:
    """OIDCR-2: from the provider's home, by the keyboard where there is something to type."""
    user = open_window().page
    signed_in(user, provider)
    user.wait_for_url(f"{shop.origin}/callback?*")
    page = window.page
    page.goto(provider.issuer)
    page.click("text=All applications, for trainers")
    expect(page.locator("#token")).to_be_focused()
    page.keyboard.type(MANAGEMENT_TOKEN)
    page.keyboard.press("Enter")
    page.wait_for_selector("#leave")
    page.fill("#q", "SHOP")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found")
    page.click("text=Web Shop")
    page.wait_for_selector("#client-id")
    assert page.text_content("#users") == "1"
    assert page.locator(".log tbody tr").count() == 3  # newest first
    events = page.locator(".log tbody tr td:nth-child(2)").all_text_contents()
    assert events == ["Authorization", "Consent", "SignIn"]
    page.click("#back")
    assert page.url == f"{provider.issuer}/applications"
    assert window.complaints == []


def test_who_leaves_comes_to_the_door_and_stays_outside(provider: Provider, window: Window) -> None:
    """RFC6265-4.1.2: Back does not show what was there, because it is not kept."""
    page = window.page
    page.goto(f"{provider.issuer}/applications/web-shop")
    page.fill("#token", MANAGEMENT_TOKEN)
    page.click("#enter")
    page.wait_for_selector("#client-id")
    page.click("#leave")
    page.wait_for_selector("#token")
    page.go_back()
    page.wait_for_selector("#token")
    assert page.locator("#client-id").count() == 0


def test_neither_script_nor_user_has_the_trainers_cookie(provider: Provider, window: Window) -> None:
    """RFC6265-4.1.2: HttpOnly, and sent to these pages alone."""
    page = window.page
    page.goto(f"{provider.issuer}/applications")
    page.fill("#token", MANAGEMENT_TOKEN)
    page.click("#enter")
    page.wait_for_selector("#leave")
    assert page.evaluate("document.cookie") == ""
    kept = {each["name"]: each for each in page.context.cookies(f"{provider.issuer}/applications/web-shop")}
    assert kept["oidc_lab_trainer"]["sameSite"] == "Strict"
    assert MANAGEMENT_TOKEN not in kept["oidc_lab_trainer"]["value"]
    assert "oidc_lab_trainer" not in {each["name"] for each in page.context.cookies(f"{provider.issuer}/token")}

"""People sign in and out with a real browser, and come back to the application with its answer."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Provider, Site, Window, parameters, signed_in

pytestmark = pytest.mark.browser


def test_the_keyboard_alone_signs_in(provider: Provider, shop: Site, window: Window) -> None:
    """The first field has the focus, Enter signs in, Tab and Enter agree; the answer comes back — OIDCC-3.1.2.5."""
    page, keyboard = window.page, window.page.keyboard
    page.goto(provider.asks())
    expect(page.locator("#username")).to_be_focused()  # a script types sooner than anybody could
    keyboard.type("anna")
    keyboard.press("Tab")
    keyboard.type("violet-lamp-42")
    keyboard.press("Enter")
    page.wait_for_selector("#allow")
    keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "allow"
    keyboard.press("Enter")
    page.wait_for_url(f"{shop.origin}/callback?*")
    assert shop.answer.keys() == {"code", "state", "iss"}
    assert (shop.answer["state"], shop.answer["iss"]) == ("a-state", provider.issuer)
    assert window.complaints == []


def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(provider: Provider, window: Window) -> None:
    """Nobody learns here which user names exist; what was typed as a name stays."""
    page = window.page
    told = []
    for username in ("anna", "nobody"):
        page.goto(provider.asks())
        page.fill("#username", username)
        page.fill("#password", "wrong")
        page.click("#sign-in")
        told.append(page.text_content("[role=alert]"))
        assert page.input_value("#username") == username
        assert page.input_value("#password") == ""
    assert told[0] == told[1] is not None


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
def test_the_answer_comes_back_in_each_response_mode(provider: Provider, shop: Site, window: Window, mode: str) -> None:
    """One click on the lab's shortcut, one on Allow; no policy is violated on the way — OAMR-2.1, OAFP-2."""
    signed_in(window.page, provider, response_mode=mode)
    window.page.wait_for_url(f"{shop.origin}/callback*")
    came = parameters(window.page.url) if mode == "fragment" else shop.answer
    assert came.keys() == {"code", "state", "iss"}
    assert shop.received[-1][0] == ("POST" if mode == "form_post" else "GET")
    assert window.complaints == []


@pytest.mark.parametrize("mode", ["query", "form_post"])
def test_everything_works_without_script(provider: Provider, shop: Site, open_window: Open, mode: str) -> None:
    """Where the form that carries the answer cannot send itself, its button can."""
    page = open_window(java_script_enabled=False).page
    signed_in(page, provider, response_mode=mode)
    if mode == "form_post":
        page.click("#continue")
    page.wait_for_url(f"{shop.origin}/callback*")
    assert shop.answer["code"]


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
@pytest.mark.parametrize("where", ["sign-in", "consent"])
def test_who_says_no_comes_back_without_a_code(
    provider: Provider, shop: Site, window: Window, where: str, mode: str
) -> None:
    """Cancel at the sign-in and Deny at the consent tell the application access_denied — RFC6749-4.1.2.1."""
    page = window.page
    page.goto(provider.asks(response_mode=mode))
    if where == "sign-in":
        page.click("#cancel")
    else:
        page.click("#demo-user-anna")
        page.click("#deny")
    page.wait_for_url(f"{shop.origin}/callback*")
    came = parameters(page.url) if mode == "fragment" else shop.answer
    assert came["error"] == "access_denied"
    assert (came["state"], came["iss"]) == ("a-state", provider.issuer)
    assert "code" not in came
    assert window.complaints == []


@pytest.mark.parametrize("mode", ["query", "form_post"])
def test_a_callback_may_send_people_on(
    provider: Provider, shop: Site, start_page: Site, window: Window, mode: str
) -> None:
    """The provider's policy lets the way through the application to a third origin — CSP3-6.4.2."""
    signed_in(window.page, provider, redirect_uri=f"{shop.origin}/onward", response_mode=mode)
    window.page.wait_for_url(f"{start_page.origin}/welcome")
    assert window.complaints == []


def test_a_consent_once_given_is_remembered(provider: Provider, shop: Site, window: Window) -> None:
    """The second time nothing is asked, and prompt=none succeeds — OIDCC-3.1.2.4."""
    signed_in(window.page, provider)
    window.page.wait_for_url(f"{shop.origin}/callback*")
    for asked in ({}, {"prompt": "none"}):
        before = len(shop.received)
        window.page.goto(provider.asks(**asked))
        assert len(shop.received) == before + 1
        assert "code" in shop.answer


def test_an_unregistered_redirect_uri_is_shown_and_not_followed(provider: Provider, shop: Site, window: Window) -> None:
    """Registered and received stand side by side, at the provider — RFC6749-4.1.2.1."""
    page = window.page
    page.goto(provider.asks(redirect_uri=f"{shop.origin}/Callback"))
    assert page.url.startswith(provider.issuer)
    assert "/callback" in (page.text_content("#registered") or "")
    assert "/Callback" in (page.text_content("#received") or "")
    assert shop.received == []


def test_the_cookie_is_kept_from_scripts_and_other_sites(provider: Provider, shop: Site, window: Window) -> None:
    """HttpOnly, SameSite, and Secure only where the issuer is https; it is renewed by the sign-in."""
    page = window.page
    page.goto(provider.asks())
    [before] = page.context.cookies(provider.issuer)
    page.click("#demo-user-anna")
    page.wait_for_selector("#allow")
    [after] = page.context.cookies(provider.issuer)
    assert (after["httpOnly"], after["sameSite"], after["secure"]) == (True, "Lax", False)
    assert after["expires"] == -1
    assert before["value"] != after["value"]
    assert page.evaluate("document.cookie") == ""


def test_somebody_signed_in_chooses_the_account(provider: Provider, shop: Site, window: Window) -> None:
    """prompt=select_account shows who is signed in, and lets another one sign in — OIDCC-3.1.2.1."""
    page = window.page
    signed_in(page, provider)
    page.goto(provider.asks(prompt="select_account"))
    page.click("#continue")
    page.wait_for_url(f"{shop.origin}/callback*")
    page.goto(provider.asks(prompt="select_account"))
    page.click("#other-account")
    page.click("#demo-user-ben")
    assert "Benjamin Okafor" in (page.text_content(".signed-in") or "")


def test_without_a_hint_the_user_is_asked_before_the_session_ends(
    provider: Provider, shop: Site, window: Window
) -> None:
    """Staying changes nothing, signing out ends the session — OIDCRIL-2."""
    page = window.page
    signed_in(page, provider)
    page.wait_for_url(f"{shop.origin}/callback*")
    assert _after_end_session(page, provider, "#stay") == "You are still signed in"
    page.goto(provider.asks(prompt="none"))
    assert "code" in shop.answer
    assert _after_end_session(page, provider, "#sign-out") == "You are signed out"
    page.goto(provider.asks(prompt="none"))
    assert shop.answer["error"] == "login_required"
    assert window.complaints == []


def test_the_application_gets_its_user_back_after_the_sign_out(provider: Provider, shop: Site, window: Window) -> None:
    """Only to a registered address, with its state — OIDCRIL-3."""
    page = window.page
    signed_in(page, provider)
    back = f"{shop.origin}/goodbye"
    page.goto(f"{provider.issuer}/end-session?client_id=web-shop&post_logout_redirect_uri={back}&state=bye")
    page.click("#sign-out")
    page.wait_for_url(f"{back}?state=bye")
    assert window.complaints == []


def test_the_address_that_is_printed_shows_where_everything_is(provider: Provider, window: Window) -> None:
    """Who opens the issuer finds the discovery document — OIDCD-4."""
    page = window.page
    page.goto(provider.issuer)
    assert page.text_content("#issuer") == provider.issuer
    page.click("#discovery")
    assert "authorization_endpoint" in (page.text_content("body") or "")


def _after_end_session(page: Page, provider: Provider, button: str) -> str | None:
    page.goto(f"{provider.issuer}/end-session")
    page.click(button)
    page.wait_for_selector(f"{button}", state="detached")
    return page.text_content("h1")

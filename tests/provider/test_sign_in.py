"""Signing in: passwords, cookies, forms, and pages that have become stale."""

import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.security import check_password_hash

from oidc_lab import Lab
from oidc_lab.provider import sign_in
from oidc_lab.provider.browser import COOKIE
from tests.provider.bench import (
    WEB,
    Browser,
    Page,
    answered,
    heard,
    id_token,
    redeeming,
    refreshing,
    send,
    userinfo,
)


def wrong(browser: Browser, username: str, password: str):
    page = browser.authorize(login_hint="")
    return browser.press(page, "sign-in", username=username, password=password)


def test_a_user_signs_in_with_name_and_password(browser: Browser) -> None:
    """OIDCC-3.1.2.3."""
    page = browser.press(browser.authorize(), "sign-in", username="ben", password=browser.lab.passwords["ben"])
    code = answered(browser.press(page, "allow"))["code"]
    assert id_token(browser.lab, send(browser.lab, "/token", redeeming(browser.lab, code)).json).claims["sub"] == "ben"


def test_an_unknown_user_and_a_wrong_password_get_the_same_answer(lab: Lab) -> None:
    """RFC9700-4.13: nobody learns which user names exist; the answers differ in the name that was typed alone."""
    one, other = wrong(Browser(lab), "anna", "guess"), wrong(Browser(lab), "nobody", "guess")
    assert one.status_code == other.status_code == 200
    assert Page(one).texts["problem"] == Page(other).texts["problem"] == sign_in.WRONG
    assert set(one.headers.keys()) == set(other.headers.keys())
    assert Page(one).texts == Page(other).texts
    assert [form.values.keys() for form in Page(one).forms] == [form.values.keys() for form in Page(other).forms]


def test_for_an_unknown_user_a_password_is_hashed_all_the_same() -> None:
    """RFC9700-4.13: a malformed hash would be refused at once, and the time would tell."""
    method, salt, kept = sign_in._NOBODY.split("$")
    assert (method, len(bytes.fromhex(kept))) == ("scrypt:32768:8:1", 64)
    assert salt
    assert not check_password_hash(sign_in._NOBODY, "")


@pytest.mark.parametrize(("username", "password"), [("nobody", "guess"), ("anna", "guess"), ("anna", "violet-lamp-42")])
def test_every_answer_costs_one_slow_hash(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, username: str, password: str
) -> None:
    """RFC9700-4.13: the time tells nobody which user names exist, at the first sign-in or later."""
    made: list[str] = []
    for name in ("check_password_hash", "generate_password_hash"):
        real = getattr(sign_in, name)
        monkeypatch.setattr(sign_in, name, lambda *given, real=real, name=name: made.append(name) or real(*given))
    for _ in range(2):
        made.clear()
        wrong(Browser(browser.lab), username, password)
        assert len(made) == 1


@pytest.mark.parametrize(
    "password", ["", "violet-lamp-4", "violet-lamp-42 ", "VIOLET-LAMP-42", "\x00", "\u00e9" * 10_000]
)
def test_no_other_password_signs_in(browser: Browser, password: str) -> None:
    """OIDCC-3.1.2.3."""
    assert Page(wrong(browser, "anna", password)).texts["problem"] == sign_in.WRONG
    assert answered(browser.authorize(prompt="none"))["error"] == "login_required"


@pytest.mark.parametrize("username", ["", "Anna", "anna ", "anna'--", "\x00", "%", "a" * 100_000])
def test_no_other_name_signs_in(browser: Browser, username: str) -> None:
    """OIDCC-3.1.2.3."""
    assert Page(wrong(browser, username, "violet-lamp-42")).texts["problem"] == sign_in.WRONG


def test_after_a_wrong_password_the_request_is_still_there(browser: Browser) -> None:
    """OIDCC-3.1.2.3."""
    page = wrong(browser, "anna", "guess")
    assert "code" in answered(browser.press(browser.press(page, "demo-user-anna"), "allow"))


def test_a_demo_user_who_is_none_is_not_signed_in(browser: Browser) -> None:
    """OIDCC-3.1.2.3."""
    page = browser.authorize()
    assert "problem" in Page(browser.press(page, "demo-user-anna", demo_user="mallory")).texts


def test_the_cookie_is_renewed_at_sign_in(browser: Browser) -> None:
    """RFC6265-8.4: a cookie that somebody planted before the sign-in is worth nothing after it."""
    page = browser.authorize()
    before = browser.cookie
    browser.press(page, "demo-user-anna")
    assert before is not None
    assert browser.cookie not in (None, before)
    planted = Browser(browser.lab)
    planted.client.set_cookie(COOKIE, before, domain="provider.test")
    assert answered(planted.authorize(prompt="none"))["error"] == "login_required"


def test_an_interaction_belongs_to_the_browser_that_brought_it(lab: Lab) -> None:
    """OIDCC-3.1.2.3, RFC9700-4.7: neither its pages nor its forms work elsewhere."""
    page = Browser(lab).authorize()
    for other in (Browser(lab), _at_the_provider(lab)):
        assert other.open(f"/sign-in?interaction={Page(page).forms[0].values['interaction']}").status_code == 400
        assert heard(lab) == "interaction_unknown"
        assert other.press(page, "demo-user-anna").status_code == 400


def _at_the_provider(lab: Lab) -> Browser:
    browser = Browser(lab)
    browser.sign_in(user="ben")
    return browser


@pytest.mark.parametrize("csrf", ["", "guess", "\u00e9", "\x00"])
@pytest.mark.parametrize("button", ["demo-user-anna", "sign-in", "cancel"])
def test_a_form_without_its_token_does_nothing(browser: Browser, csrf: str, button: str) -> None:
    """RFC6749-10.12."""
    response = browser.press(browser.authorize(), button, csrf=csrf)
    assert (response.status_code, heard(browser.lab)) == (400, "form_untrusted")
    assert answered(browser.authorize(prompt="none"))["error"] == "login_required"


@pytest.mark.parametrize(
    ("prompt", "button"), [("consent", "allow"), ("consent", "deny"), ("select_account", "continue")]
)
def test_neither_consent_nor_an_account_is_given_without_the_token(browser: Browser, prompt: str, button: str) -> None:
    """RFC6749-10.12."""
    browser.sign_in()
    assert browser.press(browser.authorize(prompt=prompt), button, csrf="guess").status_code == 400
    assert heard(browser.lab) == "form_untrusted"


def test_protocol_endpoints_ask_for_no_token_of_a_form(browser: Browser) -> None:
    """OIDCC-3.1.2.1, OIDCRIL-2: other sites post there."""
    assert browser.open("/authorize", method="POST", form={}).status_code == 303
    assert browser.open("/end-session", method="POST", form={}).status_code == 303
    assert send(browser.lab, "/token", {}).status_code == 400


def test_an_interaction_ends_after_an_hour(browser: Browser) -> None:
    """OIDCC-3.1.2.3: at exactly an hour it has ended."""
    page = browser.authorize()
    browser.lab.clock.advance(minutes=59, seconds=59.999)
    assert "problem" in Page(browser.press(page, "sign-in", username="anna", password="guess")).texts
    browser.lab.clock.advance(seconds=0.001)
    assert browser.press(page, "demo-user-anna").status_code == 400


def test_who_goes_back_to_an_earlier_page_is_shown_the_one_that_is_due(browser: Browser) -> None:
    """OIDCC-3.1.2.3: a request is not lost by the Back button, or by a form sent twice."""
    first = browser.authorize()
    _, values = Page(first).pressed("demo-user-anna")
    consent = browser.press(first, "demo-user-anna")
    assert "allow" in Page(browser.rest(browser.open(f"/sign-in?interaction={values['interaction']}"))).buttons
    assert "allow" in Page(browser.press(first, "demo-user-ben")).buttons, "and nobody else is signed in by that"
    assert "code" in answered(browser.press(consent, "allow"))


@pytest.mark.parametrize("prompt", ["consent", "select_account"])
def test_looking_at_a_page_answers_nothing(browser: Browser, prompt: str) -> None:
    """RFC9110-9.2.1: GET and HEAD are safe."""
    browser.sign_in()
    page = browser.authorize(prompt=prompt)
    address = Page(page).forms[0].action + "?interaction=" + Page(page).forms[0].values["interaction"]
    for method in ("HEAD", "GET", "HEAD"):
        assert browser.open(address, method=method).status_code == 200
    assert "code" in answered(browser.press(page, "allow" if prompt == "consent" else "continue"))


@pytest.mark.parametrize(("prompt", "button"), [("consent", "allow"), ("select_account", "continue")])
def test_who_signed_out_meanwhile_signs_in_again(browser: Browser, prompt: str, button: str) -> None:
    """OIDCC-3.1.2.3: in another tab; the request is not lost."""
    browser.sign_in()
    page = browser.authorize(prompt=prompt)
    browser.press(browser.sign_out(), "sign-out")
    page = browser.press(page, button)
    assert "demo-user-anna" in Page(page).buttons
    assert "code" in answered(browser.through(page))


@pytest.mark.parametrize("prompt", ["consent", "login consent"])
def test_what_one_user_was_asked_another_does_not_answer(browser: Browser, prompt: str) -> None:
    """OIDCC-3.1.2.4: ben signs in in another tab while anna's consent page is open."""
    page = browser.authorize(prompt=prompt)
    if "demo-user-anna" in Page(page).buttons:
        page = browser.press(page, "demo-user-anna")
    assert "Anna" in page.text
    browser.sign_in(user="ben", prompt="login")
    after = browser.press(page, "allow")
    assert after.status_code == 200
    buttons = Page(after).buttons
    assert "demo-user-ben" in buttons if "login" in prompt else "Benjamin" in after.text


def test_signing_in_as_another_user_ends_the_first_ones_session(browser: Browser) -> None:
    """OIDCC-3.1.2.3: one session a browser."""
    browser.sign_in(user="anna")
    browser.sign_in(user="ben", prompt="login")
    code = answered(browser.authorize(prompt="none"))["code"]
    assert id_token(browser.lab, send(browser.lab, "/token", redeeming(browser.lab, code)).json).claims["sub"] == "ben"


def test_signing_in_as_another_user_ends_what_the_first_ones_session_gave(lab: Lab) -> None:
    """OIDCC-11: as when the first one signs out, but for what was granted for offline use."""
    browser = Browser(lab)
    bearers = []
    for changes in ({}, {"scope": "openid offline_access", "prompt": "consent"}):
        code = answered(browser.sign_in(**changes))["code"]
        bearers.append(send(lab, "/token", redeeming(lab, code)).json["access_token"])
    browser.sign_in(user="ben", prompt="login")
    assert [userinfo(lab, bearer).status_code for bearer in bearers] == [401, 200]


def test_a_session_lasts_fourteen_days_from_its_last_visit(browser: Browser) -> None:
    """OIDCC-3.1.2.3, application-model 3.6: it rolls; at exactly fourteen days without a visit it has ended."""
    browser.sign_in()
    for _ in range(3):
        browser.lab.clock.advance(days=13, hours=23, minutes=59, seconds=59.999)
        assert browser.signed_in
    browser.lab.clock.advance(days=14)
    assert not browser.signed_in


def test_a_token_request_does_not_keep_a_session(browser: Browser) -> None:
    """application-model 3.6: the application's visits are not the user's."""
    lab = browser.lab
    code = answered(browser.sign_in(scope="openid offline_access", prompt="consent"))["code"]
    kept = send(lab, "/token", redeeming(lab, code)).json
    for days in (10, 4):
        lab.clock.advance(days=days)
        kept |= send(lab, "/token", refreshing(lab, kept["refresh_token"])).json
    assert userinfo(lab, kept["access_token"]).status_code == 200
    assert not browser.signed_in


def test_passwords_are_kept_as_slow_hashes_only(tmp_path: Path) -> None:
    """RFC9700-2: of a password nothing but a salted scrypt hash is in the store."""
    with Lab(store=f"sqlite:///{tmp_path / 'store'}") as lab:
        browser = Browser(lab)
        browser.press(browser.authorize(), "sign-in", username="anna", password=lab.passwords["anna"])
    with sqlite3.connect(tmp_path / "store") as connection:
        hashes = [kept for (kept,) in connection.execute("select password_hash from users") if kept]
    connection.close()
    assert [kept.split("$")[0] for kept in hashes] == ["scrypt:32768:8:1"]


def test_sign_ins_of_two_applications_do_not_mix(browser: Browser) -> None:
    """OIDCC-3.1.2: two tabs, each with a request of its own."""
    one, other = browser.authorize(WEB, state="one"), browser.authorize("photo-album", state="other")
    two = browser.press(browser.press(other, "demo-user-anna"), "allow")
    first = browser.press(browser.press(one, "demo-user-anna"), "allow")
    assert (answered(two)["state"], answered(first)["state"]) == ("other", "one")
    assert urlsplit(first.location).netloc == "shop.example"

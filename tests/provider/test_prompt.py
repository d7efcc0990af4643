"""Which pages a user is shown, and when none is needed."""

import json

import pytest

from oidc_lab import Lab
from tests.provider.bench import (
    SPA,
    WEB,
    Browser,
    Page,
    answered,
    heard,
    id_token,
    redeeming,
    send,
    tokens,
)

SIGN_IN, CHOOSE, CONSENT = "sign-in", "other-account", "allow"


def pages(browser: Browser, user: str = "anna", application: str = WEB, **changes: str) -> list[str]:
    """The pages a willing user goes through, each by a button that it alone has."""
    response, seen = browser.authorize(application, **changes), []
    while button := Page(response).leads_on(user):
        seen += [each for each in (SIGN_IN, CHOOSE, CONSENT) if each in Page(response).buttons]
        response = browser.press(response, button)
    assert "code" in answered(response)
    return seen


def auth_time(lab: Lab, response) -> int:
    return id_token(lab, send(lab, "/token", redeeming(lab, answered(response)["code"])).json).claims["auth_time"]


def test_the_first_time_a_user_signs_in_and_agrees(browser: Browser) -> None:
    """OIDCC-3.1.2.3, OIDCC-3.1.2.4."""
    assert pages(browser) == [SIGN_IN, CONSENT]


def test_a_signed_in_user_who_agreed_before_sees_no_page(browser: Browser) -> None:
    """OIDCC-3.1.2.3, OIDCC-3.1.2.4: consent is remembered, also without prompt=none."""
    browser.sign_in()
    assert pages(browser) == []
    assert pages(browser, prompt="none") == []


def test_consent_is_remembered_for_the_next_browser_too(lab: Lab) -> None:
    """OIDCC-3.1.2.4."""
    Browser(lab).sign_in()
    assert pages(Browser(lab)) == [SIGN_IN]


@pytest.mark.parametrize("more", [{"scope": "openid email"}, {"claims": '{"id_token": {"email": null}}'}])
def test_who_asks_for_more_than_before_asks_again(browser: Browser, more: dict[str, str]) -> None:
    """OIDCC-3.1.2.4: and what was agreed to earlier stays agreed to."""
    browser.sign_in(scope="openid phone")
    assert pages(browser, **more) == [CONSENT]
    assert pages(browser, **more) == pages(browser, scope="openid phone") == []


def test_an_agreement_counts_for_one_application_and_one_user(lab: Lab) -> None:
    """OIDCC-3.1.2.4."""
    browser = Browser(lab)
    browser.sign_in()
    assert pages(browser, application=SPA) == [CONSENT]
    assert pages(Browser(lab), "ben") == [SIGN_IN, CONSENT]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("login", [SIGN_IN]),
        ("consent", [CONSENT]),
        ("select_account", [CHOOSE]),
        ("login consent", [SIGN_IN, CONSENT]),
        ("consent login", [SIGN_IN, CONSENT]),
        ("login select_account", [SIGN_IN]),
        ("select_account consent", [CHOOSE, CONSENT]),
        ("consent select_account login", [SIGN_IN, CONSENT]),
        ("login login", [SIGN_IN]),
    ],
)
def test_a_prompt_brings_its_pages_although_none_were_needed(
    browser: Browser, prompt: str, expected: list[str]
) -> None:
    """OIDCC-3.1.2.1: each value, and all their combinations."""
    browser.sign_in()
    assert pages(browser, prompt=prompt) == expected
    assert pages(browser, prompt=prompt) == expected, "each request asks anew"


@pytest.mark.parametrize("prompt", ["login", "select_account", "login select_account"])
def test_who_signs_in_now_is_asked_neither_again_nor_for_an_account(browser: Browser, prompt: str) -> None:
    """OIDCC-3.1.2.1."""
    assert pages(browser, prompt=prompt) == [SIGN_IN, CONSENT]


def test_prompt_none_is_refused_while_nobody_is_signed_in(browser: Browser) -> None:
    """OIDCC-3.1.2.6."""
    assert answered(browser.authorize(prompt="none"))["error"] == "login_required"


def test_prompt_none_is_refused_before_the_user_agreed(browser: Browser) -> None:
    """OIDCC-3.1.2.6."""
    browser.sign_in()
    assert answered(browser.authorize(prompt="none", scope="openid email"))["error"] == "consent_required"
    assert answered(browser.authorize(SPA, prompt="none"))["error"] == "consent_required"


@pytest.mark.parametrize("others", ["login", "consent", "select_account", "login consent", "create"])
def test_prompt_none_stands_alone(browser: Browser, others: str) -> None:
    """OIDCC-3.1.2.1."""
    browser.sign_in()
    for prompt in (f"none {others}", f"{others} none"):
        assert answered(browser.authorize(prompt=prompt))["error"] == "invalid_request"


@pytest.mark.parametrize("prompt", ["create", "Login", "login,consent"])
def test_an_unknown_prompt_is_refused(browser: Browser, prompt: str) -> None:
    """OIDCC-3.1.2.1."""
    assert answered(browser.authorize(prompt=prompt))["error"] == "invalid_request"
    assert heard(browser.lab) == "prompt_unknown"


@pytest.mark.parametrize(
    ("max_age", "elapsed", "expected"),
    [
        (1, 0, []),
        (1, 1, []),
        (1, 1.001, [SIGN_IN]),
        (1, 2, [SIGN_IN]),
        (10_000, 10_000, []),
        (10_000, 10_000.001, [SIGN_IN]),
        (0, 0, [SIGN_IN]),
        (10**400, 86_400, []),
        ("0001", 1, []),
    ],
)
def test_a_sign_in_longer_ago_than_max_age_is_repeated(
    browser: Browser, max_age: object, elapsed: float, expected: list[str]
) -> None:
    """OIDCC-3.1.2.1: at exactly max_age it still counts; 0 means the same as prompt=login."""
    browser.sign_in()
    browser.lab.clock.advance(seconds=elapsed)
    assert pages(browser, max_age=str(max_age)) == expected


@pytest.mark.parametrize(("max_age", "elapsed"), [("0", 0), ("60", 61)])
def test_prompt_none_is_refused_when_the_sign_in_is_too_old(browser: Browser, max_age: str, elapsed: int) -> None:
    """OIDCC-3.1.2.1, OIDCC-3.1.2.6."""
    browser.sign_in()
    browser.lab.clock.advance(seconds=elapsed)
    assert answered(browser.authorize(prompt="none", max_age=max_age))["error"] == "login_required"
    assert heard(browser.lab) == "authentication_too_old"


@pytest.mark.parametrize("max_age", ["-1", "1.5", "1e3", "soon", "\u0663", " 1", "+1"])
def test_a_max_age_is_a_whole_number_of_seconds(browser: Browser, max_age: str) -> None:
    """OIDCC-3.1.2.1."""
    assert answered(browser.authorize(max_age=max_age))["error"] == "invalid_request"


def test_auth_time_is_when_the_user_signed_in(browser: Browser) -> None:
    """OIDCC-2: it stays while the session is used, and moves with prompt=login and an exceeded max_age."""
    lab = browser.lab
    first = auth_time(lab, browser.sign_in())
    assert first == int(lab.clock.now.timestamp())
    lab.clock.advance(seconds=100)
    assert auth_time(lab, browser.sign_in()) == auth_time(lab, browser.sign_in(max_age="10000")) == first
    assert auth_time(lab, browser.sign_in(prompt="login")) == first + 100
    lab.clock.advance(seconds=100)
    assert auth_time(lab, browser.sign_in(max_age="99")) == first + 200


def test_a_hint_of_the_signed_in_user_changes_nothing(browser: Browser) -> None:
    """OIDCC-3.1.2.1: also when the ID Token has expired."""
    hint = tokens(browser.lab)["id_token"]
    browser.sign_in()
    browser.lab.clock.advance(days=2)
    assert pages(browser, id_token_hint=hint, prompt="none") == []
    assert pages(browser, id_token_hint=hint) == []


def test_a_hint_of_another_user_has_that_one_sign_in(browser: Browser) -> None:
    """OIDCC-3.1.2.1."""
    hint = tokens(browser.lab, user="ben")["id_token"]
    browser.sign_in(user="anna")
    assert answered(browser.authorize(id_token_hint=hint, prompt="none"))["error"] == "login_required"
    assert heard(browser.lab) == "other_user_expected"
    assert pages(browser, "ben", id_token_hint=hint) == [SIGN_IN]


def test_when_the_wrong_user_signs_in_the_application_is_told(browser: Browser) -> None:
    """OIDCC-3.1.2.1: an error such as login_required, rather than the code of another user."""
    hint = tokens(browser.lab, user="ben")["id_token"]
    assert answered(browser.sign_in(user="anna", id_token_hint=hint))["error"] == "login_required"


def test_a_requested_sub_counts_like_a_hint(browser: Browser) -> None:
    """OIDCC-5.5.1."""
    claims = json.dumps({"id_token": {"sub": {"value": "ben"}}})
    browser.sign_in(user="anna")
    assert answered(browser.authorize(claims=claims, prompt="none"))["error"] == "login_required"
    assert pages(browser, "ben", claims=claims) == [SIGN_IN, CONSENT]


def test_a_tampered_hint_is_refused(browser: Browser) -> None:
    """OIDCC-3.1.2.1: the provider must have issued it."""
    hint = tokens(browser.lab)["id_token"]
    head, body, signature = hint.split(".")
    for wrong in (
        f"{head}.{body}x.{signature}",
        f"{head}.{body}.",
        body,
        "eyJhbGciOiJub25lIn0.e30.",
        "\u00e9",
        "a.b.c",
    ):
        assert answered(browser.authorize(id_token_hint=wrong))["error"] == "invalid_request"
        assert heard(browser.lab) == "authorization_hint_untrusted"


def test_a_hint_issued_to_another_application_is_refused(browser: Browser) -> None:
    """OIDCC-3.1.2.1: a hint is about the user's session with the application that sends it."""
    hint = tokens(browser.lab, SPA)["id_token"]
    assert answered(browser.authorize(WEB, id_token_hint=hint))["error"] == "invalid_request"
    assert heard(browser.lab) == "authorization_hint_of_another_application"


def test_a_login_hint_fills_the_form(browser: Browser) -> None:
    """OIDCC-3.1.2.1."""
    page = Page(browser.authorize(login_hint="ben"))
    assert page.forms[0].values["username"] == "ben"


@pytest.mark.parametrize("prompt", [None, "login", "consent", "select_account"])
def test_a_user_may_decline_on_every_page(browser: Browser, prompt: str | None) -> None:
    """RFC6749-4.1.2.1: access_denied, with the state."""
    if prompt != "login":
        browser.sign_in()
    page = browser.authorize(prompt=prompt, scope="openid email")
    answer = answered(browser.press(page, "deny" if "deny" in Page(page).buttons else "cancel"))
    assert (answer["error"], answer["state"]) == ("access_denied", "a state")
    assert heard(browser.lab) == "user_declined"


def test_a_declined_request_is_over(browser: Browser) -> None:
    """OIDCC-3.1.2.4: nobody can agree to it afterwards."""
    browser.sign_in()
    page = browser.authorize(prompt="consent")
    browser.press(page, "deny")
    assert browser.press(page, "allow").status_code == 400
    assert heard(browser.lab) == "interaction_unknown"


def test_another_account_can_be_chosen(browser: Browser) -> None:
    """OIDCC-3.1.2.1."""
    browser.sign_in(user="anna")
    page = browser.press(browser.authorize(prompt="select_account"), "other-account")
    response = browser.press(browser.press(page, "demo-user-ben"), "allow")
    token_response = send(browser.lab, "/token", redeeming(browser.lab, answered(response)["code"])).json
    assert id_token(browser.lab, token_response).claims["sub"] == "ben"


def test_going_on_as_the_same_user_is_no_new_sign_in(browser: Browser) -> None:
    """OIDCC-2: auth_time stays."""
    first = auth_time(browser.lab, browser.sign_in())
    browser.lab.clock.advance(seconds=60)
    assert auth_time(browser.lab, browser.press(browser.authorize(prompt="select_account"), "continue")) == first


def test_an_ordinary_page_gives_no_reason_and_an_unusual_one_does(browser: Browser) -> None:
    """OIDCC-3.1.2.1: a person who signs in for the first time needs no explanation why; one who is asked again does."""
    first = browser.authorize()
    consent = browser.press(first, "demo-user-anna")
    assert "reason" not in first.text + consent.text
    browser.press(consent, "allow")
    assert "asks you to sign in again (prompt=login)" in browser.authorize(prompt="login").text
    assert "asks for your agreement again (prompt=consent)" in browser.authorize(prompt="consent").text

"""An application asks to sign its user out."""

import json

import pytest

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from tests.provider.bench import SPA, WEB, Browser, Page, answered, heard, redeeming, send, tokens

BACK = "https://shop.example/goodbye"


@pytest.fixture
def hint(browser: Browser) -> str:
    """The ID Token of anna, who is signed in in the browser."""
    code = answered(browser.sign_in())["code"]
    return send(browser.lab, "/token", redeeming(browser.lab, code)).json["id_token"]


def test_a_valid_hint_signs_out_and_leads_back_with_the_state(browser: Browser, hint: str) -> None:
    """OIDCRIL-2, OIDCRIL-3."""
    state = "\u00e9 &=#<>\r\n"
    response = browser.sign_out(id_token_hint=hint, post_logout_redirect_uri=BACK, state=state)
    assert response.status_code == 303
    assert response.location.startswith(BACK + "?state=")
    assert answered(response) == {"state": state}
    assert not browser.signed_in


def test_without_a_state_none_comes_back(browser: Browser, hint: str) -> None:
    """OIDCRIL-3."""
    assert browser.sign_out(id_token_hint=hint, post_logout_redirect_uri=BACK).location == BACK


@pytest.mark.parametrize(
    "extra", [{}, {"client_id": WEB}, {"logout_hint": "anna", "ui_locales": "fr"}, {"unheard": "of"}]
)
def test_what_else_may_come_along_changes_nothing(browser: Browser, hint: str, extra: dict[str, str]) -> None:
    """OIDCRIL-2."""
    assert browser.sign_out(id_token_hint=hint, post_logout_redirect_uri=BACK, **extra).location == BACK


def test_a_logout_request_may_be_posted_from_another_site(browser: Browser, hint: str) -> None:
    """OIDCRIL-2: its POST comes without our SameSite cookie, so the browser is asked to come with it."""
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": BACK, "state": "s"}
    response = send(browser.lab, "/end-session", asked)
    assert response.status_code == 303
    assert browser.rest(browser.open(response.location)).location == f"{BACK}?state=s"
    assert not browser.signed_in


def test_a_logout_request_that_is_posted_with_the_cookie_is_served_at_once(browser: Browser, hint: str) -> None:
    """OIDCRIL-2."""
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": BACK}
    response = browser.open("/end-session", method="POST", form=asked)
    assert (response.status_code, response.location) == (303, BACK)


def test_without_an_address_the_user_sees_a_page(browser: Browser, hint: str) -> None:
    """OIDCRIL-2."""
    response = browser.sign_out(id_token_hint=hint)
    assert (response.status_code, "You are signed out" in response.text) == (200, True)
    assert not browser.signed_in


def test_an_expired_hint_is_accepted(browser: Browser, hint: str) -> None:
    """OIDCRIL-2."""
    browser.lab.clock.advance(days=3)
    assert browser.sign_out(id_token_hint=hint, post_logout_redirect_uri=BACK).location == BACK


@pytest.mark.parametrize(
    "spoil",
    [
        lambda hint: hint[:-6] + ("A" if hint[-6] != "A" else "B") + hint[-5:],
        lambda hint: hint.rpartition(".")[0] + ".",
        lambda hint: "eyJhbGciOiJub25lIn0." + hint.split(".")[1] + ".",
        lambda hint: "x",
        lambda hint: "." * 5,
        lambda hint: "\x00\u00e9",
        lambda hint: "eyJhbGciOiJIUzI1NiJ9.e30.x",
    ],
)
def test_a_modified_hint_is_refused_and_nobody_is_signed_out(browser: Browser, hint: str, spoil) -> None:
    """OIDCRIL-2, OIDCRIL-4."""
    response = browser.sign_out(id_token_hint=spoil(hint), post_logout_redirect_uri=BACK, state="s")
    assert (response.status_code, response.location, heard(browser.lab)) == (400, None, "logout_hint_untrusted")
    assert browser.signed_in


def test_a_hint_of_another_issuer_is_refused(browser: Browser) -> None:
    """OIDCRIL-2: the same keys, at another address."""
    browser.sign_in()
    with Lab(issuer="https://elsewhere.test") as elsewhere:
        foreign = tokens(elsewhere)["id_token"]
    response = browser.sign_out(id_token_hint=foreign, post_logout_redirect_uri=BACK)
    assert (response.status_code, heard(browser.lab)) == (400, "logout_hint_untrusted")
    assert browser.signed_in


@pytest.mark.parametrize(("client_id", "reason"), [(SPA, "logout_client_differs"), ("?", "logout_client_differs")])
def test_client_id_must_agree_with_the_hint(browser: Browser, hint: str, client_id: str, reason: str) -> None:
    """OIDCRIL-2."""
    response = browser.sign_out(id_token_hint=hint, client_id=client_id, post_logout_redirect_uri=BACK)
    assert (response.status_code, response.location, heard(browser.lab)) == (400, None, reason)
    assert browser.signed_in


def test_an_unknown_client_is_refused(browser: Browser) -> None:
    """OIDCRIL-2."""
    browser.sign_in()
    assert browser.sign_out(client_id="unheard-of").status_code == 400
    assert heard(browser.lab) == "logout_client_unknown"
    assert browser.signed_in


@pytest.mark.parametrize("received", [BACK + "?a=b", BACK + "/", BACK + "#", "https://photos.example/", "javascript:a"])
def test_an_unregistered_address_is_shown_and_not_followed(browser: Browser, hint: str, received: str) -> None:
    """OIDCRIL-3: exact comparison; the user is signed out all the same."""
    response = browser.sign_out(id_token_hint=hint, post_logout_redirect_uri=received, state="s")
    assert (response.status_code, response.location) == (200, None)
    assert heard(browser.lab) == "logout_uri_unregistered"
    assert browser.lab.refusals[-1].client_id == WEB
    assert Page(response).texts["received"] is not None
    assert not browser.signed_in


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"state": "s"},
        {"post_logout_redirect_uri": BACK},
        {"client_id": WEB},
        {"client_id": WEB, "post_logout_redirect_uri": BACK, "state": "s"},
        {"id_token_hint": ""},
    ],
)
def test_without_a_hint_the_user_is_asked_first(browser: Browser, asked: dict[str, str]) -> None:
    """OIDCRIL-6: otherwise any page could sign anybody out."""
    browser.sign_in()
    page = browser.sign_out(**asked)
    assert "sign-out" in Page(page).buttons
    assert browser.signed_in
    response = browser.press(page, "sign-out")
    back = {"client_id", "post_logout_redirect_uri"} <= asked.keys()
    assert response.location == (f"{BACK}?state=s" if back else None)
    assert not browser.signed_in


def test_who_stays_stays(browser: Browser) -> None:
    """OIDCRIL-6."""
    browser.sign_in()
    response = browser.press(browser.sign_out(client_id=WEB, post_logout_redirect_uri=BACK), "stay")
    assert (response.status_code, response.location) == (200, None)
    assert browser.signed_in


def test_a_hint_about_somebody_else_asks_first(browser: Browser) -> None:
    """OIDCRIL-2: the hint proves nothing about who is signed in now."""
    hint = tokens(browser.lab, user="ben")["id_token"]
    browser.sign_in(user="anna")
    page = browser.sign_out(id_token_hint=hint, post_logout_redirect_uri=BACK)
    assert "Anna" in page.text
    assert browser.signed_in
    assert browser.press(page, "sign-out").location == BACK


def test_who_is_not_signed_in_is_led_back_at_once(browser: Browser) -> None:
    """OIDCRIL-2: there is nothing to ask."""
    hint = tokens(browser.lab)["id_token"]
    assert browser.sign_out(id_token_hint=hint, post_logout_redirect_uri=BACK).location == BACK
    assert "You are signed out" in browser.sign_out().text


def test_signing_out_in_one_browser_leaves_the_others_alone(lab: Lab) -> None:
    """OIDCRIL-2."""
    one, other = Browser(lab), Browser(lab)
    one.sign_in()
    other.sign_in()
    one.press(one.sign_out(), "sign-out")
    assert (one.signed_in, other.signed_in) == (False, True)


@pytest.mark.parametrize("csrf", ["", "guess", "\u00e9"])
def test_only_the_providers_own_page_confirms(browser: Browser, csrf: str) -> None:
    """RFC6749-10.12: not another site's, nor another browser's."""
    browser.sign_in()
    page = browser.sign_out()
    assert browser.press(page, "sign-out", csrf=csrf).status_code == 400
    assert heard(browser.lab) == "form_untrusted"
    assert Browser(browser.lab).press(page, "sign-out").status_code == 400
    assert browser.signed_in


@pytest.mark.parametrize(
    "handed_on", ["", "x", "[]", "[1]", "1", "null", '{"state": 1}', '{"id_token_hint": null}', "[" * 9**5]
)
def test_what_the_page_hands_on_is_read_with_suspicion(browser: Browser, handed_on: str) -> None:
    """OIDCRIL-4."""
    browser.sign_in()
    assert browser.press(browser.sign_out(), "sign-out", request=handed_on).status_code == 400
    assert heard(browser.lab) == "form_untrusted"
    assert browser.signed_in


def test_what_the_page_hands_on_is_checked_again(browser: Browser) -> None:
    """OIDCRIL-3: the form's value is no permission."""
    browser.sign_in()
    tampered = json.dumps({"client_id": WEB, "post_logout_redirect_uri": "https://evil.example/"})
    assert browser.press(browser.sign_out(), "sign-out", request=tampered).location is None


@pytest.mark.parametrize("parameter", ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"])
def test_a_repeated_parameter_is_refused(browser: Browser, hint: str, parameter: str) -> None:
    """RFC6749-3.1."""
    asked = {"id_token_hint": hint, "client_id": WEB, "post_logout_redirect_uri": BACK, "state": "s"}
    response = browser.open("/end-session", query_string={**asked, parameter: [asked[parameter]] * 2})
    assert (response.status_code, heard(browser.lab)) == (400, "logout_parameter_repeated")
    assert browser.signed_in


def test_a_state_is_added_to_the_query_an_address_has(lab: Lab) -> None:
    """OIDCRIL-3."""
    back = "https://b.example/bye?a=%7Eb"
    uris = ("https://b.example/cb",)
    lab.register(
        Application(
            client_id="b", type=ApplicationType.SPA, name="B", redirect_uris=uris, post_logout_redirect_uris=(back,)
        )
    )
    response = Browser(lab).sign_out(client_id="b", post_logout_redirect_uri=back, state="s")
    assert response.location == back + "&state=s"

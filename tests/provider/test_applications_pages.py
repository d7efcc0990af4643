"""The trainer's pages: who gets in, and what is to be seen there."""

import re
from http.cookies import SimpleCookie
from urllib.parse import quote, unquote, urlsplit

import pytest
from werkzeug.test import TestResponse

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.audit import Key, LogEntry, Result
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refusal import CATALOGUE
from oidc_lab.domain.secret import Secret
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.provider.door import COOKIE
from tests.provider.bench import (
    MACHINE,
    NATIVE,
    SPA,
    WEB,
    Browser,
    Page,
    answered,
    asking,
    heard,
    redeeming,
    send,
)

LIST = "/applications"
ONE = f"{LIST}/{WEB}"
SIGN_IN_TYPES = (WEB, SPA, NATIVE)


def context_of(lab: Lab):
    return lab.provider.extensions["oidc_lab"]


def inside(lab: Lab, address: str = LIST) -> tuple[Browser, TestResponse]:
    """A trainer's browser, and the page that was asked for at the door."""
    browser = Browser(lab)
    door = browser.open(address)
    return browser, browser.press(door, "enter", token=context_of(lab).management_token)


def shown(lab: Lab, address: str = LIST) -> str:
    """A page as a trainer sees it: its words, one blank between them."""
    page = inside(lab, address)[1]
    assert page.status_code == 200
    return words(page)


def words(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def at_the_door(page: TestResponse) -> bool:
    return page.status_code == 200 and "enter" in Page(page).buttons


def cookie_of(page: TestResponse) -> SimpleCookie:
    return SimpleCookie(page.headers["Set-Cookie"])


@pytest.fixture
def entered(browser: Browser) -> Browser:
    browser.press(browser.open(LIST), "enter", token=context_of(browser.lab).management_token)
    return browser


@pytest.mark.parametrize("address", [LIST, ONE, f"{LIST}/unheard-of"])
def test_without_the_token_every_page_is_the_door(browser: Browser, address: str) -> None:
    """RFC6750-2: nobody learns there which applications are registered."""
    page = browser.open(address)
    assert at_the_door(page)
    assert "Web Shop" not in page.text


@pytest.mark.parametrize("address", [LIST, ONE])
def test_who_brings_the_token_sees_the_page_that_was_asked_for(lab: Lab, address: str) -> None:
    """RFC6750-2."""
    browser, page = inside(lab, address)
    assert (page.status_code, page.request.path) == (200, address)
    assert "Web Shop" in page.text
    assert browser.open(ONE).status_code == 200
    [entry] = [each for each in context_of(lab).store.log.find() if each.key is Key.TRAINER_SIGN_IN]
    assert entry.result is Result.SUCCESS


@pytest.mark.parametrize("token", ["", "guess", "\u00e9", "\0", "a" * 10_000])
def test_another_token_opens_nothing_and_is_told_to_the_lab(browser: Browser, token: str) -> None:
    """RFC6750-3.1: the page says so, and the log has it without the token."""
    page = browser.press(browser.open(LIST), "enter", token=token)
    assert at_the_door(page)
    assert Page(page).texts["problem"] == CATALOGUE["management_token_wrong"].description
    assert at_the_door(browser.open(LIST))
    assert heard(browser.lab) == "management_token_wrong"
    entry = context_of(browser.lab).store.log.find()[-1]
    assert (entry.key, entry.result, entry.reason) == (Key.TRAINER_SIGN_IN, Result.ERROR, "management_token_wrong")
    assert not token or token not in repr(entry)


@pytest.mark.parametrize("nearly", [lambda token: token[:-1], lambda token: token + "x", str.swapcase])
def test_what_is_nearly_the_token_is_not_the_token(browser: Browser, nearly) -> None:
    """RFC6750-2."""
    token = nearly(context_of(browser.lab).management_token)
    assert at_the_door(browser.press(browser.open(LIST), "enter", token=token))
    assert at_the_door(browser.open(LIST))


@pytest.mark.parametrize("csrf", ["", "guess", "\u00e9"])
def test_the_forms_of_the_door_need_their_token(entered: Browser, csrf: str) -> None:
    """RFC6749-10.12: another site can neither let a browser in nor out."""
    assert entered.press(entered.open(LIST), "leave", csrf=csrf).status_code == 400
    assert heard(entered.lab) == "form_untrusted"
    assert not at_the_door(entered.open(LIST))
    other = Browser(entered.lab)
    token = context_of(other.lab).management_token
    assert other.press(other.open(LIST), "enter", token=token, csrf=csrf).status_code == 400
    assert at_the_door(other.open(LIST))


@pytest.mark.parametrize(
    ("issuer", "path", "secure"),
    [("https://provider.test/tenant", "/tenant/applications", True), ("http://127.0.0.1:5000", "/applications", False)],
)
def test_the_cookie_is_for_these_pages_alone(issuer: str, path: str, secure: bool) -> None:
    """RFC6265-4.1.2: HttpOnly, SameSite=Strict, Secure on https, and no longer than the browser is open."""
    with Lab(issuer=issuer) as lab:
        browser = Browser(lab)
        form, values = Page(browser.open(path)).pressed("enter")
        token = context_of(lab).management_token
        response = browser.open(form.action, method="POST", form=values | {"token": token})
        assert (response.status_code, response.location) == (303, path)
        name_and_value, *attributes = response.headers["Set-Cookie"].split("; ")
        assert set(attributes) == {"HttpOnly", "SameSite=Strict", f"Path={path}"} | ({"Secure"} if secure else set())
        assert name_and_value.startswith(COOKIE + "=")
        assert token not in name_and_value
        assert f'href="{path}"' in browser.open(issuer + "/").text


def test_the_cookie_is_worth_nothing_once_the_token_is_another(entered: Browser) -> None:
    """RFC6265-8.4: it is made from the token, and does not tell it."""
    assert not at_the_door(entered.open(LIST))
    context_of(entered.lab).management_token += "x"
    assert at_the_door(entered.open(LIST))


@pytest.mark.parametrize("value", ["", "x", "\u00e9", '"', "0" * 64])
def test_a_made_up_cookie_opens_nothing(browser: Browser, value: str) -> None:
    """RFC6265-8.4."""
    header = f"{COOKIE}={value}"
    assert at_the_door(browser.open(LIST, headers={"Cookie": header.encode().decode("latin-1")}))


def test_who_leaves_is_outside(entered: Browser) -> None:
    """RFC6265-4.1.2: the cookie is taken back with the attributes it was given with."""
    form, values = Page(entered.open(ONE)).pressed("leave")
    response = entered.open(form.action, method="POST", form=values)
    kept = cookie_of(response)[COOKIE]
    assert (kept.value, kept["max-age"], kept["path"]) == ("", "0", LIST)
    assert at_the_door(entered.rest(response))
    assert at_the_door(entered.open(ONE))


def test_without_a_management_token_there_are_no_such_pages(browser: Browser) -> None:
    """RFC9110-15.5.5: they are not found, as any other address, whatever is sent."""
    for token in (None, ""):
        context_of(browser.lab).management_token = token
        for address in (LIST, ONE, f"{LIST}/door/leave"):
            for method in ("GET", "POST"):
                response = browser.open(address, method=method, form={"token": ""} if method == "POST" else None)
                assert response.status_code == 404, (address, method)
        home = browser.open(browser.lab.issuer + "/").text
        assert "/your-applications" in home
        assert f'"{LIST}"' not in home


def test_the_list_has_every_application_with_its_users_and_its_last_activity(lab: Lab) -> None:
    """OIDCR-2: two users of the shop, one of the album, none of the others."""
    for application, user in ((WEB, "anna"), (WEB, "anna"), (WEB, "ben"), (SPA, "anna")):
        Browser(lab).sign_in(application, user)
    lab.clock.advance(hours=3)
    said = shown(lab)
    for row in (
        r"Web Shop Traditional web web-shop 2 .{20,40} 3 hours ago",
        r"Photo Album Single page app photo-album 1 .{20,40} 3 hours ago",
        r"City Guide Native city-guide 0 None yet",
        r"Night Report Machine-to-machine night-report 0 None yet",
    ):
        assert re.search(row, said), row


def test_a_user_whose_access_was_taken_away_does_not_count(lab: Lab) -> None:
    """RFC6749-1.3."""
    browser = Browser(lab)
    browser.sign_in()
    assert Page(inside(lab, ONE)[1]).texts["users"] == "1"
    page = browser.open("/your-applications")
    browser.press(page, next(each for each in Page(page).buttons if each.startswith("take-away")))
    assert Page(inside(lab, ONE)[1]).texts["users"] == "0"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 4),
        ("  ", 4),
        ("SHOP", 1),
        ("web", 1),
        ("single page", 1),
        ("photo-", 1),
        ("t", 4),
        ("nothing like it", 0),
        ("<b>", 0),
        ("\0", 0),
        ("\u00e9" * 1000, 0),
    ],
)
def test_the_list_is_searched_by_name_type_and_client_id(entered: Browser, query: str, found: int) -> None:
    """OIDCR-2: whatever the case; what was searched for stays text."""
    page = entered.open(LIST, query_string={"q": query})
    assert page.text.count('<th scope="row">') == found
    assert "<b>" not in page.text
    if query.strip():
        assert f"{found} of 4 match" in Page(page).texts["found"]


@pytest.mark.parametrize("application", [*SIGN_IN_TYPES, MACHINE])
def test_the_page_has_every_setting_with_its_effect_in_the_present_profile(lab: Lab, application: str) -> None:
    """OIDCR-2: as domain/settings says, in each profile; a type without a setting has the reason."""
    registered = context_of(lab).store.applications.find(application)
    browser = inside(lab)[0]
    for profile in Profile:
        context_of(lab).profile = profile
        page = browser.open(f"{LIST}/{application}")
        said = words(page)
        assert Page(page).texts["profile"] == profile
        for setting in SETTINGS.values():
            effect = setting.effect(registered.type, profile)
            value = getattr(registered, setting.name, ())
            text = effect.of(setting.default if value is None else value)
            assert f"{setting.label} {setting.name}" in said
            assert " ".join(str(text).split()).replace("'", "&#39;") in said, (profile, setting.name)


def test_the_page_says_what_is_stored_and_what_is_not_set(lab: Lab) -> None:
    """OIDCR-2: each value by itself, a moment as people read it, custom data with its names."""
    everything = Application(
        client_id="all",
        type=ApplicationType.TRADITIONAL,
        name="All of it",
        description="Has everything.",
        redirect_uris=("https://a.example/", "https://b.example/"),
        cors_allowed_origins=("https://c.example",),
        client_secret="test-secret",
        always_issue_refresh_token=True,
        refresh_token_ttl_in_days=30,
        custom_data={"team": "shop", "sizes": [1, 2]},
    )
    context_of(lab).store.applications.add(everything, lab.clock.now)
    said = shown(lab, f"{LIST}/all")
    for stored in (
        "redirect_uris https://a.example/ https://b.example/",
        "cors_allowed_origins https://c.example",
        "always_issue_refresh_token on",
        "rotate_refresh_token Not set",
        "refresh_token_ttl_in_days 30 days",
        "post_logout_redirect_uris Not set",
        "secrets Default secret",
        "custom_data team = &#34;shop&#34; sizes = [1, 2]",
        "type Traditional",
        "created_at 5 January 2026",
        "Has everything.",
    ):
        assert stored in said, stored


def test_what_a_type_does_not_have_is_not_shown_as_if_somebody_had_set_it(lab: Lab) -> None:
    """OIDCR-2: a machine has no signing algorithm; the default of the field is nobody's choice."""
    assert "id_token_signed_response_alg Not available for this type" in shown(lab, f"{LIST}/{MACHINE}")


def test_the_page_has_the_endpoints(lab: Lab) -> None:
    """OIDCD-3."""
    said = shown(lab, ONE)
    for endpoint in (
        "/.well-known/openid-configuration",
        "/authorize",
        "/token",
        "/userinfo",
        "/end-session",
        "/jwks",
        "/introspection",
        "/revocation",
    ):
        assert lab.issuer + endpoint in said


@pytest.mark.parametrize("address", [LIST, ONE, f"{LIST}/{MACHINE}"])
def test_secrets_are_there_by_name_and_never_by_value(lab: Lab, address: str) -> None:
    """RFC6749-2.3.1: nor do their digests, the management token or the cookies stand there."""
    store = context_of(lab).store
    secret = Secret(name="Second", created_at=lab.clock.now)
    store.applications.add_secret(WEB, secret, "another-test-secret")
    lab.clock.advance(days=1)
    browser, page = inside(lab, address)
    values = [str(lab.applications[each].client_secret) for each in (WEB, MACHINE)]
    kept = [cookie.value for cookie in browser.client._cookies.values()]
    assert len(kept) == 2
    for hidden in (*values, "another-test-secret", context_of(lab).management_token, *kept):
        assert hidden not in page.text
    assert not re.search(r"[0-9a-f]{64}", page.text.replace(Page(page).forms[0].values["csrf"], ""))
    if address == ONE:
        assert re.search(r"Second .{10,60} 1 day ago Never", words(page))


def test_the_advice_is_that_of_the_present_profile(lab: Lab) -> None:
    """RFC9700-2: with its reason, its remedy and its clause."""
    browser = inside(lab)[0]
    for profile in Profile:
        context_of(lab).profile = profile
        secrets = context_of(lab).store.applications.secrets(WEB)
        registered = context_of(lab).store.applications.find(WEB)
        advice = registered.advice(profile, rules=context_of(lab).rules, secrets=secrets, now=lab.clock.now)
        said = words(browser.open(ONE))
        assert len(advice)
        for each in advice:
            assert (
                f"{each.setting} {each.value}: {each.reason} {each.remedy} {each.clause}".replace("'", "&#39;") in said
            )


def test_the_log_is_that_of_the_application_the_newest_first(lab: Lab) -> None:
    """RFC9700-2.6: fifty lines of it; what was refused has its true reason and the wire's error."""
    store = context_of(lab).store
    for number in range(60):
        lab.clock.advance(seconds=1)
        client_id = WEB if number % 2 else SPA
        store.log.add(LogEntry(at=lab.clock.now, key=Key.USERINFO, client_id=client_id, sub=f"user-{number}"))
    page = inside(lab, ONE)[1]
    assert re.findall(r"user-\d+", page.text) == [f"user-{number}" for number in range(59, 0, -2)]
    for number in range(60, 90):
        store.log.add(LogEntry(at=lab.clock.now, key=Key.USERINFO, client_id=WEB, sub=f"user-{number}"))
    said = shown(lab, ONE)
    assert "The newest 50 of 60 lines." in said
    assert len(re.findall(r"user-\d+", said)) == 50
    answer = answered(Browser(lab).sign_in())
    send(lab, "/token", redeeming(lab, answer["code"], client_secret="wrong"))
    refusal = CATALOGUE["secret_wrong"]
    assert refusal.truth.replace("'", "&#39;") in (said := shown(lab, ONE))
    assert refusal.error in said


@pytest.mark.parametrize("client_id", ["unheard-of", "a/b", "%", "\u00e9", "<b>x</b>", "door", "door/leave", "a\0b"])
def test_an_application_that_is_not_there_is_not_found(entered: Browser, client_id: str) -> None:
    """RFC9110-15.5.5: the page looks like the others and is kept as little."""
    page = entered.open(f"{LIST}/{quote(client_id, safe='')}")
    assert page.status_code == 404
    assert "There is no such application" in page.text
    assert "/pages/style.css" in page.text
    assert "<b>" not in page.text
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("client_id", ["a:b@c%2F", "door", "100%", "q&x=1;y", "%2F", '"><b>', "leave"])
def test_whatever_an_application_is_called_its_page_is_found_from_the_list(lab: Lab, client_id: str) -> None:
    """RFC3986-2.1: what a client_id may contain is written so that it stays one."""
    context_of(lab).store.applications.add(
        Application(client_id=client_id, type=ApplicationType.SPA, name="Odd", redirect_uris=("https://o.example/",)),
        lab.clock.now,
    )
    browser, page = inside(lab)
    [address] = re.findall(r'href="([^"]+)"><bdi>Odd<', page.text)
    assert unquote(address) == f"{LIST}/{client_id}"
    assert Page(browser.open(address)).texts["client-id"] == client_id
    door = Browser(lab).open(address)
    other = Browser(lab)
    there = other.press(other.open(address), "enter", token=context_of(lab).management_token)
    assert at_the_door(door)
    assert Page(there).texts["client-id"] == client_id


def test_a_hostile_registration_stays_text(lab: Lab) -> None:
    """RFC9700-4.16: its name, description, addresses and data, and the log of what was sent in its name."""
    bad = "<script>alert(1)</script>\"'><img src=x>"
    context_of(lab).store.applications.add(
        Application(
            client_id="evil",
            type=ApplicationType.SPA,
            name=bad,
            description=bad,
            redirect_uris=("https://evil.example/?%3Cimg%3E",),
            custom_data={bad: bad},
        ),
        lab.clock.now,
    )
    context_of(lab).store.log.add(
        LogEntry(at=lab.clock.now, key=Key.USERINFO, client_id="evil", sub=bad, truth=bad, error=bad)
    )
    browser, page = inside(lab)
    for each in (page, browser.open(f"{LIST}/evil"), browser.open(LIST, query_string={"q": bad})):
        assert each.status_code == 200
        assert "<script>" not in each.text
        assert "<img" not in each.text
        assert "&lt;script&gt;" in each.text


@pytest.mark.parametrize("address", [LIST, ONE, f"{LIST}/unheard-of"])
@pytest.mark.parametrize("who", ["trainer", "stranger"])
def test_the_pages_are_neither_framed_nor_kept(lab: Lab, address: str, who: str) -> None:
    """RFC9700-4.16."""
    page = inside(lab)[0].open(address) if who == "trainer" else Browser(lab).open(address)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Frame-Options"] == "DENY"
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert policy.endswith("form-action 'self'")


def test_the_trainer_and_a_user_may_share_a_browser(entered: Browser) -> None:
    """OIDCC-3.1.2.3: to sign in or out does not throw the trainer out, nor the other way round."""
    entered.sign_in()
    assert not at_the_door(entered.open(LIST))
    entered.press(entered.open(LIST), "leave")
    assert urlsplit(entered.rest(entered.open("/your-applications")).request.url).path == "/your-applications"


def test_looking_changes_nothing(entered: Browser) -> None:
    """RFC9110-9.2.1: the pages are for reading, and write no log of it."""
    lab = entered.lab
    query = asking(lab)
    entered.open("/authorize", query_string=query)
    before = len(context_of(lab).store.log.find())
    for address in (LIST, ONE, f"{LIST}?q=x"):
        entered.open(address)
    assert len(context_of(lab).store.log.find()) == before

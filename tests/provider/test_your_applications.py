"""A user sees which applications have access, takes it away, and sees it taking effect."""

from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.audit import Key, Result
from oidc_lab.domain.profile import Profile
from oidc_lab.provider.browser import COOKIE
from tests.provider.bench import (
    SPA,
    WEB,
    Browser,
    Page,
    answered,
    heard,
    redeeming,
    refreshing,
    send,
    userinfo,
)

YOURS = "/your-applications"
OFFLINE = {"scope": "openid email offline_access", "prompt": "consent"}
FORMS = ["take-away", "sign-out"]

ALWAYS = Application(
    client_id="always",
    type=ApplicationType.TRADITIONAL,
    name="Always",
    redirect_uris=("https://always.example/",),
    client_secret="test-secret",
    always_issue_refresh_token=True,
)


def given(browser: Browser, application: str = WEB, user: str = "anna", **asked: str) -> dict[str, str]:
    """The tokens of a sign-in in this browser; its user is asked, and agrees to offline access."""
    answer = answered(browser.sign_in(application, user, **(OFFLINE | asked)))
    return send(browser.lab, "/token", redeeming(browser.lab, answer["code"], application)).json


def yours(browser: Browser, **query: str) -> TestResponse:
    return browser.rest(browser.open(YOURS, query_string=query))


def taking(page: TestResponse, name: str = "") -> str:
    """The id of the button that takes away what the application of this name has; of the only one without a name."""
    texts = Page(page).texts
    [button] = [each for each in texts if each.startswith("take-away-") and texts[each].endswith(name)]
    return button


def take_away(browser: Browser, name: str = "") -> TestResponse:
    page = yours(browser)
    return browser.press(page, taking(page, name))


def pressed(browser: Browser, form: str, **changes: str) -> TestResponse:
    """Press one of the two buttons of anna's page, with a field of its form changed."""
    page = yours(browser)
    return browser.press(page, taking(page) if form == "take-away" else form, **changes)


def names(page: TestResponse) -> list[str]:
    texts = Page(page).texts
    return [texts[each].removeprefix("Take away access from ") for each in texts if each.startswith("take-away-")]


def context_of(lab: Lab):
    return lab.provider.extensions["oidc_lab"]


def entries(lab: Lab, key: Key):
    return [each for each in context_of(lab).store.log.find() if each.key is key]


def refused(browser: Browser, tokens: dict[str, str], application: str = WEB) -> tuple[int, str, str]:
    """What the application is told when it refreshes, and what the lab hears."""
    response = send(browser.lab, "/token", refreshing(browser.lab, tokens["refresh_token"], application))
    return response.status_code, response.json["error"], heard(browser.lab)


def test_a_user_sees_who_has_access_to_what_since_when_and_until_when(browser: Browser) -> None:
    """RFC6749-1.3."""
    given(browser)
    browser.lab.clock.advance(days=1, hours=2)
    text = yours(browser).text
    for said in (
        "Anna Lindqvist",
        "Web Shop",
        "A shop whose server keeps a secret.",
        "See your email address",
        "<code>offline_access</code>",
        "1 day ago",  # since when, and last used
        "It keeps access until",
        "in 12 days",  # the refresh token's fourteen days, less one and two hours
        "When you take it away",
        "the 1 token that is live",  # the access token's hour is over
    ):
        assert said in text


def test_without_offline_access_nothing_is_kept_while_the_user_is_away(browser: Browser) -> None:
    """OIDCC-11: the hour of an access token is all there is."""
    given(browser, scope="openid")
    assert "It does not keep access" in yours(browser).text
    assert "the 1 token that is live" in yours(browser).text


def test_a_refresh_token_whose_time_is_over_keeps_nothing(browser: Browser) -> None:
    """RFC6749-1.5: until the moment at which it ends."""
    given(browser)
    browser.lab.clock.advance(days=14, seconds=-1)
    assert "It keeps access until" in yours(browser).text
    browser.lab.clock.advance(seconds=1)
    assert "It does not keep access" in yours(browser).text
    assert "live" not in yours(browser).text


def test_an_application_that_always_gets_a_refresh_token_appears_with_it(browser: Browser) -> None:
    """OIDCC-11: also when nobody asked for offline_access."""
    browser.lab.register(ALWAYS)
    given(browser, "always", scope="openid")
    assert names(yours(browser)) == ["Always"]
    assert "It keeps access until" in yours(browser).text
    assert "the 2 tokens that are live" in yours(browser).text


def test_taking_access_away_ends_every_token_at_once(browser: Browser) -> None:
    """RFC7009-2: the refresh is refused because the grant was revoked, and userinfo too."""
    one, other = given(browser), given(browser)
    assert userinfo(browser.lab, one["access_token"]).status_code == 200
    page = take_away(browser)
    assert page.status_code == 200
    assert Page(page).texts["notice"] == "Web Shop no longer has access. 4 tokens ended at once."
    assert names(page) == []
    for tokens in (one, other):
        assert refused(browser, tokens) == (400, "invalid_grant", "family_revoked")
        assert ("because", "grant_revoked") in browser.lab.refusals[-1].details
        assert userinfo(browser.lab, tokens["access_token"]).status_code == 401
        assert heard(browser.lab) == "bearer_revoked"


def test_an_application_whose_access_was_taken_away_must_ask_again(browser: Browser) -> None:
    """OIDCC-3.1.2.4: the user is still signed in, and asked for consent; prompt=none is refused."""
    given(browser)
    assert browser.signed_in
    take_away(browser)
    assert answered(browser.authorize(prompt="none"))["error"] == "consent_required"
    assert "allow" in Page(browser.authorize()).buttons


def test_a_code_that_was_not_redeemed_yet_ends_too(browser: Browser) -> None:
    """RFC6749-4.1.2."""
    code = answered(browser.sign_in())["code"]
    assert "No token of it was live" in Page(take_away(browser)).texts["notice"]
    assert send(browser.lab, "/token", redeeming(browser.lab, code)).json["error"] == "invalid_grant"
    assert heard(browser.lab) == "code_revoked"


def test_only_what_was_chosen_ends(browser: Browser) -> None:
    """RFC7009-2: neither another application of this user nor another user of this application loses anything."""
    given(browser)
    album, bens = given(browser, SPA), given(Browser(browser.lab), user="ben")
    take_away(browser, "Web Shop")
    assert names(yours(browser)) == ["Photo Album"]
    assert send(browser.lab, "/token", refreshing(browser.lab, album["refresh_token"], SPA)).status_code == 200
    assert send(browser.lab, "/token", refreshing(browser.lab, bens["refresh_token"])).status_code == 200


def test_the_log_has_who_took_what_away(browser: Browser) -> None:
    """RFC9700-2.6."""
    given(browser)
    take_away(browser)
    [entry] = entries(browser.lab, Key.GRANT_REVOKED)
    assert (entry.result, entry.client_id, entry.sub) == (Result.SUCCESS, WEB, "anna")
    assert entry.sid
    assert entry.grant_id
    assert entry.details == {"families_ended": 1, "tokens_ended": 2}


def test_a_form_that_is_sent_twice_ends_nothing_twice_and_says_the_same(browser: Browser) -> None:
    """RFC9110-9.2.2: a second press of the button is no mistake of the user's."""
    given(browser)
    page = yours(browser)
    first, second = (browser.press(page, taking(page)) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert Page(first).texts["notice"] == Page(second).texts["notice"]
    assert len(entries(browser.lab, Key.GRANT_REVOKED)) == 1


def test_the_notice_cannot_be_made_up(browser: Browser) -> None:
    """RFC9700-4.16: an address is anybody's; only what this session took away a moment ago is told."""
    given(browser)
    [button] = [each for each in Page(yours(browser)).buttons if each.startswith("take-away-")]
    grant_id = button.removeprefix("take-away-")
    for made_up in ("Web Shop", grant_id, "\0", "<b>"):
        assert "notice" not in Page(yours(browser, taken_away=made_up)).texts
    take_away(browser)
    assert "notice" in Page(yours(browser, taken_away=grant_id)).texts
    for other in (Browser(browser.lab), Browser(browser.lab)):
        other.through(other.authorize(), "anna")
        assert "notice" not in Page(yours(other, taken_away=grant_id)).texts
    browser.lab.clock.advance(minutes=6)
    assert "notice" not in Page(yours(browser, taken_away=grant_id)).texts


def test_the_notice_is_no_lie_when_access_was_given_again(browser: Browser) -> None:
    """OIDCC-3.1.2.4."""
    given(browser)
    page = take_away(browser)
    given(browser)
    again = browser.open(page.request.url)
    assert "Web Shop lost this access." in Page(again).texts["notice"]
    assert names(again) == ["Web Shop"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("csrf", ["", "guess", "\u00e9", "\x00"])
def test_a_form_without_its_token_changes_nothing(browser: Browser, form: str, csrf: str) -> None:
    """RFC6749-10.12."""
    tokens = given(browser)
    response = pressed(browser, form, csrf=csrf)
    assert (response.status_code, heard(browser.lab)) == (400, "form_untrusted")
    assert names(yours(browser)) == ["Web Shop"]
    assert userinfo(browser.lab, tokens["access_token"]).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_another_sites_form_neither_takes_away_nor_signs_out(browser: Browser, form: str) -> None:
    """RFC6265-5.2: it comes without the cookie (SameSite=Lax), and the browser is not given a new one for that."""
    tokens = given(browser)
    page = yours(browser)
    form_, values = Page(page).pressed(taking(page) if form == "take-away" else form)
    response = send(browser.lab, form_.action, values)
    assert (response.status_code, heard(browser.lab)) == (400, "form_untrusted")
    assert "Set-Cookie" not in response.headers
    assert userinfo(browser.lab, tokens["access_token"]).status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", "/consent", "/end-session/confirm", "/select-account"])
def test_no_form_of_another_site_gives_the_browser_a_new_cookie(lab: Lab, path: str) -> None:
    """RFC6265-5.2: whoever is signed in there would not be any more."""
    response = send(lab, path, {"interaction": "x", "csrf": "x"})
    assert response.status_code == 400
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("grant", ["", "unheard-of", "\0", "' or 1=1 --"])
def test_what_is_not_there_cannot_be_taken_away(browser: Browser, grant: str) -> None:
    """RFC6749-1.3."""
    given(browser)
    response = pressed(browser, "take-away", grant=grant)
    assert (response.status_code, heard(browser.lab)) == (400, "grant_unknown")
    assert names(yours(browser)) == ["Web Shop"]


def test_what_another_user_allowed_is_neither_shown_nor_taken_away(browser: Browser) -> None:
    """RFC6749-1.3."""
    bens = Browser(browser.lab)
    kept = given(bens, user="ben")
    given(browser)
    theirs = taking(yours(bens)).removeprefix("take-away-")
    assert theirs not in yours(browser).text
    assert pressed(browser, "take-away", grant=theirs).status_code == 400
    assert heard(browser.lab) == "grant_unknown"
    assert [each.sub for each in entries(browser.lab, Key.GRANT_REVOKED) if each.result is Result.SUCCESS] == []
    assert userinfo(browser.lab, kept["access_token"]).status_code == 200


def test_a_page_that_was_left_open_cannot_act_for_the_next_user(browser: Browser) -> None:
    """RFC6749-10.12: its token is that of the cookie before the sign-in."""
    given(browser)
    page = yours(browser)
    browser.through(browser.authorize(prompt="login"), "ben")
    assert browser.press(page, taking(page)).status_code == 400
    assert heard(browser.lab) == "form_untrusted"


@pytest.mark.parametrize("way", ["demo", "password"])
def test_who_is_not_signed_in_signs_in_here_and_comes_back(browser: Browser, way: str) -> None:
    """OIDCC-3.1.2.3: without an application that asks for it."""
    page = yours(browser)
    assert urlsplit(page.request.url).path == "/sign-in"
    assert "Sign in to see your applications" in page.text
    if way == "demo":
        there = browser.press(page, "demo-user-ben")
    else:
        there = browser.press(page, "sign-in", username="ben", password=browser.lab.passwords["ben"])
    assert urlsplit(there.request.url).path == YOURS
    assert "Benjamin Okafor" in there.text
    assert entries(browser.lab, Key.SIGN_IN)[-1].client_id is None


def test_a_sign_in_without_an_application_is_guarded_as_every_other(browser: Browser) -> None:
    """RFC6749-10.12, RFC6265-8.4: the form's token, the browser it belongs to, its hour, and a new cookie."""
    page, before = yours(browser), browser.cookie
    assert browser.press(page, "demo-user-anna", csrf="guess").status_code == 400
    assert heard(browser.lab) == "form_untrusted"
    other = Browser(browser.lab)
    other.authorize()
    assert other.press(page, "demo-user-anna").status_code == 400
    assert heard(browser.lab) == "interaction_unknown"
    assert Page(browser.press(page, "sign-in", username="anna", password="guess")).texts["problem"]
    assert heard(browser.lab) == "password_wrong"
    browser.press(page, "demo-user-anna")
    assert browser.cookie not in (None, before)
    assert browser.press(page, "demo-user-anna").status_code == 400  # used once
    assert heard(browser.lab) == "interaction_unknown"
    late = Browser(browser.lab)
    page = yours(late)
    browser.lab.clock.advance(hours=1)
    assert late.press(page, "demo-user-anna").status_code == 400


@pytest.mark.parametrize("step", ["/consent", "/select-account"])
def test_a_sign_in_without_an_application_has_no_other_pages(browser: Browser, step: str) -> None:
    """OIDCC-3.1.2.4: there is nothing to agree to."""
    waiting = Page(yours(browser)).forms[0].values
    there = browser.rest(browser.open(step, method="POST", form={**waiting, "action": "allow"}))
    assert urlsplit(there.request.url).path == "/sign-in"


def test_who_cancels_that_sign_in_is_at_the_provider(browser: Browser) -> None:
    """OIDCC-3.1.2.3: no application waits for an answer."""
    there = browser.press(yours(browser), "cancel")
    assert (there.status_code, urlsplit(there.request.url).path) == (200, "/")
    assert urlsplit(browser.rest(browser.open(YOURS)).request.url).path == "/sign-in"


def test_when_the_session_is_over_nothing_is_taken_away(browser: Browser) -> None:
    """OIDCC-3.1.2.3: the user signs in first, and sees what is there."""
    tokens = given(browser, scope="openid email offline_access")
    page = yours(browser)
    browser.lab.clock.advance(days=13, hours=23)
    send(browser.lab, "/token", refreshing(browser.lab, tokens["refresh_token"]))
    browser.lab.clock.advance(hours=1)
    there = browser.press(page, taking(page))
    assert urlsplit(there.request.url).path == "/sign-in"
    assert names(browser.press(there, "demo-user-anna")) == ["Web Shop"]


def test_signing_out_there_ends_the_session_and_what_hangs_on_it(browser: Browser) -> None:
    """OIDCRIL-2: as when an application asks and the user confirms; what was agreed to for offline use stays."""
    offline, online = given(browser), given(browser, SPA, scope="openid")
    response = browser.press(yours(browser), "sign-out")
    assert "You are signed out" in response.text
    assert urlsplit(yours(browser).request.url).path == "/sign-in"
    assert [each.sub for each in entries(browser.lab, Key.SIGN_OUT)] == ["anna"]
    assert userinfo(browser.lab, offline["access_token"]).status_code == 200
    assert userinfo(browser.lab, online["access_token"]).status_code == 401


def test_signing_out_twice_does_no_harm(browser: Browser) -> None:
    """RFC9110-9.2.2."""
    given(browser)
    page = yours(browser)
    for _ in range(2):
        assert "You are signed out" in browser.press(page, "sign-out").text
    assert len(entries(browser.lab, Key.SIGN_OUT)) == 1


def in_logto(browser: Browser) -> None:
    context_of(browser.lab).profile = Profile.LOGTO


def test_a_grant_that_is_over_is_not_shown(browser: Browser) -> None:
    """application-model 3.4: 180 days, and the last moment is the one before."""
    in_logto(browser)
    given(browser)
    assert "in 180 days" in yours(browser).text
    for _ in range(18):  # the session rolls, the grant does not
        browser.lab.clock.advance(days=10, seconds=-1)
        yours(browser)
    browser.lab.clock.advance(seconds=17)
    assert names(yours(browser)) == ["Web Shop"]
    browser.lab.clock.advance(seconds=1)
    assert names(yours(browser)) == []


def test_where_grants_are_of_a_session_the_user_sees_those_of_all_sessions(browser: Browser) -> None:
    """application-model 3.4: each for itself; taking one away leaves the other, and the page says so."""
    in_logto(browser)
    other = Browser(browser.lab)
    here, there = given(browser), given(other)
    page = yours(browser)
    assert names(page) == ["Web Shop", "Web Shop"]
    assert page.text.count("Your sign-in in this browser") == page.text.count("A sign-in in another browser") == 1
    assert "This provider agrees for you" in page.text
    mine = page.text.index("Your sign-in in this browser")
    button = next(each for each in Page(page).buttons if each.startswith("take-away-") and page.text.index(each) > mine)
    after = browser.press(page, button)
    assert "Web Shop lost this access. 2 tokens ended at once." in Page(after).texts["notice"]
    assert names(after) == ["Web Shop"]
    assert refused(browser, here) == (400, "invalid_grant", "family_revoked")
    assert userinfo(browser.lab, there["access_token"]).status_code == 200


def test_what_was_for_a_session_that_is_over_and_left_no_token_is_not_shown(browser: Browser) -> None:
    """application-model 3.4: no sign-in can use it any more."""
    in_logto(browser)
    other = Browser(browser.lab)
    given(other, scope="openid")
    browser.lab.clock.advance(days=13)
    given(browser, SPA)
    assert names(yours(browser)) == ["Web Shop", "Photo Album"]
    browser.lab.clock.advance(days=1)
    assert names(yours(browser)) == ["Photo Album"]


def test_a_token_that_ended_with_its_session_is_not_live(browser: Browser) -> None:
    """OIDCC-11: though its own hour is not over."""
    in_logto(browser)
    browser.lab.register(ALWAYS)
    elsewhere = Browser(browser.lab)
    tokens = given(elsewhere, "always", scope="openid")
    browser.lab.clock.advance(days=13, hours=23, minutes=30)
    answer = send(browser.lab, "/token", refreshing(browser.lab, tokens["refresh_token"], "always")).json
    given(browser, SPA)
    assert names(yours(browser)) == ["Always", "Photo Album"]
    browser.lab.clock.advance(minutes=29)
    assert userinfo(browser.lab, answer["access_token"]).status_code == 200
    browser.lab.clock.advance(minutes=1)
    assert userinfo(browser.lab, answer["access_token"]).status_code == 401
    assert names(yours(browser)) == ["Photo Album"]


def test_a_hostile_name_stays_a_name(browser: Browser) -> None:
    """RFC9700-4.16: on the page, in its title and in the notice."""
    name = "<script>alert(1)</script>\"'><img src=x>"
    browser.lab.register(
        Application(client_id="evil", type=ApplicationType.SPA, name=name, redirect_uris=("https://evil.example/",))
    )
    given(browser, "evil")
    page = yours(browser)
    for each in (page, browser.press(page, taking(page))):
        assert "<script>" not in each.text
        assert "<img" not in each.text
        assert "&lt;script&gt;alert(1)" in each.text


@pytest.mark.parametrize("issuer", ["https://provider.test", "https://provider.test/tenant"])
def test_it_lives_under_the_issuers_path(issuer: str) -> None:
    """OIDCD-4: the page, its forms and its way back."""
    with Lab(issuer=issuer) as lab:
        browser = Browser(lab)
        home = browser.open(f"{issuer}/")
        path = urlsplit(issuer).path + YOURS
        assert f'href="{path}"' in home.text
        given(browser)
        page = browser.open(path)
        after = browser.press(page, taking(page))
        assert urlsplit(after.request.url).path == path
        assert "notice" in Page(after).texts
        out = browser.press(after, "sign-out")
        assert "You are signed out" in out.text
        again = browser.press(browser.rest(browser.open(path)), "demo-user-anna")
        assert urlsplit(again.request.url).path == path


def test_the_pages_are_neither_framed_nor_kept(browser: Browser) -> None:
    """RFC9700-4.16."""
    given(browser)
    page = yours(browser)
    for each in (page, browser.press(page, taking(page)), browser.open(YOURS, method="POST")):
        assert each.headers["Cache-Control"] == "no-store"
        assert each.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in each.headers["Content-Security-Policy"]
        assert "form-action 'self'" in each.headers["Content-Security-Policy"]
        assert "https:" not in each.headers["Content-Security-Policy"]
    assert browser.open(YOURS, method="POST", form={}).status_code == 400


def test_the_cookie_is_not_on_the_page(browser: Browser) -> None:
    """RFC6265-8.3: the form's token is made from it, and does not tell it."""
    given(browser)
    assert browser.cookie
    assert browser.cookie not in yours(browser).text
    assert COOKIE not in yours(browser).text


def test_an_old_session_is_rolled_by_a_look_at_the_page(browser: Browser) -> None:
    """OIDCC-3.1.2.3: its browser came to the provider."""
    given(browser)
    for _ in range(3):
        browser.lab.clock.advance(days=13)
        assert urlsplit(yours(browser).request.url).path == YOURS

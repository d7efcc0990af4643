"""The three profiles on the wire: what an application gets under each, observed from outside."""

from datetime import timedelta
from typing import Any

import pytest

from oidc_lab import Application, ApplicationType, Lab
from oidc_lab.domain.profile import Profile
from tests.provider.bench import (
    MACHINE,
    NATIVE,
    SPA,
    WEB,
    Browser,
    Page,
    answered,
    heard,
    id_token,
    offline_tokens,
    redeeming,
    refreshing,
    send,
    tokens,
    userinfo,
)

DAY = 86_400
DOCUMENTED, LOGTO, STRICT = Profile.DOCUMENTED, Profile.LOGTO, Profile.STRICT
ALWAYS_SPA, ALWAYS_WEB = "always-spa", "always-web"
CALLBACK = "https://always.example/callback"


def choose(lab: Lab, profile: Profile) -> None:
    lab.provider.extensions["oidc_lab"].profile = profile


@pytest.fixture(params=Profile)
def profile(request: pytest.FixtureRequest, lab: Lab) -> Profile:
    choose(lab, request.param)
    return request.param


@pytest.fixture
def always(lab: Lab) -> Lab:
    """Two more applications, which always get a refresh token."""
    for client_id, kind, secret in (
        (ALWAYS_SPA, ApplicationType.SPA, None),
        (ALWAYS_WEB, ApplicationType.TRADITIONAL, "test-secret-of-always"),
    ):
        given: dict[str, Any] = {"redirect_uris": (CALLBACK,), "always_issue_refresh_token": True}
        lab.register(Application(client_id=client_id, type=kind, name="Always", client_secret=secret, **given))
    return lab


def refresh(lab: Lab, response: dict[str, Any], application: str = WEB, **changes: Any):
    return send(lab, "/token", refreshing(lab, response["refresh_token"], application, **changes))


ASKED = {
    "openid": {"scope": "openid"},
    "offline_access alone": {"scope": "openid offline_access"},
    "offline_access, prompt=login": {"scope": "openid offline_access", "prompt": "login"},
    "offline_access, prompt=consent": {"scope": "openid offline_access", "prompt": "consent"},
    "offline_access, prompt=login consent": {"scope": "openid offline_access", "prompt": "login consent"},
    "openid, prompt=consent": {"scope": "openid", "prompt": "consent"},
}
CONSENTED = {"offline_access, prompt=consent", "offline_access, prompt=login consent"}


@pytest.mark.usefixtures("profile")
@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("application", [SPA, NATIVE, WEB, ALWAYS_SPA, ALWAYS_WEB])
def test_who_gets_a_refresh_token(always: Lab, application: str, asked: str) -> None:
    """OIDCC-11, application-model 3.1: the whole matrix, and no error when offline_access is dropped."""
    response = tokens(always, application, **ASKED[asked])
    assert ("refresh_token" in response) is (asked in CONSENTED or application in {ALWAYS_SPA, ALWAYS_WEB})
    assert ("offline_access" in response["scope"].split()) is (asked in CONSENTED)


@pytest.mark.parametrize("application", [ALWAYS_SPA, ALWAYS_WEB])
@pytest.mark.parametrize(("profile", "survives"), [(DOCUMENTED, True), (LOGTO, False), (STRICT, False)])
def test_what_nobody_agreed_to_offline_ends_with_the_sign_out(
    always: Lab, profile: Profile, application: str, survives: bool
) -> None:
    """OIDCC-11, application-model D13, D19: the page makes no difference between refresh tokens."""
    choose(always, profile)
    browser, kept = signed_in(always, application)
    offline = signed_in(always, application, of=browser, scope="openid offline_access", prompt="consent")[1]
    leave(browser)
    response = refresh(always, kept, application)
    assert (response.status_code == 200) is survives
    assert survives or heard(always) == "family_revoked"
    assert (userinfo(always, kept["access_token"]).status_code == 200) is survives
    assert refresh(always, offline, application).status_code == 200


def signed_in(lab: Lab, application: str = WEB, *, of: Browser | None = None, **asked: Any):
    """A browser, and the tokens its sign-in gave the application."""
    browser = of or Browser(lab)
    code = answered(browser.sign_in(application, **asked))["code"]
    return browser, send(lab, "/token", redeeming(lab, code, application)).json


def leave(browser: Browser) -> None:
    page = browser.sign_out()
    if "sign-out" in Page(page).buttons:
        browser.press(page, "sign-out")
    assert answered(browser.authorize(prompt="none"))["error"] == "login_required"


@pytest.mark.parametrize(("profile", "survives"), [(DOCUMENTED, True), (LOGTO, False), (STRICT, False)])
def test_what_nobody_agreed_to_offline_ends_when_the_session_does(
    always: Lab, profile: Profile, survives: bool
) -> None:
    """application-model D13: at exactly fourteen days without a visit; refreshing is no visit."""
    choose(always, profile)
    kept = tokens(always, ALWAYS_WEB)
    always.clock.advance(days=13, hours=23, minutes=59, seconds=59)
    kept |= refresh(always, kept, ALWAYS_WEB).json
    always.clock.advance(seconds=1)
    response = refresh(always, kept, ALWAYS_WEB)
    assert (response.status_code == 200) is survives
    assert survives or heard(always) == "session_over"
    access = userinfo(always, kept["access_token"])
    assert (access.status_code == 200) is survives
    assert survives or heard(always) == "bearer_session_over"


def test_a_grant_of_the_product_ends_after_180_days_whatever_is_refreshed(lab: Lab) -> None:
    """application-model D11, 3.6: at exactly 180 days, absolute."""
    choose(lab, LOGTO)
    kept = offline_tokens(lab, NATIVE)
    for _ in range(17):
        lab.clock.advance(days=10)
        kept |= refresh(lab, kept, NATIVE).json
    lab.clock.advance(seconds=10 * DAY - 1)
    kept |= refresh(lab, kept, NATIVE).json
    lab.clock.advance(seconds=1)
    assert refresh(lab, kept, NATIVE).json["error"] == "invalid_grant"
    assert heard(lab) == "grant_expired"


def test_agreeing_again_does_not_extend_a_grant_of_the_product(lab: Lab) -> None:
    """application-model D11: in the same session, which rolls; a new grant begins after the end of the old one."""
    choose(lab, LOGTO)
    asked = {"scope": "openid offline_access", "prompt": "consent"}
    browser, _ = signed_in(lab, NATIVE, **asked)
    for _ in range(17):
        lab.clock.advance(days=10)
        assert "code" in answered(browser.authorize(NATIVE, **asked))
    lab.clock.advance(days=9)
    kept = signed_in(lab, NATIVE, of=browser, **asked)[1]
    lab.clock.advance(days=1)
    assert refresh(lab, kept, NATIVE).status_code == 400
    assert heard(lab) == "grant_expired"
    renewed = signed_in(lab, NATIVE, of=browser, **asked)[1]
    lab.clock.advance(days=13)
    assert refresh(lab, renewed, NATIVE).status_code == 200


def test_the_product_agrees_for_its_user_and_asks_nobody(lab: Lab) -> None:
    """application-model 6: the consent of a first-party application shows no page, but prompt=none is not enough."""
    choose(lab, LOGTO)
    browser = Browser(lab)
    assert "code" in answered(browser.press(browser.authorize(), "demo-user-anna"))
    assert answered(browser.authorize(prompt="none", scope="openid email"))["error"] == "consent_required"
    assert "code" in answered(browser.authorize(scope="openid email", prompt="consent"))
    assert "code" in answered(browser.authorize(prompt="none", scope="openid email"))


def test_what_the_product_agreed_to_is_remembered_for_one_session(lab: Lab) -> None:
    """application-model 3.5; on the page and by the specifications a user is asked once."""
    for profile, error in ((LOGTO, "consent_required"), (STRICT, "")):
        choose(lab, profile)
        Browser(lab).sign_in()
        other = Browser(lab)
        other.press(other.authorize(SPA), "demo-user-anna")
        assert answered(other.authorize(prompt="none")).get("error", "") == error


def test_for_a_native_application_of_the_product_prompt_none_is_never_enough(lab: Lab) -> None:
    """RFC8252-8.6, application-model 4.1"""
    browser = Browser(lab)
    browser.sign_in(NATIVE)
    assert "code" in answered(browser.authorize(NATIVE, prompt="none"))
    choose(lab, LOGTO)
    assert answered(browser.authorize(NATIVE, prompt="none"))["error"] == "interaction_required"


@pytest.mark.parametrize(("profile", "error"), [(DOCUMENTED, None), (LOGTO, None), (STRICT, "invalid_request")])
def test_only_strict_asks_pkce_of_every_application(lab: Lab, profile: Profile, error: str | None) -> None:
    """RFC9700-2.1.1"""
    choose(lab, profile)
    browser = Browser(lab)
    answer = answered(browser.sign_in(WEB, code_challenge=None, code_challenge_method=None))
    assert answer.get("error") == error
    assert error is None or heard(lab) == "challenge_missing_in_profile"


@pytest.mark.parametrize("profile", Profile)
def test_only_the_product_takes_the_one_redirect_uri_for_granted(lab: Lab, profile: Profile) -> None:
    """OIDCC-3.1.2.1, application-model 1.4: and the token request may leave it out as well."""
    choose(lab, profile)
    browser = Browser(lab)
    response = browser.sign_in(WEB, redirect_uri=None)
    if profile is not LOGTO:
        assert Page(response).texts["error"] == "invalid_request"
        assert heard(lab) == "redirect_uri_missing"
        return
    code = answered(response)["code"]
    assert response.location.startswith("https://shop.example/callback?")
    assert send(lab, "/token", redeeming(lab, code, redirect_uri=None)).status_code == 200
    several = browser.authorize(NATIVE, redirect_uri=None)
    assert Page(several).texts["error"] == "invalid_request"


@pytest.mark.parametrize("uri", ["https://SHOP.example:443/callback", "https://shop.example/./callback"])
def test_only_the_product_compares_redirect_uris_after_putting_them_in_order(
    lab: Lab, profile: Profile, uri: str
) -> None:
    """RFC9700-2.1, application-model 1.4"""
    response = Browser(lab).sign_in(WEB, redirect_uri=uri)
    if profile is LOGTO:
        assert "code" in answered(response)
    else:
        assert heard(lab) == "redirect_uri_unregistered"


def test_without_rotation_the_same_token_comes_back(lab: Lab) -> None:
    """application-model 3.3, D7: extended on the page, as it was in the product."""
    fixed = Application(
        client_id="fixed", type=ApplicationType.TRADITIONAL, name="Fixed", redirect_uris=(CALLBACK,),
        client_secret="test-secret-of-fixed", rotate_refresh_token=False, refresh_token_ttl_in_days=10,
    )  # fmt: skip
    lab.register(fixed)
    for profile, status in ((DOCUMENTED, 200), (LOGTO, 400), (STRICT, 400)):
        choose(lab, profile)
        kept = offline_tokens(lab, "fixed")
        lab.clock.advance(days=9)
        assert refresh(lab, kept, "fixed").json["refresh_token"] == kept["refresh_token"]
        lab.clock.advance(days=9)
        assert refresh(lab, kept, "fixed").status_code == status


def test_in_the_product_a_reuse_ends_every_sign_in_of_the_grant(lab: Lab) -> None:
    """application-model 3.5: two tabs of one browser share it; elsewhere the other tab goes on."""
    asked = {"scope": "openid offline_access", "prompt": "consent"}
    for profile, status in ((LOGTO, 400), (DOCUMENTED, 200), (STRICT, 200)):
        choose(lab, profile)
        browser, one = signed_in(lab, SPA, **asked)
        _, other = signed_in(lab, SPA, of=browser, **asked)
        refresh(lab, one, SPA)
        lab.clock.advance(seconds=3)
        assert refresh(lab, one, SPA).status_code == 400
        assert heard(lab) == "refresh_token_reused"
        assert refresh(lab, other, SPA).status_code == status


def test_the_leeway_of_the_product_slides(lab: Lab) -> None:
    """application-model 3.5, as observed: at 0, 1, 3.5 and 6 s four different tokens, and at 10 s the end of all."""
    choose(lab, LOGTO)
    first = offline_tokens(lab, SPA)
    given = []
    for seconds in (0, 1, 2.5, 2.5):
        lab.clock.advance(seconds=seconds)
        given.append(refresh(lab, first, SPA).json)
    assert len({each["refresh_token"] for each in given}) == 4
    lab.clock.advance(seconds=4)
    assert refresh(lab, first, SPA).status_code == 400
    assert refresh(lab, given[-1], SPA).status_code == 400
    assert userinfo(lab, given[-1]["access_token"]).status_code == 401


@pytest.mark.usefixtures("profile")
def test_the_first_failure_decides_in_the_order_of_the_fact_sheet(lab: Lab) -> None:
    """application-model 3.2: a replaced token with too wide a scope is refused for the scope, and nothing ends."""
    first = offline_tokens(lab, SPA)
    second = refresh(lab, first, SPA).json
    lab.clock.advance(seconds=3)
    assert refresh(lab, first, SPA, scope="openid phone").json["error"] == "invalid_scope"
    third = refresh(lab, second, SPA).json
    lab.clock.advance(days=14)
    assert refresh(lab, first, SPA).status_code == 400
    assert heard(lab) == "refresh_token_expired"
    assert "refresh_token" in third


def test_the_profile_may_change_while_tokens_live(lab: Lab) -> None:
    """What holds is what the profile says at the moment of the request."""
    kept = offline_tokens(lab)
    lab.clock.advance(days=13)
    kept |= refresh(lab, kept).json
    lab.clock.advance(days=13)
    choose(lab, LOGTO)
    assert refresh(lab, kept).status_code == 200
    choose(lab, STRICT)
    assert refresh(lab, kept).status_code == 400  # replaced above, and strict has no leeway


def test_an_id_token_lives_as_long_as_the_application_says(lab: Lab, profile: Profile) -> None:
    """OIDCC-2: exp"""
    short = Application(
        client_id="short", type=ApplicationType.NATIVE, name="Short", redirect_uris=("short.example:/cb",),
        id_token_ttl=timedelta(minutes=5),
    )  # fmt: skip
    lab.register(short)
    claims = id_token(lab, tokens(lab, "short")).claims
    assert claims["exp"] - claims["iat"] == 300


def test_only_the_product_repeats_in_the_id_token_what_scopes_stand_for(lab: Lab, profile: Profile) -> None:
    """OIDCC-5.4, application-model 3.6"""
    given = offline_tokens(lab, SPA, scope="openid email offline_access")
    for response in (given, refresh(lab, given, SPA).json):
        assert ("email" in id_token(lab, response).claims) is (profile is LOGTO)
        assert "phone_number" not in id_token(lab, response).claims


# What becomes of a sign-out: the profile, what is sent along, then whether the user is signed out and sent on.
SIGN_OUTS = [
    (DOCUMENTED, "registered", "hint", True, True),
    (DOCUMENTED, "registered", "client_id", True, True),
    (DOCUMENTED, "registered", None, True, False),
    (DOCUMENTED, "foreign", "hint", True, False),
    (LOGTO, "registered", "hint", True, True),
    (LOGTO, "registered", "client_id", True, True),
    (LOGTO, "registered", None, True, False),
    (LOGTO, "in another form", "hint", True, True),
    (LOGTO, "foreign", "hint", False, False),
    (LOGTO, "foreign", "client_id", False, False),
    (STRICT, "registered", "hint", True, True),
    (STRICT, "registered", "client_id", True, False),
    (STRICT, "registered", None, True, False),
    (STRICT, "in another form", "hint", True, False),
    (STRICT, "foreign", "hint", True, False),
]
ADDRESS = {
    "registered": "https://shop.example/goodbye",
    "in another form": "https://shop.example:443/goodbye",
    "foreign": "https://evil.example/",
}


@pytest.mark.parametrize(("profile", "uri", "proof", "signed_out", "sent_on"), SIGN_OUTS)
def test_each_row_of_the_sign_out_table(
    lab: Lab, profile: Profile, uri: str, proof: str | None, signed_out: bool, sent_on: bool
) -> None:
    """OIDCRIL-2, OIDCRIL-3, application-model 3.9, D18"""
    choose(lab, profile)
    browser, response = signed_in(lab)
    named = {"hint": {"id_token_hint": response["id_token"]}, "client_id": {"client_id": WEB}}
    page = browser.sign_out(post_logout_redirect_uri=ADDRESS[uri], state="s", **named.get(proof or "", {}))
    if "sign-out" in Page(page).buttons:
        assert profile is not LOGTO, "the product never asks"
        page = browser.press(page, "sign-out")
    assert page.location == (f"{ADDRESS[uri]}?state=s" if sent_on else None)
    assert ("error" in answered(browser.authorize(prompt="none"))) is signed_out
    if uri == "foreign" and profile is LOGTO:
        assert (page.status_code, heard(lab)) == (400, "logout_uri_refused")


def test_only_the_product_forgets_at_sign_out_what_was_agreed_to(lab: Lab, profile: Profile) -> None:
    """application-model 3: grants of a session go with it; what something offline still lives of stays."""
    shop = lab.sign_in(WEB, "anna").finish()
    offline = lab.sign_in(SPA, "anna", scopes="openid offline_access", prompt="consent").finish()
    before = {each.client_id for each in lab.grants.find(sub="anna")}
    assert lab.sign_out(WEB, "anna", signed_in=shop).finish().finished
    assert before == {WEB, SPA}
    left = {each.client_id for each in lab.grants.find(sub="anna")}
    assert left == ({SPA} if profile is LOGTO else {WEB, SPA})
    assert lab.refresh(SPA, "anna", signed_in=offline).finish().finished


def test_a_machine_signs_nobody_in_and_gets_no_refresh_token(lab: Lab, profile: Profile) -> None:
    """RFC6749-4.4.3, application-model D15: whatever its switches say."""
    secret = lab.applications[MACHINE].client_secret
    response = send(lab, "/token", refreshing(lab, "x", MACHINE, client_secret=secret))
    assert (response.status_code, heard(lab)) == (400, "grant_type_not_allowed")

"""The provider tells the lab what it checked in a request, what it saw and what it expected, and nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from oidc_lab import Lab
from oidc_lab.domain.checked import Checked
from oidc_lab.domain.profile import Profile
from tests.provider.bench import (
    CHALLENGE,
    MACHINE,
    NATIVE,
    SPA,
    VERIFIER,
    WEB,
    Browser,
    answered,
    asking,
    heard,
    offline_tokens,
    redeeming,
    refreshing,
    send,
    tokens,
    userinfo,
)
from tests.provider.test_refusals import CASES

CALLBACK, GOODBYE = "https://shop.example/callback", "https://shop.example/goodbye"
NOW = "2026-01-05 09:00:00 UTC"

PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


@pytest.fixture
def told(lab: Lab) -> list[Checked]:
    """What the provider tells, from now on."""
    return listen(lab)


def listen(lab: Lab) -> list[Checked]:
    told: list[Checked] = []
    lab.provider.extensions["oidc_lab"].on_check = told.append
    return told


def of(told: list[Checked], what: str) -> tuple[str, str, bool | None]:
    """The last check of this name: seen, expected, and whether it holds."""
    last = [each for each in told if each.what == what][-1]
    return last.seen, last.expected, last.holds


def names(told: list[Checked]) -> list[str]:
    return [each.what for each in told]


# -- client authentication


def test_a_client_id_is_told_with_whether_it_is_registered(lab: Lab, told: list[Checked]) -> None:
    """RFC6749-3.2.1: what is nobody's name is not repeated, because it may be a secret in the wrong place."""
    send(lab, "/token", redeeming(lab, "a code"))
    assert of(told, "client_id") == (WEB, "a registered application", True)
    send(lab, "/token", redeeming(lab, "a code", client_id="test-secret-of-mine"))
    assert of(told, "client_id") == ("unknown here", "a registered application", False)


def test_a_secret_is_told_as_right_or_wrong(lab: Lab, told: list[Checked]) -> None:
    """RFC6749-2.3.1."""
    send(lab, "/token", redeeming(lab, "a code"))
    assert of(told, "client_secret") == ("right", "one of the application's secrets", True)
    send(lab, "/token", redeeming(lab, "a code", client_secret="a guess"))
    assert of(told, "client_secret") == ("wrong", "one of the application's secrets", False)
    assert "a guess" not in repr(told)
    assert str(lab.applications[WEB].client_secret) not in repr(told)


def test_an_expired_secret_is_told_with_its_end(lab: Lab, told: list[Checked]) -> None:
    """RFC6749-2.3.1."""
    CASES["secret_expired"].provoke(lab)
    assert of(told, "client_secret in time") == (NOW, f"before {NOW}", False)


@pytest.mark.parametrize(
    ("application", "changes", "seen", "expected", "holds"),
    [
        (WEB, {}, "client_secret_post", "client_secret_basic or client_secret_post", True),
        (WEB, {"client_secret": None}, "none", "client_secret_basic or client_secret_post", False),
        (SPA, {}, "none", "none: the application has no secret", True),
        (SPA, {"client_secret": "x"}, "client_secret_post", "none: the application has no secret", False),
    ],
)
def test_a_method_is_told_with_those_that_the_application_has(
    lab: Lab, told: list[Checked], application: str, changes: dict[str, str], seen: str, expected: str, holds: bool
) -> None:
    """RFC6749-2.3: a public application has no secret, so it needs none."""
    send(lab, "/token", redeeming(lab, "a code", application, **changes))
    assert of(told, "client authentication") == (seen, expected, holds)
    assert ("client_secret" in names(told)) is (application == WEB and holds)


def test_a_grant_type_is_told_with_those_of_the_application(lab: Lab, told: list[Checked]) -> None:
    """RFC6749-5.2: once, though a refresh token is made for a code, too."""
    offline_tokens(lab)
    seen = [each.seen for each in told if each.what == "grant_type"]
    assert seen == ["authorization_code"]
    CASES["grant_type_not_allowed"].provoke(lab)
    assert of(told, "grant_type")[2] is False


# -- the authorization endpoint


def test_an_authentication_request_is_told_in_the_order_of_its_checks(lab: Lab, told: list[Checked]) -> None:
    """OIDCC-3.1.2.1."""
    Browser(lab).open("/authorize", query_string=asking(lab, SPA))
    assert names(told) == [
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "code_challenge",
        "code_challenge_method",
        "session",
    ]
    assert of(told, "client_id") == (SPA, "a registered application", True)
    assert of(told, "response_type") == ("code", "code", True)
    assert of(told, "code_challenge") == (CHALLENGE, "a challenge: PKCE is required", True)
    assert of(told, "code_challenge_method") == ("S256", "S256", True)


def test_a_redirect_uri_is_told_with_the_registered_ones(lab: Lab, told: list[Checked]) -> None:
    """RFC9700-2.1: what comes after it was never reached, so it is not told."""
    Browser(lab).open("/authorize", query_string=asking(lab))
    assert of(told, "redirect_uri") == (CALLBACK, CALLBACK, True)
    told.clear()
    Browser(lab).open("/authorize", query_string=asking(lab, redirect_uri="https://evil.example/"))
    assert of(told, "redirect_uri") == ("https://evil.example/", CALLBACK, False)
    assert names(told) == ["client_id", "redirect_uri"]


def test_a_wrong_response_type_is_told(lab: Lab, told: list[Checked]) -> None:
    """OIDCC-3.1.2.6."""
    Browser(lab).open("/authorize", query_string=asking(lab, response_type="token"))
    assert of(told, "response_type") == ("token", "code", False)


def test_a_request_without_openid_is_taken_note_of(lab: Lab, told: list[Checked]) -> None:
    """OIDCC-3.1.2.1: it is one of OAuth, which is no mistake."""
    browser = Browser(lab)
    browser.open("/authorize", query_string=asking(lab, scope="openid email"))
    assert of(told, "scope") == ("email openid", "openid among them", True)
    browser.open("/authorize", query_string=asking(lab, scope="email"))
    assert of(told, "scope") == ("email", "openid among them", None)


def test_a_challenge_is_told_with_whether_it_is_required(lab: Lab, told: list[Checked]) -> None:
    """RFC7636-4.4.1, RFC9700-2.1.1."""
    browser = Browser(lab)
    browser.open("/authorize", query_string=asking(lab))
    assert of(told, "code_challenge") == ("nothing", "a challenge or nothing: PKCE is not required", True)
    browser.open("/authorize", query_string=asking(lab, NATIVE, code_challenge=None))
    assert of(told, "code_challenge") == ("nothing", "a challenge: PKCE is required", False)
    browser.open("/authorize", query_string=asking(lab, NATIVE, code_challenge_method="plain"))
    assert of(told, "code_challenge_method") == ("plain", "S256", False)


def test_a_session_is_told_against_prompt_and_max_age(lab: Lab, told: list[Checked]) -> None:
    """OIDCC-3.1.2.1: passed when it is enough, noted when the user is asked first, failed when that is forbidden."""
    browser = Browser(lab)
    browser.open("/authorize", query_string=asking(lab))
    nobody = "Nobody is signed in in this browser."
    assert of(told, "session") == (nobody, "a user who is signed in and agreed", None)
    browser.open("/authorize", query_string=asking(lab, prompt="none"))
    assert of(told, "session") == (nobody, "what prompt=none asks for", False)
    browser.sign_in()
    since = f"anna signed in at {NOW}. "
    assert of(told, "session")[::2] == (since + "The user is signed in and has agreed.", True)
    lab.clock.advance(seconds=61)
    browser.open("/authorize", query_string=asking(lab, max_age="60"))
    old = since + "Your last sign-in is longer ago than the application accepts (max_age)."
    assert of(told, "session") == (old, "what max_age=60 asks for", None)
    browser.open("/authorize", query_string=asking(lab, max_age="60", prompt="none"))
    assert of(told, "session") == (old, "what prompt=none and max_age=60 asks for", False)


# -- a code


def test_a_code_is_told_in_the_order_of_its_checks(lab: Lab, told: list[Checked]) -> None:
    """RFC6749-4.1.3, RFC7636-4.6: with its times, and with the verifier's hash beside the challenge."""
    code = answered(Browser(lab).sign_in(WEB, **PKCE))["code"]
    told.clear()
    lab.clock.advance(seconds=5)
    send(lab, "/token", redeeming(lab, code, code_verifier=VERIFIER))
    assert [(each.what, each.seen, each.expected) for each in told[4:]] == [
        ("code", "known here", "a code that was issued here"),
        ("code's application", WEB, WEB),
        ("code's use", "not used", "not used"),
        ("code in time", "2026-01-05 09:00:05 UTC", "before 2026-01-05 09:01:00 UTC"),
        ("redirect_uri", CALLBACK, CALLBACK),
        ("SHA-256 of the code_verifier", CHALLENGE, CHALLENGE),
    ]
    assert names(told[:4]) == ["client_id", "client authentication", "client_secret", "grant_type"]
    assert {each.holds for each in told} == {True}


@pytest.mark.parametrize(
    ("refusal", "what", "seen", "expected"),
    [
        ("code_unknown", "code", "unknown here", "a code that was issued here"),
        ("code_of_another_application", "code's application", SPA, WEB),
        ("code_used", "code's use", NOW, "not used"),
        ("code_expired", "code in time", "2026-01-05 09:01:00 UTC", "before 2026-01-05 09:01:00 UTC"),
        ("code_redirect_uri_differs", "redirect_uri", "https://shop.example/", CALLBACK),
    ],
)
def test_what_is_wrong_with_a_code_is_told(
    lab: Lab, told: list[Checked], refusal: str, what: str, seen: str, expected: str
) -> None:
    """RFC6749-4.1.3."""
    CASES[refusal].provoke(lab)
    assert heard(lab) == refusal
    assert of(told, what) == (seen, expected, False)


def test_a_wrong_verifier_is_told_by_its_hash(lab: Lab, told: list[Checked]) -> None:
    """RFC7636-4.6: the verifier itself is not told."""
    code = answered(Browser(lab).sign_in(WEB, **PKCE))["code"]
    send(lab, "/token", redeeming(lab, code, code_verifier="x" * 43))
    seen, expected, holds = of(told, "SHA-256 of the code_verifier")
    assert (len(seen), expected, holds) == (43, CHALLENGE, False)
    assert seen not in (CHALLENGE, "x" * 43)
    assert "x" * 43 not in repr(told)


# -- a refresh token


def test_a_refresh_token_is_told_in_the_order_of_its_checks(lab: Lab, told: list[Checked]) -> None:
    """RFC6749-6, RFC9700-4.14.2: the decision is told with why it was made."""
    kept = offline_tokens(lab)["refresh_token"]
    told.clear()
    send(lab, "/token", refreshing(lab, kept, scope="openid"))
    assert names(told[4:]) == [
        "refresh_token",
        "refresh_token's application",
        "refresh_token in time",
        "scope",
        "refresh policy",
    ]
    assert of(told, "refresh_token") == ("known here", "a refresh token that was issued here", True)
    assert of(told, "refresh_token's application") == (WEB, WEB, True)
    assert of(told, "refresh_token in time")[0] == NOW
    assert of(told, "refresh_token in time")[1].startswith("before 2026-01-19 09:00:00 UTC (ttl)")
    assert of(told, "scope") == ("openid", "none but email offline_access openid", True)
    because = "0 % of its lifetime had passed; from 70 % on it is replaced."
    assert of(told, "refresh policy") == (because, "a token that it honours", True)


@pytest.mark.parametrize(
    ("refusal", "what", "seen"),
    [
        ("refresh_token_unknown", "refresh_token", "unknown here"),
        ("refresh_token_of_another_application", "refresh_token's application", SPA),
        ("refresh_token_expired", "refresh_token in time", "2026-01-19 09:00:00 UTC"),
        ("family_revoked", "refresh_token in time", "revoked: refresh_token_reused"),
        ("scope_widened", "scope", ""),
        ("refresh_token_reused", "refresh policy", "It was replaced and came back."),
    ],
)
def test_what_is_wrong_with_a_refresh_token_is_told(
    lab: Lab, told: list[Checked], refusal: str, what: str, seen: str
) -> None:
    """RFC6749-6, RFC9700-4.14.2."""
    CASES[refusal].provoke(lab)
    assert heard(lab) == refusal
    assert of(told, what)[0].startswith(seen)
    assert of(told, what)[2] is False


# -- userinfo


def test_an_access_token_is_told_in_the_order_of_its_checks(lab: Lab, told: list[Checked]) -> None:
    """RFC6750-3.1, OIDCC-5.3."""
    given = tokens(lab)["access_token"]
    told.clear()
    userinfo(lab, given)
    assert [(each.what, each.seen, each.expected, each.holds) for each in told] == [
        ("access_token", "known here", "an access token that was issued here", True),
        ("access_token in time", NOW, "before 2026-01-05 10:00:00 UTC", True),
        ("scope", "openid", "openid among them", True),
    ]


def test_what_is_wrong_with_an_access_token_is_told(lab: Lab, told: list[Checked]) -> None:
    """RFC6750-3.1, OIDCC-5.3."""
    userinfo(lab, "guess")
    assert of(told, "access_token") == ("unknown here", "an access token that was issued here", False)
    userinfo(lab, tokens(lab, scope="email")["access_token"])
    assert of(told, "scope") == ("email", "openid among them", False)
    given = tokens(lab)["access_token"]
    lab.clock.advance(seconds=3600)
    userinfo(lab, given)
    assert of(told, "access_token in time") == ("2026-01-05 10:00:00 UTC", "before 2026-01-05 10:00:00 UTC", False)


# -- logout


def test_a_logout_request_is_told_in_the_order_of_its_checks(lab: Lab, told: list[Checked]) -> None:
    """OIDCRIL-2, OIDCRIL-3."""
    browser = Browser(lab)
    hint = send(lab, "/token", redeeming(lab, answered(browser.sign_in())["code"])).json["id_token"]
    told.clear()
    browser.sign_out(id_token_hint=hint, client_id=WEB, post_logout_redirect_uri=GOODBYE)
    assert [(each.what, each.seen, each.expected, each.holds) for each in told] == [
        ("signature of the id_token_hint", "right", "an ID Token of this provider", True),
        ("audience of the id_token_hint", WEB, WEB, True),
        ("client_id", WEB, "a registered application", True),
        ("post_logout_redirect_uri", GOODBYE, GOODBYE, True),
    ]
    assert hint not in repr(told)


def test_what_is_wrong_with_a_logout_request_is_told(lab: Lab, told: list[Checked]) -> None:
    """OIDCRIL-2, OIDCRIL-3."""
    browser, hint = Browser(lab), tokens(lab)["id_token"]
    browser.sign_out(id_token_hint="a guess")
    assert of(told, "signature of the id_token_hint") == ("wrong", "an ID Token of this provider", False)
    browser.sign_out(id_token_hint=hint, client_id=SPA)
    assert of(told, "audience of the id_token_hint") == (WEB, SPA, False)
    browser.sign_out(client_id="unheard-of")
    assert of(told, "client_id") == ("unknown here", "a registered application", False)
    browser.sign_out(id_token_hint=hint, post_logout_redirect_uri="https://evil.example/")
    assert of(told, "post_logout_redirect_uri") == ("https://evil.example/", GOODBYE, False)


# -- the wire


def whole_story(lab: Lab) -> list[tuple[int, list[tuple[str, str]], bytes]]:
    """Everything that a browser and an application get, from a sign-in to a sign-out, and of mistakes on the way."""
    browser = Browser(lab)
    kept = offline_tokens(lab)
    first = browser.sign_in(WEB, **PKCE)
    redeem = redeeming(lab, answered(first)["code"], WEB, code_verifier=VERIFIER)
    answers = [first, send(lab, "/token", redeem), send(lab, "/token", redeem)]
    lab.clock.advance(seconds=timedelta(days=1).total_seconds())
    answers += [send(lab, "/token", refreshing(lab, kept["refresh_token"], scope=scope)) for scope in ("openid", "x")]
    answers += [userinfo(lab, answers[3].json["access_token"]), userinfo(lab, "guess")]
    answers += [browser.authorize(max_age="1", prompt="none"), browser.authorize(redirect_uri="https://evil.example/")]
    answers += [send(lab, "/token", {"client_id": MACHINE, "client_secret": "a guess", "grant_type": "x"})]
    answers += [
        browser.sign_out(id_token_hint=kept["id_token"], post_logout_redirect_uri=uri) for uri in (GOODBYE, "x")
    ]
    return [(each.status_code, list(each.headers), each.get_data()) for each in answers]


@pytest.mark.parametrize("profile", Profile)
def test_nothing_of_it_is_on_the_wire(profile: Profile) -> None:
    """RFC9700-2.6: every answer is the same, byte for byte, whether somebody listens or not."""

    def story(prepare: Callable[[Lab], object]) -> list[tuple[int, list[tuple[str, str]], bytes]]:
        with Lab(profile=profile) as lab:
            prepare(lab)
            return whole_story(lab)

    all_told: list[list[Checked]] = []
    heard_by_nobody = story(lambda lab: setattr(lab.provider.extensions["oidc_lab"], "on_check", None))
    assert story(lambda lab: all_told.append(listen(lab))) == heard_by_nobody
    assert len(all_told[0]) > 40

"""Claims asked for by name: what must be agreed to, what is remembered, what is ignored — OIDCC-5.5."""

import json

import pytest
from authlib.oidc.core import UserInfo

from oidc_lab import Lab
from oidc_lab.domain.claims import CLAIMS_OF_SCOPE, USER_CLAIMS
from tests.provider.bench import Browser, Page, answered, redeeming, send, userinfo


@pytest.mark.parametrize(
    "claims",
    [
        {"id_token": {"auth_time": {"essential": True}}},
        {"id_token": {"sub": {"value": "anna"}}},
        {"id_token": {"acr": None}},
        {"userinfo": {"name": None}},
        {"userinfo": {"no_such_claim": {"essential": True}}},
    ],
    ids=["auth_time", "sub", "acr", "of an agreed scope", "unknown"],
)
def test_what_needs_no_new_agreement_asks_for_none(browser: Browser, claims: dict[str, object]) -> None:
    """OIDCC-3.1.2.4: a silent request of a user who agreed before is answered."""
    browser.sign_in(scope="openid profile")
    assert "code" in answered(browser.authorize(scope="openid", prompt="none", claims=json.dumps(claims)))


def test_a_claim_that_was_not_agreed_to_asks_once(browser: Browser) -> None:
    """OIDCC-5.5: what no agreed scope stands for is shown to the user, and remembered."""
    claims = json.dumps({"userinfo": {"email": None}})
    browser.sign_in(scope="openid")
    assert answered(browser.authorize(scope="openid", prompt="none", claims=claims))["error"] == "consent_required"
    page = browser.authorize(scope="openid", claims=claims)
    assert "email" in page.text
    assert "code" in answered(browser.press(page, "allow"))
    assert "code" in answered(browser.authorize(scope="openid", prompt="none", claims=claims))


def test_an_unknown_claim_is_neither_shown_nor_served(lab: Lab) -> None:
    """OIDCC-5.5: it is ignored."""
    browser = Browser(lab)
    claims = json.dumps({"userinfo": {"no_such_claim": None}})
    page = browser.press(browser.authorize(scope="openid", claims=claims), "demo-user-anna")
    assert "no_such_claim" not in page.text
    code = answered(browser.press(page, "allow"))["code"]
    bearer = send(lab, "/token", redeeming(lab, code)).json["access_token"]
    assert userinfo(lab, bearer).json == {"sub": "anna"}


def test_the_scopes_stand_for_the_claims_of_the_specification() -> None:
    """OIDCC-5.4, as another reader of it understood it: Authlib."""
    theirs = {scope: set(claims) for scope, claims in UserInfo.SCOPES_CLAIMS_MAPPING.items() if scope != "openid"}
    assert {scope: set(claims) for scope, claims in CLAIMS_OF_SCOPE.items()} == theirs
    assert {*USER_CLAIMS, "sub"} == set(UserInfo.REGISTERED_CLAIMS)


def test_the_consent_page_names_a_single_claim_but_none_that_a_scope_stands_for(browser: Browser) -> None:
    """OIDCC-3.1.2.4."""
    claims = json.dumps({"userinfo": {"name": None, "phone_number": None}})
    page = browser.press(browser.authorize(scope="openid profile", claims=claims), "demo-user-anna")
    assert "phone_number" in page.text
    assert ">name<" not in page.text
    assert Page(page).buttons.keys() >= {"allow", "deny"}

"""Hints that carry a right signature and wrong claims: anybody can make them with the lab's published test keys."""

from typing import Any

import pytest
from joserfc import jwt

from oidc_lab import Lab
from oidc_lab.lab.data import folder, read_test_keys
from tests.provider.bench import Browser, answered

CLAIMS = {"iss": "https://provider.test", "sub": "anna", "aud": "web-shop"}


def forged(changes: dict[str, Any]) -> str:
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    key = next(key for key in read_test_keys(folder()).keys if key.alg == "RS256")
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


@pytest.mark.parametrize(
    "changes",
    [{"aud": None}, {"aud": ["web-shop"]}, {"aud": 5}, {"sub": None}, {"sub": 7}, {"iss": "https://other.test"}],
    ids=str,
)
def test_a_hint_that_lacks_what_every_id_token_has_is_not_trusted(lab: Lab, changes: dict[str, Any]) -> None:
    """OIDCRIL-2, OIDCC-3.1.2.1: it is refused, at both endpoints, and nobody is signed out."""
    browser = Browser(lab)
    browser.sign_in()
    assert browser.sign_out(id_token_hint=forged(changes)).status_code == 400
    assert answered(browser.authorize(id_token_hint=forged(changes)))["error"] == "invalid_request"
    assert browser.signed_in


def test_the_same_with_nothing_wrong_is_trusted(lab: Lab) -> None:
    """OIDCRIL-2: so the test above refuses for the reason it names."""
    browser = Browser(lab)
    browser.sign_in()
    assert "code" in answered(browser.authorize(prompt="none", id_token_hint=forged({})))
    assert browser.sign_out(id_token_hint=forged({})).status_code == 200
    assert not browser.signed_in


def test_who_was_signed_out_meanwhile_is_not_told_to_be_signed_in(lab: Lab) -> None:
    """OIDCRIL-2: the page that asks was left open in another tab."""
    browser = Browser(lab)
    browser.sign_in()
    asking = browser.sign_out()
    browser.press(asking, "sign-out")
    told = browser.press(asking, "stay")
    assert told.status_code == 200
    assert "You are signed out" in told.text
    assert "still signed in" not in told.text

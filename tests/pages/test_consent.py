"""The consent page."""

import pytest

from oidc_lab.pages.consent import MEANING, ScopeAsked, consent_page


@pytest.fixture
def page(read):
    def make(**values):
        given = {
            "stylesheet": "s",
            "action": "/consent",
            "interaction": "i",
            "csrf": "c",
            "application": "Photo Album",
            "application_description": "",
            "account": "Alice Liddell",
            "scopes": [],
            "destination": "photos.example.com",
        }
        return read(consent_page(**{**given, **values}))

    return make


def test_each_scope_has_a_meaning_in_plain_language():
    """OIDCC-5.4 and OIDCC-11."""
    assert sorted(MEANING) == ["address", "email", "offline_access", "openid", "phone", "profile"]
    assert not any("scope" in meaning or "token" in meaning for meaning in MEANING.values())


def test_it_shows_what_is_asked_for_by_meaning_and_by_name(page):
    asked = [ScopeAsked(scope=scope, meaning=meaning) for scope, meaning in MEANING.items()]
    items = ["".join(item.itertext()) for item in page(scopes=asked).iter("li")]
    assert items == [f"{meaning} {scope}" for scope, meaning in MEANING.items()]


def test_single_claims_are_listed(page):
    assert [item.findtext("code") for item in page(claims=["zoneinfo"]).iter("li")] == ["zoneinfo"]


def test_it_says_who_is_asked_and_where_the_user_goes(page):
    shown = " ".join("".join(page().itertext()).split())
    assert "Signed in as Alice Liddell" in shown
    assert "you go on to photos.example.com" in shown


def test_it_offers_to_allow_and_to_deny(page):
    buttons = [(b.get("id"), b.get("name"), b.get("value")) for b in page().iter("button")]
    assert buttons == [("allow", "action", "allow"), ("deny", "action", "deny")]

"""The page on which a user sees which applications have access."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from oidc_lab.pages.consent import MEANING, ScopeAsked
from oidc_lab.pages.your_applications import GrantShown, TakenAway, your_applications_page

NOW = datetime(2026, 1, 13, 9, tzinfo=UTC)
SHOP = GrantShown(
    grant_id="g1",
    application="Web Shop",
    description="A shop whose server keeps a secret.",
    since=NOW - timedelta(days=3),
    scopes=(ScopeAsked("openid", MEANING["openid"]), ScopeAsked("email", MEANING["email"])),
    claims=("zoneinfo",),
)
ALBUM = replace(SHOP, grant_id="g2", application="Photo Album", description="", claims=())


@pytest.fixture
def page(read):
    def make(*grants, **values):
        given = {
            "stylesheet": "s",
            "action": "/your-applications",
            "csrf": "c",
            "sign_out": "/your-applications/sign-out",
            "account": "Anna Lindqvist",
            "grants": grants,
            "now": NOW,
        }
        return read(your_applications_page(**{**given, **values}))

    return make


def _facts(tree):
    rows = [row for group in tree.iter("dl") for row in group]
    return {row.findtext("dt"): " ".join("".join(row.find("dd").itertext()).split()) for row in rows}


def _hidden(form):
    return {field.get("name"): field.get("value") for field in form.iter("input")}


def test_it_says_what_each_application_may_do(page):
    [shop] = page(SHOP).iter("section")
    assert "".join(shop.find("h2/bdi").itertext()) == "Web Shop"
    assert shop.findtext("p") == "A shop whose server keeps a secret."
    shown = [" ".join("".join(item.itertext()).split()) for item in shop.iter("li")]
    assert shown == [f"{MEANING['openid']} openid", f"{MEANING['email']} email", "zoneinfo"]


def test_it_says_since_when_and_until_when(page):
    used = replace(
        SHOP,
        last_used=NOW - timedelta(hours=2),
        ends=NOW + timedelta(days=177),
        offline=True,
        offline_until=NOW + timedelta(days=11),
    )
    assert _facts(page(used)) == {
        "Access since": "10 January 2026, 09:00 UTC 3 days ago",
        "Last used": "13 January 2026, 07:00 UTC 2 hours ago",
        "Access ends": "9 July 2026, 09:00 UTC in 177 days",
        "While you are away": "It keeps access until 24 January 2026, 09:00 UTC in 11 days",
    }


def test_what_has_no_end_is_told_so(page):
    facts = _facts(page(replace(SHOP, offline=True)))
    assert facts["Last used"] == "Not yet"
    assert facts["Access ends"] == "When you take it away"
    assert facts["While you are away"] == "It keeps access, without an end"


def test_an_application_without_refresh_tokens_does_not_keep_access(page):
    assert _facts(page(SHOP))["While you are away"] == "It does not keep access"


def test_each_application_has_a_form_that_takes_its_own_access_away(page, element):
    tree = page(SHOP, ALBUM)
    for grant, section in zip((SHOP, ALBUM), tree.iter("section"), strict=True):
        [form] = section.iter("form")
        assert form.get("action") == "/your-applications"
        assert _hidden(form) == {"csrf": "c", "grant": grant.grant_id}
        button = element(tree, f"take-away-{grant.grant_id}")
        assert button in list(form.iter("button"))
        assert "".join(button.itertext()) == f"Take away access from {grant.application}"


@pytest.mark.parametrize(
    ("live", "ends"),
    [
        (0, "Taking it away ends your permission, at once."),
        (1, "Taking it away ends your permission and the 1 token that is live, at once."),
        (2, "Taking it away ends your permission and the 2 tokens that are live, at once."),
    ],
)
def test_the_button_says_what_it_will_end(page, element, text, live, ends):
    tree = page(replace(SHOP, live_tokens=live))
    assert element(tree, "take-away-g1").get("aria-describedby") == "ends-g1"
    assert text(tree, "ends-g1").startswith(ends)


@pytest.mark.parametrize(
    ("tokens", "told"),
    [(0, "No token of it was live."), (1, "1 token ended at once."), (2, "2 tokens ended at once.")],
)
def test_what_was_taken_away_is_announced(page, element, text, tokens, told):
    tree = page(ALBUM, taken_away=TakenAway("Web Shop", tokens))
    assert element(tree, "notice").get("role") == "status"
    assert text(tree, "notice") == f"Web Shop no longer has access. {told}"
    assert tree.findtext("head/title").startswith("Web Shop no longer has access")


def test_before_anything_is_taken_away_nothing_is_announced(page):
    assert not [element for element in page(SHOP).iter() if element.get("role") == "status"]


def test_a_user_who_let_nobody_in_is_told_so(page, text):
    tree = page()
    assert text(tree, "none").startswith("No application has access to your account.")
    assert "These may use your account" not in "".join(tree.itertext())
    assert "No application has access" not in "".join(page(SHOP).itertext())


def test_the_user_can_sign_out(page):
    [form] = page().iter("form")
    assert form.get("action") == "/your-applications/sign-out"
    assert _hidden(form) == {"csrf": "c"}
    assert [button.text for button in form.iter("button")] == ["Sign out"]


def test_an_application_called_like_markup_is_shown_by_its_name(page):
    name = "<img src=x onerror=alert(1)>"
    tree = page(replace(SHOP, application=name), taken_away=TakenAway(name, 1))
    assert not list(tree.iter("img"))
    assert [bdi.text for bdi in tree.iter("bdi")].count(name) == 2


def test_it_says_of_which_sign_in_access_is_a_part_where_it_is_of_one(page):
    assert "Part of" not in _facts(page(SHOP))
    assert _facts(page(replace(SHOP, belongs_to="Your sign-in in this browser")))["Part of"] == (
        "Your sign-in in this browser"
    )


def test_it_does_not_say_that_access_is_gone_where_some_is_left(page, text):
    tree = page(SHOP, taken_away=TakenAway("Web Shop", 1, still=True))
    assert text(tree, "notice") == "Web Shop lost this access. 1 token ended at once. What else it has is below."
    assert tree.findtext("head/title") == "Web Shop has less access · OIDC Lab"


@pytest.mark.parametrize(
    ("must_ask", "said"),
    [(True, "To get access again it must ask you."), (False, "when you sign in to it again, it has access again.")],
)
def test_it_says_how_access_comes_back(page, text, must_ask, said):
    assert text(page(SHOP, must_ask=must_ask), "ends-g1").endswith(said)

"""The trainer's list of applications, and the page of one of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from oidc_lab.pages.applications import (
    AdviceShown,
    ApplicationRow,
    ApplicationShown,
    LogLine,
    SecretShown,
    SettingShown,
    application_page,
    applications_page,
)

NOW = datetime(2026, 1, 13, 9, tzinfo=UTC)
NAME = "<img src=x onerror=alert(1)>"
ROW = ApplicationRow(
    address="/trainer/applications/web-shop",
    client_id="web-shop",
    name="Web Shop",
    type="Traditional web",
    users=3,
    last_activity=NOW - timedelta(minutes=4),
)
SHOP = ApplicationShown(
    client_id="web-shop",
    name="Web Shop",
    type="Traditional web",
    description="A shop whose server keeps a secret.",
    users=3,
    settings=(),
    endpoints=(),
    secrets=(),
    advice=(),
    log=(),
    log_total=0,
)


@pytest.fixture
def listed(read):
    def make(*applications, **values):
        given = {
            "stylesheet": "s",
            "action": "/trainer/applications",
            "query": "",
            "applications": applications,
            "total": len(applications),
            "now": NOW,
            "leave": "/trainer/leave",
            "csrf": "c",
        }
        return read(applications_page(**{**given, **values}))

    return make


@pytest.fixture
def page(read):
    def make(**values):
        given = {"stylesheet": "s", "back": "/trainer/applications", "profile": "documented", "now": NOW}
        return read(application_page(**given, leave="/trainer/leave", csrf="c", application=replace(SHOP, **values)))

    return make


def _rows(tree, labelled_by):
    [table] = [table for table in tree.iter("table") if table.get("aria-labelledby") == labelled_by]
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in table.findall("tbody/tr")]


def _section(tree, labelled_by):
    [section] = [each for each in tree.iter("section") if each.get("aria-labelledby") == labelled_by]
    return " ".join("".join(section.itertext()).split())


def test_the_list_leads_to_each_application(listed):
    tree = listed(ROW, replace(ROW, name=NAME, users=0, last_activity=None))
    rows = [
        [" ".join("".join(cell.itertext()).split()) for cell in row] for row in tree.findall("body/main/table/tbody/tr")
    ]
    assert rows == [
        ["Web Shop", "Traditional web", "web-shop", "3", "13 January 2026, 08:56 UTC 4 minutes ago"],
        [NAME, "Traditional web", "web-shop", "0", "None yet"],
    ]
    assert {link.get("href") for link in tree.iter("a")} == {"/trainer/applications/web-shop"}
    assert not list(tree.iter("img"))


def test_the_search_asks_the_same_address_and_needs_no_script(listed, element):
    tree = listed(ROW, query="shop", total=5)
    [form] = [form for form in tree.iter("form") if form.get("role") == "search"]
    assert (form.get("method"), form.get("action")) == ("get", "/trainer/applications")
    assert (element(tree, "q").get("name"), element(tree, "q").get("value")) == ("q", "shop")
    assert not [field for field in form.iter("input") if field.get("type") == "hidden"]


@pytest.mark.parametrize(("found", "told"), [([ROW], "1 of 5 match “shop”."), ([], "0 of 5 match “shop”.")])
def test_a_search_says_what_it_found_and_how_to_see_all(listed, element, text, found, told):
    tree = listed(*found, query="shop", total=5)
    assert text(tree, "found") == f"{told} Show all"
    assert element(tree, "all").get("href") == "/trainer/applications"
    assert len(list(tree.iter("table"))) == len(found)


def test_an_empty_provider_is_told_so(listed, text):
    assert text(listed(), "none") == "No application is registered."
    assert "No application is registered." not in "".join(listed(query="x", total=5).itertext())


def test_the_trainer_can_leave_each_page(listed, page, element):
    for tree in (listed(), page()):
        [form] = [form for form in tree.iter("form") if form.get("action") == "/trainer/leave"]
        assert {field.get("name"): field.get("value") for field in form.iter("input")} == {"csrf": "c"}
        assert element(tree, "leave") in list(form.iter("button"))


def test_the_page_of_an_application_says_which_one_it_is(page, element, text):
    tree = page()
    assert " ".join("".join(tree.find("body/main/header/h1").itertext()).split()) == "Web Shop Traditional web"
    assert "A shop whose server keeps a secret." in "".join(tree.itertext())
    assert (text(tree, "client-id"), text(tree, "users"), text(tree, "profile")) == ("web-shop", "3", "documented")
    assert element(tree, "back").get("href") == "/trainer/applications"


def test_each_setting_is_shown_with_its_value_and_what_it_does(page):
    settings = (
        SettingShown(label="Redirect URIs", name="redirect_uris", values=("https://a/", "https://b/"), effect="Two."),
        SettingShown(label="Custom data", name="custom_data", effect="Used by nothing."),
    )
    assert _rows(page(settings=settings), "settings") == [
        ["Redirect URIs redirect_uris", "https://a/ https://b/", "Two."],
        ["Custom data custom_data", "Not set", "Used by nothing."],
    ]


@pytest.mark.parametrize(("values", "shown"), [((), ""), (("14",), "14 ")])
def test_a_setting_that_the_type_does_not_have_says_why_and_hides_nothing(page, values, shown):
    """A change of profile leaves values behind that have no effect any more."""
    ttl = SettingShown(label="TTL", name="ttl", values=values, effect="It has 14 days.", available=False)
    tree = page(settings=(ttl,))
    assert _rows(tree, "settings") == [["TTL ttl", f"{shown}Not available for this type", "It has 14 days."]]
    assert "Why" in {cell.get("data-label") for cell in tree.iter("td")}


def test_a_value_can_be_selected_whole(page):
    """One click takes an address without what stands around it."""
    tree = page(endpoints=(("Token", "https://op.example/token"),))
    assert _rows(tree, "endpoints") == [["Token", "https://op.example/token"]]
    whole = [code.text for code in tree.iter("code") if code.get("class") == "whole"]
    assert whole == ["web-shop", "https://op.example/token"]


def test_secrets_are_shown_by_name_and_age(page):
    secrets = (
        SecretShown(name="first", created=NOW - timedelta(days=20)),
        SecretShown(name="second", created=NOW, expires=NOW + timedelta(days=28)),
    )
    assert _rows(page(secrets=secrets), "secrets") == [
        ["first", "24 December 2025, 09:00 UTC 20 days ago", "Never"],
        ["second", "13 January 2026, 09:00 UTC just now", "10 February 2026, 09:00 UTC in 28 days"],
    ]


@pytest.mark.parametrize(
    ("secrets", "told"),
    [
        ((), "It has no secret, and cannot authenticate."),
        (None, "An application of this type cannot keep a secret, so it has none."),
    ],
)
def test_no_secret_is_told_apart_from_none_possible(page, secrets, told):
    assert _section(page(secrets=secrets), "secrets") == f"Secrets {told}"


def test_advice_names_the_setting_and_links_to_the_rule(page):
    advice = AdviceShown(
        setting="redirect_uris", reason="Codes travel in clear.", clause="RFC9700-2.6", clause_url="https://x.example/"
    )
    tree = page(advice=(advice,))
    assert _section(tree, "advice") == "Advice redirect_uris Codes travel in clear. RFC9700-2.6"
    assert "https://x.example/" in [link.get("href") for link in tree.iter("a")]


def test_a_setting_links_to_the_rule_it_follows(page):
    ttl = SettingShown(label="TTL", name="ttl", effect="Four hours.", clause="OIDCC-2", clause_url="https://x.example/")
    tree = page(settings=(ttl,))
    assert _rows(tree, "settings") == [["TTL ttl", "Not set", "Four hours. OIDCC-2"]]
    assert "https://x.example/" in [link.get("href") for link in tree.iter("a")]


def test_a_clause_is_a_link_only_to_a_web_page(page):
    tree = page(advice=(AdviceShown(setting="s", reason="r", clause="X-1", clause_url="javascript:alert(1)"),))
    assert _section(tree, "advice") == "Advice s r X-1"
    assert [link.get("href") for link in tree.iter("a")] == ["/trainer/applications"]


def test_the_log_shows_what_the_wire_said_and_what_was_the_matter(page):
    refused = LogLine(
        at=NOW - timedelta(seconds=90),
        event="ExchangeTokenBy.RefreshToken",
        result="Error",
        failed=True,
        user="anna",
        reason="This refresh token was spent before.",
        error="invalid_grant",
    )
    given = LogLine(at=NOW, event="ExchangeTokenBy.ClientCredentials", result="Success")
    tree = page(log=(given, refused), log_total=2)
    assert _rows(tree, "log") == [
        ["13 January 2026, 09:00:00 UTC just now", "ExchangeTokenBy.ClientCredentials", "Success", "", "", ""],
        [
            "13 January 2026, 08:58:30 UTC 1 minute ago",
            "ExchangeTokenBy.RefreshToken",
            "Error",
            "anna",
            "This refresh token was spent before.",
            "invalid_grant",
        ],
    ]
    assert [e.text for e in tree.iter() if "failed" in e.get("class", "")] == ["Error"]
    assert "lines" not in _section(tree, "log")


def test_a_log_that_was_cut_says_so(page):
    line = LogLine(at=NOW, event="e", result="Success")
    assert "The newest 1 of 212 lines." in _section(page(log=(line,), log_total=212), "log")


def test_what_is_empty_is_told_so(page):
    tree = page()
    assert _section(tree, "advice") == "Advice Nothing in its settings is known to hurt."
    assert _section(tree, "log").startswith("Log Nothing has happened yet.")

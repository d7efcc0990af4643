"""Calls from a page: the preflight and the browser's checks in every view — FETCH-cors-preflight-fetch."""

from xml.etree import ElementTree

import pytest

from oidc_lab import Lab
from oidc_lab.relying_party.message import Request
from oidc_lab.relying_party.run import Run
from oidc_lab.views import sequence
from oidc_lab.views.mermaid import mermaid
from tests.views.reading import HOSTILE, KEPT, Page, html, words

PAGE = "https://photos.example"


@pytest.fixture
def from_page(lab: Lab) -> Run:
    return lab.sign_in("photo-album", "anna", origin=PAGE).finish()


def said(run: Run) -> list[str]:
    return words(ElementTree.fromstring(sequence.svg(run, run.next_step)))


def test_the_diagram_tells_what_the_browser_asks_and_what_it_is_told(from_page: Run) -> None:
    assert "OPTIONS /userinfo: GET, authorization?" in said(from_page)
    assert f"204 GET, POST for {PAGE}" in said(from_page)
    assert "OPTIONS /userinfo: GET, authorization?" in mermaid(from_page)


def test_the_lane_says_where_the_page_lives_and_the_legend_that_it_calls(lab: Lab, from_page: Run) -> None:
    refreshing = lab.userinfo("photo-album", "anna", signed_in=from_page, origin=PAGE)
    assert "photos.example" in said(refreshing)
    assert "by the relying party's page" in said(refreshing)
    assert "back channel: by the relying party" not in said(refreshing)
    assert "origin null" in said(lab.sign_in("photo-album", "anna", origin="null"))


def test_a_program_is_drawn_as_before(lab: Lab, signed_in: Run) -> None:
    asked = lab.userinfo("web-shop", "anna", signed_in=signed_in).finish()
    assert "back channel: by the relying party" in said(asked)
    assert "shop.example" not in said(asked)


def test_headers_about_origins_are_not_folded_away(from_page: Run) -> None:
    preflight, asked = from_page.trace.exchanges[-2:]
    cells = Page(html(preflight)).cells
    for name, value in [
        ("Origin", PAGE),
        ("Access-Control-Request-Headers", "authorization"),
        ("Access-Control-Allow-Methods", "GET, POST"),
    ]:
        place = cells.index(name)
        assert cells[place + 1] == value
        assert "FETCH-" in cells[place + 2]
    assert "whose pages may read the answer FETCH-http-cors-protocol" in Page(html(asked)).cells


def test_it_is_said_who_checks(from_page: Run) -> None:
    preflight, asked = (Page(html(each)) for each in from_page.trace.exchanges[-2:])
    assert "The browser checks" in preflight.text
    assert "The relying party checks" not in preflight.text
    browser, _, relying_party = asked.text.partition("The relying party checks")
    assert "The browser checks" in browser
    assert "sub of userinfo" in relying_party
    assert "sub of userinfo" not in browser
    assert "Access-Control-Allow-Origin" not in relying_party


def test_a_blocked_call_shows_the_providers_answer_and_what_the_page_saw(lab: Lab) -> None:
    run = lab.sign_in("photo-album", "anna", origin="https://fans.example").finish()
    assert "✗ Access-Control-Allow-Origin" in said(run)
    assert "✗ the browser refused: blocked_by_cors" in said(run)
    assert any(each.startswith("200 JSON: issuer") for each in said(run))
    card = Page(html(lab.why(run)))
    for each in (
        "The browser refused",
        "the page's script: Failed to fetch",
        "origin_unlisted",
        "cors_allowed_origins",
    ):
        assert each in card.text


def test_what_comes_from_outside_is_escaped(lab: Lab, from_page: Run) -> None:
    run = lab.userinfo("photo-album", "anna", signed_in=from_page, origin=PAGE)
    headers = (("Origin", HOSTILE), ("Access-Control-Request-Method", HOSTILE))
    hostile = Request("OPTIONS", "https://provider.test/userinfo", headers)
    page = Page(html(run.replace_request(hostile)))
    assert set(page.tags) <= KEPT
    assert page.cells.count(HOSTILE) >= 2
    assert html(run)

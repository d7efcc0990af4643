"""The scripted browser: what a person in front of a page would cause next."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_lab.relying_party.browser import Persona, form_addresses, next_move, page_title
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.message import Response, get
from oidc_lab.relying_party.steps import browse, visit
from oidc_lab.relying_party.trace import Exchange

ANNA = Persona(sub="anna", name="Anna", username="anna")
PAGE = get("https://provider.test/page")


def sent_to(location):
    return Response(303, (("Location", location),))


def browsed(*locations):
    """What becomes of a browser that is sent to one address after the other."""
    start = visit(
        "Send the user", "OIDCC-3.1.2.1", get("https://provider.test/authorize?redirect_uri=https://shop.example/cb")
    )
    flow = browse(start, ANNA, back="redirect_uri", clause="OIDCC-3.1.2.5")
    step = next(flow)
    for location in locations:
        step = flow.send(Exchange(step, sent_to(location), None))
    return step


@pytest.mark.parametrize(
    "location", ["https://evil.example/", "http://provider.test/", "https://provider.test:444/", "app:/x"]
)
def test_a_browser_that_is_sent_where_nobody_expects_it_stops_there(location):
    """RFC9700-4.11"""
    with pytest.raises(FlowRefused, match="where nobody expects it") as caught:
        browsed(location)
    assert (caught.value.who, caught.value.error) == (Party.BROWSER, "sent_elsewhere")


def test_a_browser_that_is_sent_round_in_circles_gives_up():
    """RFC9110-15.4"""
    with pytest.raises(FlowRefused, match="no end after 20 pages"):
        browsed(*["/again"] * 20)


NO_ADDRESSES = ["http://[", "//[", "https://]/", "https://[x]/", "https://a\u2100b/"]


@pytest.mark.parametrize("location", NO_ADDRESSES)
def test_a_browser_that_is_sent_to_what_is_no_address_stops_there(location):
    """RFC3986-3.2.2"""
    with pytest.raises(FlowRefused) as caught:
        browsed(location)
    assert (caught.value.who, caught.value.error) == (Party.BROWSER, "address_unreadable")
    assert location in caught.value.description


@pytest.mark.parametrize("action", NO_ADDRESSES)
def test_a_form_that_leads_to_what_is_no_address_is_not_sent(action):
    """RFC3986-3.2.2"""
    body = f'<form action="{action}"><button id="allow"></button></form>'
    with pytest.raises(FlowRefused, match="address_unreadable"):
        next_move(PAGE, Response(200, (), body), ANNA)


@given(st.text() | st.text().map("http://{}".format))
def test_any_address_is_followed_or_refused(location):
    """RFC3986-4.1"""
    with suppress(FlowRefused):
        assert browsed(location).request.url


@pytest.mark.parametrize("tail", ["", "?code=c", "#code=c"])
def test_what_leads_to_the_application_is_delivered_there(tail):
    """OIDCC-3.1.2.5"""
    step = browsed("/sign-in", f"https://shop.example/cb{tail}")
    assert (step.sender, step.receiver) == (Party.BROWSER, Party.RELYING_PARTY)


@pytest.mark.parametrize(
    "location", ["https://shop.example/cb2", "https://shop.example/cb/evil", "https://shop.example/"]
)
def test_an_address_that_only_begins_alike_is_not_the_applications(location):
    """RFC9700-2.1"""
    with pytest.raises(FlowRefused, match="where nobody expects it"):
        browsed(location)


@pytest.mark.parametrize(
    "body", ["", "<p>Nothing to do here", "<form></form>", "<form><input name=a></form>", "<button id=x>"]
)
def test_a_page_without_a_button_leads_nowhere(body):
    """OIDCRIL-3"""
    assert next_move(PAGE, Response(200, (), body), ANNA) is None


def test_a_form_is_sent_with_its_hidden_fields_and_the_button_that_was_pressed():
    """OAFP-2"""
    body = (
        '<form action="/x"><input name="csrf" value="1"><button id="allow" name="action" value="yes"></button></form>'
    )
    move = next_move(PAGE, Response(200, (), body), ANNA)
    assert (move.request.url, move.request.parameters) == ("https://provider.test/x", {"csrf": "1", "action": "yes"})


SIGN_IN = (
    '<p id="problem">Not right.</p><form action="/sign-in"><input name="csrf" value="1"><input name="username">'
    '<button id="sign-in" name="action" value="sign-in"></button></form>'
)


def test_somebody_who_types_by_hand_may_mistype_and_a_script_may_not():
    """OIDCC-3.1.2.3"""
    by_hand = Persona(sub="anna", name="Anna", username="anna", by_hand=True)
    move = next_move(PAGE, Response(200, (), SIGN_IN), by_hand)
    assert (move.title, move.clause) == ("Anna fills in the page", "OIDCC-3.1.2.3")
    assert move.request.parameters == {"csrf": "1", "username": "", "action": "sign-in"}
    with pytest.raises(FlowRefused, match=r"Not right\."):
        next_move(PAGE, Response(200, (), SIGN_IN), ANNA)
    with pytest.raises(FlowRefused, match=r"Not right\."):
        next_move(PAGE, Response(200, (), '<p id="problem">Not right.</p>'), by_hand)


@pytest.mark.parametrize(("button", "clause"), [("allow", "OIDCC-3.1.2.4"), ("sign-out", "OIDCRIL-2"), ("x", "OAFP-2")])
def test_a_page_that_is_filled_in_by_hand_has_its_clause(button, clause):
    """OIDCC-3.1.2.4, OIDCRIL-2"""
    by_hand = Persona(sub="anna", name="Anna", username="anna", by_hand=True)
    body = f'<form action="/x"><button id="{button}" name="action" value="y"></button></form>'
    assert next_move(PAGE, Response(200, (), body), by_hand).clause == clause


def test_the_forms_of_a_page_say_where_they_lead():
    """RFC3986-5.2"""
    body = '<form action="/a"><button></button></form><form><button id="b"></button></form><form action="http://[">'
    page = Response(200, (), f'{body}<button id="c"></button></form>')
    assert form_addresses(page, "https://provider.test/page?x=1") == {
        "https://provider.test/a", "https://provider.test/page?x=1"
    }  # fmt: skip
    assert form_addresses(Response(303, (), body), PAGE.url) == frozenset()


@pytest.mark.parametrize(
    ("body", "title"), [("<title>\n Sign in &amp; out </title>", "Sign in & out"), ("<p>no title</p>", "")]
)
def test_the_title_of_a_page_is_read_as_a_person_reads_it(body, title):
    assert page_title(body) == title

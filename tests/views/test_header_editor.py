"""What stands in the Authorization header has rows like the parameters: explained, to change, to leave out."""

import json

import pytest

from oidc_lab import Lab
from oidc_lab.relying_party.credentials import CLIENT_ID, CLIENT_SECRET, HEADER, TOKEN, written
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.views import branches, request_editor, stepper, stepper_past
from tests.views.pressing import Controls
from tests.views.reading import HOSTILE, Page, html

SECRET = "test-secret-of-the-web-shop"


@pytest.fixture
def redeeming(lab: Lab) -> Stepping:
    return lab.step("web-shop", user="anna").until("Redeem the code")


@pytest.fixture
def asking(lab: Lab) -> Stepping:
    return lab.step("web-shop", user="anna").until("Ask who the user is")


def basic(secret: str) -> str:
    return written({CLIENT_ID: "web-shop", CLIENT_SECRET: secret})


def row(page: Page, name: str) -> list[str]:
    place = page.cells.index(name)
    return page.cells[place + 1 : place + 3]


def plain(stepping: Stepping) -> str:
    return str(stepping._repr_mimebundle_()["text/plain"])


def test_client_and_secret_stand_with_meaning_and_clause(redeeming: Stepping) -> None:
    """RFC6749-2.3.1"""
    page = Page(stepper.show_request(redeeming, live=False))
    for name, value in ((CLIENT_ID, "web-shop"), (CLIENT_SECRET, SECRET)):
        shown, meaning = row(page, name)
        assert shown == value
        assert meaning.endswith("RFC6749-2.3.1")
        assert f"{name} in the Authorization header: {value}" in plain(redeeming)


def test_the_bearer_token_stands_with_meaning_and_clause(asking: Stepping) -> None:
    """RFC6750-2.1"""
    shown, meaning = row(Page(stepper.show_request(asking, live=False)), TOKEN)
    assert asking.next_step is not None
    assert f"Bearer {shown}" == asking.next_step.request.header(HEADER)
    assert meaning.endswith("RFC6750-2.1")


def test_live_each_part_is_a_field_and_the_header_can_be_left_out(redeeming: Stepping) -> None:
    read = Controls(stepper.show_request(redeeming, live=True))
    field = read.named("Value of client_secret in the Authorization header")
    assert (field.value, field.enabled) == (SECRET, True)
    box = read.named("Send the Authorization header")
    assert box.value == "on"
    assert json.loads(box.data["text"]) == {CLIENT_ID: "web-shop", CLIENT_SECRET: SECRET}


def test_what_was_changed_is_said_in_words(redeeming: Stepping) -> None:
    redeeming.change_header(HEADER, basic("guess"))
    page = Page(html(redeeming))
    assert f"guesschanged; was {SECRET}" in page.cells
    assert "Changed by hand: client_secret of the Authorization header changed" in page.text
    assert f"client_secret in the Authorization header: guess  (changed; was {SECRET})" in plain(redeeming)
    redeeming.next()
    said = "By hand before it went: client_secret of the Authorization header changed"
    assert Page(stepper_past.show_answer(redeeming)).text.count(said) == 1


def test_what_was_left_out_is_said_in_words_and_can_be_put_back(redeeming: Stepping) -> None:
    redeeming.change_header(HEADER, None)
    page = Page(html(redeeming))
    assert f"left out; was {SECRET}" in page.cells
    assert "Changed by hand: Authorization header left out" in page.text
    read = Controls(stepper.show_request(redeeming, live=True))
    assert not read.named("Value of client_secret in the Authorization header").enabled
    box = read.named("Send the Authorization header")
    assert box.value == ""
    assert written(json.loads(box.data["text"])) == basic(SECRET)
    redeeming.next()
    assert "By hand before it went: Authorization header left out" in Page(stepper_past.show_answer(redeeming)).text


def test_another_scheme_is_shown_as_what_it_is(redeeming: Stepping) -> None:
    redeeming.change_header(HEADER, "Bearer abc")
    page = Page(stepper.show_request(redeeming, live=False))
    assert "abcadded" in page.cells
    assert f"left out; was {SECRET}" in page.cells
    fields = [each.name for each in Controls(stepper.show_request(redeeming, live=True)).all]
    assert "Value of bearer token in the Authorization header" in fields
    assert "Value of client_secret in the Authorization header" not in fields


def test_a_header_that_the_flow_did_not_send_is_named(asking: Stepping) -> None:
    asking.change_header("X-Further", "1")
    assert "Changed by hand: X-Further header added" in Page(html(asking)).text
    asking.next()
    assert "By hand before it went: X-Further header added" in Page(stepper_past.show_answer(asking)).text


def test_what_the_wire_adds_is_no_change_by_hand(redeeming: Stepping) -> None:
    redeeming.change(further="1")
    sent = redeeming.next().request
    assert request_editor.differences(sent, redeeming.built[7].request) == "<code>further</code> added"


def test_the_header_as_it_will_leave_stands_where_it_follows_what_is_typed(redeeming: Stepping) -> None:
    redeeming.change_header(HEADER, basic("guess"))
    assert basic("guess") in Page(stepper.show_changes(redeeming, live=True)).text
    assert basic("guess") not in Page(stepper.show_request(redeeming, live=True)).text


def test_two_branches_part_by_what_was_sent(redeeming: Stepping) -> None:
    redeeming.change_header(HEADER, basic("guess"))
    redeeming.next()
    redeeming.back()
    redeeming.finish()
    cells = Page(branches.table(redeeming.compare(0, 1))).cells
    assert cells[:4] == ["Authorization header", "client_secret", "guess", SECRET]


def test_what_is_typed_there_is_escaped(asking: Stepping) -> None:
    asking.change_header(HEADER, f"Bearer {HOSTILE}")
    for shown in (html(asking), stepper.show_request(asking, live=True), stepper.show_changes(asking, live=True)):
        assert "<img src=x" not in shown
        assert "onerror" in shown

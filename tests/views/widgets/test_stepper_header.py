"""The Authorization header in the live stepper: changed, left out, put back, without a field drawn anew."""

from collections.abc import Iterator

import pytest

from oidc_lab import Lab
from oidc_lab.relying_party.credentials import HEADER, credentials_in
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.views.widgets.frame import Frame
from oidc_lab.views.widgets.stepper import make
from tests.views.pressing import controls, enter, press
from tests.views.reading import Page

SECRET = "Value of client_secret in the Authorization header"
TOKEN = "Value of bearer token in the Authorization header"
BOX = "Send the Authorization header"


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as made:
        yield made


@pytest.fixture
def stepping(lab: Lab) -> Stepping:
    return lab.step("web-shop", user="anna").until("Redeem the code")


@pytest.fixture
def frame(stepping: Stepping) -> Frame:
    return make(stepping)


def due(stepping: Stepping) -> dict[str, str]:
    assert stepping.next_step is not None
    return credentials_in(stepping.next_step.request)


def said(frame: Frame, part: str) -> str:
    return Page(frame.parts[part].value).text


def test_a_wrong_secret_is_tried_by_hand(frame: Frame, stepping: Stepping) -> None:
    """RFC6749-2.3.1, RFC6749-5.2"""
    times: list[object] = []
    frame.parts["request"].observe(times.append, "value")
    enter(frame, SECRET, "a: guess%")
    assert due(stepping) == {"client_id": "web-shop", "client_secret": "a: guess%"}
    assert times == [], "who types there would lose the field"
    assert "Changed by hand: client_secret of the Authorization header changed" in said(frame, "changes")
    press(frame, "Next: Redeem the code")
    assert "invalid_client" in said(frame, "lead")
    assert "By hand before it went: client_secret of the Authorization header changed" in said(frame, "answer")


def test_the_header_is_left_out_and_put_back(frame: Frame, stepping: Stepping) -> None:
    enter(frame, BOX, "")
    assert due(stepping) == {}
    assert "Authorization header left out" in said(frame, "changes")
    enter(frame, BOX, "on")
    assert stepping.next_step == stepping.original_step
    assert "Changed by hand" not in said(frame, "changes")


def test_what_stands_in_the_fields_is_put_back(frame: Frame, stepping: Stepping) -> None:
    """The page says along with the box what stands in the fields."""
    enter(frame, BOX, "")
    frame.do("send credentials", name=HEADER, text='{"client_id": "web-shop", "client_secret": "guess"}', value="on")
    assert due(stepping) == {"client_id": "web-shop", "client_secret": "guess"}


def test_as_the_flow_built_it_puts_the_header_back_too(frame: Frame, stepping: Stepping) -> None:
    enter(frame, SECRET, "guess")
    press(frame, "As the flow built it")
    assert stepping.next_step == stepping.original_step
    assert controls(frame).named(SECRET).value == "test-secret-of-the-web-shop"


def test_another_bearer_token_is_tried_by_hand(frame: Frame, stepping: Stepping) -> None:
    """RFC6750-3.1"""
    stepping.until("Ask who the user is")
    enter(frame, TOKEN, "of-somebody-else")
    assert due(stepping) == {"bearer token": "of-somebody-else"}
    press(frame, "Next: Ask who the user is")
    assert "invalid_token" in said(frame, "lead")

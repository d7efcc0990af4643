"""The live clock panel without a kernel: presses move the clock, typing does not, and mistakes are shown in it."""

import pytest

from oidc_lab import Lab
from oidc_lab.lab.clock import START, RealClock
from oidc_lab.views.widgets.clock_panel import make
from oidc_lab.views.widgets.frame import Frame
from tests.views.pressing import controls, enter, press, shown
from tests.views.reading import Page

OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}
FIELD = "Any span, or a moment in UTC"


@pytest.fixture
def frame(lab: Lab) -> Frame:
    lab.sign_in("photo-album", "anna", **OFFLINE).finish()
    return make(lab.clock.panel())


def says(frame: Frame, part: str) -> str:
    return Page(frame.parts[part].value).text


def alerts(frame: Frame) -> list[str]:
    """What the frame says went wrong."""
    values = [str(getattr(part, "value", "")) for part in frame.children]
    return [Page(value).text for value in values if 'role="alert"' in value]


@pytest.mark.parametrize(
    ("button", "seconds"), [("+1 minute", 60), ("+1 hour", 3600), ("+1 day", 86400), ("+14 days", 1209600)]
)
def test_a_button_moves_the_clock_and_everything_is_drawn(lab: Lab, frame: Frame, button: str, seconds: int) -> None:
    press(frame, button)
    assert (lab.clock.now - START).total_seconds() == seconds
    assert f"{lab.clock.now:%H:%M:%S}" in says(frame, "now")
    assert ("things died" in says(frame, "latest")) is (seconds >= 3600)


def test_one_goes_from_expiry_to_expiry_until_nothing_is_left(frame: Frame) -> None:
    """RFC6749-1.5"""
    for due in ("To 10:00:00: the access token", "To Mon 19 Jan, 09:00:00: the refresh token"):
        (onward,) = [each.name for each in controls(frame).all if each.name.startswith(due) and " ends, " in each.name]
        press(frame, onward)
        assert "✗ " + onward.split(": ")[1].split(" ends")[0] in says(frame, "latest")
    assert not controls(frame).named("To the next expiry: nothing will end").enabled


def test_each_row_leads_to_its_end(lab: Lab, frame: Frame) -> None:
    press(frame, "To Mon 19 Jan, 09:00:00")
    assert (lab.clock.now - START).days == 14
    assert "4 things died" in says(frame, "latest")


def test_what_is_typed_is_answered_while_one_types_and_nothing_moves_before_go(lab: Lab, frame: Frame) -> None:
    field = frame.parts["field"].value
    for typed, said in (("9", "✗ '9' is no span"), ("90", "✗ '90'"), ("90 min", "→ 10:30:00, 1 hour 30 minutes on")):
        enter(frame, FIELD, typed)
        assert says(frame, "advice").startswith(said)
        assert lab.clock.now == START
    press(frame, "Go")
    assert f"{lab.clock.now:%H:%M}" == "10:30"
    assert frame.parts["field"].value == field
    assert says(frame, "advice").startswith("→ 12:00:00")


def test_a_mistake_is_said_once_where_it_was_made_and_the_clock_stands(lab: Lab, frame: Frame) -> None:
    enter(frame, FIELD, "2 months")
    press(frame, "Go")
    assert "months differ in length" in says(frame, "advice")
    assert alerts(frame) == []
    enter(frame, FIELD, " ")
    press(frame, "Go")
    assert says(frame, "advice") == ""
    (alert,) = alerts(frame)
    assert "write a span such as 3 days 2 hours" in alert
    assert lab.clock.now == START
    press(frame, "+1 hour")
    assert alerts(frame) == []


def test_what_is_done_elsewhere_is_seen(lab: Lab, frame: Frame) -> None:
    """RFC6749-6: the clock moved in a cell, a run in another view, a grant taken away."""
    lab.clock.advance(minutes=30)
    assert "09:30:00" in says(frame, "now")
    lab.refresh("photo-album", "anna", signed_in=lab.history[0]).finish()
    assert "replaced by a new one (rotation)" in says(frame, "latest")
    lab.grants.revoke(sub="anna")
    press(frame, "Look again")
    assert "revoked: the grant was taken away" in says(frame, "latest")


def test_what_did_not_change_is_not_drawn_again(frame: Frame) -> None:
    before = {name: part.value for name, part in frame.parts.items()}
    press(frame, "Look again")
    assert {name: part.value for name, part in frame.parts.items()} == before


def test_where_nobody_moves_the_clock_it_says_why() -> None:
    """OIDCD-4"""
    frame = make(RealClock("https://classroom.example").panel())
    assert "The clock cannot be moved here: the provider at https://classroom.example" in shown(frame)
    assert [each.name for each in controls(frame).all] == ["Look again"]

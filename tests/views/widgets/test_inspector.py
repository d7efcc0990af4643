"""The live token inspector without a kernel: it follows the clock, and a press looks again."""

import pytest

from oidc_lab import Lab
from oidc_lab.relying_party.run import Run
from oidc_lab.views.widgets.frame import Frame
from oidc_lab.views.widgets.inspector import make
from tests.views.pressing import controls, press
from tests.views.reading import Page


@pytest.fixture
def frame(lab: Lab, signed_in: Run) -> Frame:
    return make(lab.inspect(signed_in))


def says(frame: Frame, part: str) -> str:
    return Page(frame.parts[part].value).text


def test_times_follow_the_clock_and_the_verdict_says_that_it_is_old(lab: Lab, frame: Frame) -> None:
    assert "in 1 hour" in says(frame, "token 0")
    lab.clock.advance(minutes=2)
    assert "in 58 minutes" in says(frame, "token 0")
    lab.clock.advance(hours=2)
    assert "would have believed it 2 hours 2 minutes ago" in says(frame, "token 0")
    assert "the clock has moved since" in says(frame, "bar")


def test_a_press_asks_and_checks_again(lab: Lab, frame: Frame) -> None:
    """RFC7662-2"""
    lab.clock.advance(hours=2)
    press(frame, "Check again")
    assert "✗ Web Shop would not believe it if it came now" in says(frame, "token 0")
    assert "✗ The provider says that it is not active" in says(frame, "token 1")
    assert "the clock has moved since" not in says(frame, "bar")


def test_another_application_can_be_the_one_that_checks(frame: Frame) -> None:
    """OIDCC-3.1.3.7 number 3"""
    choice = next(each for each in controls(frame).all if each.tag == "select")
    assert choice.value == "web-shop"
    assert choice.options == {"web-shop": "Web Shop", "photo-album": "Photo Album", "city-guide": "City Guide"}
    frame.do("look as", name="client_id", value="photo-album")
    assert "Photo Album would not believe it" in says(frame, "token 0")


def test_what_does_not_change_is_not_drawn_again(lab: Lab, frame: Frame) -> None:
    drawn: list[str] = []
    for name, part in frame.parts.items():
        part.observe(lambda _, name=name: drawn.append(name), "value")
    press(frame, "Check again")
    assert drawn == []
    lab.clock.advance(minutes=5)
    assert set(drawn) == {"bar", "token 0", "token 1"}


def test_what_goes_wrong_is_shown_in_it(lab: Lab, frame: Frame) -> None:
    lab.close()
    press(frame, "Check again")
    alerts = [str(each.value) for each in frame.children if 'role="alert"' in str(getattr(each, "value", ""))]
    assert len(alerts) == 1
    assert "this lab is closed" in alerts[0]


def test_what_was_not_given_stands_below(frame: Frame) -> None:
    assert "no refresh token" in says(frame, "missing")


def test_nothing_to_look_into_is_a_sentence(lab: Lab) -> None:
    assert "the text is empty" in says(make(lab.inspect("")), "token 0")
    assert "This run has no token yet" in says(make(lab.inspect(lab.sign_in("web-shop", "anna"))), "bar")

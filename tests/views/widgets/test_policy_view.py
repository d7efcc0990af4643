"""The live explorer without a kernel: what is chosen draws words, figure and summary anew; errors are shown in it."""

import asyncio
import time
from collections.abc import Callable

import ipywidgets
import pytest

from oidc_lab import Lab
from oidc_lab.simulation.explorer import Explorer
from oidc_lab.views.policy_choices import CHOICES
from oidc_lab.views.widgets.frame import Frame
from oidc_lab.views.widgets.policy_view import make
from tests.views.pressing import Controls, controls, enter, press, shown
from tests.views.reading import Page

TTL = "Refresh token time to live (TTL) in days"


@pytest.fixture
def model(lab: Lab) -> Explorer:
    lab.profile = "logto"
    return lab.explore("photo-album", users=100, days=60)


@pytest.fixture
def frame(model: Explorer) -> Frame:
    return make(model)


def says(frame: Frame, part: str) -> str:
    return Page(frame.parts[part].value).text


def conclusion(frame: Frame, part: str = "picture") -> str:
    return "".join(Page(frame.parts[part].value).attribute("img", "alt"))


def boxes(*widgets: ipywidgets.Widget) -> list[ipywidgets.Box]:
    found = [each for each in widgets if isinstance(each, ipywidgets.Box)]
    return [*found, *(inner for each in found for inner in boxes(*each.children))]


def alerts(frame: Frame) -> list[str]:
    values = [str(getattr(part, "value", "")) for part in frame.children]
    return [Page(value).text for value in values if 'role="alert"' in value]


@pytest.mark.parametrize("control", [TTL, f"{TTL}, as a number"])
def test_words_figure_and_summary_follow_the_slider_and_the_number(frame: Frame, control: str) -> None:
    enter(frame, control, "30")
    assert "stay signed in for 30 days" in says(frame, "words")
    assert "(Single page app, 30 days), everybody is signed out within 31 days" in conclusion(frame)
    assert "the token's TTL" in says(frame, "summary")


def test_the_ring_around_what_has_the_focus_is_cut_nowhere(frame: Frame) -> None:
    """WCAG 2.2 2.4.7: it is drawn outside of the control, and boxes clip unless they are told not to."""
    inside = boxes(*frame.children)
    assert len(inside) > len(CHOICES)
    assert {box.layout.overflow for box in inside} == {"visible"}


def test_what_one_drags_is_not_drawn_over(frame: Frame) -> None:
    """Only what another control makes of it is sent to the page."""
    sent: list[str] = []
    part = frame.parts["choice: ttl"]
    part.comm.send = lambda data, **_: sent.append(str(data))  # type: ignore[union-attr]
    enter(frame, TTL, "30")
    enter(frame, TTL, "31")
    assert sent == []
    assert Controls(part.value).named(TTL).value == "31"
    enter(frame, "Profile", "documented")
    assert "disabled" in sent[0]


def test_each_control_changes_what_it_says(model: Explorer, frame: Frame) -> None:
    for name, control, value, then in (
        ("type", "Application type", "Native", "Native"), ("profile", "Profile", "strict", "strict"),
        ("type", "Application type", "Traditional", "Traditional"), ("rotate", "Rotate refresh token", "", False),
        ("always", "Always issue refresh token", "on", True), ("offline", "Asks for offline access", "", False),
        ("usage", "Usage pattern", "weekly", "weekly"), ("users", "Number of users", "10", 10),
        ("days", "Days looked at", "90", 90), ("figure", "One user", "family", "family"),
        ("policy", "What is explored", "auth0-spa", "auth0-spa"),
    ):  # fmt: skip
        enter(frame, control, value)
        assert getattr(model.chosen, name) == then
        assert alerts(frame) == []


def test_what_is_changed_in_a_cell_is_seen(model: Explorer, frame: Frame) -> None:
    model.change(ttl=77, figure="family")
    assert controls(frame).named(TTL).value == "77"
    assert "stay signed in for 77 days" in says(frame, "words")
    assert conclusion(frame).startswith("Still signed in after 59 days")


def test_what_is_typed_wrong_is_said_at_the_field_and_no_figure_changes(frame: Frame) -> None:
    before = frame.parts["picture"].value
    enter(frame, f"{TTL}, as a number", "1000")
    assert says(frame, "said: ttl") == "✗ '1000' is no whole number from 1 to 180"
    assert frame.parts["picture"].value == before
    assert alerts(frame) == []
    enter(frame, f"{TTL}, as a number", "10")
    assert says(frame, "said: ttl") == ""


def test_the_sentence_on_a_usage_pattern_follows_the_choice(frame: Frame) -> None:
    enter(frame, "Usage pattern", "weekly")
    assert says(frame, "said: usage") == "One visit a week, on about the same day."


def test_settings_go_where_a_policy_stands_in_their_place_and_come_back(frame: Frame) -> None:
    enter(frame, "What is explored", "okta-org-spa")
    assert "not established" in says(frame, "doubts")
    assert {frame.parts[f"choice: {name}"].value for name in CHOICES[1:7]} == {""}
    enter(frame, "What is explored", "")
    assert says(frame, "doubts") == ""
    assert controls(frame).named(TTL).value == "14"


def test_it_is_played_and_the_conclusion_stands_in_it(lab: Lab, frame: Frame) -> None:
    now = lab.clock.now
    press(frame, "Show me in the provider")
    assert conclusion(frame, "played").startswith("Predicted and played coincide in 15 events")
    assert lab.clock.now == now
    enter(frame, "One user", "family")
    assert conclusion(frame, "played").startswith("Predicted and played coincide")
    enter(frame, TTL, "3")
    assert frame.parts["played"].value == ""


def test_settings_and_policies_are_saved(lab: Lab, frame: Frame) -> None:
    enter(frame, TTL, "33")
    press(frame, "Save these settings on Photo Album")
    assert says(frame, "outcome").startswith("Saved on Photo Album: Refresh token time to live (TTL) in days: 33 days")
    assert lab.applications["photo-album"].refresh_token_ttl_in_days == 33
    enter(frame, "What is explored", "auth0-spa")
    assert frame.parts["outcome"].value == ""
    press(frame, "Have Photo Album follow this policy")
    assert "Photo Album follows Auth0" in says(frame, "outcome")


def test_what_the_provider_refuses_is_shown(lab: Lab, frame: Frame) -> None:
    """RFC9700-4.14.2: explored is another profile than the lab's."""
    lab.profile = "documented"
    press(frame, "Save these settings on Photo Album")
    (alert,) = alerts(frame)
    assert "rotate_refresh_token" in alert


def test_an_application_that_is_gone_is_said_to_be(lab: Lab, frame: Frame) -> None:
    lab.applications["photo-album"].delete()
    enter(frame, TTL, "3")
    (alert,) = alerts(frame)
    assert "photo-album" in alert


def test_what_did_not_change_is_not_drawn_again(model: Explorer, frame: Frame) -> None:
    before = {name: part.value for name, part in frame.parts.items()}
    model.change(ttl=14)
    assert {name: part.value for name, part in frame.parts.items()} == before


def test_two_explorers_have_their_own_marks_and_ids(lab: Lab) -> None:
    frames = [make(lab.explore("web-shop", users=10)) for _ in range(2)]
    groups = [{each.attributes["name"] for each in controls(each).all if "name" in each.attributes} for each in frames]
    assert [len(each) for each in groups] == [1, 1]
    assert groups[0] != groups[1]
    ids = [set(Page(shown(each)).attribute("div", "id")) for each in frames]
    assert not ids[0] & ids[1]
    for each in frames:
        described = {
            one.attributes["aria-describedby"] for one in controls(each).all if "aria-describedby" in one.attributes
        }
        assert described <= set(Page(shown(each)).attribute("div", "id"))


async def until(true: Callable[[], bool]) -> None:
    """Let the loop go on until something is true, for twenty seconds at most."""
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


def everything(frame: Frame) -> str:
    return "".join(str(getattr(part, "value", "")) for part in frame.children)


class TestLongWork:
    """Where a kernel's loop runs, it can go on for a while."""

    def test_it_shows_words_and_a_bar_and_stops_where_one_says_so(self, frame: Frame) -> None:
        async def run() -> None:
            enter(frame, "Usage pattern", "hourly")
            enter(frame, "Number of users", "1000000")
            await until(lambda: "<progress" in everything(frame))
            assert "Simulating" in everything(frame)
            await until(lambda: "An hourly" in says(frame, "words") or "Hourly" in says(frame, "words"))
            await until(lambda: "Not all are done: this is of " in says(frame, "summary"))
            assert "every hour" in says(frame, "picture")  # and not what was chosen before
            assert "<progress" in everything(frame)
            frame.do("stop work")
            await until(lambda: "<progress" not in everything(frame))
            assert "Not all are done: this is of " in says(frame, "summary")
            assert "every hour" in says(frame, "picture")

        asyncio.run(run())

    def test_another_choice_ends_it_and_begins_anew(self, model: Explorer, frame: Frame) -> None:
        async def run() -> None:
            enter(frame, "Usage pattern", "hourly")
            enter(frame, "Number of users", "1000000")
            await until(lambda: "<progress" in everything(frame))
            for days in ("20", "21", "22"):
                enter(frame, TTL, days)
            enter(frame, "Number of users", "10")
            await until(lambda: Page(frame.parts["summary"].value).cells[:1] == ["10"])
            assert "(Single page app, 22 days)" in conclusion(frame)
            assert (model.many.complete, model.simulated) == (True, 10)
            assert alerts(frame) == []

        asyncio.run(run())

    def test_what_is_played_ends_where_something_else_is_chosen(self, model: Explorer, frame: Frame) -> None:
        async def run() -> None:
            enter(frame, TTL, "180")
            enter(frame, "Days looked at", "365")
            press(frame, "Show me in the provider")
            await until(lambda: "Playing at a live provider" in everything(frame))
            press(frame, "Save these settings on Photo Album")
            assert "still under way" in alerts(frame)[0]
            enter(frame, TTL, "5")
            await until(lambda: "(Single page app, 5 days)" in conclusion(frame))
            assert model.played is None
            assert alerts(frame) == []

        asyncio.run(run())

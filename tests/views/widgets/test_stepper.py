"""The live stepper without a kernel: what a person presses and types becomes messages, and what comes is shown."""

import asyncio
import re
from collections.abc import Iterator

import pytest

from oidc_lab import Lab
from oidc_lab.domain.refusal import CATALOGUE
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.views.widgets.frame import Frame
from oidc_lab.views.widgets.lab_panel import make as make_panel
from oidc_lab.views.widgets.stepper import make
from tests.views.pressing import Control, Controls, controls, enter, press, send_form, shown
from tests.views.reading import HOSTILE, Page, picture, words

WRONG = "w" * 43


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as made:
        yield made


@pytest.fixture
def stepping(lab: Lab) -> Stepping:
    return lab.step("web-shop", user="anna")


@pytest.fixture
def frame(stepping: Stepping) -> Frame:
    return make(stepping)


def says(frame: Frame, *parts: str) -> str:
    return " ".join(Page(frame.parts[each].value).text for each in parts or frame.parts)


def until(frame: Frame, title: str) -> None:
    """Press Next until this is what it would send."""
    for _ in range(20):
        (following,) = [each.name for each in controls(frame).all if each.name.startswith("Next")][:1]
        if following == f"Next: {title}":
            return
        press(frame, following)
    raise AssertionError(title)


def drawn_again(frame: Frame, part: str) -> list[object]:
    """Gathers each time that a part is drawn from now on."""
    times: list[object] = []
    frame.parts[part].observe(times.append, "value")
    return times


def test_next_goes_through_a_whole_sign_in_and_says_each_time_what_it_sends(frame: Frame, stepping: Stepping) -> None:
    """OIDCC-3.1.1"""
    for number in range(1, 20):
        if stepping.next_step is None:
            break
        assert says(frame, "lead").startswith(f"Message {number}: {stepping.next_step.title}")
        assert f"Next: {stepping.next_step.title}" in " ".join(words(picture(frame.parts["diagram"].value)))
        press(frame, f"Next: {stepping.next_step.title}")
        assert len(stepping.trace.exchanges) == number
        assert f"message {number}, {stepping.trace.exchanges[-1].step.title}" in says(frame, "answer")
    assert stepping.run is not None
    assert stepping.run.finished
    assert "✓ Done" in says(frame, "lead")
    assert not controls(frame).named("Next").enabled
    assert not controls(frame).named("To the end").enabled
    assert frame.parts["request"].value == ""


def test_of_a_closed_lab_nothing_can_be_pressed_and_the_reason_is_said(lab: Lab, frame: Frame) -> None:
    """What was sent stays to be read."""
    press(frame, "Next: Discover the provider")
    lab.close()
    assert "This lab is closed; make a new Lab()." in says(frame, "lead")
    for name in ("Next", "Back", "To the end", "Again"):
        control = controls(frame).named(name)
        assert not control.enabled
        assert "this lab is closed" in control.attributes["title"]
    assert "message 1, Discover the provider" in says(frame, "answer")
    assert len(controls(frame).named("Application").options) == 4


def test_what_goes_wrong_is_said_below_the_buttons(frame: Frame, stepping: Stepping) -> None:
    """It would be out of sight at the end."""
    frame.do("switch", index="7")
    there = [getattr(each, "value", "") for each in frame.children]
    (alert,) = (place for place, value in enumerate(there) if 'role="alert"' in value)
    bar, diagram = (frame.children.index(frame.parts[each]) for each in ("bar", "diagram"))
    assert bar < alert < diagram


def test_what_is_pressed_is_drawn_first_and_all_else_later(lab: Lab, frame: Frame) -> None:
    """Neither what there is to pick from nor another view keeps the answer back."""

    async def run() -> None:
        other, panel = make(lab.step("web-shop", user="ben")), make_panel(lab)
        lab.applications.create(name="Mine", type="SPA", redirect_uris=["https://mine.example/cb"])
        await asyncio.sleep(0.3)
        picks, beside = drawn_again(frame, "picked"), (drawn_again(panel, "runs"), drawn_again(other, "picked"))
        press(frame, "Next: Discover the provider")
        assert says(frame, "lead").startswith("Message 2")
        assert (picks, *beside) == ([], [], [])
        await asyncio.sleep(0.3)
        assert beside[0] != []
        assert "Mine (Single page app)" in controls(frame).named("Application").options.values()

    asyncio.run(run())


def test_a_changed_verifier_is_refused_and_explained_where_it_happened(frame: Frame, stepping: Stepping) -> None:
    """RFC7636-4.6"""
    until(frame, "Redeem the code")
    built = controls(frame).named("Value of code_verifier").value
    enter(frame, "Value of code_verifier", WRONG)
    assert "Changed by hand: code_verifier changed" in says(frame, "changes")
    press(frame, "Next: Redeem the code")
    assert stepping.trace.exchanges[-1].request.parameters["code_verifier"] == WRONG
    entry = CATALOGUE["verifier_wrong"]
    for said in (entry.truth, entry.remedy, "invalid_grant"):
        assert said in says(frame, "why")
    assert "✗ The provider refused: invalid_grant" in says(frame, "lead")
    assert "By hand before it went: code_verifier changed" in says(frame, "answer")
    assert built != WRONG


def test_back_returns_to_the_moment_before_and_another_try_makes_a_second_branch(
    frame: Frame, stepping: Stepping
) -> None:
    until(frame, "Redeem the code")
    enter(frame, "Value of code_verifier", WRONG)
    press(frame, "Next: Redeem the code")
    assert frame.parts["branches"].value == ""
    press(frame, "Back")
    assert frame.parts["why"].value == ""
    assert "Next: Redeem the code" in [each.name for each in controls(frame).all]
    press(frame, "To the end")
    assert stepping.run is not None
    assert stepping.run.finished
    branches = Page(frame.parts["branches"].value)
    assert "after message 7 of branch 1" in branches.cells
    assert "you are here" in branches.cells
    compared = says(frame, "compared")
    assert "First difference: message 8, Redeem the code" in compared
    assert WRONG in Page(frame.parts["compared"].value).cells
    press(frame, "Switch to branch 1")
    assert stepping.here == 0
    assert "✗ The provider refused: invalid_grant" in says(frame, "lead")


def test_what_is_typed_does_not_draw_the_fields_anew(frame: Frame, stepping: Stepping) -> None:
    """The field that a person types in next would lose what stands in it."""
    until(frame, "Redeem the code")
    times = drawn_again(frame, "request")
    enter(frame, "Value of code_verifier", WRONG)
    enter(frame, "code", "")
    assert times == []
    assert stepping.next_step is not None
    assert stepping.next_step.request.parameters["code_verifier"] == WRONG
    assert "code" not in stepping.next_step.request.parameters
    buttons = drawn_again(frame, "bar"), drawn_again(frame, "send")
    enter(frame, "Value of code_verifier", "x" * 43)
    assert buttons == ([], []), "a button that is drawn anew while it is pressed is not pressed"


def test_as_the_flow_built_it_draws_the_fields_anew(frame: Frame, stepping: Stepping) -> None:
    until(frame, "Redeem the code")
    before = controls(frame).named("Value of code_verifier").value
    enter(frame, "Value of code_verifier", WRONG)
    times = drawn_again(frame, "request")
    press(frame, "As the flow built it")
    assert times != [], "the page still holds what was typed"
    assert controls(frame).named("Value of code_verifier").value == before
    assert stepping.next_step == stepping.original_step
    assert frame.parts["changes"].value == "" or "Changed by hand" not in says(frame, "changes")


def test_a_parameter_is_left_out_put_back_and_added(frame: Frame, stepping: Stepping) -> None:
    until(frame, "Redeem the code")
    value = controls(frame).named("Value of code_verifier").value
    enter(frame, "code_verifier", "")
    assert "code_verifier left out" in says(frame, "changes")
    enter(frame, "code_verifier", "on")
    assert stepping.next_step is not None
    assert stepping.next_step.request.parameters["code_verifier"] == value
    frame.do("add parameter", name=" resource ", value="https://api.example")
    assert stepping.next_step.request.parameters["resource"] == "https://api.example"
    assert controls(frame).named("Value of resource").value == "https://api.example"
    assert "resource added" in says(frame, "changes")


def test_the_learner_fills_in_the_pages_and_sends_them(lab: Lab) -> None:
    """OIDCC-3.1.2.3, OIDCC-3.1.2.4: what is typed in the provider's pages is the next message."""
    stepping = lab.step("web-shop", user="anna", prompt="consent", by_hand=True)
    frame = make(stepping)
    press(frame, "To the end")
    assert stepping.next_step is not None
    assert not controls(frame).named(f"Next: {stepping.next_step.title}").enabled
    fill(frame, "/sign-in", username="anna", password="no such password", action="sign-in")
    assert stepping.trace.exchanges[-1].request.parameters["password"] == "no such password"
    assert "problem" in page(frame).attributes["srcdoc"], "the page comes again and says what was wrong"
    fill(frame, "/sign-in", username="anna", password=lab.passwords["anna"], action="sign-in")
    press(frame, "To the end")
    assert stepping.trace.exchanges[-1].step.title == "Open the page that asks for consent"
    fill(frame, "/consent", action="allow")
    press(frame, "To the end")
    assert stepping.run is not None
    assert stepping.run.finished


def test_the_page_stands_in_a_frame_that_can_do_nothing_but_send(lab: Lab) -> None:
    """Its style is inside it, for a provider in the kernel cannot be asked; no script of it runs."""
    frame = make(lab.step("web-shop", user="anna", by_hand=True))
    press(frame, "To the end")
    given = page(frame).attributes
    assert given["sandbox"] == "allow-same-origin allow-forms"
    (style,) = re.findall("<style>(.*?)</style>", given["srcdoc"], re.DOTALL)
    assert ".card" in style
    assert 'rel="stylesheet"' not in given["srcdoc"]
    assert "Sign in to Web Shop" in page(frame).name


def page(frame: Frame) -> Control:
    (found,) = (each for each in controls(frame).all if each.tag == "iframe")
    return found


def fill(frame: Frame, to: str, **typed: str) -> None:
    """Fill in the page's form, its hidden fields as they are, and send it."""
    hidden = {
        each.attributes["name"]: each.value
        for each in Controls(page(frame).attributes["srcdoc"]).all
        if each.attributes.get("type") == "hidden"
    }
    send_form(frame, to, {**hidden, **typed})


def test_a_form_that_leads_elsewhere_is_refused_in_words(lab: Lab) -> None:
    frame = make(stepping := lab.step("web-shop", user="anna", by_hand=True))
    press(frame, "To the end")
    sent = len(stepping.trace.exchanges)
    send_form(frame, "https://elsewhere.example/", {"username": "anna"})
    assert len(stepping.trace.exchanges) == sent
    assert "elsewhere.example" in error(frame)


def error(frame: Frame) -> str:
    return Page(frame._error.value).text


def test_another_flow_shows_its_own_choices(frame: Frame, stepping: Stepping) -> None:
    enter_flow(frame, "client-credentials")
    names = [each.name for each in controls(frame).all]
    assert "User" not in names
    assert "Prompt" not in names
    assert "Scopes" in names
    enter_flow(frame, "refresh")
    assert stepping.problem
    assert stepping.problem.rstrip(".").lower() in says(frame, "lead").lower()
    assert not controls(frame).named("Next").enabled


def enter_flow(frame: Frame, flow: str) -> None:
    (mark,) = (each for each in controls(frame).all if each.attributes.get("type") == "radio" and each.value == flow)
    frame.do("choose", name=mark.data["name"], value=mark.value)


def test_each_flow_asks_for_its_scopes_where_it_has_some(frame: Frame, stepping: Stepping) -> None:
    """OIDCC-3.1.2.1: what is typed is what is asked for, from the beginning."""
    enter(frame, "Scopes", "openid email")
    until(frame, "Send the user to sign in")
    assert controls(frame).named("Value of scope").value == "openid email"
    enter_flow(frame, "introspection")
    assert "Scopes" not in [each.name for each in controls(frame).all]


def test_a_list_that_was_used_is_not_drawn_anew(frame: Frame, stepping: Stepping) -> None:
    """Who works by keyboard goes on from the list."""
    times = drawn_again(frame, "picked")
    enter(frame, "Prompt", "login")
    assert stepping.choices.prompt == "login"
    assert times == []
    until(frame, "Send the user to sign in")
    assert controls(frame).named("Value of prompt").value == "login"


def test_shown_again_the_fields_hold_what_was_typed(frame: Frame, stepping: Stepping) -> None:
    """State survives a re-run of the cell, where the page is made anew of what was drawn last."""
    enter(frame, "Prompt", "login")
    until(frame, "Redeem the code")
    enter(frame, "Value of code_verifier", WRONG)
    frame._repr_mimebundle_()
    assert controls(frame).named("Value of code_verifier").value == WRONG
    assert controls(frame).named("Prompt").value == "login"


def test_what_is_done_in_a_cell_is_seen_in_the_widget(frame: Frame, stepping: Stepping) -> None:
    until(frame, "Redeem the code")
    stepping.change(code_verifier=WRONG)
    assert controls(frame).named("Value of code_verifier").value == WRONG
    stepping.next()
    assert "✗ The provider refused" in says(frame, "lead")


def test_after_the_end_a_button_goes_on_with_the_tokens(frame: Frame, stepping: Stepping) -> None:
    """OIDCC-5.3.1"""
    press(frame, "To the end")
    press(frame, "Ask userinfo")
    assert stepping.choices.flow == "userinfo"
    assert stepping.problem == ""
    press(frame, "To the end")
    assert stepping.run is not None
    assert stepping.run.finished


def test_what_a_token_of_no_user_is_good_for(lab: Lab) -> None:
    """RFC6749-4.4, RFC7662-2: it has no user to ask for or sign out, and is never refreshed."""
    frame = make(lab.step("night-report", flow="client-credentials"))
    press(frame, "To the end")
    names = [each.name for each in controls(frame).all]
    assert {"Introspect", "Revoke"} <= set(names)
    assert not {"Refresh", "Ask userinfo"} & {each.name for each in controls(frame).all if each.tag == "button"}
    press(frame, "Introspect")
    press(frame, "To the end")
    assert "active" in says(frame, "answer")
    assert "✓ Done" in says(frame, "lead")


def test_each_message_is_a_part_of_its_own_and_stays(frame: Frame, stepping: Stepping) -> None:
    """What was unfolded stays so while others come."""
    press(frame, "Next: Discover the provider")
    (first,) = frame._places["messages"].children
    times: list[object] = []
    first.observe(times.append, "value")
    press(frame, "To the end")
    assert frame._places["messages"].children[0] is first
    assert times == []
    assert len(frame._places["messages"].children) == len(stepping.trace.exchanges)
    press(frame, "Back")
    assert len(frame._places["messages"].children) == len(stepping.trace.exchanges)


def test_a_long_diagram_shows_its_end_or_the_whole(frame: Frame) -> None:
    press(frame, "To the end")
    assert picture(frame.parts["diagram"].value).find(".//{http://www.w3.org/2000/svg}use") is not None
    press(frame, "Show the whole diagram")
    assert picture(frame.parts["diagram"].value).find(".//{http://www.w3.org/2000/svg}use") is None
    press(frame, "Show the last messages only")
    assert picture(frame.parts["diagram"].value).find(".//{http://www.w3.org/2000/svg}use") is not None


def test_again_begins_from_the_first_message(frame: Frame, stepping: Stepping) -> None:
    press(frame, "To the end")
    press(frame, "Again")
    assert stepping.trace.exchanges == ()
    assert controls(frame).named("Next: Discover the provider").enabled
    assert not controls(frame).named("Back").enabled
    assert "No way back: nothing was sent yet." in says(frame, "bar")


def test_what_comes_from_outside_is_text(lab: Lab) -> None:
    """The name of an application is shown as it is, in the lists, the diagram, the page and the messages."""
    application = lab.applications.create(name=HOSTILE, type="SPA", redirect_uris=["https://hostile.example/callback"])
    frame = make(lab.step(application, user="anna", prompt="consent", by_hand=True))
    press(frame, "To the end")
    everything = shown(frame) + "".join(each.value for each in frame._places["messages"].children)
    assert "<img src=x" not in everything
    assert controls(frame).named("Application").options[application.client_id].startswith(HOSTILE)

"""What a notebook shows of a flow to step through: complete, escaped, at rest where no kernel runs."""

from collections.abc import Iterator

import pytest

from oidc_lab import Lab
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.views import closeup, sequence, stepper, stepper_bar, stepper_past
from tests.views.pressing import Controls
from tests.views.reading import HOSTILE, KEPT, Page, html, picture, words

WRONG = "w" * 43
# What a control at rest is made of.
AT_REST = KEPT | {"button"}


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as made:
        yield made


@pytest.fixture
def stepping(lab: Lab) -> Stepping:
    return lab.step("web-shop", user="anna")


def until(stepping: Stepping, title: str) -> Stepping:
    while stepping.next_step is not None and stepping.next_step.title != title:
        stepping.next()
    assert stepping.next_step is not None, title
    return stepping


def plain(stepping: Stepping) -> str:
    return str(stepping._repr_mimebundle_()["text/plain"])


def test_every_parameter_stands_with_its_value_and_meaning(stepping: Stepping) -> None:
    """OIDCC-3.1.2.1"""
    until(stepping, "Send the user to sign in")
    page = Page(html(stepping))
    assert stepping.next_step is not None
    for name, value in stepping.next_step.request.parameters.items():
        row = page.cells.index(name)
        assert page.cells[row + 1] == value
        assert page.cells[row + 2]
        assert f"{name}: {value}" in plain(stepping)
    assert "GET https://provider.test/authorize" in page.text


def test_live_each_parameter_is_a_field_that_shows_all_of_its_value(stepping: Stepping) -> None:
    until(stepping, "Redeem the code")
    read = Controls(stepper.show_request(stepping, live=True))
    assert stepping.next_step is not None
    for name, value in stepping.next_step.request.parameters.items():
        field = read.named(f"Value of {name}")
        assert field.value == value
        assert field.enabled
        assert int(field.attributes["rows"]) * 50 >= len(value)
        assert read.named(name).value == "on"


def test_a_request_without_parameters_says_so(stepping: Stepping) -> None:
    assert "This request has no parameters." in Page(html(stepping)).text


def test_what_was_changed_is_said_in_words(stepping: Stepping) -> None:
    until(stepping, "Redeem the code")
    assert stepping.next_step is not None
    was = stepping.next_step.request.parameters
    stepping.change(code_verifier=WRONG, redirect_uri=None, further="1")
    page = Page(html(stepping))
    assert f"{WRONG}changed; was {was['code_verifier']}" in page.cells
    assert f"left out; was {was['redirect_uri']}" in page.cells
    assert "1added" in page.cells
    assert "Changed by hand: redirect_uri left out, code_verifier changed, further added" in page.text
    assert f"code_verifier: {WRONG}  (changed; was {was['code_verifier']})" in plain(stepping)
    assert "redirect_uri: left out" in plain(stepping)


def test_live_what_was_left_out_can_be_put_back(stepping: Stepping) -> None:
    until(stepping, "Redeem the code")
    assert stepping.next_step is not None
    was = stepping.next_step.request.parameters["code_verifier"]
    stepping.change(code_verifier=None)
    read = Controls(stepper.show_request(stepping, live=True))
    assert read.named("code_verifier").value == ""
    assert read.named("Value of code_verifier").value == was
    assert not read.named("Value of code_verifier").enabled


def test_basic_credentials_are_taken_apart_before_they_go(stepping: Stepping) -> None:
    """RFC6749-2.3.1"""
    page = Page(stepper.show_request(until(stepping, "Redeem the code"), live=False))
    assert page.cells[page.cells.index("client_secret") + 1] == "test-secret-of-the-web-shop"


def test_a_token_among_the_parameters_is_taken_apart(lab: Lab) -> None:
    """OIDCRIL-2: the hint is an ID Token."""
    lab.sign_in("web-shop", "anna").finish()
    stepping = until(lab.step("web-shop", user="anna", flow="sign-out"), "Send the user to sign out")
    page = Page(html(stepping))
    assert "id_token_hint taken apart" in page.summaries
    assert page.cells[page.cells.index("sub") + 1] == "anna"


def test_json_among_the_parameters_is_laid_out(stepping: Stepping) -> None:
    """OIDCC-5.5"""
    until(stepping, "Send the user to sign in").change(claims='{"userinfo": {"email": null}}', broken="{no")
    assert "claims taken apart" in Page(html(stepping)).summaries
    assert "broken taken apart" not in Page(html(stepping)).summaries


def test_the_answer_stands_with_its_checks(stepping: Stepping) -> None:
    """OIDCC-3.1.3.7"""
    until(stepping, "Ask who the user is")
    page = Page(stepper_past.show_answer(stepping))
    last = stepping.trace.exchanges[-1]
    assert last.checks
    for check in last.checks:
        assert page.cells[page.cells.index(check.what) + 1 :][:2] == [check.seen, check.expected]


def test_where_the_user_must_act_the_static_form_has_the_page_in_words(stepping: Stepping) -> None:
    """OIDCC-3.1.2.3"""
    until(stepping, "Anna Lindqvist signs in with one click")
    assert stepping.page is not None
    page = Page(html(stepping))
    for said in (stepping.page.title, "Username, Password", "Sign in, Cancel"):
        assert said in page.text
        assert said in plain(stepping)
    assert "Or let the lab do it:Anna Lindqvist signs in with one click" in page.text


@pytest.mark.parametrize("live", [True, False])
def test_what_bars_the_way_back_stands_beside_the_button(stepping: Stepping, live: bool) -> None:
    assert "nothing was sent yet" in Page(stepper_bar.show_bar(stepping, live=live)).text
    stepping.next()
    said = Page(stepper_bar.show_bar(stepping, live=live)).text
    assert "Back takes back message 1, Discover the provider" in said


def test_at_rest_nothing_can_be_pressed(stepping: Stepping) -> None:
    stepping.finish()
    buttons = Controls(html(stepping)).all
    assert {"Next", "Back", "To the end", "Again", "Refresh"} <= {each.name for each in buttons}
    assert not [each.name for each in buttons if each.enabled]


@pytest.mark.parametrize(
    "title", ["Discover the provider", "Anna Lindqvist signs in with one click", "Redeem the code", ""]
)
def test_at_rest_only_what_survives_is_used(stepping: Stepping, title: str) -> None:
    until(stepping, title) if title else stepping.finish()
    page = Page(html(stepping))
    assert set(page.tags) <= AT_REST
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "id"]


def test_at_rest_the_diagram_is_whole(stepping: Stepping) -> None:
    stepping.finish()
    numbers = [each for each in words(picture(html(stepping))) if each.isdigit()]
    assert numbers == [str(number) for number, _ in enumerate(stepping.trace.exchanges, 1)]


def test_a_close_look_leaves_a_short_diagram_as_it_is(stepping: Stepping) -> None:
    stepping.next()
    assert closeup.show(stepping.trace, stepping.next_step) == sequence.image(stepping.trace, stepping.next_step)
    stepping.finish()
    near, whole = picture(closeup.show(stepping.trace)), picture(sequence.image(stepping.trace))
    assert near.get("width") == whole.get("width")
    assert float(near.get("height", "")) < float(whole.get("height", ""))
    assert words(near) == words(whole)


def test_nothing_begins_and_the_sentence_says_why(lab: Lab) -> None:
    stepping = lab.step("web-shop", user="anna", flow="refresh")
    assert stepping.problem
    for shown in (Page(html(stepping)).text, plain(stepping)):
        assert stepping.problem[1:].rstrip(".") in shown
    assert "table" in Page(html(stepping)).tags, "what was picked stays to be seen"


def test_branches_are_listed_with_how_they_ended_and_where_they_part(stepping: Stepping) -> None:
    until(stepping, "Redeem the code").change(code_verifier=WRONG)
    stepping.next()
    assert "branch" not in Page(html(stepping)).cells
    stepping.back()
    stepping.finish()
    page = Page(html(stepping))
    assert "the first" in page.cells
    assert "after message 7 of branch 1" in page.cells
    assert stepping.branches[0].ended in page.cells
    assert "First difference: message 8, Redeem the code" in page.text
    assert f"branch 2 (here): {stepping.branches[1].ended}" in plain(stepping)


def test_what_comes_from_outside_is_escaped(lab: Lab) -> None:
    application = lab.applications.create(name=HOSTILE, type="SPA", redirect_uris=["https://hostile.example/callback"])
    stepping = lab.step(application, user="anna", prompt="consent", login_hint=HOSTILE, by_hand=True)
    while stepping.next_step is not None and not stepping.awaits:
        stepping.change(**{HOSTILE: HOSTILE}) if not stepping.trace.exchanges else None
        stepping.next()
    shown = html(stepping)
    assert set(Page(shown).tags) <= AT_REST
    assert "<img src=x" not in shown
    assert HOSTILE in Page(shown).text

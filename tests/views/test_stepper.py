"""What a notebook shows of a flow to step through: complete, escaped, at rest where no kernel runs."""

import re
from collections.abc import Iterator

import pytest

from oidc_lab import Lab
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.views import branches, closeup, request_editor, sequence, stepper, stepper_bar, stepper_past
from oidc_lab.views.mermaid import mermaid
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


def test_beside_the_page_stands_what_the_picked_user_types(stepping: Stepping, lab: Lab) -> None:
    """OIDCC-3.1.2.3"""
    until(stepping, "Anna Lindqvist signs in with one click")
    said = f"username anna, password {lab.passwords['anna']}"
    for shown in (html(stepping), stepper.show_page(stepping, live=True)):
        assert f"To sign in there, type test data of this lab: {said}" in Page(shown).text
    assert f"test data to type there: {said}" in plain(stepping)
    stepping.next()
    assert lab.passwords["anna"] not in html(stepping)


def test_flows_that_an_application_does_not_have_stand_there_with_the_reason(lab: Lab) -> None:
    """RFC6749-4.4"""
    stepping = lab.step("night-report", flow="client-credentials")
    because = "nobody signs in to Night Report, a machine-to-machine application: it acts for itself"
    shown = stepper.show_flows(stepping, live=True)
    marks = {each.name: each for each in Controls(shown).all}
    assert not marks["Sign in (not available)"].enabled
    assert marks["Client credentials"].enabled
    assert because in Page(shown).text
    for text in (Page(html(stepping)).text, plain(stepping)):
        assert "Sign in, Refresh, Userinfo, Sign out: " + because in text
    assert "not available" not in Page(stepper.show_flows(lab.step("web-shop"), live=True)).text


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
    assert f"branch 2 (here): code_verifier unchanged; {stepping.branches[1].ended}" in plain(stepping)


def names(shown: str) -> list[str]:
    """What stands in the first column of the list of branches."""
    cells = Page(shown).cells
    return [cells[at] for at in range(0, len(cells), 4)]


def test_a_branch_is_named_by_what_was_done_differently_and_the_title_stands_once(stepping: Stepping) -> None:
    """OIDCC-3.1.1"""
    until(stepping, "Redeem the code").finish()
    for changed in ({"code_verifier": WRONG}, {"code_verifier": None}, {"redirect_uri": "x"}):
        while stepping.trace.exchanges[-1].step.title != "Redeem the code":
            stepping.back()
        stepping.back()
        stepping.change(**changed)
        stepping.finish()
    shown = branches.show(stepping, live=False)
    expected = ["1 as the flow built it", "2 code_verifier changed", "3 without code_verifier", "4 redirect_uri=x"]
    assert names(shown) == expected
    assert Page(shown).text.count("Anna Lindqvist signs in to Web Shop") == 1
    lines = branches.text(stepping)
    assert [line.split("; ")[0].replace(" (here)", "") for line in lines[1:]] == [
        f"branch {each[0]}: {each[2:]}" for each in expected
    ]
    chosen = branches.show_choice(stepping, (0, 1), live=True)
    assert "Branch 2: code_verifier changed" in Page(chosen).text


def test_a_branch_that_only_declines_is_named_so(lab: Lab) -> None:
    """OIDCC-3.1.2.4"""
    stepping = until(lab.step("web-shop", user="ben", prompt="consent"), "Benjamin Okafor agrees")
    stepping.next()
    stepping.back()
    stepping.change(action="deny")
    stepping.next()
    assert names(branches.show(stepping, live=False)) == ["1 as the flow built it", "2 action=deny"]


def test_a_first_branch_is_named_by_what_it_sent_otherwise_than_it_was_built(lab: Lab) -> None:
    stepping = until(lab.step("web-shop", user="anna"), "Redeem the code")
    stepping.change(code_verifier=WRONG)
    stepping.next()
    stepping.back()
    stepping.next()
    assert names(branches.show(stepping, live=False)) == ["1 code_verifier changed", "2 code_verifier unchanged"]


def test_branches_that_differ_in_nothing_but_the_time_say_so(lab: Lab) -> None:
    stepping = lab.step("web-shop", user="anna")
    stepping.next()
    stepping.back()
    lab.clock.advance(days=1)
    stepping.next()
    assert names(branches.show(stepping, live=False)) == ["1 as the flow built it", "2 at another time"]


def test_a_sentence_that_begins_with_a_name_of_the_wire_has_no_capital(lab: Lab) -> None:
    """OIDCC-3.1.2.1: Max_age is no parameter."""
    shown = Page(stepper_bar.show_lead(lab.step("web-shop", user="anna", max_age="abc"))).text
    assert "max_age is a whole number of seconds, not 'abc'." in shown
    capital = Page(stepper_bar.show_lead(lab.step("web-shop", user="anna", flow="refresh"))).text
    assert capital[0].isupper()


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


@pytest.mark.parametrize("live", [True, False])
def test_a_value_cannot_leave_its_field(lab: Lab, live: bool) -> None:
    """CSP3-6: neither the field it is typed in, nor what it was."""
    leaving = f"</textarea></code>{HOSTILE}"
    stepping = until(lab.step("web-shop", user="anna", login_hint=leaving), "Send the user to sign in")
    for value in (leaving, "other", None):
        stepping.change(login_hint=value)
        shown = stepper.show_request(stepping, live=live)
        assert "<img" not in shown
        assert leaving in Page(shown).text or (value is None and not live)
        assert not live or Controls(shown).named("Value of login_hint").value == (leaving if value is None else value)


def test_a_password_that_was_typed_is_in_no_file(lab: Lab) -> None:
    """Before it goes and after, in pictures, in plain lines, and where two ways are laid side by side."""
    stepping = lab.step("web-shop", user="anna", by_hand=True)
    stepping.finish()
    fill_in(stepping, "typed-first")
    due = [stepping.next_step, stepping]
    assert all("••••••••" in form for form in stepping._repr_mimebundle_().values())
    read = Controls(stepper.show_request(stepping, live=True))
    assert read.named("Value of password").value == "typed-first", "live it can be looked at"
    stepping.change(password="typed-then")
    said = [form for each in (*due, stepping) for form in each._repr_mimebundle_().values()]  # type: ignore[union-attr]
    stepping.next()
    stepping.back()
    fill_in(stepping, "typed-otherwise")
    stepping.next()
    assert stepping.run is not None
    assert stepping.run.trace.exchanges[-1].request.parameters["password"] == "typed-otherwise"
    compared = stepping.compare(0, 1)
    first = compared.first
    assert first is not None
    assert "password" in [each.name for each in first.differences]
    shown = (stepping, stepping.run, stepping.trace, stepping.trace.exchanges[-1], compared)
    said += [form for each in shown for form in each._repr_mimebundle_().values()]
    said += [sequence.svg(stepping.trace), mermaid(stepping.trace), *map(str, first.differences)]
    assert not [form for form in said if "typed-" in form]


def test_a_password_that_the_lab_types_is_in_no_file(lab: Lab) -> None:
    """Neither the one that was to be sent, nor the one in its place."""
    run = lab.sign_in("web-shop", "anna", password="typed-first")
    while run.next_step is not None and "password" not in run.next_step.request.parameters:
        run.advance()
    built = run.next_step
    assert built is not None
    run.change(password="typed-then")
    assert run.next_step is not None
    said = [request_editor.show(run.next_step, built, live=False), *request_editor.text(run.next_step, built)]
    said += run._repr_mimebundle_().values()
    run.advance()
    said += run._repr_mimebundle_().values()
    assert "was ••••••••" in Page(said[0]).text
    assert not [form for form in said if "typed-" in form]


def fill_in(stepping: Stepping, password: str) -> None:
    """Type a password into the page that waits, its hidden fields as they are."""
    assert stepping.page is not None
    fields = [each.attributes | {"value": each.value} for each in Controls(stepping.page.html).all]
    hidden = [(each["name"], each["value"]) for each in fields if each.get("type") == "hidden"]
    stepping.fill("/sign-in", [*hidden, ("username", "anna"), ("password", password), ("action", "sign-in")])


def test_a_comparison_numbers_the_messages_of_each_side(lab: Lab) -> None:
    """OIDCC-3.1.1: where one way is longer, the same message has another number there."""
    lab.sign_in("web-shop", "anna").finish()
    stepping = lab.step("web-shop", user="anna", prompt="login")
    stepping.finish()
    stepping.again()
    stepping.next()
    stepping.change(prompt="login consent")
    stepping.finish()
    shown = branches.table(stepping.compare(0, 1))
    assert "<td" in shown
    numbers = re.findall(r"<td[^>]*>(\d+(?: and \d+)?)</td>", shown)
    assert numbers == ["1", "2", "3", "4", "5", "6", "5 and 7", "6 and 8", "7 and 9", "8 and 10"]

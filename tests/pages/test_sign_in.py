"""The sign-in page and the choice of an account."""

import pytest

from oidc_lab.pages.sign_in import DemoUser, select_account_page, sign_in_page

FORM = {
    "stylesheet": "s",
    "action": "/sign-in",
    "interaction": "i",
    "csrf": "c",
    "application": "Photo Album",
}
ALICE = DemoUser(sub="u1", name="Alice Liddell", username="alice")


@pytest.fixture
def page(read):
    def make(**values):
        return read(sign_in_page(**{**FORM, "application_description": "Keeps your pictures.", **values}))

    return make


def test_it_says_which_application_asks(page):
    header = page().find("body/main/header")
    assert "".join(header.find("h1").itertext()) == "Photo Album asks you to sign in"
    assert header.findtext("p") == "Keeps your pictures."


def test_enter_in_a_field_signs_in(page, element):
    """A browser presses the first submit button of the form in tree order."""
    tree = page(demo_users=[ALICE])
    first = next(element(tree, "sign-in-form").iter("button"))
    assert (first.get("id"), first.get("name"), first.get("value")) == ("sign-in", "action", "sign-in")
    assert next(tree.iter("button")) is first


def test_a_demo_user_is_one_click_that_carries_no_password(page, element):
    tree = page(demo_users=[ALICE])
    form = element(tree, "demo-users")
    assert {field.get("name") for field in form.iter("input")} == {"interaction", "csrf"}
    button = element(tree, "demo-user-u1")
    assert button in list(form.iter("button"))
    assert (button.get("name"), button.get("value")) == ("demo_user", "u1")


def test_the_shortcut_is_marked_as_the_labs_own(page):
    assert "no password is checked" in "".join(page(demo_users=[ALICE]).itertext())
    assert "shortcut" not in "".join(page().itertext())


def test_cancel_needs_no_input(page, element):
    cancel = element(page(), "cancel")
    assert (cancel.get("name"), cancel.get("value")) == ("action", "cancel")
    assert cancel.get("formnovalidate") is not None


def test_a_password_manager_finds_its_fields(page, element):
    tree = page(login_hint="alice")
    assert element(tree, "username").get("autocomplete") == "username"
    assert element(tree, "username").get("value") == "alice"
    assert element(tree, "password").get("autocomplete") == "current-password"
    assert element(tree, "password").get("value") is None


@pytest.mark.parametrize(("hint", "first"), [("", "username"), ("alice", "password")])
def test_the_first_field_to_fill_has_the_focus(page, hint, first):
    focused = [field.get("id") for field in page(login_hint=hint).iter() if "autofocus" in field.attrib]
    assert focused == [first]


def test_a_problem_is_announced_and_tied_to_the_fields(page, element, text):
    tree = page(problem="The password is not right.")
    assert element(tree, "problem").get("role") == "alert"
    assert text(tree, "problem") == "The password is not right."
    for field in ("username", "password"):
        assert element(tree, field).get("aria-describedby") == "problem"
        assert element(tree, field).get("aria-invalid") == "true"
    assert tree.findtext("head/title").startswith("Problem: ")


def test_without_a_problem_nothing_is_announced(page):
    assert not [e for e in page().iter() if e.get("role") == "alert" or e.get("aria-invalid")]


def test_the_reason_is_told(page):
    reason = "The application asks you to sign in again (prompt=login)."
    assert reason in "".join(page(reason=reason).itertext())


def test_the_account_in_use_comes_first(read):
    tree = read(select_account_page(**FORM, account="Alice Liddell"))
    buttons = [(b.get("id"), b.get("name"), b.get("value")) for b in tree.iter("button")]
    assert buttons == [
        ("continue", "action", "continue"),
        ("other-account", "action", "other"),
        ("cancel", "action", "cancel"),
    ]
    assert "Continue as Alice Liddell" in "".join(next(tree.iter("button")).itertext())


def test_a_user_can_sign_in_to_the_provider_itself(page, element):
    tree = page(application=None, application_description="", interaction_name="back", demo_users=[ALICE])
    assert tree.findtext("body/main/header/h1") == "Sign in to see your applications"
    assert tree.findtext("head/title") == "Sign in to see your applications · OIDC Lab"
    for form in ("sign-in-form", "demo-users"):
        assert {
            f.get("name"): f.get("value") for f in element(tree, form).iter("input") if f.get("type") == "hidden"
        } == {
            "back": "i",
            "csrf": "c",
        }


def test_an_application_without_a_name_is_still_an_application(page):
    assert "asks you to sign in" in "".join(page(application="").find("body/main/header/h1").itertext())

"""Each control says what it is for, rests where nothing runs, and shows what comes from outside as text."""

from collections.abc import Callable

import pytest

from oidc_lab.views import controls
from tests.views.reading import HOSTILE, Page

# Every control, made of one text wherever it takes one.
CONTROLS: dict[str, Callable[[str, bool], str]] = {
    "button": lambda text, live: controls.button(text, text, live=live, name=text),
    "first button": lambda text, live: controls.button(text, text, live=live, first=True),
    "button that is off": lambda text, live: controls.button(text, text, live=live, off=text),
    "field": lambda text, live: controls.text_field(text, text, text, text, live=live, about=text),
    "wide field": lambda text, live: controls.text_field(text, text, text, text, live=live, rows=3, width=text),
    "password": lambda text, live: controls.text_field(text, text, text, text, live=live, password=True),
    "tick": lambda text, live: controls.tick(text, text, text, True, live=live, more=text),
    "choice": lambda text, live: controls.choice(text, text, text, [("", "none"), (text, text)], text, live=live),
}
STATIC: dict[str, Callable[[str], str]] = {
    "copier": lambda text: controls.copier(text, text),
    "download": lambda text: controls.download(text, text, text),
}
FORMS = ["button", "input", "select", "textarea"]


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("name", CONTROLS)
def test_what_comes_from_outside_is_text_wherever_it_stands(name: str, live: bool) -> None:
    """No tag and no attribute comes of it, and it reads as it was given."""
    harmless, hostile = Page(CONTROLS[name]("harmless", live)), Page(CONTROLS[name](HOSTILE, live))
    assert hostile.tags == harmless.tags
    assert [each[:2] for each in hostile.attributes] == [each[:2] for each in harmless.attributes]
    assert [value for *_, value in hostile.attributes if value == HOSTILE]


@pytest.mark.parametrize("name", STATIC)
def test_a_text_to_take_away_is_text(name: str) -> None:
    harmless, hostile = Page(STATIC[name]("harmless")), Page(STATIC[name](HOSTILE))
    assert hostile.tags == harmless.tags
    assert [each[:2] for each in hostile.attributes] == [each[:2] for each in harmless.attributes]
    assert hostile.text == HOSTILE


@pytest.mark.parametrize("name", CONTROLS)
def test_a_static_control_is_the_same_and_rests(name: str) -> None:
    """What a notebook shows that is only read: nothing that looks as if it could be used."""
    live, static = Page(CONTROLS[name]("x", True)), Page(CONTROLS[name]("x", False))
    assert static.tags == live.tags
    assert static.text == live.text
    used = [tag for tag in static.tags if tag in FORMS]
    assert used
    assert [tag for tag, attribute, _ in static.attributes if attribute == "disabled"] == used


@pytest.mark.parametrize("name", [name for name in CONTROLS if name != "button that is off"])
def test_a_live_control_can_be_used_and_says_what_it_does(name: str) -> None:
    page = Page(CONTROLS[name]("x", True))
    assert "disabled" not in [attribute for _, attribute, _ in page.attributes]
    assert [value for _, attribute, value in page.attributes if attribute == "data-do"] == ["x"]


def test_why_a_button_is_off_can_be_read() -> None:
    page = Page(controls.button("back", "Back", live=True, off="nothing was sent yet"))
    assert page.attribute("button", "title") == ["nothing was sent yet"]
    assert page.attribute("button", "disabled") == [""]


@pytest.mark.parametrize("name", ["field", "wide field", "password", "choice"])
def test_each_field_has_a_name_for_who_does_not_see_it(name: str) -> None:
    """WCAG 2.2 4.1.2."""
    page = Page(CONTROLS[name]("what it is", True))
    assert [value for _, attribute, value in page.attributes if attribute == "aria-label"] == ["what it is"]


def test_a_ticks_label_stands_beside_it() -> None:
    assert Page(controls.tick("agree", "agree", "She agrees", False, live=True)).text.strip() == "She agrees"
    assert "checked" not in controls.tick("agree", "agree", "She agrees", False, live=True)


def test_a_list_shows_what_is_chosen() -> None:
    page = Page(controls.choice("x", "x", "x", [("a", "First"), ("b", "Second")], "b", live=True))
    chosen = [value for tag, attribute, value in page.attributes if (tag, attribute) == ("option", "value")]
    assert chosen == ["a", "b"]
    assert page.attributes.index(("option", "selected", None)) > page.attributes.index(("option", "value", "b"))

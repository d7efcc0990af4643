"""The error page and the comparison it shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_lab.pages.difference import find_difference
from oidc_lab.pages.error import error_page
from oidc_lab.pages.render import visible


@pytest.fixture
def page(read):
    def make(**values):
        told = {
            "stylesheet": "s",
            "title": "Not registered",
            "what": "It is unknown.",
            "error": "invalid_request",
        }
        return read(error_page(**{**told, **values}))

    return make


def _marked(element):
    return ["".join(mark.itertext()) for mark in element.iter("mark")]


def test_it_says_what_was_wrong_and_how_the_wire_calls_it(page, text):
    tree = page(remedy="Register it.")
    assert tree.findtext("body/main/header/h1") == "Not registered"
    assert text(tree, "what") == "It is unknown."
    assert text(tree, "error") == "invalid_request"
    assert "Register it." in "".join(tree.itertext())


def test_nothing_is_compared_when_nothing_is_given(page):
    assert not list(page().iter("dl"))


def test_the_difference_is_marked_in_both_values(page, element, text):
    tree = page(registered=["https://a.example/callback"], received="https://a.example/caIlback")
    assert _marked(element(tree, "registered")) == ["l"]
    assert _marked(element(tree, "received")) == ["I"]
    assert text(tree, "received") == "https://a.example/caIlback"
    assert text(tree, "difference") == (
        "They part at character 21: registered is \u201cl\u201d, latin small letter l (U+006C), "
        "received was \u201cI\u201d, latin capital letter i (U+0049)."
    )


def test_a_missing_character_leaves_a_mark_in_the_gap(page, element):
    tree = page(registered=["https://a.example/cb"], received="https://a.example/cb/")
    assert _marked(element(tree, "registered")) == ["(missing here)"]
    assert _marked(element(tree, "received")) == ["/"]


def test_the_nearest_registered_value_is_compared_and_the_others_are_listed(page, text):
    registered = ["com.example.app:/cb", "https://a.example/cb", "http://127.0.0.1/cb"]
    tree = page(registered=registered, received="https://a.example/CB")
    assert text(tree, "registered") == "https://a.example/cb"
    shown = ["".join(item.itertext()).strip() for item in tree.iter("dd")]
    assert shown[2:] == ["com.example.app:/cb", "http://127.0.0.1/cb"]


def test_invisible_characters_are_shown(page, element, text):
    tree = page(registered=["https://a.example/cb"], received="https://a.example/\u200bcb ")
    assert text(tree, "received") == "https://a.example/U+200Bcb\u2423"
    assert "zero width space (U+200B)" in text(tree, "difference")


def test_a_letter_of_another_script_is_named(page, text):
    tree = page(registered=["https://a.example/"], received="https://\u0430.example/")
    assert "cyrillic small letter a (U+0430)" in text(tree, "difference")


@pytest.mark.parametrize(("received", "shown"), [(None, "Nothing was received."), ("", "(missing here)"), ("x", "x")])
def test_a_value_not_sent_is_not_an_empty_one(page, text, received, shown):
    assert text(page(registered=["https://a.example/"], received=received), "received") == shown


def test_all_registered_values_are_listed_when_nothing_was_received(page):
    tree = page(registered=["https://a.example/", "https://b.example/"])
    assert [item.findtext("code") for item in tree.iter("dd")][:2] == [
        "https://a.example/",
        "https://b.example/",
    ]
    assert not list(tree.iter("mark"))


def test_an_application_without_registered_values_is_told_so(page):
    assert "Nothing is registered." in "".join(page(received="https://a.example/").itertext())


def test_equal_values_are_not_marked(page, text):
    tree = page(registered=["https://a.example/"], received="https://a.example/")
    assert not list(tree.iter("mark"))
    assert text(tree, "difference") == "The two are equal."


def test_the_clause_is_a_link_only_to_a_web_page(page):
    assert [link.get("href") for link in page(clause="X-1", clause_url="https://x.example/#1").iter("a")] == [
        "https://x.example/#1"
    ]
    assert not list(page(clause="X-1", clause_url="javascript:alert(1)").iter("a"))
    assert "X-1" in "".join(page(clause="X-1").itertext())


@given(st.lists(st.text(max_size=8), min_size=1, max_size=4), st.text(max_size=8))
def test_the_parts_of_a_comparison_make_the_values_again(registered, received):
    found = find_difference(registered=registered, received=received)
    ours = found.registered.before + found.registered.differing + found.registered.after
    theirs = found.received.before + found.received.differing + found.received.after
    assert theirs == received
    assert sorted([ours, *found.others]) == sorted(registered)
    assert (found.registered.before, found.registered.after) == (found.received.before, found.received.after)
    assert (ours == theirs) == (not found.registered.differing and not found.received.differing)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_visible_value_holds_no_markup_and_no_invisible_character(value):
    shown = str(visible(value)).replace('<span class="invisible">', "").replace("</span>", "")
    assert "<" not in shown
    assert shown.isprintable()

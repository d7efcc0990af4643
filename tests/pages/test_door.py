"""The page that asks a trainer for the management token."""

from oidc_lab.pages.door import door_page

GIVEN = {"stylesheet": "s", "action": "/trainer", "csrf": "c"}


def test_it_asks_for_the_token_and_does_not_show_it(read, element):
    tree = read(door_page(**GIVEN))
    field = element(tree, "token")
    assert (field.get("type"), field.get("name"), field.get("value")) == ("password", "token", None)
    assert "autofocus" in field.attrib
    assert field.get("autocomplete") == "off", "it is no user's password, and this is where users have theirs"
    assert element(tree, "door-form").get("action") == "/trainer"
    assert not [e for e in tree.iter() if e.get("role") == "alert" or e.get("aria-invalid")]


def test_a_wrong_token_is_announced_and_tied_to_the_field(read, element, text):
    tree = read(door_page(**GIVEN, problem="This is not the management token."))
    assert element(tree, "problem").get("role") == "alert"
    assert text(tree, "problem") == "This is not the management token."
    assert element(tree, "token").get("aria-describedby") == "problem"
    assert tree.findtext("head/title").startswith("Problem: ")

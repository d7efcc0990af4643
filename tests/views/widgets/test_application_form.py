"""The live form without a kernel: what is typed is said to the draft, and the field in which it is typed stays."""

from collections.abc import Iterator

import pytest

from oidc_lab import Lab, views
from oidc_lab.views.widgets.application_form import make
from oidc_lab.views.widgets.frame import Frame
from tests.views.pressing import Control, controls, enter, press, shown
from tests.views.reading import HOSTILE, Page

CALLBACK = "https://book.example/callback"


@pytest.fixture
def lab() -> Iterator[Lab]:
    views.put_on()
    with Lab() as made:
        yield made


@pytest.fixture
def new(lab: Lab) -> Frame:
    return make(lab.applications.form())


@pytest.fixture
def shop(lab: Lab) -> Frame:
    return make(lab.applications["web-shop"].form())


def said(frame: Frame, name: str) -> str:
    """What stands beside a field."""
    return Page(frame.parts[f"said: {name}"].value).text


def copied(frame: Frame) -> dict[str, str]:
    """What each button copies."""
    found: list[Control] = [each for each in controls(frame).all if "data-copy" in each.attributes]
    return {each.name: each.attributes["data-copy"] for each in found}


def error(frame: Frame) -> str:
    return Page(frame._error.value).text


def test_a_single_page_app_is_registered_by_hand(lab: Lab, new: Frame) -> None:
    """OIDCR-3.1"""
    assert not controls(new).named("Save the new application").enabled
    enter(new, "Application type", "SPA")
    enter(new, "Application name", "Photo Book")
    enter(new, "Redirect URIs", CALLBACK)
    enter(new, "Always issue refresh token", "on")
    press(new, "Save the new application")
    (made,) = [each for each in lab.applications.values() if each.name == "Photo Book"]
    assert (made.redirect_uris, made.always_issue_refresh_token) == ((CALLBACK,), True)
    for part in ("head", "outcome"):
        assert f'data-copy="{made.client_id}"' in new.parts[part].value
    assert copied(new)["Copy token_endpoint"] == made.endpoints["token_endpoint"]
    assert "Photo Book is registered." in Page(new.parts["outcome"].value).text
    assert "Nothing is changed." in shown(new)


def test_the_field_that_is_typed_in_is_not_drawn_again(new: Frame) -> None:
    """HTML-4.10.18.7: what is typed and the place of the cursor stay."""
    drawn: list[str] = []
    for part in (*(name for name in new.parts if f"said: {name}" in new.parts), "next secret", "search"):
        new.parts[part].observe(lambda change: drawn.append(change["new"]), "value")
    for text in ("P", "Ph", "Pho"):
        enter(new, "Application name", text)
    enter(new, "Redirect URIs", "https://book.example/callback\nhttps://")
    enter(new, "Always issue refresh token", "on")
    enter(new, "Search: name, client_id, type, redirect URI", "shop")
    assert drawn == []
    assert "✓ ok" in said(new, "name")
    assert "✗ Line 2" in said(new, "redirect_uris")


def test_what_it_does_and_what_is_wrong_follow_what_is_typed(new: Frame) -> None:
    """OIDCR-2"""
    assert "○ Needed" in said(new, "name")
    enter(new, "Application name", "x" * 257)
    assert "✗ it must have 1 to 256 characters" in said(new, "name")
    enter(new, "ID token time to live (TTL)", "90 minutes")
    assert "An ID Token lives 90 minutes." in said(new, "id_token_ttl")
    assert said(new, "always_issue_refresh_token").startswith("Off: ")
    enter(new, "Always issue refresh token", "on")
    assert said(new, "always_issue_refresh_token").startswith("On: always a refresh token")
    assert "OIDCC-11" in said(new, "always_issue_refresh_token")
    assert "It can be saved." not in shown(new)


def test_another_type_has_other_settings(new: Frame) -> None:
    """OIDCR-2: what it does not have stays to be seen, with the reason."""
    assert not controls(new).named("Rotate refresh token").enabled
    assert "Not available. It has no switch" in said(new, "rotate_refresh_token")
    enter(new, "Redirect URIs", CALLBACK)
    enter(new, "Application type", "Traditional")
    assert controls(new).named("Rotate refresh token").enabled
    enter(new, "Application type", "MachineToMachine")
    uris = controls(new).named("Redirect URIs")
    assert (uris.enabled, uris.value) == (False, CALLBACK)
    enter(new, "Application name", "Night Report")
    assert not controls(new).named("Save the new application").enabled
    press(new, "Take it away")
    assert controls(new).named("Redirect URIs").value == ""
    assert controls(new).named("Save the new application").enabled


def test_undo_puts_back_what_is_saved_also_in_the_fields(shop: Frame) -> None:
    """HTML-4.10.18.7: what was typed is not what was drawn."""
    before = controls(shop).named("Application name").value
    drawn = shop.parts["name"].value
    enter(shop, "Application name", "Other")
    assert "Changed; saved is: Web Shop" in said(shop, "name")
    press(shop, "Undo changes")
    assert controls(shop).named("Application name").value == before == "Web Shop"
    assert shop.parts["name"].value != drawn  # sent to the page again
    assert not controls(shop).named("Undo changes").enabled


def test_a_secret_is_shown_with_a_button_that_copies_it_until_it_is_put_away(lab: Lab, new: Frame) -> None:
    """RFC6749-10.1"""
    enter(new, "Application type", "Traditional")
    enter(new, "Application name", "Photo Book")
    press(new, "Save the new application")
    (made,) = [each for each in lab.applications.values() if each.name == "Photo Book"]
    assert copied(new)["Copy the secret"] == made.client_secret
    assert "Nobody shows it again" in shown(new)
    press(new, "I have it")
    assert made.client_secret
    assert made.client_secret not in shown(new)


def test_secrets_are_added_and_deleted(lab: Lab, shop: Frame) -> None:
    """RFC6749-2.3.1"""
    names = [each.name for each in lab.applications["web-shop"].secrets]
    assert not controls(shop).named("Add a secret").enabled
    enter(shop, "Days until it expires (none: never)", "soon")
    assert "Days: it must be a whole number" in Page(shop.parts["adding"].value).text
    enter(shop, "Name of a new secret", "second")
    enter(shop, "Days until it expires (none: never)", "99999")
    press(shop, "Add a secret")
    assert "Days: it must be a whole number from 1 to 3650" in Page(shop.parts["adding"].value).text
    enter(shop, "Days until it expires (none: never)", "30")
    press(shop, "Add a secret")
    assert sorted(each.name for each in lab.applications["web-shop"].secrets) == sorted([*names, "second"])
    assert len(copied(shop)["Copy the secret"]) > 30
    assert controls(shop).named("Name of a new secret").value == ""
    shop.do("delete secret", name="second")
    assert [each.name for each in lab.applications["web-shop"].secrets] == names


def test_advice_is_played_below_its_group(shop: Frame) -> None:
    """RFC9700-2.6"""
    enter(shop, "Redirect URIs", "http://shop.example/callback\nnowhere")
    assert "Show it" not in said(shop, "redirect_uris")  # it is refused, which is enough to be said
    enter(shop, "Redirect URIs", "http://shop.example/callback")
    press(shop, "Show it")
    part = shop.parts["played: Where users are sent, and who may call"]
    assert "in the clear" in Page(part.value).text
    press(shop, "Close")
    assert part.value == ""
    assert error(shop) == ""


def test_the_list_is_searched_and_opens_an_application(lab: Lab, new: Frame) -> None:
    """RFC7592-2.1"""
    enter(new, "Application name", "Photo Book")
    enter(new, "Search: name, client_id, type, redirect URI", "album")
    assert "1 of 4 applications" in shown(new)
    assert [each.name for each in controls(new).all if each.data.get("do") == "open"] == ["Photo Album"]
    press(new, "Photo Album")
    assert controls(new).named("Application name").value == "Photo Album"
    assert not controls(new).named("Application type").enabled
    press(new, "New application")
    assert controls(new).named("Application name").value == "Photo Book"
    lab.applications["photo-album"].delete()
    new.do("open", client_id="photo-album")
    assert "there is no application 'photo-album'" in error(new)


def test_what_somebody_else_changed_is_said_beside_the_field(lab: Lab, shop: Frame) -> None:
    """RFC7592-2.2"""
    enter(shop, "Application name", "Mine")
    lab.applications["web-shop"].update(name="Theirs")
    press(shop, "Save")
    assert "somebody else changed the same meanwhile" in error(shop)
    assert "Somebody else saved meanwhile: Theirs" in said(shop, "name")
    press(shop, "Save")
    assert (lab.applications["web-shop"].name, error(shop)) == ("Mine", "")


def test_the_form_follows_the_profile_when_it_is_read_anew(lab: Lab, new: Frame) -> None:
    """OIDCR-2"""
    lab.profile = "logto"
    press(new, "Refresh")
    assert controls(new).named("Rotate refresh token").enabled
    assert "profile logto" in Page(new.parts["head"].value).text


def test_deleting_asks_first_and_leaves_what_it_was(lab: Lab, shop: Frame) -> None:
    """RFC7592-2.3"""
    page = Page(shop.parts["deletion"].value)
    assert page.summaries == ["Delete this application…"]
    assert "every code, token and grant" in page.text
    shop.do("delete")
    assert "web-shop" not in lab.applications
    assert controls(shop).named("Application name").value == "Web Shop"
    assert controls(shop).named("Save the new application").enabled


def test_what_was_deleted_stays_in_the_list_of_what_is_not_saved(lab: Lab, shop: Frame) -> None:
    """RFC7592-2.3"""
    assert "Not saved yet" not in Page(shop.parts["entries"].value).text
    shop.do("delete")
    press(shop, "Photo Album")
    assert controls(shop).named("Application name").value == "Photo Album"
    press(shop, "Web Shop")
    assert controls(shop).named("Application name").value == "Web Shop"
    assert Page(shop.parts["entries"].value).text.endswith("Not saved yetWeb ShopTraditional web · open")
    press(shop, "Save the new application")
    assert "Not saved yet" not in Page(shop.parts["entries"].value).text


def test_two_views_of_one_form_show_the_same(lab: Lab, shop: Frame) -> None:
    """OIDCR-2"""
    other = make(lab.applications["web-shop"].form())
    enter(shop, "Application name", "Other")
    assert controls(other).named("Application name").value == "Other"
    lab.applications["web-shop"].form().set(name="From code")
    assert controls(shop).named("Application name").value == "From code"


def test_a_field_says_where_what_is_said_of_it_stands(lab: Lab, new: Frame) -> None:
    """WCAG22-1.3.1: each in its own view, though there are two."""
    pages = [Page(shown(each)) for each in (new, make(lab.applications["web-shop"].form()))]
    for page in pages:
        ids = [value for _, name, value in page.attributes if name == "id"]
        pointed = [value for _, name, value in page.attributes if name == "aria-describedby"]
        assert pointed
        assert set(pointed) <= set(ids)
        assert len(ids) == len(set(ids))
    first, other = ({value for _, name, value in page.attributes if name == "id"} for page in pages)
    assert not first & other


def test_what_comes_from_outside_is_text(lab: Lab, new: Frame) -> None:
    """CSP3-6"""
    enter(new, "Application type", "Traditional")
    enter(new, "Application name", HOSTILE)
    enter(new, "Description", HOSTILE)
    press(new, "Save the new application")
    new.do("enter secret", name="name", value=HOSTILE)
    press(new, "Add a secret")
    assert "img" not in Page(shown(new)).tags
    assert HOSTILE in Page(shown(new)).text

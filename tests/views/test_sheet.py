"""An application as the present profile reads it, and a user: every row, escaped, also in plain text, no secret."""

from collections.abc import Mapping

import pytest

from oidc_lab import Lab, views
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.sheet import Sheet
from oidc_lab.domain.user import User
from tests.views.reading import HOSTILE, KEPT, Page, html


@pytest.fixture(autouse=True)
def put_on() -> None:
    views.put_on()


def shown(thing: object) -> Mapping[str, str]:
    return thing._repr_mimebundle_()  # type: ignore[attr-defined,no-any-return]


def test_each_setting_has_its_value_and_what_it_does_in_the_present_profile(lab: Lab) -> None:
    """OIDCR-2"""
    album = lab.applications["photo-album"]
    for profile in Profile:
        lab.profile = profile
        page, text = Page(html(album)), shown(album)["text/plain"]
        assert set(page.tags) <= KEPT
        assert len(page.cells) == 3 * len(album.differences())
        assert f"effect in the profile {profile}" in page.text
        for each in album.differences():
            for said in (each.label, each.setting, each.value, each.under(profile)):
                assert said in page.text
                assert said in text
    assert album.differences().of("rotate_refresh_token").documented not in text


def test_a_default_is_told_from_what_was_set(lab: Lab) -> None:
    """OIDCR-2"""
    shop = lab.applications["web-shop"]
    left = sum(not each.is_set for each in shop.differences())
    assert Page(html(shop)).text.count(" by default") == left
    changed = shop.update(rotate_refresh_token=True)
    assert Page(html(changed)).text.count(" by default") == left - 1
    assert shown(changed)["text/plain"].count(", by default") == left - 1


def test_no_secret_and_no_password_is_shown(lab: Lab) -> None:
    """RFC6749-10.1"""
    made = lab.applications.create(name="Mine", type="Traditional")
    zoe = lab.users.create("zoe", password="a-test-password")
    assert made.client_secret
    for form in (*shown(made).values(), str(made), repr(made)):
        assert made.client_secret not in form
    assert not any("a-test-password" in form for form in shown(zoe).values())


def test_a_user_is_shown_with_every_claim(lab: Lab) -> None:
    """OIDCC-5.1"""
    anna = lab.users["anna"]
    page, text = Page(html(anna)), shown(anna)["text/plain"]
    assert len(page.cells) == 2 * len(anna.claims)
    assert text.startswith("anna: Anna Lindqvist, username anna\n")
    for said in (*anna.claims, "Anna Lindqvist", '"country": "Sweden"', "true", "Stockholms län"):
        assert said in page.text
        assert said in text
    nobody = User(sub="nobody", username="nobody")
    assert "no claims" in html(nobody)
    assert "no claims" in shown(nobody)["text/plain"]


def test_what_comes_from_outside_is_escaped() -> None:
    """CSP3-6: a name or a claim is never read as HTML."""
    named = Application(client_id="x", type=ApplicationType.SPA, name=HOSTILE, description=HOSTILE)
    for thing, times in (
        (Sheet(named, Profile.LOGTO), 3),
        (User(sub="x", username=HOSTILE, claims={HOSTILE: HOSTILE}), 4),
    ):
        page = Page(html(thing))
        assert set(page.tags) <= KEPT - {"img"}
        assert page.text.count(HOSTILE) == times


def test_what_is_printed_is_short(lab: Lab) -> None:
    """OIDCR-2"""
    album = lab.applications["photo-album"]
    assert str(album) == "photo-album: Photo Album, a single page app"
    unlike = ", ".join(each.label for each in album.differences().disagreeing)
    number = f"{len(album.differences().disagreeing)} of {len(album.differences())}"
    assert str(album.differences()) == f"photo-album: the profiles treat {number} settings differently: {unlike}"
    advices = lab.applications["web-shop"].advice()
    assert str(advices).startswith("web-shop under documented: 1 to advise\n- secrets = Default secret: ")
    assert str(album.advice(Profile.STRICT)) == "photo-album under strict: nothing to advise"

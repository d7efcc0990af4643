"""What the three profiles make of one registration."""

from datetime import timedelta
from itertools import product

import pytest

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.differences import Difference, Differences
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.settings import SETTINGS, availability

NATIVE, SPA, TRADITIONAL, MACHINE = ApplicationType


def application(**changes):
    given = {"client_id": "shop", "type": TRADITIONAL, "name": "Shop", **changes}
    return Application(**given)


@pytest.mark.parametrize("kind", ApplicationType)
def test_there_is_a_row_for_every_setting_that_some_profile_has_for_the_type(kind):
    """OIDCR-2"""
    rows = [each.setting for each in application(type=kind).differences()]
    assert rows == [
        name
        for name in SETTINGS
        if name not in {"client_id", "created_at"}
        and any(availability(name, kind, profile).available for profile in Profile)
    ]


def test_a_setting_that_was_not_set_shows_its_default():
    """RFC9700-4.14.2"""
    found = application().differences()
    assert {name: found.of(name).value for name in ("refresh_token_ttl_in_days", "rotate_refresh_token")} == {
        "refresh_token_ttl_in_days": "14 days",
        "rotate_refresh_token": "on",
    }
    assert {each.setting for each in found if each.is_set} == {"type", "name", "secrets"}
    set_to_default = application(refresh_token_ttl_in_days=14).differences().of("refresh_token_ttl_in_days")
    assert set_to_default.is_set
    assert set_to_default.value == "14 days"


def test_the_sentences_are_about_the_value():
    """RFC9700-4.14.2, OIDCC-2"""
    made = application(
        type=NATIVE, refresh_token_ttl_in_days=30, rotate_refresh_token=False, id_token_ttl=timedelta(minutes=5)
    )
    ttl, rotate = made.differences().of("refresh_token_ttl_in_days"), made.differences().of("rotate_refresh_token")
    assert ttl.documented == "A token lives 30 days; every token request gives it 30 days again, replaced or not."
    assert "only a rotation gives 30 days again" in ttl.logto
    assert "what is left" in ttl.strict
    assert rotate.documented.startswith("Not available.")
    assert rotate.logto == "The same token until it expires, so reuse is not noticed."
    assert made.differences().of("id_token_ttl").strict == "An ID Token lives 5 minutes."


def test_the_uris_that_a_profile_does_not_have_are_named():
    """RFC9700-2.6"""
    row = application(redirect_uris=("https://a.example/", "http://a.example/")).differences().of("redirect_uris")
    assert "http://a.example/" not in row.documented + row.logto
    assert row.strict.endswith("Not http://a.example/: it must be an https URI (RFC9700-2.6).")


def test_the_origins_that_redirect_uris_add_are_named():
    """application-model.md 3.7"""
    uris = ("https://a.example/cb", "https://a.example/other", "https://b.example/cb", "example.a:/cb")
    made = application(redirect_uris=uris, cors_allowed_origins=("https://b.example",))
    row = made.differences().of("cors_allowed_origins")
    assert row.logto.endswith("That adds https://a.example, null.")
    assert "adds" not in row.documented + row.strict
    assert "adds" not in application().differences().of("cors_allowed_origins").logto


@pytest.mark.parametrize("kind", ApplicationType)
def test_a_row_agrees_when_the_three_do(kind):
    """OIDCR-2"""
    found = application(type=kind).differences()
    for row in found:
        said = {row.under(profile) for profile in Profile}
        assert row.agree is (len(said) == 1)
        assert row.under(Profile.STRICT) == row.strict
    assert found.disagreeing == tuple(each for each in found if not each.agree)
    assert found.of("name").agree
    assert not found.of("refresh_token_ttl_in_days").agree


def test_a_machine_is_told_why_it_has_no_refresh_token():
    """RFC6749-4.4.3"""
    found = application(type=MACHINE).differences()
    for name, profile in product(("rotate_refresh_token", "refresh_token_ttl_in_days"), Profile):
        assert "never gets a refresh token" in found.of(name).under(profile)


def test_no_secret_is_shown():
    """OIDCR-8.1"""
    assert "hush" not in repr(application(client_secret="hush").differences())


def test_rows_are_a_sequence_and_an_unknown_one_is_an_error():
    found = application().differences()
    assert isinstance(found, Differences)
    assert len(found) == len(list(found))
    assert isinstance(found[0], Difference)
    assert found[:2] == found.rows[:2]
    with pytest.raises(KeyError, match="colour"):
        found.of("colour")

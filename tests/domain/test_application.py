"""What an application and a user may be."""

from contextlib import nullcontext
from dataclasses import replace

import pytest

from oidc_lab.domain.application import OAUTH_MAPPING, Application, ApplicationType, InvalidSetting
from oidc_lab.domain.user import User


def application(**changes):
    given = {"client_id": "shop", "type": ApplicationType.TRADITIONAL, "name": "Shop", **changes}
    return Application(**given)


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"client_id": ""}, "client_id"),
        ({"client_id": "shöp"}, "client_id"),
        ({"client_id": "a\nb"}, "client_id"),
        ({"name": ""}, "name"),
        ({"name": "x" * 257}, "name"),
        ({"id_token_signed_response_alg": "none"}, "id_token_signed_response_alg"),
        ({"id_token_signed_response_alg": "HS256"}, "id_token_signed_response_alg"),
        ({"redirect_uris": ("shop.example",)}, "redirect_uris"),
        ({"post_logout_redirect_uris": ("https://x/#y",)}, "post_logout_redirect_uris"),
        ({"client_secret": ""}, "client_secret"),
        ({"type": ApplicationType.SPA, "client_secret": "s"}, "client_secret"),
        ({"type": ApplicationType.NATIVE, "client_secret": "s"}, "client_secret"),
        ({"type": ApplicationType.MACHINE_TO_MACHINE, "redirect_uris": ("https://x/",)}, "redirect_uris"),
        (
            {"type": ApplicationType.MACHINE_TO_MACHINE, "post_logout_redirect_uris": ("https://x/",)},
            "post_logout_redirect_uris",
        ),
    ],
)
def test_a_wrong_setting_is_named(changes, setting):
    """OIDCR-2"""
    with pytest.raises(InvalidSetting, match=setting) as caught:
        application(**changes)
    assert caught.value.setting == setting
    assert caught.value.rule


def test_the_longest_name_is_allowed():
    """OIDCR-2"""
    assert application(name="x" * 256).name == "x" * 256


def test_no_secret_is_shown():
    """OIDCR-8.1"""
    assert "hush" not in repr(application(client_secret="hush"))
    with pytest.raises(InvalidSetting) as caught:
        application(type=ApplicationType.SPA, client_secret="hush")
    assert "hush" not in str(caught.value)


def test_each_type_has_its_meaning_on_the_wire():
    """RFC6749-2.1, RFC9700-2.1.1"""
    assert set(OAUTH_MAPPING) == set(ApplicationType)
    for meaning in OAUTH_MAPPING.values():
        assert meaning.confidential is (meaning.authentication_methods != ("none",))
        assert meaning.confidential or meaning.requires_pkce
        assert bool(meaning.response_types) is ("authorization_code" in meaning.grant_types)


@pytest.mark.parametrize("kind", [ApplicationType.SPA, ApplicationType.TRADITIONAL, ApplicationType.NATIVE])
def test_only_a_native_application_may_vary_its_loopback_port(kind):
    """RFC8252-7.3"""
    made = application(type=kind, redirect_uris=("http://127.0.0.1/callback",))
    assert made.accepts_redirect_uri("http://127.0.0.1/callback")
    assert made.accepts_redirect_uri("http://127.0.0.1:4711/callback") is (kind is ApplicationType.NATIVE)


def test_a_post_logout_redirect_uri_is_compared_exactly_also_for_native_applications():
    """OIDCRIL-3"""
    made = application(type=ApplicationType.NATIVE, post_logout_redirect_uris=("http://127.0.0.1/bye",))
    assert made.accepts_post_logout_redirect_uri("http://127.0.0.1/bye")
    assert not made.accepts_post_logout_redirect_uri("http://127.0.0.1:1/bye")


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"sub": ""}, "sub"),
        ({"sub": "änna"}, "sub"),
        ({"sub": "a" * 256}, "sub"),
        ({"username": ""}, "username"),
        ({"claims": {"sub": "ben"}}, "claims.sub"),
    ],
)
def test_a_wrong_value_of_a_user_is_named(changes, setting):
    """OIDCC-2"""
    anna = User(sub="a" * 255, username="anna")
    with pytest.raises(InvalidSetting) as caught:
        replace(anna, **changes)
    assert caught.value.setting == setting


def test_a_user_without_a_name_is_called_by_username():
    """OIDCC-5.1"""
    assert User(sub="1", username="anna").name == "anna"
    assert User(sub="1", username="anna", claims={"name": "Anna"}).name == "Anna"


@pytest.mark.parametrize("setting", ["redirect_uris", "post_logout_redirect_uris"])
def test_one_uri_is_a_list_as_well(setting):
    """OIDCR-2: without this, its first letter would be what cannot be used."""
    given = {setting: "https://a.example/"}
    with pytest.raises(InvalidSetting, match=rf"{setting}: 'https://a.example/' .* a list"):
        Application(client_id="a", type=ApplicationType.SPA, name="A", **given)


@pytest.mark.parametrize(("length", "fits"), [(1, True), (255, True), (256, False), (0, False)])
def test_names_fit_into_the_store(length, fits):
    """OIDCC-2: sub has at most 255 characters, and so have the other names something is found by."""
    name = "n" * length
    made = 0
    for make in (
        lambda: User(sub=name, username="u"),
        lambda: User(sub="s", username=name),
        lambda: Application(client_id=name, type=ApplicationType.SPA, name="A"),
    ):
        with nullcontext() if fits else pytest.raises(InvalidSetting, match="1 to 255"):
            make()
            made += 1
    assert made == (3 if fits else 0)

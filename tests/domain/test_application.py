"""What an application and a user may be."""

import copy
import json
import pickle
from contextlib import nullcontext
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_lab.domain.application import OAUTH_MAPPING, Application, ApplicationType, InvalidSetting, draw_client_id
from oidc_lab.domain.profile import RULES, Profile
from oidc_lab.domain.setting_rules import MAXIMUM_ID_TOKEN_TTL, id_token_ttl_of
from oidc_lab.domain.settings import availability
from oidc_lab.domain.user import User
from oidc_lab.lab.entropy import SeededEntropy

SECOND = timedelta(seconds=1)
NATIVE, SPA, TRADITIONAL, MACHINE = ApplicationType


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
        ({"name": 7}, "name"),
        ({"name": None}, "name"),
        ({"name": " \t\u200b"}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\0"}, "name"),
        ({"name": "a\ud800"}, "name"),
        ({"description": 7}, "description"),
        ({"description": "a\0"}, "description"),
        ({"type": "SPA"}, "type"),
        ({"created_at": datetime(2026, 1, 1)}, "created_at"),  # noqa: DTZ001
        ({"redirect_uris": ("https://a.example/",) * 2}, "redirect_uris"),
        ({"redirect_uris": (7,)}, "redirect_uris"),
        ({"redirect_uris": None}, "redirect_uris"),
        ({"post_logout_redirect_uris": ("https://a.example/",) * 2}, "post_logout_redirect_uris"),
        ({"cors_allowed_origins": ("https://a.example",) * 2}, "cors_allowed_origins"),
        ({"cors_allowed_origins": ("https://a.example/",)}, "cors_allowed_origins"),
        ({"cors_allowed_origins": ("null",)}, "cors_allowed_origins"),
        ({"cors_allowed_origins": "https://a.example"}, "cors_allowed_origins"),
        ({"always_issue_refresh_token": 1}, "always_issue_refresh_token"),
        ({"rotate_refresh_token": "no"}, "rotate_refresh_token"),
        ({"refresh_token_ttl_in_days": 0}, "refresh_token_ttl_in_days"),
        ({"refresh_token_ttl_in_days": 181}, "refresh_token_ttl_in_days"),
        ({"refresh_token_ttl_in_days": True}, "refresh_token_ttl_in_days"),
        ({"refresh_token_ttl_in_days": 14.0}, "refresh_token_ttl_in_days"),
        ({"refresh_token_ttl_in_days": "14"}, "refresh_token_ttl_in_days"),
        ({"id_token_ttl": timedelta(0)}, "id_token_ttl"),
        ({"id_token_ttl": -SECOND}, "id_token_ttl"),
        ({"id_token_ttl": timedelta(seconds=1.5)}, "id_token_ttl"),
        ({"id_token_ttl": MAXIMUM_ID_TOKEN_TTL + SECOND}, "id_token_ttl"),
        ({"id_token_ttl": 3600}, "id_token_ttl"),
        ({"id_token_signed_response_alg": ["RS256"]}, "id_token_signed_response_alg"),
        ({"backchannel_logout_uri": ""}, "backchannel_logout_uri"),
        ({"backchannel_logout_uri": 7}, "backchannel_logout_uri"),
        ({"backchannel_logout_uri": "/logout"}, "backchannel_logout_uri"),
        ({"backchannel_logout_uri": "https://a.example/#x"}, "backchannel_logout_uri"),
        ({"backchannel_logout_uri": "com.example.app:/logout"}, "backchannel_logout_uri"),
        ({"type": SPA, "backchannel_logout_uri": "http://a.example/out"}, "backchannel_logout_uri"),
        ({"backchannel_logout_session_required": "yes"}, "backchannel_logout_session_required"),
        ({"custom_data": []}, "custom_data"),
        ({"custom_data": None}, "custom_data"),
        ({"custom_data": {1: "a"}}, "custom_data"),
        ({"custom_data": {"a": {1: "a"}}}, "custom_data"),
        ({"custom_data": {"a": {2}}}, "custom_data"),
        ({"custom_data": {"a": [nan]}}, "custom_data"),
        ({"custom_data": {"a": inf}}, "custom_data"),
        ({"custom_data": {"a": b"x"}}, "custom_data"),
        ({"client_secret": 7}, "client_secret"),
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


# One value that some type can have, of every setting that not every type has.
VALUES = {
    "redirect_uris": ("https://a.example/cb",),
    "post_logout_redirect_uris": ("https://a.example/",),
    "cors_allowed_origins": ("https://a.example",),
    "client_secret": "hush",
    "always_issue_refresh_token": False,
    "rotate_refresh_token": True,
    "refresh_token_ttl_in_days": 14,
    "id_token_ttl": timedelta(minutes=5),
    "id_token_signed_response_alg": "EdDSA",
    "backchannel_logout_uri": "https://a.example/out",
    "backchannel_logout_session_required": True,
}


@pytest.mark.parametrize(("name", "kind"), list(product(VALUES, ApplicationType)))
def test_a_setting_that_a_type_does_not_have_is_refused_with_the_reason_of_the_table(name, kind):
    """OIDCR-2: refused, not ignored; at once when no profile has it, otherwise in the profile."""
    in_table = "secrets" if name == "client_secret" else name
    effects = {profile: availability(in_table, kind, profile) for profile in Profile}
    if not any(each.available for each in effects.values()):
        with pytest.raises(InvalidSetting) as caught:
            application(type=kind, **{name: VALUES[name]})
        assert caught.value.setting == name
        assert effects[Profile.DOCUMENTED].sentence[1:-1] in caught.value.rule
        return
    made = application(type=kind, **{name: VALUES[name]})
    for profile, effect in effects.items():
        with nullcontext() if effect.available else pytest.raises(InvalidSetting) as caught:
            made.check_for(profile)
        if not effect.available:
            assert caught.value.setting == name
            assert effect.sentence[1:-1] in caught.value.rule


@pytest.mark.parametrize("kind", ApplicationType)
def test_what_is_not_set_is_never_refused(kind):
    """OIDCR-2: None, empty, and what holds when nobody says anything."""
    unset = {"redirect_uris": [], "post_logout_redirect_uris": (), "cors_allowed_origins": [], "custom_data": {}}
    nothing = dict.fromkeys(name for name in VALUES if name.endswith(("token", "days", "ttl", "uri", "secret")))
    made = application(type=kind, **unset, **nothing, id_token_signed_response_alg="RS256")
    assert made == application(type=kind)
    assert made.given == ("client_id", "type", "name")
    for profile in Profile:
        made.check_for(profile)


@pytest.mark.parametrize("profile", Profile)
def test_a_profile_refuses_the_uris_that_it_does_not_have(profile):
    """RFC9700-2.6"""
    for name in ("redirect_uris", "post_logout_redirect_uris"):
        made = application(**{name: ("https://a.example/", "http://a.example/")})
        with pytest.raises(InvalidSetting, match=name) if profile is Profile.STRICT else nullcontext():
            made.check_for(profile)


@pytest.mark.parametrize("kind", [NATIVE, SPA, TRADITIONAL])
def test_the_bounds_are_inside(kind):
    """OIDCC-2, application-model.md 1.3"""
    for days in (1, 180):
        assert application(type=kind, refresh_token_ttl_in_days=days).refresh_token_ttl_in_days == days
    for ttl in (SECOND, MAXIMUM_ID_TOKEN_TTL):
        assert application(type=kind, id_token_ttl=ttl).id_token_ttl == ttl


@pytest.mark.parametrize("seconds", [0, -1, True, 1.0, "60", None, 15_552_001, 2**70])
def test_a_lifetime_in_seconds_is_whole_and_has_an_end(seconds):
    """OIDCC-2: such numbers come from files and messages."""
    with pytest.raises(InvalidSetting, match=r"id_token_ttl.*from 1 to 15552000"):
        id_token_ttl_of(seconds)
    assert (id_token_ttl_of(1), id_token_ttl_of(15_552_000)) == (SECOND, MAXIMUM_ID_TOKEN_TTL)


@pytest.mark.parametrize("uri", ["https://a.example/out?x=1", "https://a.example:8443/", "http://127.0.0.1:9/out"])
@pytest.mark.parametrize("kind", [NATIVE, SPA, TRADITIONAL])
def test_where_a_sign_out_is_told(kind, uri):
    """OIDCBCL-2.2"""
    assert application(type=kind, backchannel_logout_uri=uri).backchannel_logout_uri == uri


def test_plain_http_is_enough_for_telling_a_confidential_application():
    """OIDCBCL-2.2"""
    assert application(backchannel_logout_uri="http://a.example/out").backchannel_logout_uri


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values, max_size=3))
def test_custom_data_comes_back_as_it_was_given_from_json_too(data):
    """RFC8259-3"""
    made = application(custom_data=data)
    assert made.custom_data == data
    again = application(custom_data=json.loads(json.dumps(made.custom_data)))
    assert again == made
    assert copy.deepcopy(made) == made == pickle.loads(pickle.dumps(made))
    assert asdict(made)["custom_data"] == data


def test_custom_data_cannot_be_changed_from_outside():
    """RFC8259-3: neither through what was given nor through what is read."""
    inner = {"tags": ["a"]}
    made = application(custom_data={"shop": inner})
    inner["tags"].append("b")
    assert made.custom_data == {"shop": {"tags": ["a"]}}
    for change in (
        lambda: made.custom_data.update(x=1),
        made.custom_data["shop"].clear,
        lambda: made.custom_data["shop"]["tags"].append("b"),
        lambda: made.custom_data["shop"]["tags"].__setitem__(0, "b"),
        lambda: made.custom_data.setdefault("x", 1),
        lambda: made.custom_data["shop"].pop("tags"),
    ):
        with pytest.raises(TypeError, match="cannot be changed"):
            change()
    assert made.custom_data == {"shop": {"tags": ["a"]}}


@pytest.mark.parametrize(("depth", "fits"), [(31, True), (32, True), (33, False), (5000, False)])
def test_custom_data_has_a_bottom(depth, fits):
    """RFC8259-9: a parser may set limits on depth; this one is far from where Python falls over."""
    data = {}
    for _ in range(depth):
        data = {"a": data}
    with nullcontext() if fits else pytest.raises(InvalidSetting, match=r"custom_data.*nested"):
        application(custom_data=data)


def test_an_application_can_be_a_key():
    """Applications that are equal are one."""
    assert len({application(custom_data={"a": 1}), application(custom_data={"a": 1})}) == 1


def test_lists_are_kept_as_they_cannot_be_changed():
    """OIDCR-2: a URI is stored as it was given."""
    uris = ["HTTPS://A.example:443/cb"]
    made = application(redirect_uris=uris)
    uris.append("https://b.example/")
    assert made.redirect_uris == ("HTTPS://A.example:443/cb",)


@pytest.mark.parametrize(("kind", "profile"), list(product(ApplicationType, Profile)))
def test_who_must_send_a_code_challenge(kind, profile):
    """RFC9700-2.1.1"""
    public = kind in {NATIVE, SPA}
    everyone = profile is Profile.STRICT and kind is not MACHINE
    assert application(type=kind).requires_pkce(RULES[profile]) is (public or everyone)


@pytest.mark.parametrize("profile", Profile)
def test_a_profile_compares_redirect_uris_in_its_way(profile):
    """RFC9700-2.1, application-model.md 1.4"""
    made = application(
        type=NATIVE,
        redirect_uris=("http://127.0.0.1/cb", "https://*.a.example/"),
        post_logout_redirect_uris=("http://127.0.0.1/bye", "https://*.a.example/"),
    )
    rules, as_coded = RULES[profile], profile is Profile.LOGTO
    assert made.accepts_redirect_uri("http://127.0.0.1:1/cb", rules)
    assert not made.accepts_post_logout_redirect_uri("http://127.0.0.1:1/bye", rules)
    for accepts in (made.accepts_redirect_uri, made.accepts_post_logout_redirect_uri):
        assert accepts("https://b.a.example/", rules) is as_coded
        assert accepts("https://b.a.example", rules) is as_coded
        assert not accepts("https://a.example/", rules)


def test_a_drawn_client_id_looks_like_the_products_and_comes_from_the_entropy():
    """RFC6749-2.2, application-model.md 1.3: 21 characters of 0-9 and a-z."""
    drawn = [draw_client_id(SeededEntropy(seed)) for seed in range(200)]
    assert all(len(each) == 21 and set(each) <= set("0123456789abcdefghijklmnopqrstuvwxyz") for each in drawn)
    assert len(set(drawn)) == 200
    assert len(set("".join(drawn))) == 36
    assert draw_client_id(SeededEntropy(7)) == drawn[7]


def test_created_at_says_its_offset():
    """RFC7591-3.2.1"""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert application(created_at=moment).created_at == moment

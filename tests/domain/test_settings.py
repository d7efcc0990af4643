"""Which type has which setting in which profile, and what it does."""

from dataclasses import fields
from datetime import timedelta
from itertools import product

import pytest

from oidc_lab.domain import spec
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import Rotate
from oidc_lab.domain.refresh_settings import always_issues, policy_of
from oidc_lab.domain.setting import Given, in_words
from oidc_lab.domain.settings import SETTINGS, availability, refused_everywhere

N, S, T, M = (
    ApplicationType.NATIVE,
    ApplicationType.SPA,
    ApplicationType.TRADITIONAL,
    ApplicationType.MACHINE_TO_MACHINE,
)
D, L, X = Profile.DOCUMENTED, Profile.LOGTO, Profile.STRICT
ALL, SIGN_IN = {N, S, T, M}, {N, S, T}

# application-model.md, sections 1 to 3, and the issue: who has a setting, by profile.
HAS = {
    **{(name, profile): ALL for profile in Profile for name in (
        "client_id", "type", "name", "description", "custom_data", "created_at")},
    **{(name, profile): SIGN_IN for profile in Profile for name in (
        "redirect_uris", "post_logout_redirect_uris", "cors_allowed_origins", "id_token_ttl",
        "id_token_signed_response_alg", "backchannel_logout_uri", "backchannel_logout_session_required")},
    **{("secrets", profile): {T, M} for profile in Profile},
    **{("always_issue_refresh_token", profile): {S, T} for profile in Profile},
    ("rotate_refresh_token", D): {T, M},
    ("rotate_refresh_token", L): SIGN_IN,
    ("rotate_refresh_token", X): {T},
    ("refresh_token_ttl_in_days", D): {N, T, M},
    ("refresh_token_ttl_in_days", L): SIGN_IN,
    ("refresh_token_ttl_in_days", X): SIGN_IN,
}  # fmt: skip


@pytest.mark.parametrize(("name", "profile"), list(product(SETTINGS, Profile)))
def test_the_types_that_have_a_setting(name, profile):
    """OIDCR-2, RFC9700-4.14.2"""
    assert {kind for kind in ApplicationType if availability(name, kind, profile).available} == HAS[name, profile]


@pytest.mark.parametrize(("name", "kind", "profile"), list(product(SETTINGS, ApplicationType, Profile)))
def test_each_setting_type_and_profile_has_exactly_one_effect_with_its_clause(name, kind, profile):
    """Specs are coordinates: see DESIGN.md."""
    cases = [each for each in SETTINGS[name].cases if kind in each.types and profile in each.profiles]
    assert len(cases) == 1
    effect = availability(name, kind, profile)
    assert spec.link(effect.clause)
    assert effect.sentence[0].isupper() or effect.sentence.startswith("http")
    assert effect.sentence.endswith(".")
    assert "{" not in effect.sentence


def test_every_field_of_an_application_is_in_the_table_and_nothing_else():
    """OIDCR-2"""
    names = {"secrets" if each.name == "client_secret" else each.name for each in fields(Application)}
    assert names == set(SETTINGS)


def test_what_is_fixed_and_what_the_provider_gives_is_said():
    """RFC6749-2.2: the client_id is the provider's to give."""
    assert {name for name, each in SETTINGS.items() if each.given is Given.NEVER} == {"client_id", "created_at"}
    assert {name for name, each in SETTINGS.items() if each.given is Given.CREATION} == {"type"}


def test_no_profile_has_it_only_when_none_has():
    """OIDCR-2"""
    assert refused_everywhere("rotate_refresh_token", S) is None
    assert refused_everywhere("rotate_refresh_token", M) is None
    assert refused_everywhere("redirect_uris", M) is not None
    assert refused_everywhere("secrets", S) is not None


def test_an_unknown_setting_is_an_error():
    """OIDCR-2"""
    with pytest.raises(KeyError, match="colour"):
        availability("colour", N, D)


@pytest.mark.parametrize(("kind", "profile"), list(product((N, S, T), Profile)))
def test_what_the_table_says_of_rotation_is_what_the_policy_does(kind, profile):
    """RFC9700-4.14.2"""

    def policy(rotate):
        return policy_of(Application(client_id="a", type=kind, name="A", rotate_refresh_token=rotate), profile)

    effect = availability("rotate_refresh_token", kind, profile)
    assert (policy(False) != policy(True)) is effect.available
    said = effect.of(True)
    meant = {Rotate.ALWAYS: "new token at every request", Rotate.AFTER_FRACTION: "70 %"}
    if effect.available:
        assert meant[policy(None).rotate] in said
        assert "same token" in effect.of(False)
        assert policy(False).rotate is Rotate.NEVER
    else:
        assert policy(None).rotate is Rotate.ALWAYS
        assert "every request" in said


@pytest.mark.parametrize(("kind", "profile"), list(product((N, S, T), Profile)))
def test_what_the_table_says_of_the_ttl_is_what_the_policy_does(kind, profile):
    """RFC9700-4.14.2"""
    made = Application(client_id="a", type=kind, name="A", refresh_token_ttl_in_days=30)
    policy, effect = policy_of(made, profile), availability("refresh_token_ttl_in_days", kind, profile)
    assert (policy.ttl == timedelta(days=30)) is effect.available
    assert policy.ttl in {timedelta(days=30), timedelta(days=14)}
    assert policy.extend_on_use is ("every token request" in effect.sentence)
    assert (policy.absolute == timedelta(days=180)) is ("180 days" in effect.sentence)


@pytest.mark.parametrize(("kind", "profile"), list(product((S, T), Profile)))
def test_what_the_table_says_of_always_issue_is_offered_and_done(kind, profile):
    """OIDCC-11"""
    made = Application(client_id="a", type=kind, name="A", always_issue_refresh_token=True)
    assert always_issues(made, profile)
    effect = availability("always_issue_refresh_token", kind, profile)
    assert "Always a refresh token" in effect.of(True)
    assert "offline_access" in effect.of(False)
    assert ("session" in effect.of(True)) is (profile is not D)


def test_a_machine_keeps_its_switches_and_is_told_that_they_do_nothing():
    """RFC6749-4.4.3"""
    for name in ("rotate_refresh_token", "refresh_token_ttl_in_days"):
        effect = availability(name, M, D)
        assert effect.available
        assert "never gets a refresh token" in effect.sentence
        assert "client_credentials" in effect.sentence


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "on"), (False, "off"), (None, "none"), ("", "none"), ((), "none"), ({}, "none"),
        (1, "1 day"), (14, "14 days"), (timedelta(seconds=1), "1 second"), (timedelta(seconds=90), "90 seconds"),
        (timedelta(hours=1), "1 hour"), (timedelta(minutes=90), "90 minutes"), (timedelta(days=180), "180 days"),
        (("a", "b"), "a, b"), ({"team": 1}, "team"), ("RS256", "RS256"),
    ],
)  # fmt: skip
def test_a_value_in_words(value, words):
    """OIDCR-2"""
    assert in_words(value) == words

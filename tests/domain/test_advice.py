"""What will hurt about a registration, said before it runs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_lab.domain import spec
from oidc_lab.domain.advice import Advice, Advices
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.origin import Endpoint, decide
from oidc_lab.domain.profile import RULES, Profile
from oidc_lab.domain.refresh_parameters import Rotate
from oidc_lab.domain.refresh_settings import policy_of
from oidc_lab.domain.scenario import PLAYS, Scenario
from oidc_lab.domain.secret import Secret
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.lab import data

D, L, X = Profile.DOCUMENTED, Profile.LOGTO, Profile.STRICT
NATIVE, SPA, TRADITIONAL, MACHINE = ApplicationType
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)

FINE = {"redirect_uris": ("https://a.example/cb",), "post_logout_redirect_uris": ("https://a.example/",)}


def application(kind=TRADITIONAL, **changes):
    given = {} if kind is MACHINE else dict(FINE)
    if kind is SPA:
        given["cors_allowed_origins"] = ("https://a.example",)
    return Application(client_id="a", type=kind, name="A", **{**given, **changes})


def scenarios(made, profile, setting):
    return [each.scenario for each in made.advice(profile).of(setting)]


@pytest.mark.parametrize(("kind", "profile"), list(product(ApplicationType, Profile)))
def test_there_is_nothing_to_say_about_a_good_registration(kind, profile):
    """RFC9700-2"""
    assert list(application(kind).advice(profile)) == []


@pytest.mark.parametrize("profile", Profile)
def test_there_is_nothing_to_say_about_the_demo_applications(profile):
    """RFC9700-2: who starts here does not start with a warning."""
    for each in data.read_applications(data.folder()):
        each.check_for(profile)
        assert list(each.advice(profile)) == []


@pytest.mark.parametrize(("kind", "profile"), list(product((NATIVE, SPA, TRADITIONAL), Profile)))
def test_an_application_without_uris(kind, profile):
    """OIDCC-3.1.2.1, OIDCRIL-3"""
    made = application(kind, redirect_uris=(), post_logout_redirect_uris=())
    assert scenarios(made, profile, "redirect_uris") == [Scenario.SIGN_IN_REFUSED]
    assert scenarios(made, profile, "post_logout_redirect_uris") == [Scenario.SIGNED_OUT_NOT_SENT_BACK]


@pytest.mark.parametrize(
    ("kind", "uri", "profile", "expected"),
    [
        (TRADITIONAL, "http://a.example/cb", D, [Scenario.CODE_IN_THE_CLEAR]),
        (TRADITIONAL, "http://a.example/cb", L, [Scenario.CODE_IN_THE_CLEAR]),
        (TRADITIONAL, "http://a.example/cb", X, [None]),
        (NATIVE, "http://a.example/cb", D, [None]),
        (TRADITIONAL, "http://127.0.0.1/cb", D, []),
        (NATIVE, "http://127.0.0.1/cb", X, []),
        (NATIVE, "http://[::1]/cb", X, []),
        (NATIVE, "http://localhost/cb", D, [Scenario.SIGN_IN_REFUSED]),
        (NATIVE, "http://localhost/cb", L, [Scenario.SIGN_IN_REFUSED]),
        (NATIVE, "http://localhost:3000/cb", X, [Scenario.SIGN_IN_REFUSED]),
        (TRADITIONAL, "http://localhost/cb", D, []),
        (NATIVE, "com.example.app:/cb", L, []),
        (NATIVE, "myapp:/cb", D, [None]),
        (NATIVE, "myapp:/cb", L, [None]),
        (NATIVE, "myapp:/cb", X, [None]),
        (TRADITIONAL, "com.example.app:/cb", D, [None]),
        (TRADITIONAL, "com.example.app:/cb", L, []),
        (TRADITIONAL, "https://*.a.example/cb", D, [Scenario.SIGN_IN_REFUSED]),
        (TRADITIONAL, "https://*.a.example/cb", L, [Scenario.ANSWERED_ELSEWHERE]),
        (TRADITIONAL, "https://*.a.example/cb", X, [None]),
        (TRADITIONAL, "https://a.example/*", L, [Scenario.ANSWERED_ELSEWHERE]),
        (TRADITIONAL, "https://*.com/cb", L, [Scenario.SIGN_IN_REFUSED]),
    ],
)
def test_redirect_uris_that_hurt(kind, uri, profile, expected):
    """RFC9700-2.6, RFC9700-4.1, RFC8252-7.1, RFC8252-8.3"""
    found = application(kind, redirect_uris=(uri,), cors_allowed_origins=()).advice(profile).of("redirect_uris")
    assert [each.scenario for each in found] == expected
    assert all(each.value == uri for each in found)


def test_a_remedy_for_plain_http_can_be_copied():
    """RFC9700-2.6"""
    [found] = application(redirect_uris=("http://a.example/cb",)).advice().of("redirect_uris")
    assert found.remedy == "Use https: https://a.example/cb"


@pytest.mark.parametrize("profile", Profile)
def test_the_page_of_a_single_page_app_must_be_allowed_to_call(profile):
    """RFC6454-7: as coded, its redirect URI is enough."""
    made = application(SPA, cors_allowed_origins=("https://other.example",))
    said = made.advice(profile).of("cors_allowed_origins")
    assert [each.scenario for each in said] == ([] if profile is L else [Scenario.BROWSER_CALL_REFUSED])
    assert all(each.remedy == "List https://a.example." for each in said)
    assert list(application(TRADITIONAL, cors_allowed_origins=()).advice(profile)) == []


@pytest.mark.parametrize(("kind", "profile"), list(product((SPA, TRADITIONAL), Profile)))
def test_refresh_tokens_that_nobody_was_asked_about(kind, profile):
    """OIDCC-11"""
    expected = Scenario.REFRESHED_WITHOUT_CONSENT if profile is D else Scenario.ENDS_WITH_THE_SESSION
    name = "always_issue_refresh_token"
    assert scenarios(application(kind, **{name: True}), profile, name) == [expected]
    assert scenarios(application(kind, **{name: False}), profile, name) == []


@pytest.mark.parametrize(("kind", "profile"), list(product((NATIVE, SPA, TRADITIONAL), Profile)))
def test_a_public_application_whose_token_can_be_copied_unnoticed(kind, profile):
    """RFC9700-4.14.2"""
    made = application(kind, rotate_refresh_token=False)
    copied = policy_of(made, profile).rotate is Rotate.NEVER and not made.confidential
    assert (Scenario.REUSE_UNNOTICED in scenarios(made, profile, "rotate_refresh_token")) is copied
    assert copied is (profile is L and kind is not TRADITIONAL)


@given(st.integers(1, 180), st.integers(1, 180), st.sampled_from([NATIVE, SPA, TRADITIONAL]))
def test_a_ttl_beyond_the_grants_lifetime(ttl, lifetime, kind):
    """RFC6749-1.5: at equality nothing is lost."""
    rules = replace(RULES[L], grant_lifetime=timedelta(days=lifetime))
    said = application(kind, refresh_token_ttl_in_days=ttl).advice(L, rules=rules)
    assert [each.scenario for each in said] == ([Scenario.ENDS_WITH_THE_GRANT] if ttl > lifetime else [])


@pytest.mark.parametrize("profile", Profile)
def test_the_longest_ttl_is_as_long_as_the_longest_grant(profile):
    """application-model.md 3.6: 180 days both."""
    assert list(application(refresh_token_ttl_in_days=180).advice(profile)) == []


def test_settings_of_another_profile_that_do_nothing_here():
    """OIDCR-2"""
    made = application(SPA, rotate_refresh_token=False, refresh_token_ttl_in_days=30)
    assert {each.setting for each in made.advice(D)} == {"rotate_refresh_token", "refresh_token_ttl_in_days"}
    assert {each.setting for each in made.advice(X)} == {"rotate_refresh_token"}
    [said] = made.advice(D).of("refresh_token_ttl_in_days")
    assert "no effect" in said.reason
    assert "14 days" in said.reason
    assert said.remedy.endswith("logto, strict.")


def test_a_machine_that_waits_for_a_refresh_token():
    """RFC6749-4.4.3"""
    made = application(MACHINE, rotate_refresh_token=True, refresh_token_ttl_in_days=30)
    assert [each.scenario for each in made.advice(D)] == [Scenario.NO_REFRESH_TOKEN] * 2
    for profile in (L, X):
        assert [each.scenario for each in made.advice(profile)] == [None, None]


def test_secrets_that_have_expired_or_never_will():
    """OIDCR-3.2"""
    secrets = (
        Secret(name="old", created_at=NOW, expires_at=NOW + DAY),
        Secret(name="new", created_at=NOW, expires_at=NOW + 2 * DAY),
        Secret(name="for ever", created_at=NOW),
    )
    said = application().advice(secrets=secrets, now=NOW + DAY)
    assert [(each.value, each.scenario) for each in said] == [
        ("old", Scenario.SECRET_EXPIRED),
        ("for ever", Scenario.SECRET_NEVER_EXPIRES),
    ]
    assert [each.value for each in application().advice(secrets=secrets)] == ["for ever"]


def registrations():
    """Registrations that give every kind of advice there is."""
    wild = ("http://b.example/", "https://*.b.example/", "https://*.com/", "myapp:/cb", "http://localhost/")
    made = [
        application(kind, **{name: value})
        for kind in (NATIVE, SPA, TRADITIONAL)
        for name, value in (
            ("redirect_uris", ()), ("redirect_uris", wild), ("post_logout_redirect_uris", ()),
            ("rotate_refresh_token", False), ("refresh_token_ttl_in_days", 90),
        )
    ]  # fmt: skip
    made += [application(kind, always_issue_refresh_token=True) for kind in (SPA, TRADITIONAL)]
    made += [application(SPA, cors_allowed_origins=()), application(MACHINE, refresh_token_ttl_in_days=1)]
    secrets = [Secret(name="old", created_at=NOW, expires_at=NOW + DAY), Secret(name="for ever", created_at=NOW)]
    for each, profile in product(made, Profile):
        rules = RULES[profile] if profile is not L else replace(RULES[L], grant_lifetime=30 * DAY)
        yield each, profile, each.advice(profile, rules=rules, secrets=secrets, now=NOW + DAY)


def test_every_advice_has_its_setting_clause_reason_and_remedy():
    """RFC9700-2"""
    for *_, said in registrations():
        order = [list(SETTINGS).index(each.setting) for each in said]
        assert order == sorted(order)
        for each in said:
            assert spec.link(each.clause)
            assert each.reason.endswith(".")
            assert each.remedy
            assert each.value


def test_every_run_is_named_by_some_advice_and_says_what_it_plays():
    """RFC9700-4"""
    assert {each.scenario for *_, said in registrations() for each in said} - {None} == set(Scenario) == set(PLAYS)
    assert all(each.endswith(".") for each in PLAYS.values())


def test_what_a_run_sends_makes_the_difference():
    """RFC9700-2.1, RFC6454-7: the provider's own rules answer as the advice says."""
    seen = set()
    for made, profile, said in registrations():
        rules = RULES[profile]
        for each in said:
            seen.add(each.scenario)
            if each.scenario is Scenario.SIGN_IN_REFUSED:
                assert not made.accepts_redirect_uri(each.sends, rules)
            elif each.scenario in {Scenario.ANSWERED_ELSEWHERE, Scenario.CODE_IN_THE_CLEAR}:
                assert made.accepts_redirect_uri(each.sends, rules)
                assert (each.sends in made.redirect_uris) is (each.scenario is Scenario.CODE_IN_THE_CLEAR)
            elif each.scenario is Scenario.SIGNED_OUT_NOT_SENT_BACK:
                assert not made.accepts_post_logout_redirect_uri(each.sends, rules)
            elif each.scenario is Scenario.BROWSER_CALL_REFUSED:
                asked = {"endpoint": Endpoint.REQUEST, "issuer_origin": "https://provider.test", "all_listed": tuple}
                assert not decide(each.sends, made, rules=rules, **asked).allowed
            else:
                assert each.sends == ""
    assert seen >= set(Scenario)


def test_advice_is_a_sequence():
    said = application(redirect_uris=()).advice()
    assert isinstance(said, Advices)
    assert said.profile is D
    assert isinstance(said[0], Advice)
    assert len(said) == len(list(said)) == 1
    assert said[:1] == said.items[:1]

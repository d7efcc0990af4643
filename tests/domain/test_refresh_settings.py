"""What type, settings and profile mean for refresh tokens, row by row of the fact sheet."""

from dataclasses import replace
from datetime import timedelta

import pytest

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import OnReuse
from oidc_lab.domain.refresh_policy import decide
from oidc_lab.domain.refresh_settings import issues_refresh_token, policy_of
from tests.domain.families import BEGIN, DAY, token, walk

NATIVE, SPA = ApplicationType.NATIVE, ApplicationType.SPA
TRADITIONAL, MACHINE = ApplicationType.TRADITIONAL, ApplicationType.MACHINE_TO_MACHINE
DOCUMENTED, LOGTO, STRICT = Profile.DOCUMENTED, Profile.LOGTO, Profile.STRICT


def application(kind, **settings):
    return Application(client_id="app", type=kind, name="App", **settings)


def policy(profile, kind, *, bound=False, **settings):
    return policy_of(application(kind, **settings), profile, sender_constrained=bound)


def after(which, days):
    """What becomes of a first token that is used after so many days."""
    return decide(token(which), which, BEGIN + days * DAY)


ROWS = [
    # profile, type, rotate switch, bound to a key: replaced early, replaced late; end of what is given, in days
    (DOCUMENTED, TRADITIONAL, None, False, False, True, 24),
    (DOCUMENTED, TRADITIONAL, True, False, False, True, 24),
    (DOCUMENTED, TRADITIONAL, False, False, False, False, 24),
    (DOCUMENTED, NATIVE, None, False, True, True, 24),
    (DOCUMENTED, NATIVE, None, True, True, True, 24),
    (DOCUMENTED, SPA, None, False, True, True, 14),
    (DOCUMENTED, SPA, None, True, True, True, 14),
    (LOGTO, TRADITIONAL, None, False, False, True, 24),
    (LOGTO, TRADITIONAL, False, False, False, False, 14),
    (LOGTO, NATIVE, None, False, True, True, 24),
    (LOGTO, NATIVE, None, True, False, True, 24),
    (LOGTO, NATIVE, False, False, False, False, 14),
    (LOGTO, SPA, None, False, True, True, 14),
    (LOGTO, SPA, None, True, False, True, 24),
    (LOGTO, SPA, False, False, False, False, 14),
    (STRICT, TRADITIONAL, None, False, True, True, 24),
    (STRICT, TRADITIONAL, False, False, False, False, 14),
    (STRICT, NATIVE, None, False, True, True, 14),
    (STRICT, NATIVE, None, True, False, False, 14),
    (STRICT, SPA, None, False, True, True, 14),
    (STRICT, SPA, None, True, False, False, 14),
]


@pytest.mark.parametrize(("profile", "kind", "switch", "bound", "early", "late", "until"), ROWS)
def test_each_row_of_the_rotation_table(profile, kind, switch, bound, early, late, until):
    """application-model 3.3, 3.4; RFC9700-4.14.2: used after 5 and after 10 days of 14."""
    settings = {} if switch is None else {"rotate_refresh_token": switch}
    given = policy(profile, kind, bound=bound, **settings)
    assert (after(given, 5).replaced, after(given, 10).replaced) == (early, late)
    assert after(given, 10).expires_at == BEGIN + until * DAY


def test_seventy_percent_is_reached_at_seventy_percent():
    """application-model 3.3: whole percents, rounded down."""
    for profile in (DOCUMENTED, LOGTO):
        given = policy(profile, TRADITIONAL, refresh_token_ttl_in_days=10)
        second = timedelta(seconds=1) / DAY
        assert (after(given, 7 - second).replaced, after(given, 7).replaced) == (False, True)


def test_the_lifetime_is_the_set_one_or_fourteen_days():
    """application-model 1.3, D8: a single page app has the setting in the product, and not on its page."""
    assert policy(LOGTO, SPA, refresh_token_ttl_in_days=90).ttl == 90 * DAY
    assert policy(STRICT, SPA, refresh_token_ttl_in_days=90).ttl == 90 * DAY
    assert policy(DOCUMENTED, SPA, refresh_token_ttl_in_days=90).ttl == 14 * DAY
    for profile in Profile:
        assert policy(profile, TRADITIONAL, refresh_token_ttl_in_days=30).ttl == 30 * DAY
        assert policy(profile, TRADITIONAL).ttl == 14 * DAY


def daily(until):
    return [float(day) for day in range(1, until + 1)]


def end(profile, kind, days, **settings):
    """The day of the first refusal and its reason; None when there is none."""
    day, answer = walk(policy(profile, kind, **settings), days)[-1]
    return None if answer in {"new", "same"} else (day, answer)


def test_a_daily_user_stays_signed_in_until_something_ends_it():
    """application-model D7, D9, D10, D11"""
    year = daily(400)
    assert end(DOCUMENTED, TRADITIONAL, year) is None
    assert end(DOCUMENTED, NATIVE, year) is None
    assert end(DOCUMENTED, SPA, year) == (14, "refresh_token_expired")
    assert end(LOGTO, TRADITIONAL, year) == (180, "grant_expired")
    assert end(LOGTO, NATIVE, year) == (180, "grant_expired")
    assert end(LOGTO, SPA, year) == (14, "refresh_token_expired")
    assert end(LOGTO, SPA, year, rotate_refresh_token=False) == (14, "refresh_token_expired")
    assert end(STRICT, TRADITIONAL, year) is None
    assert end(STRICT, SPA, year) == (14, "refresh_token_expired")
    assert end(STRICT, NATIVE, year) == (14, "refresh_token_expired")


def test_use_extends_a_token_that_is_not_replaced_on_the_page_and_not_in_the_product():
    """application-model D7: used on day 9, which is before 70 %, and again on day 20."""
    assert walk(policy(DOCUMENTED, TRADITIONAL), [9, 20]) == [(9, "same"), (20, "new")]
    assert walk(policy(LOGTO, TRADITIONAL), [9, 20]) == [(9, "same"), (20, "refresh_token_expired")]


def test_only_the_product_has_a_leeway_and_ends_the_whole_grant():
    """application-model D12, 3.5"""
    for kind in (NATIVE, SPA, TRADITIONAL):
        assert policy(LOGTO, kind).leeway == timedelta(seconds=3)
        assert policy(LOGTO, kind).on_reuse is OnReuse.REVOKE_GRANT
        for profile in (DOCUMENTED, STRICT):
            assert not policy(profile, kind).leeway
            assert policy(profile, kind).on_reuse is OnReuse.REVOKE_FAMILY


def test_the_years_of_the_page_and_of_the_product_are_counted_from_different_moments():
    """application-model D1, with lifetimes longer than the setting allows, because no other can reach the year."""
    for profile, rotates in ((DOCUMENTED, True), (LOGTO, False)):
        long = replace(policy(profile, TRADITIONAL), ttl=200 * DAY, absolute=None)
        assert walk(long, [199, 370])[-1] == (370, "new" if rotates else "same")


@pytest.mark.parametrize("profile", Profile)
def test_a_machine_never_gets_a_refresh_token(profile):
    """RFC6749-4.4.3, application-model D15"""
    assert not policy(profile, MACHINE).issued
    assert not issues_refresh_token(application(MACHINE), profile, offline=True)


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("kind", [TRADITIONAL, SPA])
def test_with_the_setting_every_sign_in_gives_a_refresh_token(profile, kind):
    """application-model 3.1"""
    always = application(kind, always_issue_refresh_token=True)
    assert issues_refresh_token(always, profile, offline=False)
    for off in (replace(always, always_issue_refresh_token=False), application(kind)):
        assert not issues_refresh_token(off, profile, offline=False)
        assert issues_refresh_token(off, profile, offline=True)


@pytest.mark.parametrize("profile", Profile)
def test_a_native_application_needs_offline_access(profile):
    """application-model D14"""
    assert not issues_refresh_token(application(NATIVE), profile, offline=False)
    assert issues_refresh_token(application(NATIVE), profile, offline=True)


def test_a_setting_that_a_type_has_in_another_profile_alone_does_nothing_here():
    """One table says which type has which setting, and the policy reads it there."""
    switched_off = {"rotate_refresh_token": False, "refresh_token_ttl_in_days": 90}
    for kind in (NATIVE, SPA):
        assert walk(policy(STRICT, kind, **switched_off), [1, 2]) == [(1, "new"), (2, "new")]
        assert walk(policy(DOCUMENTED, kind, **switched_off), [1, 2]) == [(1, "new"), (2, "new")]
        assert walk(policy(LOGTO, kind, **switched_off), [1, 2]) == [(1, "same"), (2, "same")]

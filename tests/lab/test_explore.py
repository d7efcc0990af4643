"""From a bench an application's settings are explored, played at a provider of its own, and saved — OIDCR-2."""

from collections.abc import Iterator

import pytest

from oidc_lab import Lab
from oidc_lab.domain.profile import Profile
from oidc_lab.lab.policies import provider_policies
from oidc_lab.serve import provider as served

SPA, WEB, NATIVE, MACHINE = "photo-album", "web-shop", "city-guide", "night-report"


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as bench:
        yield bench


def test_three_lines_are_enough(lab: Lab) -> None:
    explorer = lab.explore(WEB)
    explorer.change(ttl=5, usage="weekly")
    assert explorer.words[1] == (
        "Weekly and monthly users have to sign in at every visit: the token's TTL of 5 days has passed by then."
    )
    assert 4 < explorer.summary["median_days"].item() < 9
    assert explorer.figure("survival").alternative.startswith("Under documented (Traditional web, 5 days), half of the")


def test_it_begins_with_what_the_application_has_now(lab: Lab) -> None:
    lab.profile = "logto"
    lab.applications[SPA].update(refresh_token_ttl_in_days=20, rotate_refresh_token=False)
    chosen = lab.explore(SPA, users=10).chosen
    assert (chosen.ttl, chosen.rotate, chosen.profile, chosen.users) == (20, False, Profile.LOGTO, 10)
    assert lab.explore(SPA).policy == lab.refresh_policy(SPA)
    lab.adopt("auth0-spa", SPA)
    assert lab.explore(SPA).chosen.policy == "auth0-spa"
    assert lab.explore(lab.applications[SPA]).policy == lab.refresh_policy(SPA)


def test_without_an_application_it_is_the_first_that_users_sign_in_to(lab: Lab) -> None:
    lab.applications[WEB].delete()
    assert lab.explore().application.client_id in {SPA, NATIVE}
    for each in (SPA, NATIVE):
        lab.applications[each].delete()
    with pytest.raises(ValueError, match="register one first"):
        lab.explore()
    with pytest.raises(LookupError, match="no application 'nobody'"):
        lab.explore("nobody")


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("application", [SPA, WEB, NATIVE])
@pytest.mark.parametrize("always", [False, True])
def test_what_is_played_is_what_was_predicted(lab: Lab, application: str, profile: Profile, always: bool) -> None:
    """RFC6749-6: with offline access, and without it where a token is always issued."""
    explorer = lab.explore(application, profile=profile, ttl=10, days=30, always=always, offline=not always)
    predicted, live = explorer.play()
    assert len(live) > 10 or (application == NATIVE and always)  # its type has no such setting: none is issued
    assert predicted.equals(live)


@pytest.mark.parametrize("policy_id", ["okta-org-spa", "keycloak-online", "dex", "auth0-noexp", "entra-spa"])
def test_a_real_policy_is_played_as_it_was_predicted(lab: Lab, policy_id: str) -> None:
    """provider-policies 1"""
    predicted, live = lab.explore(SPA, policy=policy_id, days=40).play()
    assert len(live) > 1
    assert predicted.equals(live)


def test_where_no_token_is_issued_the_sign_in_is_all_that_is_played(lab: Lab) -> None:
    """OIDCC-11"""
    predicted, live = lab.explore(SPA, offline=False).play()
    assert predicted.equals(live)
    assert live["because"].tolist() == ["not_issued"]


def test_playing_leaves_this_lab_alone(lab: Lab) -> None:
    now = lab.clock.now
    lab.explore(SPA, profile="strict", days=20).play()
    assert (lab.clock.now, lab.profile, list(lab.history)) == (now, Profile.DOCUMENTED, [])
    assert not lab.audit_log.entries()


def test_settings_are_saved_over_the_management_api(lab: Lab) -> None:
    explorer = lab.explore(WEB, ttl=42, rotate=False, always=True)
    assert explorer.save() == (
        "Saved on Web Shop: Refresh token time to live (TTL) in days: 42 days, Rotate refresh token: off, Always issue"
        " refresh token: on."
    )
    saved = lab.applications[WEB]
    assert saved.refresh_token_ttl_in_days == 42
    assert (saved.rotate_refresh_token, saved.always_issue_refresh_token) == (False, True)
    assert lab.refresh_policy(WEB) == explorer.policy


def test_a_policy_is_adopted_and_settings_that_are_saved_take_its_place(lab: Lab) -> None:
    explorer = lab.explore(WEB, policy="auth0-spa")
    assert explorer.save() == (
        "Web Shop follows Auth0: SPA (rotating, expiring) (auth0-spa), in place of its settings. It is for a single"
        " page application, and Web Shop is a traditional web application."
    )
    assert lab.refresh_policy(WEB) == provider_policies()["auth0-spa"].policy
    explorer.change(policy="", ttl=9).save()
    assert lab.refresh_policy(WEB) == explorer.policy


def test_saved_is_what_the_profile_of_the_lab_lets_be_set(lab: Lab) -> None:
    """RFC9700-4.14.2: what is explored under another profile may be no setting here."""
    with pytest.raises(ValueError, match="rotate_refresh_token"):
        lab.explore(SPA, profile="logto", ttl=42).save()
    assert lab.applications[SPA].refresh_token_ttl_in_days is None
    said = lab.explore(WEB, profile="logto").save()
    assert said.endswith("What is shown here is under logto; the lab follows documented.")


def test_who_signs_nobody_in_follows_no_policy(lab: Lab) -> None:
    explorer = lab.explore(MACHINE, policy="auth0-spa")
    with pytest.raises(ValueError, match="Night Report signs nobody in"):
        explorer.save()


def test_at_a_provider_that_is_served_it_is_explored_played_and_saved_too() -> None:
    """What is played is played at a provider of its own, so nobody's clock is moved."""
    offer = served.read_offer(seed=7)
    with served.serve(offer, 0) as server, Lab.connect(server.url, offer.token) as connected:
        explorer = connected.explore(WEB, ttl=3, days=20, users=100)
        predicted, live = explorer.play()
        assert predicted.equals(live)
        explorer.save()
        assert connected.applications[WEB].refresh_token_ttl_in_days == 3


def test_a_closed_lab_is_not_explored(lab: Lab) -> None:
    lab.close()
    with pytest.raises(RuntimeError, match="closed"):
        lab.explore(WEB)

"""The policy that an application follows, over the management API: read, put in place of its settings, taken away."""

from dataclasses import fields
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.lab.management import wire
from oidc_lab.lab.policy_wire import read_policy, told_policy
from tests.domain.families import policies

ALBUM = {"type": "SPA", "name": "Album", "client_id": "album"}
AT = "/applications/album/policy"


@pytest.fixture
def album(api):
    api.created("/applications", **ALBUM)


def put(api, **parameters):
    response = api.ask("PUT", AT, {"parameters": parameters})
    assert response.status_code == 200, response.text
    return response.json


@pytest.mark.usefixtures("album")
def test_without_one_of_its_own_it_is_what_the_settings_mean(api):
    """RFC6749-6"""
    said = api.get(AT)
    assert (said["adopted"], said["parameters"]["ttl"], said["parameters"]["rotate"]) == (False, 14 * 86400, "always")
    assert {each.name for each in fields(RefreshPolicy)} == set(said["parameters"])


@pytest.mark.usefixtures("album")
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(policies)
def test_any_policy_comes_back_as_it_was_put(api, policy):
    """provider-policies 1: every parameter."""
    said = put(api, **wire(told_policy(policy)))
    assert said == api.get(AT)
    assert said["adopted"] is True
    assert read_policy(said["parameters"]) == policy


@pytest.mark.usefixtures("album")
def test_a_fraction_of_a_second_is_kept(api):
    policy = RefreshPolicy(ttl=timedelta(microseconds=1), idle=timedelta(days=400, microseconds=999_999))
    assert read_policy(put(api, **wire(told_policy(policy)))["parameters"]) == policy


@pytest.mark.usefixtures("album")
def test_what_is_not_sent_has_its_default(api):
    put(api, ttl=1, max_live=3)
    assert read_policy(put(api, idle=5)["parameters"]) == RefreshPolicy(idle=timedelta(seconds=5))


@pytest.mark.usefixtures("album")
@pytest.mark.parametrize(
    ("parameters", "name", "rule"),
    [
        ({"ttl": -1}, "ttl", "it must be a number from 0 to 2147483647"),
        ({"ttl": True}, "ttl", "it must be a number from 0 to 2147483647"),
        ({"ttl": 2**31}, "ttl", "it must be a number from 0 to 2147483647"),
        ({"leeway": None}, "leeway", "it cannot be taken away"),
        ({"rotate": "after_fraction", "rotate_at": 0.7}, "rotate_at", "a whole percentage from 0 to 100"),
        ({"rotate": "after_fraction", "rotate_at": 101}, "rotate_at", "a whole percentage from 0 to 100"),
        ({"rotate": "sometimes"}, "rotate", "it must be one of never, always"),
        ({"max_live": 0}, "max_live", "it must be a whole number from 1 to"),
        ({"lifetime": 1}, "lifetime", "there is no such field"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_name(api, parameters, name, rule):
    put(api, ttl=5)
    faults = api.refused("PUT", AT, {"parameters": parameters})
    assert rule in faults[f"parameters.{name}"]["rule"]
    assert api.get(AT)["parameters"]["ttl"] == 5


@pytest.mark.usefixtures("album")
def test_its_settings_hold_again_when_it_is_taken_away(api):
    before = api.get(AT)
    put(api, ttl=5)
    for _ in range(2):
        assert api.ask("DELETE", AT).status_code == 204
        assert api.get(AT) == before


@pytest.mark.usefixtures("album")
def test_the_log_tells_what_changed(api):
    """RFC9700-2.6"""
    put(api, issued=False)
    put(api, issued=False)
    api.ask("DELETE", AT)
    api.ask("DELETE", AT)
    adopted, left = api.log("Application.Policy.Update")
    assert adopted["adopted"] == {"before": False, "after": True}
    assert adopted["issued"] == {"before": True, "after": False}
    assert adopted["ttl"] == {"before": 14 * 86400, "after": None}
    assert set(adopted) == {"adopted", "issued", "ttl", "renew", "rotate", "on_reuse"}
    assert left == {name: {"before": each["after"], "after": each["before"]} for name, each in adopted.items()}


@pytest.mark.usefixtures("album")
def test_a_new_application_of_the_same_name_follows_its_settings(api):
    put(api, ttl=5)
    api.ask("DELETE", "/applications/album")
    api.created("/applications", **ALBUM)
    assert api.get(AT)["adopted"] is False


def test_without_an_application_there_is_none(api):
    for method, body in (("GET", None), ("PUT", {"parameters": {}}), ("DELETE", None)):
        api.refused(method, AT, body, status=404)


@pytest.mark.usefixtures("album")
def test_what_is_said_of_its_settings_says_that_they_do_not_hold(api):
    """OIDCR-2: nothing is advised about them either."""
    api.ask("PUT", "/profile", {"profile": "logto"})
    api.changed("/applications/album", rotate_refresh_token=False, always_issue_refresh_token=True)
    advised = {"rotate_refresh_token", "always_issue_refresh_token"}
    assert {each["setting"] for each in api.get("/applications/album/advice")} >= advised
    put(api, issued=False)
    assert not {each["setting"] for each in api.get("/applications/album/advice")} & advised
    without = "Not in force: another policy was adopted in its place."
    said = {each["setting"]: each["documented"] for each in api.get("/applications/album/differences")}
    assert {name for name, effect in said.items() if effect == without} == {
        "always_issue_refresh_token", "rotate_refresh_token", "refresh_token_ttl_in_days"
    }  # fmt: skip

"""An application's secrets over the management API — RFC6749-2.3.1."""

import base64
from datetime import timedelta

import pytest

from tests.provider.management.conftest import ISSUER

MACHINE = {"type": "MachineToMachine", "name": "Report", "client_id": "report"}
AT = "/applications/report/secrets"


def proves(api, value):
    """Whether this secret gets a token."""
    header = base64.b64encode(f"report:{value}".encode()).decode()
    response = api.app.test_client().post(
        f"{ISSUER}/token", data={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {header}"}
    )
    return response.status_code == 200


def test_a_confidential_application_has_a_secret_that_is_shown_once(api):
    created = api.created("/applications", **MACHINE)
    assert len(created["client_secret"]) == 43
    assert [each["name"] for each in api.get(AT)] == ["Default secret"]
    for path in ("/applications", "/applications/report", AT, "/logs"):
        assert created["client_secret"] not in api.ask("GET", path).text
    assert proves(api, created["client_secret"])


def test_one_that_is_brought_is_kept_and_null_is_none(api):
    assert api.created("/applications", **MACHINE, client_secret="brought")["client_secret"] == "brought"
    assert proves(api, "brought")
    bare = api.created("/applications", type="Traditional", name="Bare", client_secret=None)
    assert bare["client_secret"] is None
    assert api.get(f"/applications/{bare['client_id']}/secrets") == []


def test_several_at_once_each_until_its_end(api):
    """One is replaced by another without a pause."""
    first = api.created("/applications", **MACHINE)["client_secret"]
    second = api.created(AT, name="Second", expires_in_days=30)
    third = api.created(AT, name="Third", expires_at="2026-01-06T10:00:00+01:00")
    assert second["expires_at"] == "2026-02-04T09:00:00+00:00"
    assert third["expires_at"] == "2026-01-06T09:00:00+00:00"
    assert [proves(api, each) for each in (first, second["value"], third["value"], "x")] == [True, True, True, False]
    assert api.ask("DELETE", f"{AT}/Default%20secret").status_code == 204
    assert [proves(api, each) for each in (first, second["value"], third["value"])] == [False, True, True]
    api.clock.advance(days=1)
    assert [proves(api, each) for each in (second["value"], third["value"])] == [True, False]
    api.clock.advance(days=29)
    assert not proves(api, second["value"])


def test_a_name_may_have_a_slash(api):
    api.created("/applications", **MACHINE)
    api.created(AT, name="a/b")
    assert api.ask("DELETE", f"{AT}/a%2Fb").status_code == 204


@pytest.mark.parametrize(
    ("sent", "field", "status"),
    [
        ({}, "name", 422),
        ({"name": ""}, "name", 422),
        ({"name": "Default secret"}, "name", 409),
        ({"name": "x", "expires_in_days": 0}, "expires_in_days", 422),
        ({"name": "x", "expires_in_days": 10**30}, "expires_in_days", 422),
        ({"name": "x", "expires_at": "2026-01-05T09:00:00Z"}, "expires_at", 422),
        ({"name": "x", "expires_at": "2027-01-05T09:00:00"}, "expires_at", 422),
        ({"name": "x", "expires_in_days": 1, "expires_at": "2027-01-05T09:00:00Z"}, "expires_at", 422),
        ({"name": "x", "value": "mine"}, "value", 422),
    ],
)
def test_one_that_cannot_be_is_refused_by_field(api, sent, field, status):
    api.created("/applications", **MACHINE)
    assert list(api.refused("POST", AT, sent, status=status)) == [field]
    assert len(api.get(AT)) == 1


def test_the_calendar_ends(api):
    api.created("/applications", **MACHINE)
    api.clock.advance(days=(9999 - 2026) * 365)
    api.clock.advance(days=1900)
    assert "expires_in_days" in api.refused("POST", AT, {"name": "x", "expires_in_days": 3650})


def test_a_public_application_has_none(api):
    """RFC6749-2.1"""
    api.created("/applications", type="SPA", name="Album", client_id="album")
    assert "single page app" in api.refused("POST", "/applications/album/secrets", {"name": "x"})["secrets"]["rule"]
    sent = {"type": "SPA", "name": "Album", "client_secret": "x"}
    errors = api.refused("POST", "/applications", sent)
    assert errors["client_secret"]["value"] == "…"
    assert api.get("/applications/album/secrets") == []


def test_they_are_in_the_log_without_their_values(api):
    """RFC9700-2.6"""
    api.created("/applications", **MACHINE)
    made = api.created(AT, name="Second", expires_in_days=1)
    api.ask("DELETE", f"{AT}/Second")
    assert api.refused("DELETE", f"{AT}/Second", status=404) == {}
    ends = (api.clock.now + timedelta(days=1)).isoformat()
    assert api.log("Application.Secret.Create") == [{"name": "Second", "expires_at": ends}]
    assert api.log("Application.Secret.Delete") == [{"name": "Second"}]
    assert made["value"] not in api.ask("GET", "/logs").text

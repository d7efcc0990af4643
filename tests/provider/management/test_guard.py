"""Nobody gets in without the management token — RFC6750-2.1."""

import pytest

from oidc_lab.lab.clock import LabClock
from oidc_lab.lab.entropy import SeededEntropy
from oidc_lab.provider.app import create_app
from tests.provider.management.conftest import ISSUER, TOKEN


def test_every_operation_asks_for_the_token(api):
    """RFC6750-3: who brings none is told how, and no error."""
    paths = api.get("/openapi.json")["paths"]
    assert len(paths) > 10
    for path, operations in paths.items():
        for method in operations.keys() & {"get", "post", "put", "patch", "delete"}:
            response = api.app.test_client().open(path, method=method.upper(), base_url="https://provider.test")
            assert response.status_code == 401, (method, path)
            assert response.headers["WWW-Authenticate"] == f'Bearer realm="{ISSUER}"'
            assert response.json["errors"] == {}
    assert api.ask("GET", "/openapi.json", headers={}).status_code == 401
    assert api.ask("GET", "/nowhere", headers={}).status_code == 401


@pytest.mark.parametrize(
    "sent",
    [
        "Bearer wrong",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        "Bearer",
        "Bearer ",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer ü",
    ],
)
def test_a_wrong_token_is_refused(api, sent):
    """RFC6750-3.1"""
    response = api.ask("GET", "/applications", headers={"Authorization": sent})
    assert response.status_code == 401
    assert ("invalid_token" in response.headers["WWW-Authenticate"]) == sent.startswith("Bearer")
    assert TOKEN not in response.text


def test_the_scheme_may_be_written_in_any_case(api):
    """RFC9110-11.1"""
    assert api.ask("GET", "/applications", headers={"Authorization": f"bearer {TOKEN}"}).status_code == 200


def test_what_was_refused_changed_nothing(api):
    api.ask("POST", "/applications", {"type": "SPA", "name": "X"}, headers={})
    assert api.get("/applications") == []


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_there_is_no_management(token):
    app = create_app(issuer=ISSUER, clock=LabClock(), entropy=SeededEntropy(1), management_token=token)
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        assert app.test_client().get(f"{ISSUER}/api/applications", headers=headers).status_code == 404


def test_the_rest_of_the_provider_is_where_it_was(api):
    """OIDCD-4: only what is below /api is the management's."""
    client = api.app.test_client()
    assert client.get(f"{ISSUER}/.well-known/openid-configuration").json["issuer"] == ISSUER
    assert client.get(f"{ISSUER}/apis").status_code == 404
    assert api.ask("GET", "").status_code == 404

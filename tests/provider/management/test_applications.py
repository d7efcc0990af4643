"""Applications over the management API: created, read, changed and deleted — OIDCR-2."""

import pytest

WEB = {"type": "Traditional", "name": "Shop", "redirect_uris": ["https://shop.example/callback"]}


def test_a_client_id_is_drawn(api):
    """OIDCR-3.2.1: 21 characters, as the product's."""
    shop = api.created("/applications", **WEB)
    assert len(shop["client_id"]) == 21
    assert shop["client_id"].isalnum()


def test_all_that_is_given_comes_back(api):
    """OIDCR-2"""
    given = {
        **WEB,
        "description": "A shop",
        "post_logout_redirect_uris": ["https://shop.example/bye"],
        "cors_allowed_origins": ["https://shop.example"],
        "always_issue_refresh_token": True,
        "rotate_refresh_token": False,
        "refresh_token_ttl_in_days": 30,
        "id_token_ttl": 600,
        "id_token_signed_response_alg": "EdDSA",
        "backchannel_logout_uri": "https://shop.example/logout",
        "backchannel_logout_session_required": True,
        "custom_data": {"team": ["a", {"b": None}]},
    }
    shop = api.created("/applications", **given)
    assert given.items() <= shop.items()
    assert shop["created_at"] == "2026-01-05T09:00:00+00:00"
    shown = {name: value for name, value in shop.items() if name != "client_secret"}
    assert api.get(f"/applications/{shop['client_id']}") == shown
    assert api.get("/applications") == [shown]


def test_its_endpoints_are_those_of_the_configuration(api):
    """OIDCD-3"""
    endpoints = api.created("/applications", **WEB)["endpoints"]
    metadata = api.app.test_client().get(endpoints["openid_configuration"]).json
    del endpoints["openid_configuration"]
    assert endpoints == {name: metadata[name] for name in endpoints}
    assert {"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "end_session_endpoint"} <= set(endpoints)
    assert {"jwks_uri", "introspection_endpoint", "revocation_endpoint"} <= set(endpoints)


def test_the_list_is_searched_by_words_and_type(api):
    shop = api.created("/applications", **WEB, description="for Anna")["client_id"]
    album = api.created("/applications", type="SPA", name="Album")["client_id"]

    def found(query):
        return [each["client_id"] for each in api.get(f"/applications?{query}")]

    assert found("") == sorted([shop, album])
    assert found("q=SHOP") == found("q=anna") == found(f"q={shop}") == found("type=Traditional") == [shop]
    assert found("type=SPA&q=a") == [album]
    assert found("type=SPA&q=shop") == []


def test_what_is_not_sent_stays(api):
    """Partial updates: one field at a time."""
    shop = api.created("/applications", **WEB, description="A shop", custom_data={"a": 1}, refresh_token_ttl_in_days=30)
    at = f"/applications/{shop['client_id']}"
    before = api.get(at)
    for change in ({"name": "New"}, {"refresh_token_ttl_in_days": 7}, {"custom_data": {"b": 2}}, {"id_token_ttl": 60}):
        after = api.changed(at, **change)
        assert after == before | change
        assert api.get(at) == after
        before = after
    assert api.changed(at) == before


def test_null_takes_a_setting_away(api):
    shop = api.created("/applications", **WEB, description="A shop", refresh_token_ttl_in_days=30, id_token_ttl=60)
    at = f"/applications/{shop['client_id']}"
    after = api.changed(at, description=None, refresh_token_ttl_in_days=None, id_token_ttl=None, redirect_uris=None)
    assert (after["description"], after["refresh_token_ttl_in_days"], after["id_token_ttl"]) == ("", None, None)
    assert after["redirect_uris"] == []
    assert "name" in api.refused("PATCH", at, {"name": None})


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_unknown_fields_are_refused_by_name(api, method):
    at = "/applications" if method == "POST" else f"/applications/{api.created('/applications', **WEB)['client_id']}"
    sent = {**(WEB if method == "POST" else {}), "refresh_token_ttl": 5, "nmae": "x"}
    errors = api.refused(method, at, sent)
    assert errors == {
        "refresh_token_ttl": {"value": 5, "rule": "there is no such field"},
        "nmae": {"value": "x", "rule": "there is no such field"},
    }
    assert len(api.get("/applications")) == (method == "PATCH")
    assert api.refused("GET", "/applications?nmae=x")["nmae"]["rule"] == "there is no such field"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("client_id", "another"),
        ("type", "SPA"),
        ("created_at", "2020-01-01T00:00:00Z"),
        ("client_secret", "x"),
        ("secrets", []),
        ("endpoints", {}),
    ],
)
def test_what_is_given_once_is_refused_with_the_reason(api, field, value):
    """OIDCR-3.2.1"""
    shop = api.created("/applications", **WEB)
    at = f"/applications/{shop['client_id']}"
    before = api.get(at)
    for sent in (value, before.get(field)):  # the value that it has already is not accepted either
        errors = api.refused("PATCH", at, {"name": "New", field: sent})
        assert list(errors) == [field]
        assert errors[field]["rule"] != "there is no such field"
    assert api.get(at) == before


@pytest.mark.parametrize(
    ("setting", "value", "rule"),
    [
        ("refresh_token_ttl_in_days", 181, "from 1 to 180"),
        ("refresh_token_ttl_in_days", True, "whole number"),
        ("id_token_ttl", 0, "from 1 to"),
        ("name", "", "1 to 256"),
        ("rotate_refresh_token", 1, "true or false"),
        ("redirect_uris", ["javascript:alert(1)"], "javascript"),
        ("redirect_uris", "https://shop.example/", "a list"),
        ("cors_allowed_origins", ["https://shop.example/path"], ""),
        ("id_token_signed_response_alg", "HS256", "RS256"),
        ("custom_data", [], "JSON object"),
        ("custom_data", {"a": "\0"}, "cannot be kept"),
    ],
)
def test_a_value_that_breaks_its_rule_is_named_with_the_rule(api, setting, value, rule):
    """Field, value and rule, from the creation on."""
    shop = api.created("/applications", **WEB)
    for method, at, sent in (
        ("POST", "/applications", {**WEB, setting: value}),
        ("PATCH", f"/applications/{shop['client_id']}", {setting: value}),
    ):
        errors = api.refused(method, at, sent)
        assert list(errors) == [setting]
        assert rule in errors[setting]["rule"]
        assert errors[setting]["value"] in (value, *(value if isinstance(value, list) else ()))
    assert len(api.get("/applications")) == 1


def test_a_setting_that_the_type_does_not_have_in_the_profile_is_refused_with_that_reason(api):
    """OIDCR-2: refused, not ignored; another profile has it."""
    album = api.created("/applications", type="SPA", name="Album")
    at = f"/applications/{album['client_id']}"
    errors = api.refused("PATCH", at, {"refresh_token_ttl_in_days": 30})
    assert "single page app" in errors["refresh_token_ttl_in_days"]["rule"]
    assert "refresh_token_ttl_in_days" in album["unavailable"]
    api.ask("PUT", "/profile", {"profile": "logto"})
    assert api.changed(at, refresh_token_ttl_in_days=30)["refresh_token_ttl_in_days"] == 30
    assert "refresh_token_ttl_in_days" not in api.get(at)["unavailable"]
    assert "always_issue_refresh_token" in api.refused(
        "POST", "/applications", {**NATIVE, "always_issue_refresh_token": True}
    )


NATIVE = {"type": "Native", "name": "Guide"}


def test_what_another_profile_allowed_does_not_stand_in_the_way_of_a_change(api):
    api.ask("PUT", "/profile", {"profile": "logto"})
    album = api.created("/applications", type="SPA", name="Album", refresh_token_ttl_in_days=30)
    api.ask("PUT", "/profile", {"profile": "documented"})
    after = api.changed(f"/applications/{album['client_id']}", name="New")
    assert (after["name"], after["refresh_token_ttl_in_days"]) == ("New", 30)


def test_a_client_id_that_others_know_can_be_brought_once(api):
    api.created("/applications", **WEB, client_id="shop")
    errors = api.refused("POST", "/applications", {**WEB, "client_id": "shop"}, status=409)
    assert errors["client_id"]["value"] == "shop"
    for bad in ("a/b", "..", "a b", "", "a?b", "x" * 256, "ü"):
        assert "client_id" in api.refused("POST", "/applications", {**WEB, "client_id": bad})
    odd = api.created("/applications", **WEB, client_id="odd:id+%")
    assert api.get("/applications/odd%3Aid%2B%25")["client_id"] == odd["client_id"]


def test_an_application_is_deleted_with_its_secrets(api):
    shop = api.created("/applications", **WEB)["client_id"]
    assert api.ask("DELETE", f"/applications/{shop}").status_code == 204
    for method, at in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/secrets"), ("GET", "/advice")):
        assert api.refused(method, f"/applications/{shop}{at}", {} if method == "PATCH" else None, status=404) == {}


def test_each_change_is_in_the_log_with_what_changed(api):
    """RFC9700-2.6: before and after, never a secret."""
    shop = api.created("/applications", **WEB, custom_data={"key": "a secret of the trainer"})
    at = f"/applications/{shop['client_id']}"
    api.changed(at, name="New", id_token_ttl=60, custom_data={"key": "another", "more": 1})
    api.changed(at, name="New")  # changes nothing, so nothing is said
    api.ask("DELETE", at)
    assert api.log("Application.Create") == [
        {"type": "Traditional", "name": "Shop", "redirect_uris": WEB["redirect_uris"], "custom_data": ["key"]}
    ]
    assert api.log("Application.Update") == [
        {
            "name": {"before": "Shop", "after": "New"},
            "id_token_ttl": {"before": None, "after": 60},
            "custom_data": {"before": ["key"], "after": ["key", "more"]},
        }
    ]
    assert api.log("Application.Delete") == [{"name": "New"}]
    text = api.ask("GET", "/logs").text
    assert shop["client_secret"] not in text
    assert "a secret of the trainer" not in text


def test_advice_and_differences_are_those_of_the_domain(api):
    shop = api.created("/applications", **WEB)["client_id"]
    assert "post_logout_redirect_uris" in {each["setting"] for each in api.get(f"/applications/{shop}/advice")}
    [rotates] = [
        each for each in api.get(f"/applications/{shop}/differences") if each["setting"] == "rotate_refresh_token"
    ]
    assert len({rotates["documented"], rotates["logto"], rotates["strict"]}) == 3

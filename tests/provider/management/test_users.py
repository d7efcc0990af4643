"""Users over the management API — OIDCC-5.1."""

import pytest

ZOE = {"username": "zoe", "claims": {"name": "Zoe", "address": {"locality": "Oslo"}}, "password": "a-test-password"}


def test_a_user_is_created_read_changed_and_deleted(api):
    made = api.created("/users", **ZOE, one_click=True)
    at = f"/users/{made['sub']}"
    assert made == {"sub": made["sub"], "username": "zoe", "claims": ZOE["claims"], "one_click": True}
    assert api.get(at) == made
    assert api.get("/users") == [made]
    assert api.changed(at, username="zoë")["claims"] == ZOE["claims"]
    assert api.changed(at, claims={"name": "Z"})["username"] == "zoë"
    assert api.changed(at, claims=None)["claims"] == {}
    assert api.ask("DELETE", at).status_code == 204
    for method in ("GET", "PATCH", "DELETE"):
        assert api.refused(method, at, {} if method == "PATCH" else None, status=404) == {}


def test_a_password_goes_in_and_never_comes_out(api):
    """OIDCC-16.13: only its slow hash is kept."""
    made = api.created("/users", **ZOE)
    api.changed(f"/users/{made['sub']}", password="another-password")
    texts = [api.ask("GET", path).text for path in ("/users", f"/users/{made['sub']}", "/logs")]
    assert not any("password" in text.replace('"password":"changed"', "") for text in texts)


def test_a_changed_password_counts_at_once(signs_in, api):
    """OIDCC-3.1.2.3"""
    sub = api.created("/users", **ZOE)["sub"]
    assert signs_in("zoe", "a-test-password")
    assert not signs_in("zoe", "another-password")
    api.changed(f"/users/{sub}", password="another-password")
    assert not signs_in("zoe", "a-test-password")
    assert signs_in("zoe", "another-password")


def test_names_are_taken_once(api):
    """OIDCC-2: a sub is never given to another."""
    zoe = api.created("/users", **ZOE, sub="zoe")
    ann = api.created("/users", username="ann")
    assert list(api.refused("POST", "/users", {"username": "x", "sub": "zoe"}, status=409)) == ["sub"]
    assert list(api.refused("POST", "/users", {"username": "zoe"}, status=409)) == ["username"]
    assert list(api.refused("PATCH", f"/users/{ann['sub']}", {"username": "zoe"}, status=409)) == ["username"]
    assert [each["username"] for each in api.get("/users")] == ["ann", "zoe"]
    assert api.changed("/users/zoe", username="zoe")["sub"] == zoe["sub"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "x" * 256}, "username"),
        ({"username": "a\0b"}, "username"),
        ({"password": ""}, "password"),
        ({"password": "x" * 1001}, "password"),
        ({"password": 5}, "password"),
        ({"claims": {"sub": "other"}}, "claims.sub"),
        ({"claims": {"name": "\ud800"}}, "claims"),
        ({"claims": {"a": [{"b\0": 1}]}}, "claims"),
        ({"claims": "x"}, "claims"),
        ({"nickname": "x"}, "nickname"),
    ],
)
def test_what_cannot_be_is_refused_by_field(api, sent, field):
    made = api.created("/users", **ZOE)
    for method, at, body in (("POST", "/users", {"username": "x", **sent}), ("PATCH", f"/users/{made['sub']}", sent)):
        errors = api.refused(method, at, body)
        assert list(errors) == [field]
        assert field != "password" or errors[field]["value"] == "…"
    assert api.get("/users") == [made]


@pytest.mark.parametrize("field", ["sub", "one_click"])
def test_what_is_given_once_is_refused_with_the_reason(api, field):
    made = api.created("/users", **ZOE)
    errors = api.refused("PATCH", f"/users/{made['sub']}", {field: made[field]})
    assert "never changed" in errors[field]["rule"]


def test_each_change_is_in_the_log(api):
    """Of claims only the names: they are about a person."""
    sub = api.created("/users", **ZOE)["sub"]
    api.changed(f"/users/{sub}", username="z", claims={"name": "Other"}, password="new-password")
    api.changed(f"/users/{sub}", username="z")
    api.ask("DELETE", f"/users/{sub}")
    assert api.log("User.Create") == [{"username": "zoe", "claims": ["address", "name"], "one_click": False}]
    assert api.log("User.Update") == [
        {"username": {"before": "zoe", "after": "z"}, "claims": ["address", "name"], "password": "changed"}
    ]
    assert api.log("User.Delete") == [{"username": "z"}]
    assert "Oslo" not in api.ask("GET", "/logs").text

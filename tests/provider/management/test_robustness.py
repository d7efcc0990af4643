"""Whatever is sent to the management API, it is answered in its own form and never breaks — RFC8259."""

import pytest

from tests.provider.management.conftest import TOKEN

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
DEEP = "[" * 100_000
DEEP_ENOUGH = '{"name": ' + '{"a":' * 500 + "1" + "}" * 500 + "}"


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        ("{", "application/json", 400),
        ("", "application/json", 422),
        ("null", "application/json", 422),
        ("[]", "application/json", 422),
        ('"text"', "application/json", 422),
        ("5", "application/json", 422),
        ('{"name": NaN}', "application/json", 400),
        ('{"name": Infinity}', "application/json", 400),
        ('{"name": 1e999}', "application/json", 400),
        ('{"name": ' + "9" * 5000 + "}", "application/json", 400),
        ('{"refresh_token_ttl_in_days": ' + "9" * 4000 + "}", "application/json", 422),
        ('{"id_token_ttl": ' + "9" * 40 + "}", "application/json", 422),
        (DEEP, "application/json", 400),
        (DEEP_ENOUGH, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        ('{"name": "\\ud800"}', "application/json", 422),
        ('{"name": "\\u0000"}', "application/json", 422),
        ('{"\\u0000": 1}', "application/json", 422),
        ('{"name": "x"}', "text/plain", 415),
        ("name=x", "application/x-www-form-urlencoded", 415),
        ("x" * 600_000, "application/json", 413),
    ],
)
def test_a_body_that_is_none_is_refused(api, body, media_type, status):
    api.created("/applications", type="Traditional", name="Shop", client_id="shop")
    for method, at in (("POST", "/applications"), ("PATCH", "/applications/shop")):
        response = api.ask(method, at, data=body, content_type=media_type, headers=HEADERS)
        expected = 200 if (method, body) == ("PATCH", "") else status
        assert response.status_code == expected, response.text
        if expected != 200:
            assert set(response.json) == {"code", "status", "message", "errors"}
    assert api.get("/applications/shop")["name"] == "Shop"


@pytest.mark.parametrize(
    "path",
    [
        "/applications/%00",
        "/applications/" + "x" * 5000,
        "/applications/%FF%FE",
        "/users/%00",
        "/grants/%00",
        "/sessions/x",
        "/applications/shop/secrets/%00",
    ],
)
def test_an_address_that_leads_nowhere_is_answered(api, path):
    for method in ("GET", "PATCH", "DELETE"):
        response = api.ask(method, path, {} if method == "PATCH" else None)
        assert response.status_code in {404, 405}, response.text
        assert response.json["code"] == response.status_code


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 422),
        ("limit=1001", 422),
        ("limit=x", 422),
        ("limit=" + "9" * 5000, 422),
        ("after=99999999999999", 422),
        ("after=-1", 422),
        ("since=yesterday", 422),
        ("since=2026-01-05T09:00:00", 422),
        ("since=0001-01-01T00:00:00%2B23:00", 422),
        ("until=9999-12-31T23:59:59-23:00", 422),
        ("key=Nothing", 422),
        ("result=success", 422),
        ("client_id=%00", 422),
        ("client_id=nobody", 200),
        ("after=2147483647", 200),
    ],
)
def test_a_question_to_the_log_is_answered(api, query, status):
    response = api.ask("GET", f"/logs?{query}")
    assert response.status_code == status, response.text
    assert status == 422 or response.json == []


def test_a_method_that_is_not_there_is_answered_with_those_there_are(api):
    """RFC9110-15.5.6"""
    response = api.ask("PUT", "/applications")
    assert response.status_code == 405
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


def test_what_breaks_is_answered_in_the_same_form_and_nothing_is_kept(api, monkeypatch):
    def broken(*arguments, **named):
        raise RuntimeError("a test breaks the log")

    monkeypatch.setattr("oidc_lab.provider.store.log.Log.add", broken)
    response = api.ask("POST", "/applications", {"type": "SPA", "name": "X"})
    assert (response.status_code, response.json["code"]) == (500, 500)
    assert "a test breaks" not in response.text
    monkeypatch.undo()
    assert api.get("/applications") == []

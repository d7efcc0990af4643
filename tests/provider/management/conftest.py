"""The management API, asked as a trainer's tool asks it."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from oidc_lab.lab.clock import LabClock
from oidc_lab.lab.entropy import SeededEntropy
from oidc_lab.provider.app import create_app
from oidc_lab.provider.store import Store
from tests.provider.bench import Page

ISSUER = "https://provider.test/tenant"
TOKEN = "a-test-management-token"


class Api:
    """Sends requests with the token; `headers` replace it."""

    def __init__(self, app: Flask, clock: LabClock) -> None:
        self.app, self.clock = app, clock

    def ask(self, method: str, path: str, body: Any = None, **how: Any) -> TestResponse:
        """Send a request; `path` is below /api, `body` is sent as JSON."""
        headers = how.pop("headers", {"Authorization": f"Bearer {TOKEN}"})
        sent = {} if body is None else {"json": body}
        return self.app.test_client().open(f"{ISSUER}/api{path}", method=method, headers=headers, **sent, **how)

    def get(self, path: str) -> Any:
        """What stands there."""
        response = self.ask("GET", path)
        assert response.status_code == 200, response.text
        return response.json

    def created(self, path: str, **body: Any) -> Any:
        """What is created there."""
        response = self.ask("POST", path, body)
        assert response.status_code == 201, response.text
        return response.json

    def changed(self, path: str, **body: Any) -> Any:
        """What stands there after a change."""
        response = self.ask("PATCH", path, body)
        assert response.status_code == 200, response.text
        return response.json

    def refused(self, method: str, path: str, body: Any = None, *, status: int = 422) -> dict[str, Any]:
        """What is wrong with which field, by name."""
        response = self.ask(method, path, body)
        assert response.status_code == status, response.text
        assert response.json is not None
        assert (response.json["code"], response.json["message"] != "") == (status, True)
        errors: dict[str, Any] = response.json["errors"]
        return errors

    def log(self, key: str) -> list[dict[str, Any]]:
        """What the audit log says of a kind of event."""
        return [each["details"] for each in self.get(f"/logs?key={key}")]


@pytest.fixture
def api() -> Iterator[Api]:
    store, clock = Store(), LabClock()
    app = create_app(
        issuer=ISSUER, clock=clock, entropy=SeededEntropy("management"), store=store, management_token=TOKEN
    )
    yield Api(app, clock)
    store.close()


@pytest.fixture
def signs_in(api: Api) -> Any:
    """Whether somebody can sign in with a username and a password, at the provider's own page."""
    uri = "https://app.example/callback"
    api.created("/applications", type="Traditional", name="App", client_id="app", redirect_uris=[uri])
    asked = f"client_id=app&response_type=code&scope=openid&redirect_uri={uri}"

    def attempt(username: str, password: str) -> bool:
        client = api.app.test_client()
        page = client.get(f"{ISSUER}/authorize?{asked}", follow_redirects=True)
        form, values = Page(page).pressed("sign-in")
        typed = {**values, "username": username, "password": password}
        return client.post(f"https://provider.test{form.action}", data=typed).status_code == 303

    return attempt

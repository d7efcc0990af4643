"""Pages of other origins call the provider with fetch, where the profile lets them — RFC6454-7."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

import httpx2
import pytest
from flask import Flask
from playwright.sync_api import Frame, Page

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.profile import Profile
from oidc_lab.lab import data as demo
from oidc_lab.provider.context import EXTENSION
from oidc_lab.provider.store import Store
from oidc_lab.serve import provider as served
from oidc_lab.serve.server import LiveServer
from tests.browser.conftest import Site, Window

pytestmark = pytest.mark.browser

VERIFIER = "a-verifier.that_is~long-enough-for-RFC-7636-4.1"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()

# What a page sees: the status, the body and the challenge, or that it failed and nothing more.
FETCH = """async ([address, how]) => {
    try {
        const response = await fetch(address, how);
        const body = await response.text();
        return {status: response.status, body: body, challenge: response.headers.get("WWW-Authenticate")};
    } catch (error) {
        return {failed: error.name};
    }
}"""

FAILED = {"failed": "TypeError"}


def fetch(page: Page | Frame, address: str, form: dict[str, str] | None = None, **headers: str) -> dict[str, Any]:
    """Call from a page's script, with a form when there is one."""
    how: dict[str, Any] = {"headers": headers}
    if form is not None:
        how |= {"method": "POST", "body": urlencode(form)}
        how["headers"] = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return cast(dict[str, Any], page.evaluate(FETCH, [address, how]))


@dataclass(frozen=True)
class Gallery:
    """A single page application and its provider, to which browsers really go."""

    issuer: str
    shop: Site
    window: Window

    @property
    def page(self) -> Page:
        """A page of the application's site."""
        if not self.window.page.url.startswith(self.shop.origin):
            self.window.page.goto(f"{self.shop.origin}/callback")
        return self.window.page

    def code(self) -> str:
        """What the application has after anna signed in."""
        page = self.window.page
        asked = {
            "response_type": "code", "client_id": "gallery", "scope": "openid", "state": "s", "prompt": "consent",
            "redirect_uri": f"{self.shop.origin}/callback", "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }  # fmt: skip
        page.goto(f"{self.issuer}/authorize?{urlencode(asked)}")
        if page.query_selector("#demo-user-anna"):
            page.click("#demo-user-anna")
        if page.url.startswith(self.issuer):
            page.click("#allow")
        page.wait_for_url(f"{self.shop.origin}/callback?*")
        return self.shop.answer["code"]

    def redeeming(self, code: str) -> dict[str, str]:
        """The form with which the application redeems it."""
        return {
            "grant_type": "authorization_code", "client_id": "gallery", "code": code, "code_verifier": VERIFIER,
            "redirect_uri": f"{self.shop.origin}/callback",
        }  # fmt: skip

    def access_token(self) -> str:
        """A token that the application got in another way than from a page."""
        response = httpx2.post(f"{self.issuer}/token", data=self.redeeming(self.code()))
        assert response.status_code == 200, response.text
        return cast(str, response.json()["access_token"])


Start = Callable[..., Gallery]


@pytest.fixture
def start(shop: Site, window: Window) -> Iterator[Start]:
    """Serve a provider whose application has these CORS allowed origins; without any, its own site is not listed."""
    with ExitStack() as stack:

        def started(*origins: str, profile: Profile = Profile.DOCUMENTED, redirect_uri: str = "") -> Gallery:
            uris = (f"{shop.origin}/callback", *((redirect_uri,) if redirect_uri else ()))
            kind = ApplicationType.NATIVE if redirect_uri else ApplicationType.SPA
            application = Application(
                client_id="gallery", type=kind, name="Gallery", redirect_uris=uris, cors_allowed_origins=origins
            )
            offer = served.Offer(applications=[application], users=demo.read_users(demo.folder()), seed=7)
            store = Store()

            def make(url: str) -> Flask:
                app = served.make_app(offer, store, url)
                app.extensions[EXTENSION].profile = profile
                return app

            server = stack.enter_context(LiveServer(make, on_close=store.close))
            return Gallery(server.url, shop, window)

        yield started


@pytest.mark.parametrize("profile", Profile)
def test_a_page_of_a_listed_origin_does_everything_by_itself(start: Start, shop: Site, profile: Profile) -> None:
    """OIDCC-5.3, RFC6750-2.1: discovery to revocation, userinfo with a preflight for its header."""
    gallery = start(shop.origin, profile=profile)
    code = gallery.code()
    for path in ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/jwks"):
        assert fetch(gallery.page, gallery.issuer + path)["status"] == 200
    answer = gallery.page.evaluate(
        "async ([address, body]) => (await fetch(address, {method: 'POST', body: new URLSearchParams(body)})).json()",
        [f"{gallery.issuer}/token", gallery.redeeming(code)],
    )
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    read = fetch(gallery.page, f"{gallery.issuer}/userinfo", **bearer)
    assert (read["status"], read["body"]) == (200, '{"sub": "anna"}')
    about = {"client_id": "gallery", "token": answer["access_token"]}
    assert '"active": true' in fetch(gallery.page, f"{gallery.issuer}/introspection", about)["body"]
    assert fetch(gallery.page, f"{gallery.issuer}/revocation", about)["status"] == 200
    refused = fetch(gallery.page, f"{gallery.issuer}/userinfo", **bearer)
    assert refused["status"] == 401
    assert 'error="invalid_token"' in refused["challenge"]


@pytest.mark.parametrize("profile", Profile)
def test_a_page_learns_what_was_wrong_with_its_request(start: Start, shop: Site, profile: Profile) -> None:
    """RFC6749-5.2: the error is for the application, and its page is the application."""
    gallery = start(shop.origin, profile=profile)
    told = fetch(gallery.page, f"{gallery.issuer}/token", gallery.redeeming("unheard-of"))
    assert (told["status"], '"error": "invalid_grant"' in told["body"]) == (400, True)


@pytest.mark.parametrize("profile", [Profile.DOCUMENTED, Profile.STRICT])
def test_a_page_whose_origin_is_not_listed_reads_nothing_and_spoils_nothing(start: Start, profile: Profile) -> None:
    """RFC6454-7: the code is as good as before, for whoever may send it."""
    gallery = start("https://elsewhere.example", profile=profile)
    code = gallery.code()
    assert fetch(gallery.page, f"{gallery.issuer}/token", gallery.redeeming(code)) == FAILED
    response = httpx2.post(f"{gallery.issuer}/token", data=gallery.redeeming(code))
    assert response.status_code == 200
    bearer = {"Authorization": f"Bearer {response.json()['access_token']}"}
    assert fetch(gallery.page, f"{gallery.issuer}/userinfo", **bearer) == FAILED
    assert fetch(gallery.page, f"{gallery.issuer}/.well-known/openid-configuration") == FAILED
    assert httpx2.get(f"{gallery.issuer}/userinfo", headers=bearer).status_code == 200


@pytest.mark.parametrize("profile", Profile)
def test_without_a_list_the_redirect_uri_counts_in_logto_alone(start: Start, profile: Profile) -> None:
    """Application-model 3.7, D16: an application's own site may call there, though nobody listed it."""
    gallery = start(profile=profile)
    code = gallery.code()
    seen = fetch(gallery.page, f"{gallery.issuer}/token", gallery.redeeming(code))
    assert seen.get("status") == (200 if profile is Profile.LOGTO else None)
    assert (seen == FAILED) is (profile is not Profile.LOGTO)


def test_the_origin_of_a_redirect_uri_is_not_that_of_every_page(start: Start, start_page: Site, window: Window) -> None:
    """Application-model 3.7: in logto a third site reads the metadata, and may do nothing for the application."""
    gallery = start(profile=Profile.LOGTO)
    code = gallery.code()
    window.page.goto(f"{start_page.origin}/welcome")
    assert fetch(window.page, f"{gallery.issuer}/.well-known/openid-configuration")["status"] == 200
    assert fetch(window.page, f"{gallery.issuer}/token", gallery.redeeming(code)) == FAILED
    assert fetch(window.page, f"{gallery.issuer}/token", {"grant_type": "x"})["status"] == 400


@pytest.mark.parametrize("redirect_uri", ["", "example.gallery:/callback"])
@pytest.mark.parametrize("profile", Profile)
def test_a_sandboxed_frame_has_the_origin_null(start: Start, shop: Site, profile: Profile, redirect_uri: str) -> None:
    """RFC6454-6.1: nobody can list it; in logto a private-use redirect URI lets it in (application-model 3.7)."""
    gallery = start(shop.origin, profile=profile, redirect_uri=redirect_uri)
    bearer = {"Authorization": f"Bearer {gallery.access_token()}"}
    gallery.page.evaluate(
        """() => new Promise(loaded => {
            const frame = document.createElement("iframe");
            frame.sandbox = "allow-scripts";
            frame.srcdoc = "<p>Nobody's";
            frame.onload = loaded;
            document.body.append(frame);
        }).then(() => 0)"""
    )
    frame = gallery.page.frames[1]
    assert frame.evaluate("self.origin") == "null"
    seen = fetch(frame, f"{gallery.issuer}/userinfo", **bearer)
    may = profile is Profile.LOGTO and redirect_uri != ""
    assert seen.get("status") == (200 if may else None)
    assert (seen == FAILED) is not may
    assert fetch(gallery.page, f"{gallery.issuer}/userinfo", **bearer)["status"] == 200


@pytest.mark.parametrize("profile", Profile)
def test_no_page_follows_a_user_to_the_provider(start: Start, shop: Site, profile: Profile) -> None:
    """RFC9700-2.6: neither the authorization endpoint nor the one that ends a session is for scripts."""
    gallery = start(shop.origin, profile=profile)
    for path in ("/authorize?client_id=gallery", "/end-session"):
        assert fetch(gallery.page, gallery.issuer + path) == FAILED


@pytest.mark.parametrize("profile", Profile)
def test_the_providers_own_pages_are_at_home(start: Start, window: Window, profile: Profile) -> None:
    """RFC6454-5: whatever is listed, and whoever calls."""
    gallery = start(profile=profile)
    token = gallery.access_token()
    window.page.goto(f"{gallery.issuer}/jwks")  # not a page of people's: theirs let no script run
    assert fetch(window.page, f"{gallery.issuer}/userinfo", Authorization=f"Bearer {token}")["status"] == 200
    about = {"client_id": "gallery", "token": token}
    assert fetch(window.page, f"{gallery.issuer}/revocation", about)["status"] == 200

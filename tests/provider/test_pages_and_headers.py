"""The headers and cookies that every answer has, wherever the provider lives."""

from pathlib import Path

import flask
import pytest

from oidc_lab import Lab
from oidc_lab.lab.clock import LabClock
from oidc_lab.provider.app import create_app
from oidc_lab.provider.browser import COOKIE
from tests.provider.bench import Browser, answered, asking, redeeming, send

PAGES = {
    "home": lambda browser: browser.open(browser.lab.issuer + "/"),
    "sign-in": lambda browser: browser.authorize(),
    "consent": lambda browser: browser.press(browser.authorize(), "demo-user-anna"),
    "select-account": lambda browser: [browser.sign_in(), browser.authorize(prompt="select_account")][1],
    "form_post": lambda browser: browser.sign_in(response_mode="form_post"),
    "form_post error": lambda browser: browser.authorize(response_mode="form_post", prompt="none"),
    "error": lambda browser: browser.authorize(client_id="unheard-of"),
    "confirm": lambda browser: [browser.sign_in(), browser.sign_out()][1],
    "signed out": lambda browser: browser.sign_out(),
    "not found": lambda browser: browser.open(browser.lab.issuer + "/unheard-of"),
    "not allowed": lambda browser: browser.open(browser.lab.issuer + "/token"),
}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_can_be_framed_leaked_sniffed_or_kept(browser: Browser, name: str) -> None:
    """RFC9700-4.16, OIDCC-16."""
    response = PAGES[name](browser)
    assert response.mimetype == "text/html"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cache-Control"] == "no-store"


def test_only_the_page_that_posts_itself_has_a_script(browser: Browser) -> None:
    """OAFP-2: named by its hash."""
    assert "script-src 'sha256-" in PAGES["form_post"](browser).headers["Content-Security-Policy"]
    for name in PAGES.keys() - {"form_post", "form_post error"}:
        assert "script-src" not in PAGES[name](Browser(browser.lab)).headers["Content-Security-Policy"]


def test_an_answer_with_a_code_is_neither_kept_nor_told_on(browser: Browser) -> None:
    """RFC9700-4.2."""
    response = browser.sign_in()
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("issuer", "path", "secure"),
    [
        ("https://provider.test", "/", True),
        ("https://provider.test/tenant/oidc", "/tenant/oidc", True),
        ("http://127.0.0.1:5000", "/", False),
        ("http://localhost:5000/x", "/x", False),
    ],
)
def test_the_cookie_goes_to_the_provider_alone(issuer: str, path: str, secure: bool) -> None:
    """RFC6265-4.1.2, RFC9700-4.7: HttpOnly, SameSite, Secure on https, and no longer than the browser is open."""
    with Lab(issuer=issuer) as lab:
        response = lab.provider.test_client().get(issuer + "/authorize", query_string=asking(lab))
    name_and_value, *attributes = response.headers["Set-Cookie"].split("; ")
    assert name_and_value.startswith(COOKIE + "=")
    assert set(attributes) == {"HttpOnly", "SameSite=Lax", f"Path={path}"} | ({"Secure"} if secure else set())


def test_a_cookie_is_set_once(browser: Browser) -> None:
    """RFC6265-3.1: not again with every answer."""
    browser.sign_in()
    assert "Set-Cookie" not in browser.authorize().headers
    assert "Set-Cookie" not in send(browser.lab, "/token", {}).headers
    assert "Set-Cookie" not in send(browser.lab, "/jwks", method="GET").headers


FORWARDED = {
    "X-Forwarded-For": "192.0.2.1",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "host=evil.example",
}


@pytest.mark.parametrize("proxies", [0, 1])
def test_forwarded_headers_count_only_behind_a_proxy(proxies: int) -> None:
    """RFC7239-8.1: anybody can send them."""
    with Lab() as lab:
        given = lab.provider.extensions["oidc_lab"]
        provider = create_app(
            issuer=lab.issuer,
            clock=LabClock(),
            entropy=given.entropy,
            keys=given.keys,
            store=given.store,
            proxies=proxies,
        )
        seen = []
        flask.request_started.connect_via(provider)(
            listener := lambda sender: seen.append((flask.request.remote_addr, flask.request.host))
        )
        address = lab.issuer + "/.well-known/openid-configuration"
        assert provider.test_client().get(address, headers=FORWARDED).json["issuer"] == lab.issuer
        response = provider.test_client().get(lab.issuer + "/authorize", query_string=asking(lab), headers=FORWARDED)
    assert listener
    assert seen[0] == (("192.0.2.1", "evil.example") if proxies else ("127.0.0.1", "provider.test"))
    assert response.location.startswith("/sign-in?")


def test_without_a_listener_a_refusal_is_answered_all_the_same() -> None:
    """RFC6749-5.2: the lab's own channel is no part of the protocol."""
    with Lab() as lab:
        given = lab.provider.extensions["oidc_lab"]
        provider = create_app(
            issuer=lab.issuer, clock=LabClock(), entropy=given.entropy, keys=given.keys, store=given.store
        )
        assert provider.test_client().post("/token").json["error"] == "invalid_request"


def test_what_broke_is_not_half_done(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC6749-4.1.2: a request that ends in a 500 leaves the store as it was, so the code can still be redeemed."""
    lab = browser.lab
    code = answered(browser.sign_in())["code"]
    lab.provider.logger.disabled = True
    with monkeypatch.context() as patched:
        patched.setattr("oidc_lab.provider.id_token._key", lambda algorithm: 1 // 0)
        assert send(lab, "/token", redeeming(lab, code)).status_code == 500
    assert send(lab, "/token", redeeming(lab, code)).status_code == 200


def test_what_cannot_be_committed_is_not_answered_as_if_it_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC6749-4.1.2: a code that the store did not keep is not handed out, and the next request is served."""
    with Lab(store=f"sqlite:///{tmp_path / 'store'}") as lab:
        lab.provider.logger.disabled = True
        browser = Browser(lab)
        browser.sign_in()
        with lab.provider.extensions["oidc_lab"].store.transaction() as connection:
            dialect = connection.dialect
        asked = asking(lab)
        with monkeypatch.context() as patched:
            patched.setattr(dialect, "do_commit", lambda connection: 1 // 0)
            assert browser.open("/authorize", query_string=asked).status_code == 500
        assert browser.signed_in

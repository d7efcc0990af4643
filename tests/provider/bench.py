"""A person at a browser, and an application's back channel: what the provider's tests drive it with."""

import base64
import hashlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

from oidc_lab import Lab
from oidc_lab.domain.application import SIGNING_ALGORITHMS
from oidc_lab.domain.profile import Rules
from oidc_lab.provider.browser import COOKIE

WEB, SPA, NATIVE, MACHINE = "web-shop", "photo-album", "city-guide", "night-report"

VERIFIER = "a-verifier.that_is~long-enough-for-RFC-7636-4.1"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def rules(lab: Lab) -> Rules:
    """What the profile of the moment decides."""
    return lab.provider.extensions["oidc_lab"].rules


def needs_pkce(lab: Lab, application: str) -> bool:
    """Whether an ordinary request of this application has a challenge."""
    return not lab.applications[application].confidential or rules(lab).pkce_for_all


def asking(lab: Lab, application: str = WEB, **changes: Any) -> dict[str, str]:
    """An ordinary authentication request; a change to None leaves a parameter out."""
    registered = lab.applications[application]
    asked = {"client_id": application, "response_type": "code", "scope": "openid", "state": "a state", "nonce": "n-1"}
    asked["redirect_uri"] = registered.redirect_uris[0]
    if needs_pkce(lab, application):
        asked |= {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    return {name: value for name, value in (asked | changes).items() if value is not None}


def redeeming(lab: Lab, code: str, application: str = WEB, /, **changes: Any) -> dict[str, str]:
    """An ordinary token request for a code; a change to None leaves a parameter out."""
    registered = lab.applications[application]
    asked = {"grant_type": "authorization_code", "code": code, "client_id": application}
    asked["redirect_uri"] = registered.redirect_uris[0]
    asked |= {"client_secret": registered.client_secret} if registered.confidential else {}
    asked |= {"code_verifier": VERIFIER} if needs_pkce(lab, application) else {}
    return {name: value for name, value in (asked | changes).items() if value is not None}


def refreshing(lab: Lab, refresh_token: str, application: str = WEB, /, **changes: Any) -> dict[str, str]:
    """An ordinary token request for a refresh token."""
    registered = lab.applications[application]
    asked = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": application}
    if registered.confidential:
        asked["client_secret"] = registered.client_secret or ""
    return {name: value for name, value in (asked | changes).items() if value is not None}


def send(lab: Lab, path: str, form: Any = None, *, method: str = "POST", **how: Any) -> TestResponse:
    """Send a request that carries no cookie, as an application's server does; `path` is below the issuer."""
    return lab.provider.test_client().open(lab.issuer + path, method=method, data=form, **how)


def userinfo(lab: Lab, access_token: str) -> TestResponse:
    """Ask who an access token stands for."""
    return send(lab, "/userinfo", method="GET", headers={"Authorization": f"Bearer {access_token}"})


def tokens(lab: Lab, application: str = WEB, user: str = "anna", **changes: Any) -> dict[str, Any]:
    """The token response of a sign-in in a new browser."""
    answer = answered(Browser(lab).sign_in(application, user, **changes))
    redirect_uri = asking(lab, application, **changes)["redirect_uri"]
    response = send(lab, "/token", redeeming(lab, answer["code"], application, redirect_uri=redirect_uri))
    assert response.status_code == 200, response.text
    return response.json


def offline_tokens(lab: Lab, application: str = WEB, **changes: Any) -> dict[str, Any]:
    """The token response of a sign-in whose user agreed to offline access."""
    return tokens(lab, application, **{"scope": "openid email offline_access", "prompt": "consent", **changes})


def id_token(lab: Lab, token_response: dict[str, Any]) -> jwt.Token:
    """The ID Token of a token response, its signature checked with the published keys."""
    keys = KeySet.import_key_set(send(lab, "/jwks", method="GET").json)
    return jwt.decode(token_response["id_token"], keys, list(SIGNING_ALGORITHMS))


def answered(response: TestResponse) -> dict[str, str]:
    """What an authorization response tells the application, whichever way it goes there."""
    if response.status_code == 200:
        return dict(Page(response).forms[0].values)
    assert response.status_code == 303, response.text
    parts = urlsplit(response.headers["Location"])
    return dict(parse_qsl(parts.fragment or parts.query, keep_blank_values=True, strict_parsing=True))


def heard(lab: Lab) -> str:
    """The code of the last refusal on the lab's own channel."""
    return lab.refusals[-1].refusal.code


class Browser:
    """One person's browser: it keeps its cookie, follows redirects within the provider and presses buttons."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.client = lab.provider.test_client()

    def open(self, address: str, *, method: str = "GET", form: Any = None, **how: Any) -> TestResponse:
        """Send one request; `address` is absolute or a path on the provider's host."""
        return self.client.open(urljoin(self.lab.issuer, address), method=method, data=form, **how)

    def rest(self, response: TestResponse) -> TestResponse:
        """Follow redirects as long as they stay at the provider."""
        host = urlsplit(self.lab.issuer).netloc
        while response.status_code == 303 and urlsplit(urljoin(self.lab.issuer, response.location)).netloc == host:
            response = self.open(response.location)
        return response

    def authorize(self, application: str = WEB, **changes: Any) -> TestResponse:
        """Come with an authentication request and go on until there is a page or an answer."""
        query = urlencode(asking(self.lab, application, **changes))
        return self.rest(self.open(f"{self.lab.issuer}/authorize?{query}"))

    def press(self, page: TestResponse, button: str, **typed: str) -> TestResponse:
        """Press a button of a page and go on until there is another page or an answer."""
        form, values = Page(page).pressed(button)
        return self.rest(self.open(form.action, method="POST", form=values | typed))

    def sign_in(self, application: str = WEB, user: str = "anna", **changes: Any) -> TestResponse:
        """Come with a request, press whatever leads on, and give the answer to the application."""
        return self.through(self.authorize(application, **changes), user)

    def through(self, response: TestResponse, user: str = "anna") -> TestResponse:
        """Press whatever leads on, from a page to the answer to the application."""
        while button := Page(response).leads_on(user):
            response = self.press(response, button)
        return response

    def sign_out(self, **asked: str) -> TestResponse:
        """Come with a logout request."""
        return self.rest(self.open(f"{self.lab.issuer}/end-session?{urlencode(asked)}"))

    @property
    def cookie(self) -> str | None:
        """What the provider knows this browser by."""
        issuer = urlsplit(self.lab.issuer)
        kept = self.client.get_cookie(COOKIE, issuer.hostname or "", issuer.path or "/")
        return kept and kept.value

    @property
    def signed_in(self) -> bool:
        """Whether somebody who has agreed before is signed in here."""
        return "code" in answered(self.authorize(prompt="none"))


@dataclass
class Form:
    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """The forms and buttons of a page, and its texts by id."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.buttons: dict[str, tuple[Form, str, str]] = {}
        self.texts: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        if response.mimetype == "text/html" and response.status_code != 303:
            self.feed(response.text)

    def pressed(self, button: str) -> tuple[Form, dict[str, str]]:
        """The form a button belongs to, and what it sends."""
        form, name, value = self.buttons[button]
        return form, form.values | ({name: value} if name else {})

    def leads_on(self, user: str) -> str | None:
        """The button that a willing user presses; None when the page has none, or leads away."""
        here = bool(self.forms) and self.forms[0].action.startswith("/")
        willing = (f"demo-user-{user}", "allow", "continue") if here else ()
        return next((button for button in willing if button in self.buttons), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given["action"], given["method"]))
        elif tag == "input":
            self.forms[-1].values[given["name"]] = given.get("value", "")
        elif tag == "button":
            self.buttons[given["id"]] = (self.forms[-1], given.get("name", ""), given.get("value", ""))
        if "id" in given and tag not in {"input", "link", "meta"}:
            self._open.append((tag, given["id"]))
            self.texts[given["id"]] = ""

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open[-1][1]] = (self.texts[self._open[-1][1]] + data).strip()

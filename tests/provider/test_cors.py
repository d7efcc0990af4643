"""Pages of other origins may call where the profile lets them; everybody else calls as if there were no origins."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.audit import Key
from oidc_lab.domain.profile import Profile
from tests.provider.bench import (
    MACHINE,
    VERIFIER,
    Browser,
    answered,
    heard,
    offline_tokens,
    redeeming,
    send,
    userinfo,
)
from tests.provider.test_client_authentication import basic
from tests.provider.test_client_credentials import asking_for_itself, store_of
from tests.provider.test_introspection import active, follow

LISTED, OF_REDIRECT, STRANGE = "https://pages.example", "https://gallery.example", "https://evil.example"

# RFC8414-3.1: the second address of the metadata begins before the issuer's path, which is empty here.
METADATA = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/jwks")
CALLED = ("/token", "/introspection", "/revocation", "/userinfo")
NAVIGATED = ("/authorize", "/end-session", "/end-session/confirm", "/sign-in", "/consent", "/", "/pages/style.css")


@pytest.fixture
def gallery(lab: Lab) -> Lab:
    """A single page application that lists one origin and lives at another."""
    lab.register(
        Application(
            client_id="gallery", type=ApplicationType.SPA, name="G", redirect_uris=(f"{OF_REDIRECT}/cb",),
            cors_allowed_origins=(LISTED,),
        )
    )  # fmt: skip
    return lab


def preflight(lab: Lab, path: str, origin: str, method: str = "POST") -> TestResponse:
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    return send(lab, path, method="OPTIONS", headers=headers | {"Access-Control-Request-Headers": "authorization"})


def allowed(response: TestResponse) -> str | None:
    """The origin whose pages may read this; credentials are never asked for, and every answer says what it hangs on."""
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert response.headers["Vary"] == "Origin"
    return response.headers.get("Access-Control-Allow-Origin")


def code_of(lab: Lab) -> str:
    return answered(Browser(lab).sign_in("gallery"))["code"]


def from_page(lab: Lab, path: str, form: Any, origin: str) -> TestResponse:
    return send(lab, path, form, headers={"Origin": origin})


def calls(lab: Lab) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """For each endpoint, the form and the headers of a request that the gallery may send."""
    token_response = offline_tokens(lab, "gallery")
    access_token = token_response["access_token"]
    return {
        "/token": (redeeming(lab, code_of(lab), "gallery"), {}),
        "/introspection": ({"token": access_token, "client_id": "gallery"}, {}),
        "/userinfo": ({}, {"Authorization": f"Bearer {access_token}"}),
        "/revocation": ({"token": access_token, "client_id": "gallery"}, {}),
    }


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("origin", [LISTED, "https://provider.test"])
def test_a_listed_origin_and_the_providers_own_may_call_everywhere(gallery: Lab, profile: Profile, origin: str) -> None:
    """RFC6454-7, OIDCC-5.3: the answer may be read, and so may the challenge of one that refuses."""
    follow(gallery, profile)
    for path, (form, headers) in calls(gallery).items():
        response = send(gallery, path, form, headers={**headers, "Origin": origin})
        assert (response.status_code, allowed(response)) == (200, origin), path
        assert response.headers["Access-Control-Expose-Headers"] == "WWW-Authenticate"
    for path in METADATA:
        response = send(gallery, path, method="GET", headers={"Origin": origin})
        assert (response.status_code, allowed(response)) == (200, origin)


@pytest.mark.parametrize("profile", Profile)
def test_the_origin_of_a_redirect_uri_may_call_in_logto_alone(gallery: Lab, profile: Profile) -> None:
    """Application-model 3.7: the list only adds to these; D16."""
    follow(gallery, profile)
    for path, (form, headers) in calls(gallery).items():
        response = send(gallery, path, form, headers={**headers, "Origin": OF_REDIRECT})
        may = profile is Profile.LOGTO
        assert (response.status_code, allowed(response)) == ((200, OF_REDIRECT) if may else (400, None)), path


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(
    "origin", [STRANGE, "null", f"{LISTED}/", f"{LISTED}:443", LISTED.upper(), f"{LISTED}.evil", ""]
)
def test_any_other_origin_is_refused_before_anything_is_done(gallery: Lab, profile: Profile, origin: str) -> None:
    """RFC6454-7: 400 without permission to read it; code and tokens are as good as before."""
    follow(gallery, profile)
    asked = calls(gallery)
    for path, (form, headers) in asked.items():
        response = send(gallery, path, form, headers={**headers, "Origin": origin})
        assert (response.status_code, response.json["error"], allowed(response)) == (400, "invalid_request", None)
        assert heard(gallery) == "origin_not_allowed"
        assert gallery.refusals[-1].client_id == "gallery"
        assert dict(gallery.refusals[-1].details)["registered"] == LISTED
    assert active(gallery, asked["/introspection"][0]["token"])
    assert send(gallery, "/token", asked["/token"][0]).status_code == 200


@pytest.mark.parametrize("profile", [Profile.DOCUMENTED, Profile.STRICT])
def test_without_a_list_no_page_may_call(lab: Lab, profile: Profile) -> None:
    """RFC6454-7: not even the page that the redirect URI leads to."""
    follow(lab, profile)
    uris = ("https://bare.example/cb",)
    lab.register(Application(client_id="bare", type=ApplicationType.SPA, name="B", redirect_uris=uris))
    code = answered(Browser(lab).sign_in("bare"))["code"]
    response = from_page(lab, "/token", redeeming(lab, code, "bare"), "https://bare.example")
    assert (response.status_code, heard(lab), allowed(response)) == (400, "origin_not_allowed", None)
    assert send(lab, "/token", redeeming(lab, code, "bare")).status_code == 200


def test_a_private_use_redirect_uri_lets_null_call_in_logto(lab: Lab) -> None:
    """Application-model 3.7, quirks: such a URI has the origin null, and so has a sandboxed frame."""
    for profile, may in [(Profile.LOGTO, True), (Profile.DOCUMENTED, False), (Profile.STRICT, False)]:
        follow(lab, profile)
        access_token = offline_tokens(lab, "city-guide")["access_token"]
        response = send(
            lab, "/userinfo", headers={"Authorization": f"Bearer {access_token}", "Origin": "null"}, method="GET"
        )
        assert (response.status_code, allowed(response)) == ((200, "null") if may else (400, None))


@pytest.mark.parametrize("profile", Profile)
def test_a_machine_does_not_live_in_a_page(gallery: Lab, profile: Profile) -> None:
    """RFC6749-2.1: what a page knows is no secret; nor does it help that another application lists the origin."""
    follow(gallery, profile)
    response = from_page(gallery, "/token", asking_for_itself(gallery), LISTED)
    assert (response.status_code, heard(gallery), allowed(response)) == (400, "origin_not_allowed", None)
    assert gallery.refusals[-1].client_id == MACHINE


@pytest.mark.parametrize("origin", [LISTED, STRANGE])
@pytest.mark.parametrize("profile", Profile)
def test_an_error_before_the_application_is_known_is_readable_as_metadata_is(
    gallery: Lab, profile: Profile, origin: str
) -> None:
    """Application-model 3.7: for every origin in logto, for those that somebody lists elsewhere."""
    follow(gallery, profile)
    may = origin if origin == LISTED or profile is Profile.LOGTO else None
    unknown = {"grant_type": "authorization_code", "client_id": "unheard-of", "code": "x", "code_verifier": VERIFIER}
    requests: list[tuple[str, Any, dict[str, str], int]] = [
        ("/token", {}, {}, 400),
        ("/token", {"grant_type": "x"}, {}, 400),
        ("/token", unknown, {}, 401),
        ("/introspection", {"client_id": "unheard-of"}, {}, 401),
        ("/revocation", {}, basic("unheard-of", "x"), 401),
        ("/userinfo", {}, {}, 401),
        ("/userinfo", {}, {"Authorization": "Bearer unheard-of"}, 401),
    ]
    for path, form, headers, status in requests:
        response = send(gallery, path, form, headers={**headers, "Origin": origin})
        assert (response.status_code, allowed(response)) == (status, may)
        assert heard(gallery) not in {"origin_not_allowed", "origin_unlisted"}


def test_an_error_of_a_known_application_is_readable_by_its_pages(gallery: Lab) -> None:
    """RFC6749-5.2, RFC6750-3: a page sees what was wrong with what it sent, its challenge included."""
    form = redeeming(gallery, "unheard-of", "gallery")
    response = from_page(gallery, "/token", form, LISTED)
    assert (response.json["error"], allowed(response)) == ("invalid_grant", LISTED)
    access_token = offline_tokens(gallery, "gallery")["access_token"]
    gallery.clock.advance(hours=1)
    response = send(gallery, "/userinfo", headers={"Authorization": f"Bearer {access_token}", "Origin": LISTED})
    assert (response.status_code, allowed(response)) == (401, LISTED)
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]
    assert response.headers["Access-Control-Expose-Headers"] == "WWW-Authenticate"


def test_the_origin_is_looked_at_before_the_secret(lab: Lab) -> None:
    """RFC6454-7: as soon as it is known whose list counts."""
    response = from_page(lab, "/token", asking_for_itself(lab, client_secret="guess"), STRANGE)
    assert (response.status_code, heard(lab)) == (400, "origin_not_allowed")


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("path", [*METADATA, *CALLED])
def test_a_browser_that_asks_first_is_told_what_may_be_sent(gallery: Lab, profile: Profile, path: str) -> None:
    """RFC6750-2.1: a page may send the Authorization header, when somebody lists its origin."""
    follow(gallery, profile)
    response = preflight(gallery, path, LISTED)
    assert (response.status_code, response.data, allowed(response)) == (204, b"", LISTED)
    methods = "GET" if path in METADATA else "GET, POST" if path == "/userinfo" else "POST"
    assert response.headers["Access-Control-Allow-Methods"] == methods
    assert response.headers["Access-Control-Allow-Headers"] == "authorization, content-type"
    assert response.headers["Access-Control-Max-Age"] == "3600"


@pytest.mark.parametrize("origin", [STRANGE, "null"])
@pytest.mark.parametrize("path", [*METADATA, *CALLED])
def test_where_nobody_lists_an_origin_a_browser_is_told_nothing(gallery: Lab, path: str, origin: str) -> None:
    """RFC6454-7: the lab hears why the page could not call; in logto it could."""
    for profile in (Profile.DOCUMENTED, Profile.STRICT):
        follow(gallery, profile)
        response = preflight(gallery, path, origin)
        assert (response.status_code, allowed(response)) == (204, None)
        assert not [name for name, _ in response.headers if name.startswith("Access-Control")]
        assert heard(gallery) == "origin_unlisted"
    entry = store_of(gallery).log.find()[-1]
    assert (entry.key, entry.error, entry.reason) == (Key.ORIGIN, None, "origin_unlisted")
    assert entry.details["received"] == origin
    follow(gallery, Profile.LOGTO)
    assert allowed(preflight(gallery, path, origin)) == origin


@pytest.mark.parametrize("path", METADATA)
def test_what_everybody_may_know_is_for_pages_whose_origin_somebody_lists(gallery: Lab, path: str) -> None:
    """OIDCD-4: the answer goes out all the same, and the browser keeps it from the page; in logto any page reads it."""
    for profile, may in [(Profile.DOCUMENTED, None), (Profile.STRICT, None), (Profile.LOGTO, STRANGE)]:
        follow(gallery, profile)
        heard_before = len(gallery.refusals)
        response = send(gallery, path, method="GET", headers={"Origin": STRANGE})
        assert (response.status_code, allowed(response)) == (200, may)
        assert [each.refusal.code for each in gallery.refusals[heard_before:]] == ([] if may else ["origin_unlisted"])


@pytest.mark.parametrize("profile", Profile)
def test_who_sends_no_origin_is_no_page(gallery: Lab, profile: Profile) -> None:
    """RFC6454-7.3: a server, a program on a phone; but a cache must not give a page what was answered to them."""
    follow(gallery, profile)
    for path, (form, headers) in calls(gallery).items():
        response = send(gallery, path, form, headers=headers)
        assert (response.status_code, allowed(response)) == (200, None)
        assert "Access-Control-Expose-Headers" not in response.headers
    for path in METADATA:
        assert allowed(send(gallery, path, method="GET")) is None
    assert send(gallery, "/token", asking_for_itself(gallery)).status_code == 200
    assert gallery.refusals == []


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("path", NAVIGATED)
def test_where_browsers_are_sent_no_page_may_call(gallery: Lab, profile: Profile, path: str) -> None:
    """RFC9700-2.6: the authorization endpoint must not, and the other pages have no need to."""
    follow(gallery, profile)
    for origin in (LISTED, "https://provider.test"):
        for response in (
            preflight(gallery, path, origin),
            send(gallery, path, method="GET", headers={"Origin": origin}),
            send(gallery, path, headers={"Origin": origin}),
        ):
            assert not [name for name, _ in response.headers if name.startswith("Access-Control")]


def test_a_question_that_no_browser_asks_is_answered_as_usual(gallery: Lab) -> None:
    """RFC9110-9.3.7: OPTIONS without the headers of a preflight."""
    response = send(gallery, "/token", method="OPTIONS")
    assert (response.status_code, "POST" in response.headers["Allow"]) == (200, True)
    assert allowed(response) is None


def test_the_lists_are_read_anew_for_each_request(gallery: Lab) -> None:
    """RFC6454-7: an origin that was added may call at once."""
    assert allowed(preflight(gallery, "/token", STRANGE)) is None
    gallery.register(
        Application(
            client_id="late", type=ApplicationType.SPA, name="L", redirect_uris=(f"{STRANGE}/cb",),
            cors_allowed_origins=(STRANGE,),
        )
    )  # fmt: skip
    assert allowed(preflight(gallery, "/token", STRANGE)) == STRANGE
    access_token = offline_tokens(gallery, "gallery")["access_token"]
    response = send(gallery, "/userinfo", headers={"Authorization": f"Bearer {access_token}", "Origin": STRANGE})
    assert (response.status_code, allowed(response)) == (400, None), "each application has a list of its own"
    assert userinfo(gallery, access_token).status_code == 200

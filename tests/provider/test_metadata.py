"""What the metadata lists works, and what works it lists."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from authlib.oidc import rpinitiated
from authlib.oidc.core import UserInfo
from authlib.oidc.discovery import OpenIDProviderMetadata

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from tests.provider.bench import (
    CHALLENGE,
    WEB,
    Browser,
    answered,
    id_token,
    offline_tokens,
    redeeming,
    refreshing,
    send,
    tokens,
    userinfo,
)
from tests.provider.test_client_authentication import basic
from tests.provider.test_client_credentials import machine_token

ISSUERS = (
    "https://provider.test",
    "https://provider.test/tenant/oidc",
    "http://127.0.0.1:5000",
    "http://localhost:5000/x",
)


@pytest.fixture(params=ISSUERS)
def lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A provider at each kind of address."""
    with Lab(issuer=request.param) as bench:
        yield bench


def metadata(lab: Lab) -> dict[str, object]:
    return send(lab, "/.well-known/openid-configuration", method="GET").json


def test_the_issuer_is_the_address_it_was_read_from(lab: Lab) -> None:
    """OIDCD-4.3."""
    assert metadata(lab)["issuer"] == lab.issuer == answered(Browser(lab).sign_in())["iss"]


def test_oauth_clients_find_the_same_document_at_their_place(lab: Lab) -> None:
    """RFC8414-3.1: the well-known part comes between host and path."""
    parts = urlsplit(lab.issuer)
    address = f"{parts.scheme}://{parts.netloc}/.well-known/oauth-authorization-server{parts.path}"
    assert lab.provider.test_client().get(address).json == metadata(lab)


def test_a_second_opinion_finds_the_metadata_valid(lab: Lab) -> None:
    """OIDCD-3, RFC8414-2, OIDCRIL-2.1."""
    OpenIDProviderMetadata(metadata(lab)).validate(metadata_classes=[rpinitiated.OpenIDProviderMetadata])


def test_every_endpoint_is_there(lab: Lab) -> None:
    """OIDCD-3."""
    endpoints = {name: url for name, url in metadata(lab).items() if name.endswith(("_endpoint", "_uri"))}
    assert endpoints.keys() == {
        "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint",
        "introspection_endpoint", "revocation_endpoint",
    }  # fmt: skip
    for url in endpoints.values():
        assert url.startswith(lab.issuer + "/")
        assert lab.provider.test_client().options(url).status_code == 200


def test_every_response_type_and_mode_works_and_no_other(lab: Lab) -> None:
    """OIDCD-3, OAMR-2.1."""
    listed, browser = metadata(lab), Browser(lab)
    for response_type in listed["response_types_supported"]:
        for mode in listed["response_modes_supported"]:
            assert "code" in answered(browser.sign_in(response_type=response_type, response_mode=mode))
    for response_type in {"code", "token", "id_token", "code id_token", "none"} - {*listed["response_types_supported"]}:
        assert "error" in answered(browser.authorize(response_type=response_type))
    for mode in {"query", "fragment", "form_post", "jwt", "query.jwt"} - {*listed["response_modes_supported"]}:
        assert "error" in answered(browser.authorize(response_mode=mode))


def test_every_scope_works_and_no_other(lab: Lab) -> None:
    """OIDCD-3."""
    listed = metadata(lab)["scopes_supported"]
    granted = offline_tokens(lab, scope=" ".join([*listed, "shoe_size", "groups"]))["scope"]
    assert set(granted.split()) == set(listed)


def test_every_claim_can_be_had(lab: Lab) -> None:
    """OIDCD-3: in an ID Token or at userinfo; and nothing is had that is not listed."""
    uris = ("https://sid.example/cb",)
    lab.register(
        Application(
            client_id="sid", type=ApplicationType.SPA, name="S", redirect_uris=uris,
            backchannel_logout_session_required=True,
        )
    )  # fmt: skip
    token_response = tokens(lab, "sid", scope="openid profile email address phone")
    had = id_token(lab, token_response).claims.keys() | userinfo(lab, token_response["access_token"]).json.keys()
    assert had == set(metadata(lab)["claims_supported"])


def test_the_claims_parameter_works(lab: Lab) -> None:
    """OIDCD-3: for every claim about the user, in the ID Token and at userinfo."""
    assert metadata(lab)["claims_parameter_supported"] is True
    assert metadata(lab)["claim_types_supported"] == ["normal"]
    every = dict.fromkeys(UserInfo.REGISTERED_CLAIMS)
    token_response = tokens(lab, claims=json.dumps({"userinfo": every, "id_token": every}))
    assert id_token(lab, token_response).claims.keys() >= every.keys()
    assert userinfo(lab, token_response["access_token"]).json.keys() == every.keys()


@pytest.mark.parametrize("name", ["request", "request_uri"])
def test_what_is_said_not_to_be_supported_is_refused(lab: Lab, name: str) -> None:
    """OIDCD-3: request_uri_parameter_supported must be said, its default is true."""
    assert metadata(lab)[f"{name}_parameter_supported"] is False
    assert answered(Browser(lab).authorize(**{name: "x"}))["error"] == f"{name}_not_supported"


def test_every_grant_type_works(lab: Lab) -> None:
    """RFC8414-2."""
    assert metadata(lab)["grant_types_supported"] == ["authorization_code", "refresh_token", "client_credentials"]
    first = offline_tokens(lab)
    assert send(lab, "/token", refreshing(lab, first["refresh_token"])).status_code == 200
    assert machine_token(lab)["access_token"]
    for grant_type in ("password", "implicit", "urn:ietf:params:oauth:grant-type:device_code"):
        response = send(lab, "/token", refreshing(lab, "x", grant_type=grant_type))
        assert response.json["error"] == "unsupported_grant_type"


def test_every_authentication_method_works(lab: Lab) -> None:
    """OIDCD-3."""
    listed = metadata(lab)["token_endpoint_auth_methods_supported"]
    assert listed == ["client_secret_basic", "client_secret_post", "none"]
    code = answered(Browser(lab).sign_in())["code"]
    headers = basic(WEB, lab.applications[WEB].client_secret)
    assert send(lab, "/token", redeeming(lab, code, client_secret=None), headers=headers).status_code == 200
    assert tokens(lab, WEB)
    assert tokens(lab, "photo-album")


@pytest.mark.parametrize("endpoint", ["introspection", "revocation"])
def test_every_authentication_method_works_where_tokens_are_asked_about_and_given_back(lab: Lab, endpoint: str) -> None:
    """RFC8414-2: and what the token endpoint refuses is refused here."""
    listed = metadata(lab)[f"{endpoint}_endpoint_auth_methods_supported"]
    assert listed == ["client_secret_basic", "client_secret_post", "none"]
    address = str(metadata(lab)[f"{endpoint}_endpoint"]).removeprefix(lab.issuer)
    secret = lab.applications[WEB].client_secret
    web, album = tokens(lab, WEB)["access_token"], tokens(lab, "photo-album")["access_token"]
    assert send(lab, address, {"token": web}, headers=basic(WEB, secret)).status_code == 200
    assert send(lab, address, {"token": web, "client_id": WEB, "client_secret": secret}).status_code == 200
    assert send(lab, address, {"token": album, "client_id": "photo-album"}).status_code == 200
    assert send(lab, address, {"token": web, "client_id": WEB}).status_code == 401


def test_every_challenge_method_works_and_no_other(lab: Lab) -> None:
    """RFC8414-2, RFC7636-4.3."""
    listed, browser = metadata(lab)["code_challenge_methods_supported"], Browser(lab)
    for method in ("plain", "S256"):
        answer = answered(browser.sign_in("photo-album", code_challenge=CHALLENGE, code_challenge_method=method))
        assert ("code" in answer) == (method in listed)


def test_every_signing_algorithm_works(lab: Lab) -> None:
    """OIDCD-3: and has its key among the published ones."""
    listed = metadata(lab)["id_token_signing_alg_values_supported"]
    for algorithm in listed:
        uris = (f"https://{algorithm}.example/cb",)
        lab.register(
            Application(
                client_id=algorithm, type=ApplicationType.SPA, name="A", redirect_uris=uris,
                id_token_signed_response_alg=algorithm,
            )
        )  # fmt: skip
        assert id_token(lab, tokens(lab, algorithm)).header["alg"] == algorithm
    assert {key["alg"] for key in send(lab, "/jwks", method="GET").json["keys"]} == set(listed)


def test_every_prompt_and_display_works_and_no_other(lab: Lab) -> None:
    """OIDCD-3, OpenID Connect Prompt Create 1.0 for prompt_values_supported."""
    listed, browser = metadata(lab), Browser(lab)
    browser.sign_in()
    for prompt in listed["prompt_values_supported"]:
        assert "code" in answered(browser.sign_in(prompt=prompt))
    assert "error" in answered(browser.authorize(prompt="create"))
    for display in listed["display_values_supported"]:
        assert "code" in answered(browser.sign_in(display=display))


def test_every_answer_names_the_issuer(lab: Lab) -> None:
    """RFC9207-3."""
    assert metadata(lab)["authorization_response_iss_parameter_supported"] is True
    browser = Browser(lab)
    answers = [answered(browser.authorize(prompt="none")), answered(browser.sign_in())]
    assert [each["iss"] for each in answers] == [lab.issuer, lab.issuer]


def test_subjects_are_public(lab: Lab) -> None:
    """OIDCC-8."""
    assert metadata(lab)["subject_types_supported"] == ["public"]


def test_the_published_keys_have_no_private_part(lab: Lab) -> None:
    """OIDCC-10.1.1, RFC7517-9.3."""
    keys = send(lab, "/jwks", method="GET").json["keys"]
    assert all(not {"d", "p", "q", "dp", "dq", "qi", "k"} & key.keys() for key in keys)
    assert all(key["use"] == "sig" and key["kid"] for key in keys)
    assert len({key["kid"] for key in keys}) == len(keys)


def test_a_sign_in_and_a_sign_out_stay_below_the_issuers_path(lab: Lab) -> None:
    """OIDCD-4: pages, forms, redirects and the stylesheet."""
    browser = Browser(lab)
    token_response = send(lab, "/token", redeeming(lab, answered(browser.sign_in())["code"])).json
    assert userinfo(lab, token_response["access_token"]).json == {"sub": "anna"}
    page = browser.authorize(prompt="consent select_account")
    assert f'href="{urlsplit(lab.issuer).path}/pages/style.css"' in page.text
    assert send(lab, "/pages/style.css", method="GET").status_code == 200
    assert browser.signed_in
    browser.press(browser.sign_out(), "sign-out")
    assert not browser.signed_in


def test_a_person_who_types_the_issuers_address_sees_what_it_is(lab: Lab) -> None:
    """OIDCD-3: without a slash at its end too, and without a redirect to whatever the Host header names."""
    shown = send(lab, "", method="GET", headers={"Host": "elsewhere.example"})
    assert (shown.status_code, shown.location) == (200, None)
    assert lab.issuer in shown.text


@pytest.mark.parametrize(
    "issuer",
    [
        *("provider.test", "http://provider.test", "https://a.test?b", "https://a.test#b", "https://", "https://[::1"),
        *("https://a.test//b", "https://a.test/<b>", "https://a.test/é", "https://a.test/%61", "https://a.test/b?"),
        *("https://a.test/b/../c", "https://a.test/.", "HTTPS://a.test", "https://u:p@a.test/", "ftp://a.test"),
    ],
)
def test_an_address_that_cannot_be_an_issuer_is_refused(issuer: str) -> None:
    """OIDCD-3: what routers, browsers or proxies read in another way than it was written is none."""
    with pytest.raises(ValueError, match="the issuer"):
        Lab(issuer=issuer)

"""An application proves which one it is, in one way at a time."""

import base64
from unittest.mock import patch
from urllib.parse import quote_plus

import pytest

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from tests.provider.bench import NATIVE, SPA, WEB, Browser, answered, heard, redeeming, send

SECRET = "test-secret-of-the-web-shop"


def basic(client_id: str, secret: str) -> dict[str, str]:
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def redeem(lab: Lab, application: str = WEB, headers: dict[str, str] | None = None, **changes: str | None):
    code = answered(Browser(lab).sign_in(application))["code"]
    return send(lab, "/token", redeeming(lab, code, application, **changes), headers=headers)


def test_a_secret_comes_in_the_header(lab: Lab) -> None:
    """RFC6749-2.3.1: client_secret_basic; the client_id may stand in the body as well."""
    for client_id in (None, WEB):
        response = redeem(lab, headers=basic(WEB, SECRET), client_id=client_id, client_secret=None)
        assert response.status_code == 200


def test_a_secret_comes_in_the_body(lab: Lab) -> None:
    """RFC6749-2.3.1: client_secret_post."""
    assert redeem(lab).status_code == 200


@pytest.mark.parametrize("application", [SPA, NATIVE])
def test_a_public_application_names_itself(lab: Lab, application: str) -> None:
    """OIDCC-9: none."""
    assert redeem(lab, application).status_code == 200


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_the_name_of_the_scheme_has_no_case(lab: Lab, scheme: str) -> None:
    """RFC9110-11.1."""
    header = basic(WEB, SECRET)["Authorization"].replace("Basic", scheme)
    response = redeem(lab, headers={"Authorization": header}, client_id=None, client_secret=None)
    assert response.status_code == 200


@pytest.mark.parametrize("secret", [":", "a:b", "100%", "%41", "a+b", "a b", "\u00e9\U0001f511", "a&b=c", " ", '"\\'])
def test_any_character_may_stand_in_a_secret(lab: Lab, secret: str) -> None:
    """RFC6749-2.3.1: form-encoded in the header, so that a colon does not part it."""
    uri = "https://odd.example/cb"
    odd = Application(
        client_id="odd:id+%", type=ApplicationType.TRADITIONAL, name="Odd", redirect_uris=(uri,), client_secret=secret
    )
    lab.register(odd)
    response = redeem(lab, odd.client_id, basic(odd.client_id, secret), client_id=None, client_secret=None)
    assert response.status_code == 200
    assert redeem(lab, odd.client_id).status_code == 200


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"client_secret": None}, "credentials_missing"),
        ({"client_secret": ""}, "credentials_missing"),
        ({"client_secret": "guess"}, "secret_wrong"),
        ({"client_secret": SECRET + " "}, "secret_wrong"),
        ({"client_secret": "\u00e9\x00"}, "secret_wrong"),
        ({"client_id": "unheard-of"}, "client_not_recognised"),
        ({"client_id": "unheard-of", "client_secret": None}, "client_not_recognised"),
        ({"client_id": "\x00"}, "client_not_recognised"),
        ({"client_id": None, "client_secret": None}, "credentials_missing"),
        ({"client_id": None}, "credentials_missing"),
    ],
)
def test_who_does_not_prove_itself_in_the_body_is_refused(lab: Lab, sent: dict[str, str | None], reason: str) -> None:
    """RFC6749-5.2: 401; the challenge is for those who tried the header."""
    response = redeem(lab, **sent)
    assert (response.status_code, response.json["error"], heard(lab)) == (401, "invalid_client", reason)
    assert "WWW-Authenticate" not in response.headers


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (basic(WEB, "guess"), "secret_wrong"),
        (basic(WEB, ""), "secret_wrong"),
        (basic("unheard-of", SECRET), "client_not_recognised"),
        (basic("\x00", "\x00"), "client_not_recognised"),
        (basic("", SECRET), "credentials_malformed"),
        ({"Authorization": "Basic"}, "credentials_malformed"),
        ({"Authorization": ""}, "credentials_malformed"),
        ({"Authorization": "Basic ***"}, "credentials_malformed"),
        ({"Authorization": "Basic " + base64.b64encode(b"no colon").decode()}, "credentials_malformed"),
        ({"Authorization": "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode()}, "credentials_malformed"),
        ({"Authorization": "Basic caf\u00e9"}, "credentials_malformed"),
        ({"Authorization": "Bearer " + basic(WEB, SECRET)["Authorization"][6:]}, "credentials_malformed"),
    ],
)
def test_who_does_not_prove_itself_in_the_header_is_challenged(lab: Lab, header: dict[str, str], reason: str) -> None:
    """RFC6749-5.2: 401 with WWW-Authenticate, also when the header is of no use at all."""
    response = redeem(lab, headers=header, client_id=None, client_secret=None)
    assert (response.status_code, response.json["error"], heard(lab)) == (401, "invalid_client", reason)
    assert response.headers["WWW-Authenticate"] == f'Basic realm="{lab.issuer}"'


@pytest.mark.parametrize(
    "also",
    [{"client_secret": SECRET}, {"client_secret": "guess"}, {"client_id": SPA, "client_secret": None}],
)
def test_one_method_at_a_time(lab: Lab, also: dict[str, str | None]) -> None:
    """RFC6749-2.3: nor two names."""
    response = redeem(lab, headers=basic(WEB, SECRET), **also)
    assert (response.status_code, response.json["error"]) == (400, "invalid_request")
    assert heard(lab) == "credentials_in_two_places"


@pytest.mark.parametrize("application", [SPA, NATIVE])
def test_a_public_application_has_no_secret_to_send(lab: Lab, application: str) -> None:
    """RFC6749-2.3: who sends one is mistaken about the type."""
    for headers, sent in ((None, {"client_secret": "guess"}), (basic(application, "guess"), {})):
        response = redeem(lab, application, headers, **sent)
        assert (response.status_code, response.json["error"], heard(lab)) == (
            401,
            "invalid_client",
            "secret_unexpected",
        )


def test_a_confidential_application_without_a_registered_secret_is_nobody(lab: Lab) -> None:
    """RFC6749-2.3.1: no secret at all does not match an empty one."""
    uris = ("https://bare.example/cb",)
    lab.register(Application(client_id="bare", type=ApplicationType.TRADITIONAL, name="Bare", redirect_uris=uris))
    assert redeem(lab, "bare", basic("bare", ""), client_id=None, client_secret=None).status_code == 401


def test_a_secret_is_compared_in_constant_time(lab: Lab) -> None:
    """RFC9700-2.5: what is compared are digests of one length, by hmac.compare_digest."""
    code = answered(Browser(lab).sign_in())["code"]
    with patch("oidc_lab.provider.store.applications.hmac.compare_digest", return_value=False) as compare:
        assert send(lab, "/token", redeeming(lab, code)).status_code == 401
    assert [len(each) for each in compare.call_args.args] == [64, 64]


def test_failing_to_prove_itself_does_not_use_a_code_up(lab: Lab) -> None:
    """RFC6749-4.1.2."""
    code = answered(Browser(lab).sign_in())["code"]
    assert send(lab, "/token", redeeming(lab, code, client_secret="guess")).status_code == 401
    assert send(lab, "/token", redeeming(lab, code)).status_code == 200

"""A code is redeemed once, soon, and by the application it was issued to."""

import pytest

from oidc_lab import Lab
from tests.provider.bench import (
    CHALLENGE,
    MACHINE,
    NATIVE,
    SPA,
    VERIFIER,
    WEB,
    Browser,
    answered,
    heard,
    offline_tokens,
    redeeming,
    refreshing,
    send,
    tokens,
    userinfo,
)

PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


@pytest.fixture
def code(browser: Browser) -> str:
    """A code for the web shop, asked for without PKCE."""
    return answered(browser.sign_in())["code"]


def redeem(lab: Lab, code: str, application: str = WEB, /, **changes: object):
    return send(lab, "/token", redeeming(lab, code, application, **changes))


def refused(response, error: str, lab: Lab, code: str) -> bool:
    return (response.status_code, response.json["error"], heard(lab)) == (400, error, code)


@pytest.mark.parametrize("application", [WEB, SPA, NATIVE])
def test_a_code_is_redeemed_for_tokens(lab: Lab, application: str) -> None:
    """RFC6749-5.1, OIDCC-3.1.3.3."""
    token_response = tokens(lab, application)
    assert token_response.keys() == {"access_token", "token_type", "expires_in", "scope", "id_token"}
    assert (token_response["token_type"], token_response["expires_in"]) == ("Bearer", 3600)


def test_a_token_response_is_not_cached(lab: Lab, code: str) -> None:
    """RFC6749-5.1: neither is a refusal."""
    for response in (redeem(lab, code), redeem(lab, code)):
        assert response.mimetype == "application/json"
        assert (response.headers["Cache-Control"], response.headers["Pragma"]) == ("no-store", "no-cache")


def test_an_access_token_is_opaque(lab: Lab) -> None:
    """RFC6749-1.4: it says nothing to who holds it."""
    access_token = tokens(lab)["access_token"]
    assert len(access_token) == 43
    assert "." not in access_token


@pytest.mark.parametrize(("elapsed", "status"), [(0, 200), (59.999, 200), (60, 400), (61, 400)])
def test_a_code_lives_for_sixty_seconds(lab: Lab, code: str, elapsed: float, status: int) -> None:
    """RFC6749-4.1.2: at exactly sixty seconds it has ended."""
    lab.clock.advance(seconds=elapsed)
    response = redeem(lab, code)
    assert response.status_code == status
    assert status == 200 or refused(response, "invalid_grant", lab, "code_expired")


@pytest.mark.parametrize("later", [0, 30, 60, 600])
def test_a_second_use_is_refused_and_ends_what_the_first_gave(browser: Browser, later: int) -> None:
    """RFC6749-4.1.2: also when the code would have expired by then."""
    lab = browser.lab
    code = answered(browser.sign_in(scope="openid offline_access", prompt="consent"))["code"]
    first = redeem(lab, code).json
    assert userinfo(lab, first["access_token"]).status_code == 200
    lab.clock.advance(seconds=later)
    assert refused(redeem(lab, code), "invalid_grant", lab, "code_used")
    assert userinfo(lab, first["access_token"]).status_code == 401
    assert heard(lab) == "bearer_revoked"
    response = send(lab, "/token", refreshing(lab, first["refresh_token"]))
    assert refused(response, "invalid_grant", lab, "family_revoked")


def test_a_second_use_ends_one_sign_in_and_no_other(lab: Lab, code: str) -> None:
    """RFC6749-4.1.2."""
    other = tokens(lab)["access_token"]
    redeem(lab, code)
    redeem(lab, code)
    assert userinfo(lab, other).status_code == 200


@pytest.mark.parametrize(
    ("changes", "error", "reason"),
    [
        ({"redirect_uri": None}, "invalid_grant", "code_redirect_uri_differs"),
        ({"redirect_uri": "https://shop.example/callback/"}, "invalid_grant", "code_redirect_uri_differs"),
        ({"redirect_uri": "https://shop.example/CALLBACK"}, "invalid_grant", "code_redirect_uri_differs"),
        ({"code": None}, "invalid_request", "code_missing"),
        ({"code": ""}, "invalid_request", "code_missing"),
        ({"code": "unheard-of"}, "invalid_grant", "code_unknown"),
        ({"code_verifier": VERIFIER}, "invalid_grant", "verifier_unexpected"),
        ({"grant_type": None}, "invalid_request", "grant_type_missing"),
        ({"grant_type": "password"}, "unsupported_grant_type", "grant_type_unsupported"),
        ({"grant_type": "authorization_code "}, "unsupported_grant_type", "grant_type_unsupported"),
    ],
)
def test_a_failed_attempt_does_not_use_the_code_up(
    lab: Lab, code: str, changes: dict[str, str | None], error: str, reason: str
) -> None:
    """RFC6749-4.1.3, RFC6749-5.2: who makes a mistake may correct it."""
    assert refused(redeem(lab, code, **changes), error, lab, reason)
    assert redeem(lab, code).status_code == 200


def test_a_code_is_bound_to_its_application(browser: Browser) -> None:
    """RFC6749-4.1.3: another one's attempt is refused and does not use it up."""
    lab, code = browser.lab, answered(browser.sign_in(SPA))["code"]
    for application in (WEB, NATIVE):
        response = redeem(lab, code, application, redirect_uri=lab.applications[SPA].redirect_uris[0])
        assert refused(response, "invalid_grant", lab, "code_of_another_application")
    assert redeem(lab, code, SPA).status_code == 200


def test_a_code_of_a_user_who_signed_out_meanwhile_is_refused(browser: Browser) -> None:
    """RFC6749-5.2: its tokens would be dead when they arrive."""
    code = answered(browser.sign_in())["code"]
    browser.press(browser.sign_out(), "sign-out")
    assert refused(redeem(browser.lab, code), "invalid_grant", browser.lab, "code_revoked")


@pytest.mark.parametrize("application", [WEB, SPA, NATIVE])
@pytest.mark.parametrize(
    ("verifier", "reason"),
    [
        (None, "verifier_missing"),
        ("", "verifier_missing"),
        (VERIFIER[:-1] + "2", "verifier_wrong"),
        (CHALLENGE, "verifier_wrong"),
        ("a" * 42, "verifier_malformed"),
        ("a" * 129, "verifier_malformed"),
        ("a" * 43 + "\n", "verifier_malformed"),
        ("\u00e9" * 43, "verifier_malformed"),
    ],
)
def test_who_sent_a_challenge_must_have_its_verifier(
    browser: Browser, application: str, verifier: str | None, reason: str
) -> None:
    """RFC7636-4.6: public and confidential alike; a wrong guess does not use the code up."""
    lab, code = browser.lab, answered(browser.sign_in(application, **PKCE))["code"]
    assert refused(redeem(lab, code, application, code_verifier=verifier), "invalid_grant", lab, reason)
    assert redeem(lab, code, application, code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize("length", [43, 128])
def test_a_verifier_may_be_as_short_and_as_long_as_allowed(browser: Browser, length: int) -> None:
    """RFC7636-4.1."""
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    verifier = "~" * length
    code = answered(browser.sign_in(SPA, code_challenge=create_s256_code_challenge(verifier)))["code"]
    assert redeem(browser.lab, code, SPA, code_verifier=verifier).status_code == 200


def test_a_challenge_taken_out_on_the_way_is_noticed(browser: Browser) -> None:
    """RFC9700-4.8.2: PKCE downgrade."""
    code = answered(browser.sign_in())["code"]
    assert refused(
        redeem(browser.lab, code, code_verifier=VERIFIER), "invalid_grant", browser.lab, "verifier_unexpected"
    )


def test_every_token_parameter_comes_once(lab: Lab, code: str) -> None:
    """RFC6749-3.2."""
    for name, value in redeeming(lab, code).items():
        response = send(lab, "/token", {**redeeming(lab, code), name: [value, value]})
        assert refused(response, "invalid_request", lab, "token_parameter_repeated")
    assert redeem(lab, code).status_code == 200


def test_a_token_parameter_without_a_value_counts_as_left_out(browser: Browser) -> None:
    """RFC6749-3.2: an empty client_secret is none, an empty code_verifier is none."""
    code = answered(browser.sign_in(SPA))["code"]
    assert redeem(browser.lab, code, SPA, client_secret="", scope="").status_code == 200
    assert redeem(browser.lab, answered(browser.sign_in())["code"], code_verifier="").status_code == 200


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data", "text/plain", ""])
def test_a_body_that_is_not_form_encoded_has_no_parameters(lab: Lab, code: str, content_type: str) -> None:
    """RFC6749-3.2."""
    how = {"json": redeeming(lab, code)} if content_type == "application/json" else {"content_type": content_type}
    response = send(lab, "/token", None if "json" in how else redeeming(lab, code), **how)
    assert refused(response, "invalid_request", lab, "grant_type_missing")


def test_parameters_in_the_query_do_not_count(lab: Lab, code: str) -> None:
    """RFC6749-2.3.1: secrets do not belong in an address."""
    response = send(lab, "/token", {}, query_string=redeeming(lab, code))
    assert refused(response, "invalid_request", lab, "grant_type_missing")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_a_token_request_is_a_post(lab: Lab, method: str) -> None:
    """RFC6749-3.2."""
    response = send(lab, "/token", method=method)
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize("grant_type", ["authorization_code", "refresh_token"])
def test_a_machine_redeems_neither_codes_nor_refresh_tokens(lab: Lab, code: str, grant_type: str) -> None:
    """RFC6749-5.2."""
    refresh_token = offline_tokens(lab)["refresh_token"]
    body = {"grant_type": grant_type, "code": code, "refresh_token": refresh_token, "client_id": MACHINE}
    response = send(lab, "/token", body | {"client_secret": lab.applications[MACHINE].client_secret})
    assert refused(response, "unauthorized_client", lab, "grant_type_not_allowed")


def test_a_refresh_token_comes_with_offline_access_alone(lab: Lab) -> None:
    """OIDCC-11: and offline_access counts with prompt=consent alone."""
    assert "refresh_token" in offline_tokens(lab)
    assert "refresh_token" not in tokens(lab, prompt="consent")
    assert "refresh_token" not in tokens(lab, scope="openid offline_access")


def test_without_openid_there_is_no_id_token(lab: Lab) -> None:
    """OIDCC-3.1.2.1: such a request is plain OAuth."""
    assert "id_token" not in tokens(lab, scope="email")

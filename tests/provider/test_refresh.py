"""A refresh token is replaced at each use, and ends its family when it comes back."""

import pytest

from oidc_lab import Lab
from tests.provider.bench import (
    NATIVE,
    SPA,
    WEB,
    Browser,
    answered,
    heard,
    offline_tokens,
    redeeming,
    refreshing,
    send,
    userinfo,
)


def refresh(lab: Lab, token_response: dict[str, str], application: str = WEB, **changes: str | None):
    return send(lab, "/token", refreshing(lab, token_response["refresh_token"], application, **changes))


def refused(response, lab: Lab, error: str, reason: str) -> bool:
    return (response.status_code, response.json["error"], heard(lab)) == (400, error, reason)


@pytest.mark.parametrize("application", [SPA, NATIVE])
def test_a_refresh_token_of_a_public_application_is_replaced_at_each_use(lab: Lab, application: str) -> None:
    """RFC9700-4.14.2."""
    seen = [offline_tokens(lab, application)]
    for _ in range(3):
        seen.append(refresh(lab, seen[-1], application).json)
    for kind in ("refresh_token", "access_token"):
        assert len({each[kind] for each in seen}) == 4
    assert userinfo(lab, seen[-1]["access_token"]).status_code == 200


def test_a_replaced_token_that_comes_back_ends_its_family(lab: Lab) -> None:
    """RFC9700-4.14.2: the newest tokens as well."""
    first = offline_tokens(lab, SPA)
    second = refresh(lab, first, SPA).json
    assert refused(refresh(lab, first, SPA), lab, "invalid_grant", "refresh_token_reused")
    assert refused(refresh(lab, second, SPA), lab, "invalid_grant", "family_revoked")
    assert [userinfo(lab, each["access_token"]).status_code for each in (first, second)] == [401, 401]


def test_a_family_is_one_sign_in(lab: Lab) -> None:
    """RFC9700-4.14.2: another sign-in of the same user to the same application goes on."""
    first, other = offline_tokens(lab, SPA), offline_tokens(lab, SPA)
    refresh(lab, first, SPA)
    assert refresh(lab, first, SPA).status_code == 400
    assert refresh(lab, other, SPA).status_code == 200


@pytest.mark.parametrize(
    ("seconds", "status"), [(14 * 86_400 - 0.001, 200), (14 * 86_400, 400), (14 * 86_400 + 1, 400)]
)
def test_a_refresh_token_lives_for_fourteen_days(lab: Lab, seconds: float, status: int) -> None:
    """RFC6749-6: at exactly fourteen days it has ended."""
    first = offline_tokens(lab)
    lab.clock.advance(seconds=seconds)
    response = refresh(lab, first)
    assert response.status_code == status
    assert status == 200 or refused(response, lab, "invalid_grant", "refresh_token_expired")


def test_each_replacement_lives_for_fourteen_days_of_its_own(lab: Lab) -> None:
    """RFC6749-6: who comes by every thirteen days stays."""
    last = offline_tokens(lab)
    for _ in range(4):
        lab.clock.advance(days=13)
        last = refresh(lab, last).json
    assert userinfo(lab, last["access_token"]).status_code == 200


def test_fewer_scopes_may_be_asked_for(lab: Lab) -> None:
    """RFC6749-6: this access token has fewer, the refresh token has all."""
    first = offline_tokens(lab, scope="openid email phone offline_access")
    second = refresh(lab, first, scope="openid email").json
    assert second["scope"] == "openid email"
    assert userinfo(lab, second["access_token"]).json.keys() == {"sub", "email", "email_verified"}
    third = refresh(lab, second).json
    assert set(third["scope"].split()) == {"openid", "email", "phone", "offline_access"}


@pytest.mark.parametrize("scope", ["openid phone", "phone", "shoe_size", "openid email offline_access profile"])
def test_more_scopes_may_not(lab: Lab, scope: str) -> None:
    """RFC6749-6: and asking does not use the token up."""
    first = offline_tokens(lab)
    assert refused(refresh(lab, first, scope=scope), lab, "invalid_scope", "scope_widened")
    assert refresh(lab, first).status_code == 200


def test_without_openid_a_refresh_brings_no_id_token(lab: Lab) -> None:
    """OIDCC-12.2."""
    assert "id_token" not in refresh(lab, offline_tokens(lab), scope="email").json


@pytest.mark.parametrize("other", [SPA, NATIVE])
def test_a_refresh_token_is_bound_to_its_application(lab: Lab, other: str) -> None:
    """RFC6749-6: another one's attempt neither uses it up nor ends the family."""
    first = offline_tokens(lab, WEB)
    assert refused(refresh(lab, first, other), lab, "invalid_grant", "refresh_token_of_another_application")
    assert refresh(lab, first, WEB).status_code == 200


def test_a_confidential_application_proves_itself_here_too(lab: Lab) -> None:
    """RFC6749-6: and failing to does not use the token up."""
    first = offline_tokens(lab)
    assert refresh(lab, first, client_secret="guess").status_code == 401
    assert refresh(lab, first, client_secret=None).status_code == 401
    assert refresh(lab, first).status_code == 200


@pytest.mark.parametrize(
    ("value", "error", "reason"),
    [
        (None, "invalid_request", "refresh_token_missing"),
        ("", "invalid_request", "refresh_token_missing"),
        ("unheard-of", "invalid_grant", "refresh_token_unknown"),
    ],
)
def test_no_other_value_is_a_refresh_token(lab: Lab, value: str | None, error: str, reason: str) -> None:
    """RFC6749-5.2."""
    assert refused(refresh(lab, {"refresh_token": ""}, refresh_token=value), lab, error, reason)


def test_an_access_token_is_no_refresh_token(lab: Lab) -> None:
    """RFC6749-1.5."""
    first = offline_tokens(lab)
    response = refresh(lab, {"refresh_token": first["access_token"]})
    assert refused(response, lab, "invalid_grant", "refresh_token_unknown")


def test_offline_access_outlives_the_session(browser: Browser) -> None:
    """OIDCC-11."""
    lab = browser.lab
    code = answered(browser.sign_in(scope="openid offline_access", prompt="consent"))["code"]
    first = send(lab, "/token", redeeming(lab, code)).json
    browser.press(browser.sign_out(), "sign-out")
    assert refresh(lab, first).status_code == 200

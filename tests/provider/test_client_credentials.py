"""An application that acts for itself gets a token for itself."""

import pytest

from oidc_lab import Lab
from oidc_lab.domain.audit import Key
from oidc_lab.domain.profile import Profile
from oidc_lab.provider.context import EXTENSION
from oidc_lab.provider.store import Store
from tests.provider.bench import MACHINE, NATIVE, SPA, WEB, heard, refreshing, send, userinfo
from tests.provider.test_client_authentication import basic


def store_of(lab: Lab) -> Store:
    return lab.provider.extensions[EXTENSION].store


def asking_for_itself(lab: Lab, application: str = MACHINE, **changes: str | None) -> dict[str, str]:
    asked = {"grant_type": "client_credentials", "client_id": application}
    if secret := lab.applications[application].client_secret:
        asked["client_secret"] = secret
    return {name: value for name, value in (asked | changes).items() if value is not None}


def machine_token(lab: Lab) -> dict[str, object]:
    response = send(lab, "/token", asking_for_itself(lab))
    assert response.status_code == 200, response.text
    return response.json


@pytest.mark.parametrize("profile", Profile)
def test_a_machine_gets_an_access_token_and_nothing_else(lab: Lab, profile: Profile) -> None:
    """RFC6749-4.4.3: no refresh token; no user, so no ID Token; no scope is known for it, so none is named."""
    lab.provider.extensions[EXTENSION].profile = profile
    response = send(lab, "/token", asking_for_itself(lab))
    assert response.status_code == 200
    assert response.json.keys() == {"access_token", "token_type", "expires_in"}
    assert (response.json["token_type"], response.json["expires_in"]) == ("Bearer", 3600)
    assert response.headers["Cache-Control"] == "no-store"


def test_the_secret_may_come_in_the_header(lab: Lab) -> None:
    """RFC6749-4.4.2: the client authenticates, in either way."""
    headers = basic(MACHINE, lab.applications[MACHINE].client_secret)
    assert send(lab, "/token", {"grant_type": "client_credentials"}, headers=headers).status_code == 200


@pytest.mark.parametrize(("secret", "reason"), [(None, "credentials_missing"), ("guess", "secret_wrong")])
def test_a_machine_proves_itself(lab: Lab, secret: str | None, reason: str) -> None:
    """RFC6749-4.4: the grant is nothing but the proof."""
    response = send(lab, "/token", asking_for_itself(lab, client_secret=secret))
    assert (response.status_code, response.json["error"], heard(lab)) == (401, "invalid_client", reason)


@pytest.mark.parametrize("application", [WEB, SPA, NATIVE])
def test_who_signs_users_in_has_no_token_for_itself(lab: Lab, application: str) -> None:
    """RFC6749-4.4: a public application must not, and a web application is not of the type."""
    response = send(lab, "/token", asking_for_itself(lab, application))
    assert (response.status_code, response.json["error"]) == (400, "unauthorized_client")
    assert heard(lab) == "grant_type_not_allowed"


@pytest.mark.parametrize("scope", ["openid", "profile offline_access", "reports", '"'])
def test_no_scope_is_for_machines(lab: Lab, scope: str) -> None:
    """RFC6749-3.3: an unknown one is not ignored here, because nothing would be left of the request."""
    response = send(lab, "/token", asking_for_itself(lab, scope=scope))
    assert (response.status_code, response.json["error"]) == (400, "invalid_scope")
    assert heard(lab) == "scope_not_for_machines"


def test_an_empty_scope_is_none(lab: Lab) -> None:
    """RFC6749-3.2."""
    assert send(lab, "/token", asking_for_itself(lab, scope="")).status_code == 200


def test_a_machines_token_reads_nobody(lab: Lab) -> None:
    """OIDCC-5.3: it stands for no user, and has not the scope openid."""
    response = userinfo(lab, machine_token(lab)["access_token"])
    assert (response.status_code, response.json["error"], heard(lab)) == (
        403,
        "insufficient_scope",
        "scope_insufficient",
    )


def test_a_machines_token_lives_for_an_hour(lab: Lab) -> None:
    """RFC6750-3.1: at exactly an hour it has ended."""
    access_token = machine_token(lab)["access_token"]
    lab.clock.advance(seconds=3600)
    assert (userinfo(lab, access_token).status_code, heard(lab)) == (401, "bearer_expired")


def test_a_machine_has_no_refresh_token_to_send(lab: Lab) -> None:
    """RFC6749-4.4.3: it can ask again by itself."""
    secret = lab.applications[MACHINE].client_secret
    response = send(lab, "/token", refreshing(lab, "x", MACHINE, client_secret=secret))
    assert (response.status_code, heard(lab)) == (400, "grant_type_not_allowed")


def test_each_request_brings_another_token(lab: Lab) -> None:
    """RFC6749-4.4: and the one before lives on."""
    first, second = machine_token(lab), machine_token(lab)
    assert first["access_token"] != second["access_token"]
    assert [userinfo(lab, each["access_token"]).status_code for each in (first, second)] == [403, 403]


def test_the_log_says_which_application_it_was_and_names_no_user(lab: Lab) -> None:
    """RFC9700-2.6: and has no token in it."""
    access_token = machine_token(lab)["access_token"]
    send(lab, "/token", asking_for_itself(lab, scope="openid"))
    first, second = store_of(lab).log.find()
    assert (first.key, first.result, first.client_id) == (Key.CLIENT_CREDENTIALS, "Success", MACHINE)
    assert (first.sub, first.sid, first.grant_id) == (None, None, None)
    assert (second.key, second.error, second.reason) == (
        Key.CLIENT_CREDENTIALS,
        "invalid_scope",
        "scope_not_for_machines",
    )
    assert access_token not in repr((first, second))

"""An application gives a token back, and what falls with it is what the profile says."""

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from oidc_lab import Lab
from oidc_lab.domain.audit import Key, LogEntry
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.tokens import AccessToken, RefreshToken
from oidc_lab.provider.store.tables import digest
from tests.provider.bench import (
    MACHINE,
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
    tokens,
    userinfo,
)
from tests.provider.test_client_authentication import basic
from tests.provider.test_client_credentials import machine_token, store_of
from tests.provider.test_introspection import active, follow, unsigned

LITERAL = [Profile.DOCUMENTED, Profile.STRICT]


def revoke(lab: Lab, token: Any, application: str = WEB, /, **changes: str | None) -> TestResponse:
    asked = {"token": token, "client_id": application, "client_secret": lab.applications[application].client_secret}
    return send(lab, "/revocation", {name: value for name, value in (asked | changes).items() if value is not None})


def done(response: TestResponse) -> bool:
    """RFC7009-2.2: 200, and nothing that says what the token was."""
    return (response.status_code, response.json, response.headers["Cache-Control"]) == (200, {}, "no-store")


def living(lab: Lab, *token_responses: dict[str, str]) -> list[tuple[bool, bool]]:
    """Of each, whether the access token and the refresh token are good."""
    return [(active(lab, each["access_token"]), active(lab, each["refresh_token"])) for each in token_responses]


def logged(lab: Lab) -> LogEntry:
    return store_of(lab).log.find()[-1]


@pytest.fixture
def twice(browser: Browser) -> tuple[Lab, dict[str, str], dict[str, str]]:
    """Two sign-ins of one user to one application in one browser: two families of one grant."""
    lab = browser.lab
    both = []
    for _ in range(2):
        code = answered(browser.sign_in(WEB, scope="openid offline_access", prompt="consent"))["code"]
        both.append(send(lab, "/token", redeeming(lab, code)).json)
    return lab, both[0], both[1]


@pytest.mark.parametrize("profile", LITERAL)
def test_a_refresh_token_takes_its_family_along(
    twice: tuple[Lab, dict[str, str], dict[str, str]], profile: Profile
) -> None:
    """RFC7009-2.1: the access tokens of the same sign-in too; another sign-in's live on, and so does the agreement."""
    lab, first, second = twice
    follow(lab, profile)
    assert done(revoke(lab, first["refresh_token"]))
    assert logged(lab).details == {"kind": "refresh_token", "families_ended": 1}
    assert living(lab, first, second) == [(False, False), (True, True)]
    assert len(store_of(lab).grants.all()) == 1
    assert userinfo(lab, first["access_token"]).status_code == 401
    refused = send(lab, "/token", refreshing(lab, first["refresh_token"]))
    assert (refused.status_code, refused.json["error"], heard(lab)) == (400, "invalid_grant", "family_revoked")
    assert dict(lab.refusals[-1].details)["because"] == "revoked_by_application"


def test_in_logto_a_refresh_token_takes_the_whole_grant_along(
    twice: tuple[Lab, dict[str, str], dict[str, str]],
) -> None:
    """Application-model 3.9: every sign-in that lives of the agreement ends, and the agreement is forgotten."""
    lab, first, second = twice
    follow(lab, Profile.LOGTO)
    assert done(revoke(lab, first["refresh_token"]))
    assert logged(lab).details == {"kind": "refresh_token", "families_ended": 2}
    assert living(lab, first, second) == [(False, False), (False, False)]
    assert store_of(lab).grants.all() == []


@pytest.mark.parametrize("profile", LITERAL)
def test_an_access_token_goes_alone(twice: tuple[Lab, dict[str, str], dict[str, str]], profile: Profile) -> None:
    """RFC7009-2.1: the refresh token may be kept, and brings another one."""
    lab, first, second = twice
    follow(lab, profile)
    assert done(revoke(lab, first["access_token"]))
    assert logged(lab).details == {"kind": "access_token", "families_ended": 0}
    assert living(lab, first, second) == [(False, True), (True, True)]
    assert (userinfo(lab, first["access_token"]).status_code, heard(lab)) == (401, "bearer_revoked")
    assert send(lab, "/token", refreshing(lab, first["refresh_token"])).status_code == 200


def test_in_logto_an_access_token_takes_all_tokens_of_the_grant_along(
    twice: tuple[Lab, dict[str, str], dict[str, str]],
) -> None:
    """Application-model 3.9: the agreement itself stays."""
    lab, first, second = twice
    follow(lab, Profile.LOGTO)
    assert done(revoke(lab, first["access_token"]))
    assert logged(lab).details == {"kind": "access_token", "families_ended": 2}
    assert living(lab, first, second) == [(False, False), (False, False)]
    assert len(store_of(lab).grants.all()) == 1


@pytest.mark.parametrize("profile", Profile)
def test_a_machines_token_goes_alone(lab: Lab, profile: Profile) -> None:
    """RFC7009-2.1: there is no grant that could go with it."""
    follow(lab, profile)
    first, second = machine_token(lab)["access_token"], machine_token(lab)["access_token"]
    assert done(revoke(lab, first, MACHINE))
    assert [active(lab, each) for each in (first, second)] == [False, True]


@pytest.mark.parametrize("application", [SPA, NATIVE])
def test_a_public_application_revokes_its_own_tokens(lab: Lab, application: str) -> None:
    """RFC7009-2.1: naming itself is all that it can do."""
    first = offline_tokens(lab, application)
    assert done(revoke(lab, first["refresh_token"], application))
    assert living(lab, first) == [(False, False)]


@pytest.mark.parametrize("profile", Profile)
def test_nothing_falls_twice(twice: tuple[Lab, dict[str, str], dict[str, str]], profile: Profile) -> None:
    """RFC7009-2.2: a token that has ended is as good as revoked; what the grant gives later lives on."""
    lab, first, second = twice
    follow(lab, profile)
    store_of(lab).tokens.revoke_family(family_of(lab, first), lab.clock.now, "code_used")
    for _ in range(2):
        assert done(revoke(lab, first["refresh_token"]))
        assert done(revoke(lab, first["access_token"]))
        assert logged(lab).details["families_ended"] == 0
    assert living(lab, second) == [(True, True)]


def family_of(lab: Lab, token_response: dict[str, str]) -> str:
    kept = store_of(lab).tokens.find(RefreshToken, digest(token_response["refresh_token"]))
    return kept.family.family_id


def test_an_access_token_that_was_given_back_ended_when_it_was(lab: Lab) -> None:
    """RFC7009-2.2: a second request does not move the moment."""
    access_token, moment = tokens(lab)["access_token"], lab.clock.now
    for _ in range(2):
        assert done(revoke(lab, access_token))
        lab.clock.advance(minutes=1)
    assert store_of(lab).tokens.find(AccessToken, digest(access_token)).revoked_at == moment


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("value", ["unheard-of", "a.b.c", "\u00e9", "\x00"])
def test_a_token_that_was_never_given_out_is_no_mistake(lab: Lab, profile: Profile, value: str) -> None:
    """RFC7009-2.2: the application can do nothing about it, and learns nothing."""
    follow(lab, profile)
    assert done(revoke(lab, value))
    assert lab.refusals == []
    assert (logged(lab).key, logged(lab).client_id, logged(lab).details["kind"]) == (Key.REVOCATION, WEB, "unknown")


@pytest.mark.parametrize("profile", Profile)
def test_a_jwt_cannot_be_taken_back(lab: Lab, profile: Profile) -> None:
    """RFC7009-2.2.1: nobody who reads an ID Token asks the provider."""
    follow(lab, profile)
    for value in (tokens(lab)["id_token"], unsigned(b'{"alg":"none"}')):
        response = revoke(lab, value)
        assert (response.status_code, response.json["error"]) == (400, "unsupported_token_type")
        assert heard(lab) == "revocation_of_jwt"


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "id_token", "x"])
@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_a_hint_may_be_wrong(lab: Lab, kind: str, hint: str) -> None:
    """RFC7009-2.1, RFC7009-2.2: the search goes on, and a hint that means nothing changes nothing."""
    token = offline_tokens(lab)[kind]
    assert done(revoke(lab, token, token_type_hint=hint))
    assert not active(lab, token)


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
@pytest.mark.parametrize(
    ("profile", "caller", "status", "error", "reason"),
    [
        (Profile.DOCUMENTED, SPA, 400, "invalid_grant", "revocation_of_another_application"),
        (Profile.DOCUMENTED, MACHINE, 400, "invalid_grant", "revocation_of_another_application"),
        (Profile.STRICT, SPA, 400, "invalid_grant", "revocation_of_another_application"),
        (Profile.STRICT, MACHINE, 400, "invalid_grant", "revocation_of_another_application"),
        (Profile.LOGTO, SPA, 200, None, "revocation_of_another_application_ignored"),
        (Profile.LOGTO, MACHINE, 400, "invalid_request", "revocation_of_another_application_invalid"),
    ],
)
def test_nobody_revokes_another_applications_token(
    lab: Lab, kind: str, profile: Profile, caller: str, status: int, error: str | None, reason: str
) -> None:
    """RFC7009-2.1: refused, in the words of RFC6749-5.2; in logto as application-model 4.3 says. The token lives on."""
    follow(lab, profile)
    token = offline_tokens(lab)[kind]
    response = revoke(lab, token, caller)
    assert (response.status_code, response.json.get("error"), heard(lab)) == (status, error, reason)
    assert error or done(response)
    assert active(lab, token)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"client_secret": None}, "credentials_missing"),
        ({"client_secret": "guess"}, "secret_wrong"),
        ({"client_id": "unheard-of"}, "client_not_recognised"),
    ],
)
def test_an_application_proves_itself_first(lab: Lab, changes: dict[str, str | None], reason: str) -> None:
    """RFC7009-2.1."""
    token = tokens(lab)["access_token"]
    response = revoke(lab, token, **changes)
    assert (response.status_code, response.json["error"], heard(lab)) == (401, "invalid_client", reason)
    assert active(lab, token)


def test_the_secret_may_come_in_the_header(lab: Lab) -> None:
    """RFC7009-2.1."""
    headers = basic(WEB, lab.applications[WEB].client_secret)
    token = tokens(lab)["access_token"]
    assert done(send(lab, "/revocation", {"token": token}, headers=headers))
    assert not active(lab, token)


@pytest.mark.parametrize(
    ("token", "reason"),
    [(None, "revocation_token_missing"), ("", "revocation_token_missing"), (["a", "b"], "token_parameter_repeated")],
)
def test_a_request_names_one_token(lab: Lab, token: Any, reason: str) -> None:
    """RFC7009-2.1, RFC6749-3.2."""
    response = revoke(lab, token)
    assert (response.status_code, response.json["error"], heard(lab)) == (400, "invalid_request", reason)


def test_the_log_keeps_whose_token_it_was_and_what_fell(lab: Lab) -> None:
    """RFC9700-2.6: never the token itself."""
    token = offline_tokens(lab)["refresh_token"]
    revoke(lab, token)
    entry = logged(lab)
    assert (entry.key, entry.result, entry.client_id, entry.sub) == (Key.REVOCATION, "Success", WEB, "anna")
    assert entry.details == {"kind": "refresh_token", "families_ended": 1}
    assert token not in json.dumps(dict(entry.details))

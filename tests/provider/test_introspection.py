"""Who may know hears whether a token is good, and for what; everybody else hears that it is not."""

import base64
import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.audit import Key
from oidc_lab.domain.profile import Profile
from oidc_lab.provider.context import EXTENSION
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
)
from tests.provider.test_client_authentication import basic
from tests.provider.test_client_credentials import machine_token, store_of

INACTIVE = {"active": False}


def introspect(lab: Lab, token: str | None, application: str = MACHINE, /, **changes: str | None) -> TestResponse:
    """Ask about a token, as an API does when nothing else is said."""
    asked = {"token": token, "client_id": application, "client_secret": lab.applications[application].client_secret}
    return send(lab, "/introspection", {name: value for name, value in (asked | changes).items() if value is not None})


def active(lab: Lab, token: str, application: str = MACHINE, **changes: str | None) -> bool:
    response = introspect(lab, token, application, **changes)
    assert response.status_code == 200
    said: dict[str, Any] = response.json
    assert said["active"] is True or said == INACTIVE
    return bool(said["active"])


def always_issuing(lab: Lab) -> str:
    """A web application whose refresh tokens are bound to the session in strict and logto."""
    lab.register(
        Application(
            client_id="always", type=ApplicationType.TRADITIONAL, name="A", client_secret="a secret",
            redirect_uris=("https://always.example/cb",), always_issue_refresh_token=True,
        )
    )  # fmt: skip
    return "always"


@pytest.mark.parametrize("application", [WEB, SPA, NATIVE])
def test_an_api_reads_what_an_access_token_is_worth(lab: Lab, application: str) -> None:
    """RFC7662-2.2: every member, and no other."""
    now = int(lab.clock.now.timestamp())
    access_token = tokens(lab, application, scope="openid email")["access_token"]
    response = introspect(lab, access_token)
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json == {
        "active": True, "scope": "email openid", "client_id": application, "username": "anna", "token_type": "Bearer",
        "exp": now + 3600, "iat": now, "sub": "anna", "iss": lab.issuer,
    }  # fmt: skip


def test_a_refresh_token_is_told_by_its_missing_type(lab: Lab) -> None:
    """RFC7662-2.2, RFC6749-7.1: an API must not take one for an access token."""
    now = int(lab.clock.now.timestamp())
    said = introspect(lab, offline_tokens(lab)["refresh_token"]).json
    assert "token_type" not in said
    assert (said["active"], said["scope"], said["exp"]) == (True, "email offline_access openid", now + 14 * 86_400)


def test_a_machines_token_is_about_no_user(lab: Lab) -> None:
    """RFC7662-2.2: what does not apply is left out."""
    said = introspect(lab, machine_token(lab)["access_token"]).json
    assert said.keys() == {"active", "client_id", "token_type", "exp", "iat", "iss"}
    assert said["client_id"] == MACHINE


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "id_token", "x"])
def test_a_hint_may_be_wrong(lab: Lab, hint: str) -> None:
    """RFC7662-2.1: the search goes on; RFC7009-2.2 says of unknown hints that they change nothing."""
    token_response = offline_tokens(lab)
    for kind in ("access_token", "refresh_token"):
        assert active(lab, token_response[kind], token_type_hint=hint)


def test_an_hour_ends_an_access_token(lab: Lab) -> None:
    """RFC7662-2.2: at exactly the second that exp names."""
    token_response = offline_tokens(lab)
    lab.clock.advance(seconds=3599.999)
    assert active(lab, token_response["access_token"])
    lab.clock.advance(seconds=0.001)
    assert not active(lab, token_response["access_token"])
    assert heard(lab) == "bearer_expired"
    assert active(lab, token_response["refresh_token"])


def follow(lab: Lab, profile: Profile) -> None:
    lab.provider.extensions[EXTENSION].profile = profile


def code_of(lab: Lab, application: str) -> str:
    return answered(Browser(lab).sign_in(application))["code"]


@pytest.mark.parametrize("profile", [Profile.LOGTO, Profile.STRICT])
def test_exp_is_the_end_of_the_session_when_that_comes_first(lab: Lab, profile: Profile) -> None:
    """RFC7662-2.2, OIDCC-11: nobody agreed to offline access; the session began when the user signed in."""
    follow(lab, profile)
    application = always_issuing(lab)
    session_ends = lab.clock.now + timedelta(days=14)
    code = code_of(lab, application)
    lab.clock.advance(seconds=30)
    first = send(lab, "/token", redeeming(lab, code, application)).json
    assert introspect(lab, first["refresh_token"]).json["exp"] == session_ends.timestamp()
    lab.clock.advance(days=13, hours=23, minutes=30)
    second = send(lab, "/token", refreshing(lab, first["refresh_token"], application)).json
    for kind in ("access_token", "refresh_token"):
        assert introspect(lab, second[kind]).json["exp"] == session_ends.timestamp()
    lab.clock.advance(minutes=29, seconds=29)
    assert [active(lab, second[kind]) for kind in ("access_token", "refresh_token")] == [True, True]
    lab.clock.advance(seconds=1)
    assert [active(lab, second[kind]) for kind in ("access_token", "refresh_token")] == [False, False]
    assert [each.refusal.code for each in lab.refusals[-2:]] == ["bearer_session_over", "session_over"]


@pytest.mark.parametrize("profile", Profile)
def test_the_session_ends_nothing_that_is_for_offline_use(lab: Lab, profile: Profile) -> None:
    """RFC7662-2.2, OIDCC-11: an access token that is given out half an hour before has its whole hour."""
    follow(lab, profile)
    first = offline_tokens(lab)
    lab.clock.advance(days=13, hours=23, minutes=30)
    second = send(lab, "/token", refreshing(lab, first["refresh_token"])).json
    assert introspect(lab, second["access_token"]).json["exp"] == lab.clock.now.timestamp() + 3600
    lab.clock.advance(minutes=59)
    assert active(lab, second["access_token"])


def test_in_documented_an_always_issued_token_outlives_the_session(lab: Lab) -> None:
    """RFC7662-2.2: the page knows of no session that binds it."""
    application = always_issuing(lab)
    code = code_of(lab, application)
    lab.clock.advance(seconds=30)
    issued_at = lab.clock.now
    refresh_token = send(lab, "/token", redeeming(lab, code, application)).json["refresh_token"]
    assert introspect(lab, refresh_token).json["exp"] == (issued_at + timedelta(days=14)).timestamp()


@pytest.mark.parametrize(("profile", "days"), [(Profile.DOCUMENTED, 310), (Profile.LOGTO, 180), (Profile.STRICT, 310)])
def test_exp_is_the_end_of_the_grant_when_that_comes_first(lab: Lab, profile: Profile, days: int) -> None:
    """RFC7662-2.2, application-model 3.4: only in logto does a grant have an end, 180 days after it was given."""
    follow(lab, profile)
    lab.register(
        Application(
            client_id="long", type=ApplicationType.TRADITIONAL, name="L", client_secret="a secret",
            redirect_uris=("https://long.example/cb",), refresh_token_ttl_in_days=180,
        )
    )  # fmt: skip
    began_at = lab.clock.now
    first = offline_tokens(lab, "long")
    lab.clock.advance(days=130)
    second = send(lab, "/token", refreshing(lab, first["refresh_token"], "long")).json
    assert introspect(lab, second["refresh_token"]).json["exp"] == (began_at + timedelta(days=days)).timestamp()
    lab.clock.advance(days=50)
    assert active(lab, second["refresh_token"]) is (profile is not Profile.LOGTO)


@pytest.mark.parametrize("profile", Profile)
def test_a_replaced_refresh_token_is_as_good_as_it_would_be_at_the_token_endpoint(lab: Lab, profile: Profile) -> None:
    """RFC7662-2.2: never where one use spends it; in logto for the three seconds of its leeway."""
    follow(lab, profile)
    first = offline_tokens(lab, SPA)
    second = send(lab, "/token", refreshing(lab, first["refresh_token"], SPA)).json
    assert active(lab, first["refresh_token"]) is (profile is Profile.LOGTO)
    lab.clock.advance(seconds=3)
    assert not active(lab, first["refresh_token"])
    assert heard(lab) == "refresh_token_reused"
    assert active(lab, second["refresh_token"]), "asking about a spent token ends nothing"


def test_signing_out_ends_what_was_not_meant_for_offline_use(browser: Browser) -> None:
    """RFC7662-2.2, OIDCC-11."""
    lab = browser.lab
    access_token = send(lab, "/token", redeeming(lab, answered(browser.sign_in())["code"])).json["access_token"]
    assert active(lab, access_token)
    browser.press(browser.sign_out(), "sign-out")
    assert not active(lab, access_token)
    assert heard(lab) == "bearer_revoked"


def test_reuse_ends_the_whole_family(lab: Lab) -> None:
    """RFC9700-4.14.2."""
    first = offline_tokens(lab)
    store_of(lab).tokens.revoke_of_grant(store_of(lab).grants.all()[0].grant_id, lab.clock.now, "refresh_token_reused")
    assert [active(lab, first[kind]) for kind in ("access_token", "refresh_token")] == [False, False]
    assert [each.refusal.code for each in lab.refusals[-2:]] == ["bearer_revoked", "family_revoked"]
    assert dict(lab.refusals[-1].details)["because"] == "refresh_token_reused"


def test_with_the_user_everything_ends(tmp_path: Path) -> None:
    """RFC7662-2.2: also where a tool of the database's own deleted the user, and left the tokens behind."""
    with Lab(store=f"sqlite:///{tmp_path / 'store'}") as lab:
        left, gone = offline_tokens(lab, user="anna"), offline_tokens(lab, user="ben")
        store_of(lab).users.delete("ben")
        connection = sqlite3.connect(tmp_path / "store")
        connection.execute("delete from users where sub = 'anna'")
        connection.commit()
        connection.close()
        for token_response, reason in ((left, "user_gone"), (gone, "introspected_unknown")):
            for kind in ("access_token", "refresh_token"):
                assert not active(lab, token_response[kind])
                assert heard(lab) == reason


def unsigned(header: bytes) -> str:
    return base64.urlsafe_b64encode(header).rstrip(b"=").decode() + ".e30."


def test_what_was_never_an_access_or_refresh_token_is_not_active(lab: Lab) -> None:
    """RFC7662-2.2: an ID Token, a code, a guess, something that only looks like a JWT."""
    id_token, code = tokens(lab)["id_token"], answered(Browser(lab).sign_in())["code"]
    nested = b'{"alg":' + b"[" * 100_000
    said = {
        "introspected_jwt": [id_token, unsigned(b'{"alg": "none"}'), "eyJhbGciOiJkaXIifQ..a.b.c"],
        "introspected_unknown": [
            code, "unheard-of", "\u00e9", "\x00", "a.b.c", "..", "\u00e9.b.c", "!.b.c",
            unsigned(b"[1]"), unsigned(b"1"), unsigned(nested),
            "eyJhbGciOiJkaXIifQ", "eyJhbGciOiJkaXIifQ.a", "eyJhbGciOiJkaXIifQ.a.b.c.d.e",
        ],
    }  # fmt: skip
    for reason, values in said.items():
        for value in values:
            assert introspect(lab, value).json == INACTIVE
            assert heard(lab) == reason


@pytest.mark.parametrize("asking", [WEB, MACHINE])
@pytest.mark.parametrize("issued_to", [WEB, SPA])
def test_a_confidential_application_may_ask_about_any_token(lab: Lab, asking: str, issued_to: str) -> None:
    """RFC7662-2: it plays the API to which a token was sent."""
    token_response = offline_tokens(lab, issued_to)
    for kind in ("access_token", "refresh_token"):
        assert introspect(lab, token_response[kind], asking).json["client_id"] == issued_to


def test_a_public_application_may_ask_about_its_own_tokens_alone(lab: Lab) -> None:
    """RFC7662-4: of others it hears the same as of a token that was never issued."""
    token_response = offline_tokens(lab, SPA)
    for kind in ("access_token", "refresh_token"):
        assert active(lab, token_response[kind], SPA)
        assert not active(lab, token_response[kind], NATIVE)
        assert heard(lab) == "introspected_of_another_application"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"client_secret": None}, "credentials_missing"),
        ({"client_secret": "guess"}, "secret_wrong"),
        ({"client_id": "unheard-of"}, "client_not_recognised"),
        ({"client_id": None, "client_secret": None}, "credentials_missing"),
    ],
)
def test_nobody_asks_without_saying_who_it_is(lab: Lab, changes: dict[str, str | None], reason: str) -> None:
    """RFC7662-2.1: or anybody could try values."""
    response = introspect(lab, tokens(lab)["access_token"], **changes)
    assert (response.status_code, response.json["error"], heard(lab)) == (401, "invalid_client", reason)


def test_the_secret_may_come_in_the_header(lab: Lab) -> None:
    """RFC7662-2.1."""
    headers = basic(MACHINE, lab.applications[MACHINE].client_secret)
    response = send(lab, "/introspection", {"token": tokens(lab)["access_token"]}, headers=headers)
    assert response.json["active"] is True
    refused = send(lab, "/introspection", {"token": "x"}, headers=basic(MACHINE, "guess"))
    assert refused.headers["WWW-Authenticate"] == f'Basic realm="{lab.issuer}"'


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (None, "introspection_token_missing"),
        ("", "introspection_token_missing"),
        (["a", "b"], "token_parameter_repeated"),
    ],
)
def test_a_request_names_one_token(lab: Lab, token: Any, reason: str) -> None:
    """RFC7662-2.1, RFC6749-3.2."""
    response = introspect(lab, token)
    assert (response.status_code, response.json["error"], heard(lab)) == (400, "invalid_request", reason)


@pytest.mark.parametrize("how", ["query", "json", "get"])
def test_a_token_is_posted_as_a_form(lab: Lab, how: str) -> None:
    """RFC7662-2.1: a token in an address ends up in logs."""
    form = {"token": tokens(lab)["access_token"], "client_id": MACHINE}
    headers = basic(MACHINE, lab.applications[MACHINE].client_secret)
    response = {
        "query": lambda: send(lab, "/introspection", headers=headers, query_string=form),
        "json": lambda: send(lab, "/introspection", headers=headers, json=form),
        "get": lambda: send(lab, "/introspection", method="GET", headers=headers, query_string=form),
    }[how]()
    assert response.status_code == (405 if how == "get" else 400)


def test_the_log_keeps_who_asked_about_whom_and_why_it_was_not_active(lab: Lab) -> None:
    """RFC9700-2.6: never the token itself."""
    access_token = tokens(lab)["access_token"]
    introspect(lab, access_token)
    lab.clock.advance(hours=1)
    introspect(lab, access_token)
    yes, no = store_of(lab).log.find()[-2:]
    assert (yes.key, yes.client_id, yes.sub) == (Key.INTROSPECTION, MACHINE, "anna")
    assert yes.details == {"active": True, "kind": "access_token", "issued_to": WEB}
    assert (no.key, no.client_id, no.sub) == (Key.INTROSPECTION, MACHINE, "anna")
    assert (no.error, no.reason, no.details["active"]) == (None, "bearer_expired", False)
    assert no.truth is not None
    assert access_token not in json.dumps([dict(each.details) for each in (yes, no)]) + repr(lab.refusals)

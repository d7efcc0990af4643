"""The audit log: each thing that happens, to whom, with its true reason, and never a secret — RFC9700-2.6."""

from typing import Any

import pytest

from oidc_lab import Lab
from oidc_lab.domain.audit import Key, LogEntry, Result
from oidc_lab.provider.store.log import LogFilter
from tests.provider.bench import (
    SPA,
    WEB,
    Browser,
    answered,
    offline_tokens,
    redeeming,
    refreshing,
    send,
    tokens,
    userinfo,
)


def entries(lab: Lab, **wanted: Any) -> list[LogEntry]:
    return lab.provider.extensions["oidc_lab"].store.log.find(LogFilter(**wanted))


def last(lab: Lab) -> LogEntry:
    return entries(lab)[-1]


def test_a_sign_in_leaves_a_line_for_each_thing_that_happened(lab: Lab) -> None:
    """RFC9700-2.6, issue of the product's D21: the authorization and the sign-in as well."""
    tokens(lab)
    told = entries(lab)
    assert [each.key for each in told] == [Key.SIGN_IN, Key.CONSENT, Key.AUTHORIZATION, Key.CODE_EXCHANGE]
    assert {(each.result, each.client_id, each.sub) for each in told} == {(Result.SUCCESS, WEB, "anna")}
    assert len({each.sid for each in told}) == 1
    assert told[1].grant_id == told[2].grant_id == told[3].grant_id
    assert told[1].grant_id
    assert [each.number for each in told] == [1, 2, 3, 4]


def test_what_one_request_did_has_one_name(lab: Lab) -> None:
    """Consent and authorization happen in one request, the sign-in and the token request in others."""
    tokens(lab)
    names = [each.request_id for each in entries(lab)]
    assert names[1] == names[2]
    assert len(set(names)) == 3


def test_an_exchange_says_what_was_replaced_and_why(lab: Lab) -> None:
    """RFC6749-6"""
    kept = offline_tokens(lab)
    send(lab, "/token", refreshing(lab, kept["refresh_token"]))
    assert (last(lab).key, last(lab).details["replaced"]) == (Key.REFRESH, False)
    lab.clock.advance(days=10)
    send(lab, "/token", refreshing(lab, kept["refresh_token"]))
    assert last(lab).details["replaced"] is True
    assert "71 %" in last(lab).details["because"]


def test_a_refusal_is_told_with_its_true_reason(lab: Lab) -> None:
    """RFC6749-5.2: the wire says invalid_grant, the log why, and of whose sign-in."""
    kept = offline_tokens(lab, SPA)
    for _ in range(2):
        send(lab, "/token", refreshing(lab, kept["refresh_token"], SPA))
    told = last(lab)
    assert (told.key, told.result, told.error) == (Key.REFRESH, Result.ERROR, "invalid_grant")
    assert (told.reason, told.client_id, told.sub) == ("refresh_token_reused", SPA, "anna")
    assert told.truth


@pytest.mark.parametrize(
    ("path", "form", "key"),
    [
        ("/authorize", {}, Key.AUTHORIZATION),
        ("/sign-in", {}, Key.SIGN_IN),
        ("/consent", {}, Key.CONSENT),
        ("/token", {"grant_type": "authorization_code"}, Key.CODE_EXCHANGE),
        ("/token", {"grant_type": "refresh_token"}, Key.REFRESH),
        ("/token", {"grant_type": "client_credentials"}, Key.CLIENT_CREDENTIALS),
        ("/token", {"grant_type": "password"}, Key.TOKEN_EXCHANGE),
        ("/userinfo", {}, Key.USERINFO),
        ("/introspection", {}, Key.INTROSPECTION),
        ("/revocation", {}, Key.REVOCATION),
        ("/end-session/confirm", {}, Key.SIGN_OUT),
    ],
)
def test_a_refusal_is_told_where_it_came_in(lab: Lab, path: str, form: dict[str, str], key: Key) -> None:
    """RFC9700-2.6: what the product leaves out as well, such as a rejected authorization request."""
    method = "GET" if path == "/authorize" else "POST"
    send(lab, path, form, method=method)
    assert (last(lab).key, last(lab).result) == (key, Result.ERROR)
    assert last(lab).reason


def test_a_sign_out_says_what_ended_with_it(lab: Lab) -> None:
    """OIDCRIL-2"""
    browser = Browser(lab)
    browser.sign_in()
    browser.press(browser.sign_out(), "sign-out")
    told = last(lab)
    assert (told.key, told.sub, told.details) == (Key.SIGN_OUT, "anna", {"families_ended": 1})


def test_another_users_sign_in_in_the_same_browser_ends_the_first_session(lab: Lab) -> None:
    """OIDCC-3.1.2.1"""
    browser = Browser(lab)
    browser.sign_in()
    browser.sign_in(user="ben", prompt="login")
    ended = entries(lab, key=Key.SESSION_ENDED)
    assert [each.sub for each in ended] == ["anna"]


def test_a_wrong_password_is_told_and_the_name_is_not_when_nobody_has_it(lab: Lab) -> None:
    """RFC9700-2.6: what was typed for a name may be a password."""
    browser = Browser(lab)
    page = browser.authorize()
    browser.press(page, "sign-in", username="hunter2", password="guess")
    told = last(lab)
    assert (told.key, told.result, told.reason) == (Key.SIGN_IN, Result.ERROR, "user_unknown")
    assert "hunter2" not in repr(told)


def test_it_can_be_searched_by_application_user_event_result_and_time(lab: Lab) -> None:
    """RFC9700-2.6"""
    tokens(lab, WEB, "anna")
    lab.clock.advance(hours=1)
    tokens(lab, SPA, "ben")
    send(lab, "/token", {"grant_type": "refresh_token"})
    now = lab.clock.now
    assert {each.sub for each in entries(lab, client_id=SPA)} == {"ben"}
    assert {each.client_id for each in entries(lab, sub="anna")} == {WEB}
    assert [each.client_id for each in entries(lab, key=Key.CODE_EXCHANGE)] == [WEB, SPA]
    assert [each.reason for each in entries(lab, result=Result.ERROR)] == ["credentials_missing"]
    assert {each.at for each in entries(lab, since=now)} == {now}
    assert {each.sub for each in entries(lab, until=entries(lab)[0].at)} == {"anna"}
    assert [each.number for each in entries(lab, after=7)] == [8, 9]


def test_it_knows_the_user_agent_and_cuts_what_is_too_long(lab: Lab) -> None:
    """A database keeps so much; a request may say anything of itself."""
    send(lab, "/token", {"client_id": "x" * 1000, "grant_type": "y"}, headers={"User-Agent": "z" * 1000})
    assert (last(lab).client_id, len(last(lab).user_agent)) == (None, 500)


def test_what_came_in_the_wrong_place_is_not_in_it_either(lab: Lab) -> None:
    """RFC9700-2.6: a secret for a client_id, a token in an address or in a parameter that means something else."""
    given = tokens(lab)
    secret, drawn, signed = "test-secret-of-the-web-shop", given["access_token"], given["id_token"]
    send(lab, "/token", {"client_id": secret, "client_secret": WEB, "grant_type": "client_credentials"})
    browser = Browser(lab)
    browser.authorize(client_id=drawn)
    browser.authorize(redirect_uri=f"https://shop.example/other?access_token={drawn}")
    browser.authorize(redirect_uri=f"https://shop.example/other/{drawn}")
    browser.sign_out(client_id=WEB, post_logout_redirect_uri=f"https://shop.example/#id_token={signed}")
    browser.authorize(prompt=signed)
    send(lab, "/token", redeeming(lab, "x", grant_type=drawn))
    kept = repr(entries(lab))
    assert [each for each in (secret, drawn, signed) if each in kept] == []
    assert "https://shop.example/other?…" in kept


def test_nothing_secret_is_in_it(lab: Lab) -> None:
    """RFC9700-2.6: neither codes and tokens, nor verifiers, hints, secrets and passwords, right or wrong."""
    browser = Browser(lab)
    page = browser.authorize(SPA, scope="openid offline_access", prompt="consent")
    page = browser.press(page, "sign-in", username="anna", password="a wrong one")
    page = browser.press(page, "sign-in", username="anna", password=lab.passwords["anna"])
    code = answered(browser.press(page, "allow"))["code"]
    send(lab, "/token", redeeming(lab, code, SPA, code_verifier="w" * 43))
    given = send(lab, "/token", redeeming(lab, code, SPA)).json
    for _ in range(2):
        send(lab, "/token", redeeming(lab, code, SPA))
    userinfo(lab, given["access_token"])
    for path in ("/introspection", "/revocation"):
        send(lab, path, {"client_id": SPA, "token": given["refresh_token"]})
    send(lab, "/token", refreshing(lab, given["refresh_token"], WEB, client_secret="a wrong secret"))
    browser.sign_out(id_token_hint=given["id_token"] + "x")
    browser.sign_out(id_token_hint=given["id_token"])
    kept = repr(entries(lab))
    secrets = [code, browser.cookie, "a wrong one", "a wrong secret", "w" * 43, lab.passwords["anna"]]
    secrets += [given[name] for name in ("access_token", "refresh_token", "id_token")]
    assert [each for each in secrets if each and each in kept] == []
    assert len(entries(lab)) > 10


def test_it_outlives_what_it_tells_of(lab: Lab) -> None:
    """RFC9700-2.6: the user's or application's end is no end of the log."""
    tokens(lab)
    before = len(entries(lab))
    store = lab.provider.extensions["oidc_lab"].store
    assert store.users.delete("anna")
    assert store.applications.delete(WEB)
    assert len(entries(lab)) == before
    assert {each.sub for each in entries(lab)} == {"anna"}


def test_a_request_that_breaks_leaves_no_half_of_it(lab: Lab) -> None:
    """The entry stands in the transaction of what it tells."""
    lab.provider.logger.disabled = True
    lab.provider.view_functions["token.token"] = lambda: broken(lab)
    assert send(lab, "/token", {}).status_code == 500
    assert entries(lab) == []


def broken(lab: Lab) -> None:
    from oidc_lab.provider.audit import note

    note(Key.REFRESH)
    raise ZeroDivisionError

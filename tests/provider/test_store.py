"""What the provider keeps: nothing that could be used by who reads the store, and nothing lost with the process."""

import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite

from oidc_lab import Lab
from oidc_lab.domain.tokens import Code
from oidc_lab.provider.store.tables import applications, codes, digest, interactions, users
from tests.provider.bench import Browser, Page, answered, redeeming, refreshing, send, userinfo


def everything_in(file: Path) -> str:
    """All values of all tables, as text."""
    connection = sqlite3.connect(file)
    tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
    rows = [row for name in tables for row in connection.execute(f"select * from {name}")]
    connection.close()
    return repr(rows)


def test_nothing_secret_stands_in_the_store_in_clear(tmp_path: Path) -> None:
    """RFC9700-2, RFC6749-10.3: neither cookies, codes and tokens nor secrets and passwords, at any moment."""
    file, secrets = tmp_path / "store", []
    with Lab(store=f"sqlite:///{file}") as lab:
        secrets += [each.client_secret for each in lab.applications.values() if each.client_secret]
        secrets += lab.passwords.values()
        browser = Browser(lab)
        page = browser.authorize(scope="openid email offline_access", prompt="consent")
        secrets.append(browser.cookie)
        page = browser.press(page, "sign-in", username="anna", password=lab.passwords["anna"])
        secrets.append(browser.cookie)
        code = answered(browser.press(page, "allow"))["code"]
        assert not [each for each in [*secrets, code] if each in everything_in(file)]
        first = send(lab, "/token", redeeming(lab, code)).json
        lab.clock.advance(days=10)  # long enough for a new refresh token
        second = send(lab, "/token", refreshing(lab, first["refresh_token"])).json
        for response in (first, second):
            secrets += [response[kind] for kind in ("access_token", "refresh_token", "id_token")]
        browser.press(browser.sign_out(), "sign-out")
    assert len(secrets) == len(set(secrets)) == 16
    kept = everything_in(file)
    assert not [each for each in [*secrets, code] if each in kept]
    assert "anna@mail.example" in kept, "the dump does show what is in clear"


def test_a_sign_in_goes_on_after_a_restart(tmp_path: Path) -> None:
    """OIDCC-3.1.2.3, RFC6749-6: sessions, pages, agreements, codes and tokens are in the store."""
    url = f"sqlite:///{tmp_path / 'store'}"
    with Lab(store=url, seed="before") as lab:
        browser = Browser(lab)
        code = answered(browser.sign_in(scope="openid offline_access", prompt="consent"))["code"]
        first = send(lab, "/token", redeeming(lab, code)).json
        page = browser.authorize(prompt="consent")
    with Lab(store=url, seed="after") as lab:
        again = Browser(lab)
        again.client.set_cookie("oidc_lab_browser", browser.cookie, domain="provider.test")
        assert again.signed_in
        assert "code" in answered(again.press(page, "allow"))
        assert userinfo(lab, first["access_token"]).status_code == 200
        assert send(lab, "/token", refreshing(lab, first["refresh_token"])).status_code == 200
        assert send(lab, "/token", redeeming(lab, code)).json["error"] == "invalid_grant"


def test_two_providers_share_nothing(lab: Lab) -> None:
    """RFC6749-10.2."""
    with Lab() as other:
        cookie = Browser(lab)
        cookie.sign_in()
        stranger = Browser(other)
        stranger.client.set_cookie("oidc_lab_browser", cookie.cookie, domain="provider.test")
        assert answered(stranger.authorize(prompt="none"))["error"] == "login_required"


def test_a_memory_store_serves_requests_of_many_threads_in_turn(lab: Lab) -> None:
    """RFC6749-4.1.2: a page that waits for its user keeps nobody else waiting."""
    page = Browser(lab).authorize()
    assert "demo-user-anna" in Page(page).buttons
    assert "code" in answered(Browser(lab).sign_in())


def test_the_clock_finds_the_next_thing_that_ends(lab: Lab) -> None:
    """RFC6749-4.1.2, OIDCC-3.1.2.3: the code first, then what lives for days."""
    code = answered(Browser(lab).sign_in(scope="openid offline_access", prompt="consent"))["code"]
    first = lab.clock.now
    assert lab.clock.move_to_next_expiry() == "an authorization code"
    assert (lab.clock.now - first).total_seconds() == 60
    assert send(lab, "/token", redeeming(lab, code)).json["error"] == "invalid_grant"
    assert lab.clock.move_to_next_expiry() == "a session"


def test_of_two_who_both_found_a_code_unused_one_uses_it_up(lab: Lab) -> None:
    """RFC6749-4.1.2: the store decides, also over a database that lets both read at the same moment."""
    tokens = lab.provider.extensions["oidc_lab"].store.tokens
    code = answered(Browser(lab).sign_in(scope="openid offline_access", prompt="consent"))["code"]
    found = tokens.find(Code, digest(code))
    assert [tokens.consume(found, lab.clock.now) for _ in range(3)] == [True, False, False]


def test_a_user_who_is_gone_is_signed_in_no_more(tmp_path: Path) -> None:
    """OIDCC-3.1.2.3: also when somebody deleted the row with a tool of the database's own."""
    with Lab(store=f"sqlite:///{tmp_path / 'store'}") as lab:
        browser = Browser(lab)
        browser.sign_in()
        connection = sqlite3.connect(tmp_path / "store")
        connection.execute("delete from users where sub = 'anna'")
        connection.commit()
        connection.close()
        assert answered(browser.authorize(prompt="none"))["error"] == "login_required"


@pytest.mark.parametrize("name", ["a\0b", "\0", "\0\0"])
def test_a_nul_reaches_no_database(name: str) -> None:
    """PostgreSQL refuses it in text with an error of its own, so a request that brings one would break."""
    dialect = sqlite.dialect()
    for column in (applications.c.client_id, users.c.sub, users.c.username, interactions.c.interaction_id):
        bind = column.type.dialect_impl(dialect).bind_processor(dialect)
        assert "\0" not in bind(name)
        assert bind("web-shop") == "web-shop"


def test_a_nonce_is_kept_octet_by_octet_also_with_a_nul() -> None:
    """OIDCC-3.1.2.1: as JSON text, in which it is escaped."""
    dialect = sqlite.dialect()
    kept = codes.c.nonce.type.dialect_impl(dialect).bind_processor(dialect)("a\0b")
    assert "\0" not in kept
    assert json.loads(kept) == "a\0b"

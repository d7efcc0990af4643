"""Reads pages as a browser would, and makes each of them once for the tests that hold for all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

import pytest

from oidc_lab.pages import (
    applications,
    consent,
    door,
    error,
    form_post,
    home,
    sign_in,
    signed_out,
    your_applications,
)

_VOID = {"meta", "link", "input", "br", "wbr"}
_NOW = datetime(2026, 1, 13, 9, tzinfo=UTC)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.builder = TreeBuilder()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in _VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "the page closes its elements in order"
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        if self.open:
            self.builder.data(data)


def _read(page: str) -> Element:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert not reader.open, "the page closes all its elements"
    return reader.builder.close()


@pytest.fixture
def read() -> Callable[[str], Element]:
    """Turn a page into a tree, and refuse one whose elements do not nest."""
    return _read


@pytest.fixture
def text() -> Callable[[Element, str], str]:
    """Return the text of the element with an id, its white space collapsed."""
    return lambda tree, identifier: " ".join("".join(by_id(tree, identifier).itertext()).split())


def by_id(tree: Element, identifier: str) -> Element:
    """Return the one element that bears an id."""
    [found] = [element for element in tree.iter() if element.get("id") == identifier]
    return found


@pytest.fixture
def element() -> Callable[[Element, str], Element]:
    """Return the one element that bears an id."""
    return by_id


@pytest.fixture
def every_page() -> Callable[[str], dict[str, str]]:
    """Make each page with the same value wherever something comes from outside."""
    return lambda value: {**_pages_with_forms(value), **_pages_without_forms(value), **_pages_of_the_lab(value)}


def _pages_with_forms(value: str) -> dict[str, str]:
    form = {"stylesheet": "/pages/style.css", "action": "/sign-in", "csrf": value}
    asked = {"interaction": value, "application": value}
    described = {**form, **asked, "application_description": value}
    return {
        "sign_in": sign_in.sign_in_page(
            **described,
            login_hint=value,
            problem=value,
            reason=value,
            demo_users=[sign_in.DemoUser(sub=value, name=value, username=value)],
        ),
        "select_account": sign_in.select_account_page(**form, **asked, account=value),
        "consent": consent.consent_page(
            **described,
            account=value,
            scopes=[consent.ScopeAsked(scope=value, meaning=value)],
            destination=value,
            claims=[value],
            reason=value,
        ),
        "confirm_sign_out": signed_out.confirm_sign_out_page(**form, request=value, application=value, account=value),
        "form_post": form_post.form_post_page(action=value, parameters=[(value, value)]),
    }


def _pages_without_forms(value: str) -> dict[str, str]:
    stylesheet = "/pages/style.css"
    return {
        "signed_out": signed_out.signed_out_page(
            stylesheet=stylesheet,
            notice=value,
            registered=["https://a.example/", value],
            received=value + "?",
        ),
        "still_signed_in": signed_out.still_signed_in_page(stylesheet=stylesheet, account=value),
        "error": error.error_page(
            stylesheet=stylesheet,
            title=value,
            what=value,
            error=value,
            registered=[value, "https://a.example/"],
            received=value + "?",
            label=value,
            remedy=value,
            clause=value,
            clause_url="https://example.org/" + value,
        ),
        "home": home.home_page(
            stylesheet=stylesheet,
            issuer=value,
            endpoints=[(value, value)],
            applications=[(value, value)],
            places=[(value, value)],
        ),
    }


def _pages_of_the_lab(value: str) -> dict[str, str]:
    form = {"stylesheet": "/pages/style.css", "csrf": value}
    trainer = {**form, "now": _NOW, "leave": value}
    row = applications.ApplicationRow(address=value, client_id=value, name=value, type=value, users=2)
    return {
        "sign_in_without_an_application": sign_in.sign_in_page(
            **form, action=value, interaction=value, interaction_name=value, application=None, problem=value
        ),
        "your_applications": your_applications.your_applications_page(
            **form,
            action=value,
            sign_out=value,
            account=value,
            grants=[_grant(value)],
            now=_NOW,
            taken_away=your_applications.TakenAway(value, 2),
        ),
        "door": door.door_page(**form, action=value, problem=value),
        "applications": applications.applications_page(
            **trainer, action=value, query=value, applications=[row], total=2
        ),
        "application": applications.application_page(
            **trainer, back=value, application=_application(value), profile=value
        ),
    }


def _grant(value: str) -> your_applications.GrantShown:
    return your_applications.GrantShown(
        grant_id=value,
        application=value,
        description=value,
        since=_NOW,
        scopes=(consent.ScopeAsked(scope=value, meaning=value),),
        claims=(value,),
        last_used=_NOW,
        ends=_NOW,
        offline=True,
        offline_until=_NOW,
        live_tokens=2,
        belongs_to=value,
    )


def _application(value: str) -> applications.ApplicationShown:
    setting = applications.SettingShown(label=value, name=value, values=(value, value), effect=value, clause=value)
    line = applications.LogLine(at=_NOW, event=value, result=value, failed=True, user=value, reason=value, error=value)
    return applications.ApplicationShown(
        client_id=value,
        name=value,
        type=value,
        description=value,
        users=2,
        settings=(setting, replace(setting, available=False), replace(setting, values=())),
        endpoints=((value, value),),
        secrets=(applications.SecretShown(name=value, created=_NOW, expires=_NOW),),
        advice=(applications.AdviceShown(setting=value, reason=value, clause=value, clause_url="https://x/" + value),),
        log=(line,),
        log_total=2,
    )

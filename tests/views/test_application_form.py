"""An application's form at rest: every setting, why some are not there, what hurts, no secret, nothing but text."""

from html.parser import HTMLParser

import pytest

from oidc_lab import Lab, views
from oidc_lab.domain.application_type import ApplicationType
from oidc_lab.domain.draft import Draft
from oidc_lab.domain.settings import SETTINGS
from oidc_lab.domain.typed import KINDS
from oidc_lab.views.application_form import GROUPS
from tests.views.reading import HOSTILE, KEPT, Page, html

# A button at rest is kept, and cannot be pressed.
AT_REST = KEPT | {"br", "button"}


@pytest.fixture(autouse=True)
def put_on() -> None:
    views.put_on()


class Rows(HTMLParser):
    """The cells of each row of each table, as they are read."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.all: list[list[str]] = []
        self._in_cell = False
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.all.append([])
        if tag == "td":
            self.all[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.all[-1][-1] += data

    def of(self, name: str) -> list[str]:
        (found,) = [each for each in self.all if each and each[0] == SETTINGS[name].label + name]
        return found


def text(form: Draft) -> str:
    return form._repr_mimebundle_()["text/plain"]


def test_every_setting_that_is_typed_is_in_one_group() -> None:
    """OIDCR-2"""
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(KINDS)


@pytest.mark.parametrize("kind", ApplicationType)
def test_each_setting_has_its_value_and_what_it_does_or_why_it_is_not_there(lab: Lab, kind: ApplicationType) -> None:
    """OIDCR-2"""
    form = lab.applications.form().set(type=kind, name="Photo Book")
    page, rows = Page(html(form)), Rows(html(form))
    assert set(page.tags) <= AT_REST
    for each in form.fields:
        _, _, said = rows.of(each.name)
        assert each.effect in said
        assert each.clause in said
        assert ("Not available." in said) == (not each.available)
        assert each.effect in text(form)


def test_values_are_written_as_people_read_them(lab: Lab) -> None:
    """OIDCR-2"""
    uris = ["https://book.example/callback", "https://book.example/other"]
    form = lab.applications.form().set(type="Traditional", name="Photo Book", redirect_uris=uris, id_token_ttl="2h")
    rows = Rows(html(form))
    for name, value in (
        ("type", "Traditional web"),
        ("name", "Photo Book"),
        ("redirect_uris", "".join(uris)),
        ("rotate_refresh_token", "☑ on by default"),
        ("always_issue_refresh_token", "☐ off by default"),
        ("id_token_ttl", "2h"),
    ):
        assert rows.of(name)[1] == value
    assert f"Redirect URIs (redirect_uris): {', '.join(uris)}\n" in text(form)
    assert "Rotate refresh token (rotate_refresh_token): on, by default\n" in text(form)


def test_faults_stand_beside_their_fields(lab: Lab) -> None:
    """OIDCC-3.1.2.1"""
    form = lab.applications.form().set(redirect_uris="https://a.example\njavascript:alert(1)")
    said = Rows(html(form)).of("redirect_uris")[2]
    assert "✗ Line 2, javascript:alert(1): a browser would not send a user to a javascript: address" in said
    assert "○ Needed: it must have 1 to 256 characters" in Rows(html(form)).of("name")[2]
    assert "✗" not in Rows(html(form)).of("name")[2]
    for shown in (Page(html(form)).text, text(form)):
        assert "This cannot be saved as it stands: Application name, Redirect URIs." in shown


def test_advice_stands_beside_the_setting_it_is_about(lab: Lab) -> None:
    """RFC9700-2.6"""
    form = lab.applications["web-shop"].form().set(redirect_uris="http://shop.example/callback")
    (advice,) = form.advice.of("redirect_uris")
    said = Rows(html(form)).of("redirect_uris")[2]
    for part in (advice.value, advice.reason, advice.clause, advice.remedy, "Show it"):
        assert part in said
    assert advice.reason not in Rows(html(form)).of("name")[2]
    assert advice.reason in text(form)


def test_only_advice_that_stands_beside_a_setting_is_counted(lab: Lab) -> None:
    """RFC9700-2.6"""
    form = lab.applications["photo-album"].form()
    form.set(redirect_uris="http://shop.example/callback")
    assert {each.setting for each in form.advice} == {"redirect_uris", "cors_allowed_origins"}
    counted = f"⚠ {len(form.advice)} things will hurt"
    assert counted in Page(html(form)).text
    form.set(redirect_uris="http://shop.example/callback\njavascript:alert(1)")
    left = len(form.advice.of("cors_allowed_origins"))
    assert len(form.advice) > left == Page(html(form)).text.count("⚠") - 1
    assert f"⚠ {left} thing{'s' if left > 1 else ''} will hurt" in Page(html(form)).text


@pytest.mark.parametrize(("name", "wrong"), [("id_token_ttl", "soon"), ("refresh_token_ttl_in_days", "181")])
def test_what_a_faulty_value_does_is_not_said(lab: Lab, name: str, wrong: str) -> None:
    """OIDCR-2"""
    form = lab.applications["web-shop"].form().set(**{name: wrong})
    said = Rows(html(form)).of(name)[2]
    assert said.startswith("✗")
    assert "lives" not in said
    lines = text(form).splitlines()
    (at,) = (number for number, line in enumerate(lines) if f"({name})" in line)
    assert lines[at + 1].startswith("    ✗")
    form.set(**{name: "30"})
    assert "lives 30" in Rows(html(form)).of(name)[2]


def test_what_a_setting_does_whatever_its_value_is_said_also_when_that_is_faulty(lab: Lab) -> None:
    """OIDCC-3.1.2.1"""
    form = lab.applications["web-shop"].form().set(redirect_uris="javascript:alert(1)")
    assert "a request's URI must be one of them" in Rows(html(form)).of("redirect_uris")[2]


def test_controls_rest(lab: Lab) -> None:
    """HTML-4.10.18.5: what stands in a file cannot be pressed."""
    page = Page(html(lab.applications["web-shop"].form().set(name="Shop")))
    assert page.tags.count("button") == len([each for each in page.attributes if each[1] == "disabled"]) > 0
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]


def test_endpoints_secrets_and_the_list_are_there(lab: Lab) -> None:
    """OIDCD-3, RFC6749-2.3.1"""
    form = lab.applications["web-shop"].form()
    page = Page(html(form))
    for said in ("web-shop", *form.endpoints.values(), *lab.applications, "Night Report", "created 2026-01-05"):
        assert said in page.text
        assert said.startswith("created") or said in text(form)
    assert any("Delete this application" in each for each in page.summaries)
    for each in form.secrets or ():
        assert each.name in page.text
        assert each.name in text(form)
    public = Page(html(lab.applications["photo-album"].form())).text
    assert SETTINGS["secrets"].effect(ApplicationType.SPA, lab.profile).sentence in public


def test_no_secret_is_in_the_form(lab: Lab) -> None:
    """RFC6749-10.1: also not while the live form shows it."""
    form = lab.applications.form().set(name="Photo Book", type="Traditional")
    form.save()
    assert form.secrets is not None
    assert form.secrets.made is not None
    for shown in (*form._repr_mimebundle_().values(), repr(form)):
        assert form.secrets.made.value not in shown
    for each in lab.applications.values():
        form = each.form()
        assert not each.client_secret or each.client_secret not in html(form) + text(form)


def test_what_comes_from_outside_is_escaped(lab: Lab) -> None:
    """CSP3-6: a name is never read as HTML."""
    form = lab.applications.form().set(
        name=HOSTILE, type="Traditional", description=HOSTILE, redirect_uris=HOSTILE, custom_data=f'{{"a": "{HOSTILE}'
    )
    assert "img" not in Page(html(form)).tags
    assert "img" not in Page(html(lab.applications["web-shop"].form())).tags
    assert HOSTILE in Page(html(lab.applications["web-shop"].form())).text
    assert f"{HOSTILE} (not saved yet)" in text(form)
    form.set(redirect_uris="https://a.example", custom_data={HOSTILE: HOSTILE}).save()
    assert form.secrets is not None
    form.secrets.add(HOSTILE)
    page = Page(html(form))
    assert "img" not in page.tags
    assert page.text.count(HOSTILE) >= 4
    assert set(page.tags) <= AT_REST

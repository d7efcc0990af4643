"""What the profiles make of settings, and what is to be said against them: every row, escaped, also in plain text."""

import pytest

from oidc_lab import views
from oidc_lab.domain.advice import Advice, Advices
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.differences import Difference, Differences
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.scenario import PLAYS, Scenario
from tests.views.reading import HOSTILE, KEPT, Page, html


@pytest.fixture(autouse=True)
def put_on() -> None:
    views.put_on()


@pytest.fixture
def application() -> Application:
    return Application(
        client_id="notes", type=ApplicationType.SPA, name="Notes", redirect_uris=("http://notes.example/callback",)
    )


def plain(shown: object) -> str:
    return shown._repr_mimebundle_()["text/plain"]  # type: ignore[attr-defined,no-any-return]


def test_every_setting_is_shown_with_what_each_profile_does(application: Application) -> None:
    """OIDCR-2"""
    found = application.differences()
    page, text = Page(html(found)), plain(found)
    assert found.disagreeing
    for each in found:
        for said in (each.label, each.setting, each.value, *(each.under(profile) for profile in Profile)):
            assert said in page.text
            assert said in text


def test_what_the_profiles_do_alike_is_folded_and_said_once(application: Application) -> None:
    """OIDCR-2"""
    found = application.differences()
    page = Page(html(found))
    alike = [each for each in found if each.agree]
    assert page.summaries == [f"{len(alike)} settings that all treat alike"]
    assert len(page.cells) == 4 * len(found.disagreeing) + 2 * len(alike)
    assert plain(found).count("≠") == len(found.disagreeing)
    assert all(plain(found).count(f"    {each.documented}\n") <= 1 for each in alike[:1])
    assert plain(found).startswith(
        f"notes: {len(found)} settings, {len(found.disagreeing)} of which the profiles treat differently"
    )


def test_a_default_is_told_from_what_was_set() -> None:
    """OIDCR-2"""
    same = {"documented": "d", "logto": "l", "strict": "s"}
    rows = tuple(Difference(setting=f"s{each}", label="L", value="v", is_set=each, **same) for each in (True, False))
    found = Differences("x", rows)
    assert Page(html(found)).text.count("by default") == 1
    assert "s1): v\n" in plain(found).replace("sTrue", "s1")
    assert "(sFalse): v, by default" in plain(found)


def test_every_advice_has_reason_clause_remedy_and_the_run_that_shows_it(application: Application) -> None:
    """RFC9700-2"""
    found = application.advice(Profile.DOCUMENTED)
    page, text = Page(html(found)), plain(found)
    assert any(each.scenario for each in found)
    for each in found:
        for said in (each.setting, each.value, each.reason, each.clause, each.remedy):
            assert said in page.text
            assert said in text
        if each.scenario is not None:
            assert PLAYS[each.scenario] in page.text
            assert f"run: {each.scenario.value}" in text
    assert f"notes under documented: {len(found)} things will hurt" in page.text


def test_nothing_to_advise_is_a_sentence() -> None:
    """RFC9700-2"""
    found = Advices("notes", Profile.STRICT, ())
    assert plain(found) == "notes under strict: nothing to advise"
    assert Page(html(found)).tags == ["div", "b"]


def test_what_comes_from_outside_is_escaped() -> None:
    """CSP3-6: a name or an address is never read as HTML."""
    row = Difference(
        setting=HOSTILE, label=HOSTILE, value=HOSTILE, is_set=True, documented=HOSTILE, logto=HOSTILE, strict="s"
    )
    item = Advice(
        setting=HOSTILE, value=HOSTILE, reason=HOSTILE, clause="RFC9700-2", remedy=HOSTILE,
        scenario=Scenario.SIGN_IN_REFUSED,
    )  # fmt: skip
    for shown, times in ((Differences(HOSTILE, (row,)), 6), (Advices(HOSTILE, Profile.LOGTO, (item,)), 5)):
        page = Page(html(shown))
        assert set(page.tags) <= KEPT - {"img"}
        assert page.text.count(HOSTILE) == times

"""What is read of a clock panel: now, what ends next, what died of what, what lives; at rest, escaped, also in text."""

from datetime import timedelta

import pytest

from oidc_lab import Lab, views
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.clock_panel import ClockPanel
from oidc_lab.domain.living import Kind
from oidc_lab.lab.clock import LabClock
from oidc_lab.views.clock_panel import (
    clock_panel_text,
    show_advice,
    show_buttons,
    show_living,
    show_now,
)
from oidc_lab.views.jumps import show_history, show_latest
from tests.views.pressing import Controls
from tests.views.reading import HOSTILE, KEPT, Page, html

OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def put_on() -> None:
    views.put_on()


@pytest.fixture
def panel(lab: Lab) -> ClockPanel:
    lab.sign_in("photo-album", "anna", **OFFLINE).finish()
    return lab.clock.panel()


def rows(source: str, columns: int) -> list[tuple[str, ...]]:
    """The rows of the tables of some HTML."""
    cells = Page(source).cells
    return [tuple(cells[at : at + columns]) for at in range(0, len(cells), columns)]


def test_now_is_read_with_its_weekday_and_the_distance_from_the_start(panel: ClockPanel) -> None:
    page = Page(show_now(panel.look())).text
    assert page == "09:00:00 UTC" + "Monday 5 January 2026" + "the start of the lab"
    panel.jump(timedelta(days=14, hours=15, minutes=7))
    assert (
        "00:07:00 UTC" + "Tuesday 20 January 2026" + "14 days 15 hours after the start"
        in Page(show_now(panel.look())).text
    )


def test_what_ends_next_is_read_on_the_button(panel: ClockPanel) -> None:
    """RFC6749-4.2.2"""
    buttons = [each.name for each in Controls(show_buttons(panel.look(), live=True)).all]
    expected = "10:00:00: the access token of Photo Album for Anna Lindqvist ends, its own TTL"
    assert buttons == ["+1 minute", "+1 hour", "+1 day", "+14 days", f"To {expected}"]
    assert f"Next: {expected}" in Page(html(panel)).text
    panel.jump_to_next()
    expected = (
        "Mon 19 Jan, 09:00:00: the refresh token of Photo Album for Anna Lindqvist ends, its own TTL (and 1 more)"
    )
    assert Controls(show_buttons(panel.look(), live=True)).named(f"To {expected}")
    assert f"Next: {expected}" in Page(html(panel)).text


def test_a_panel_that_is_only_read_has_the_same_content_with_everything_at_rest(panel: ClockPanel) -> None:
    page = Page(html(panel))
    assert set(page.tags) <= KEPT | {"button", "input"}
    assert not any(each.enabled for each in Controls(html(panel)).all)
    for said in ("09:00:00", "What lives now", "in 1 hour, 10:00:00", "in 14 days, Mon 19 Jan, 09:00:00"):
        assert said in page.text
        assert said in panel._repr_mimebundle_()["text/plain"] or said in {"09:00:00"}


def test_each_that_lives_has_its_end_and_of_what(panel: ClockPanel) -> None:
    """RFC6749-1.5"""
    look = panel.look()
    read = rows(show_living(look, live=False), 3)
    assert read == [
        (each.said, f"in {'1 hour' if each.end == look.now + HOUR else '14 days'}, {at}", each.cause)
        for each in look.ending
        for at in ["10:00:00" if each.end == look.now + HOUR else "Mon 19 Jan, 09:00:00"]
    ]
    assert [each.kind for each in look.ending] == [
        Kind.ID_TOKEN, Kind.ACCESS_TOKEN, Kind.REFRESH_TOKEN, Kind.SESSION
    ]  # fmt: skip
    assert Page(show_living(look, live=False)).summaries == ["without an end: 1 grant, 2 application secrets"]


def test_after_a_jump_each_that_died_has_a_line_with_the_cause(panel: ClockPanel) -> None:
    """RFC6749-1.5"""
    assert show_latest(panel.look()) == ""
    panel.jump(2 * HOUR)
    shown = show_latest(panel.look())
    assert "09:00:00 → 11:00:00, 2 hours on: 2 things died" in Page(shown).text
    assert rows(shown, 3) == [
        ("10:00:00", "✗ the ID Token of Photo Album for Anna Lindqvist", "its own TTL"),
        ("10:00:00", "✗ the access token of Photo Album for Anna Lindqvist", "its own TTL"),
    ]
    panel.jump(HOUR)
    assert "11:00:00 → 12:00:00, 1 hour on: nothing died" in Page(show_latest(panel.look())).text


def test_after_a_jump_past_midnight_every_line_has_its_day(panel: ClockPanel) -> None:
    """RFC6749-1.5"""
    panel.jump(timedelta(days=14))
    look = panel.look()
    days = ["Mon 5 Jan, 10:00:00"] * 2 + ["Mon 19 Jan, 09:00:00"] * 2
    assert [at for at, _, _ in rows(show_latest(look), 3)] == days
    lines = clock_panel_text(look).splitlines()
    died = lines[lines.index("What died:") + 2 :][: len(days)]
    assert [line.strip()[: len(day)] for line, day in zip(died, days, strict=True)] == days


def test_of_many_that_died_past_midnight_every_line_has_its_day_too(lab: Lab, panel: ClockPanel) -> None:
    """RFC6749-1.5"""
    for user in ("anna", "ben") * 5:
        lab.sign_in("web-shop", user).finish()
    panel.jump(timedelta(days=14))
    cells = Page(show_latest(panel.look())).cells
    assert cells[cells.index("✗ the refresh token of Photo Album for Anna Lindqvist") - 1] == "Mon 19 Jan, 09:00:00"


def test_a_title_says_whether_somebody_did_it_or_time_went_by(lab: Lab, panel: ClockPanel) -> None:
    """RFC6749-1.5"""
    panel.jump(2 * HOUR)
    for _ in range(200):
        lab.clock.advance(seconds=1)
    lab.grants.revoke(sub="anna")
    shown, text = Page(html(panel)).text, clock_panel_text(panel.look())
    for each in (shown, text):
        assert "At 10:00:00, as time went by: 2 things died" in each
        assert "At 11:03:20, by what was done: 2 things died" in each


def test_many_that_died_of_the_same_are_one_line_that_unfolds(lab: Lab, panel: ClockPanel) -> None:
    for user in ("anna", "ben") * 5:
        lab.sign_in("web-shop", user).finish()
        lab.clock.advance(minutes=1)
    panel.jump(timedelta(days=1))
    page = Page(show_latest(panel.look()))
    assert page.summaries == ["✗ 11 ID Tokens", "✗ 11 access tokens"]
    assert page.text.count("the access token of Web Shop for Benjamin Okafor") == 5
    assert "10:00:00 to " in page.text or "Mon 5 Jan, 10:00:00 to Mon 5 Jan, 10:09:00" in page.text


def test_earlier_jumps_are_folded_the_newest_first(panel: ClockPanel) -> None:
    assert show_history(panel.look()) == ""
    panel.jump(2 * HOUR)
    panel.jump(HOUR)
    panel.jump(HOUR)
    page = Page(show_history(panel.look()))
    assert page.summaries == ["earlier: 2 jumps, 2 things died"]
    assert page.text.index("11:00:00 → 12:00:00") < page.text.index("09:00:00 → 11:00:00")


def test_what_lives_is_folded_when_it_is_long(lab: Lab, panel: ClockPanel) -> None:
    for _ in range(120):
        lab.sign_in("web-shop", "ben").finish()
    page = Page(show_living(panel.look(), live=True))
    assert len(page.cells) == 200 * 4
    assert page.summaries[0] == "later: 113 ID Tokens, 121 access tokens, 1 refresh token, 2 sessions"
    assert "and 42 access tokens, 1 refresh token, 2 sessions" in page.text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ""),
        ("90 min", "→ 10:30:00, 1 hour 30 minutes on: 2 things will have ended by then"),
        ("30 min", "→ 09:30:00, 30 minutes on: nothing will have ended by then"),
        ("2027-01-01", "→ Fri 1 Jan 2027, 00:00:00, 360 days 15 hours on: 4 things will have ended by then"),
        ("a while", "✗ 'a while' is no span and no moment"),
        ("2025-01-01", "✗ 2025-01-01 00:00:00 has passed: the clock only moves forward"),
    ],
)
def test_where_it_would_lead_is_read_before_one_goes(panel: ClockPanel, typed: str, read: str) -> None:
    assert Page(show_advice(panel.look(), typed)).text.startswith(read)


def test_in_plain_text_it_is_all_there(panel: ClockPanel) -> None:
    panel.jump(2 * HOUR)
    lines = clock_panel_text(panel.look()).splitlines()
    assert lines == [
        "Monday 5 January 2026, 11:00:00 UTC; 2 hours after the start of the lab",
        "To Mon 19 Jan, 09:00:00: the refresh token of Photo Album for Anna Lindqvist ends, its own TTL (and 1 more)",
        "What died:",
        "  09:00:00 → 11:00:00, 2 hours on: 2 things died",
        "    10:00:00 the ID Token of Photo Album for Anna Lindqvist: its own TTL",
        "    10:00:00 the access token of Photo Album for Anna Lindqvist: its own TTL",
        "What lives now:",
        "  the refresh token of Photo Album for Anna Lindqvist: in 13 days 22 hours, Mon 19 Jan, 09:00:00, its own TTL",
        "  the session of Anna Lindqvist: in 13 days 22 hours, Mon 19 Jan, 09:00:00, its own TTL, counted from the last"
        " visit of its browser",
        "without an end: 1 grant, 2 application secrets",
    ]


def test_what_comes_from_outside_is_escaped(lab: Lab) -> None:
    """CSP3-6: the names of an application, a user and a secret."""
    made = Application(client_id="x", type=ApplicationType.SPA, name=HOSTILE, redirect_uris=("https://x.example/",))
    lab.register(made)
    lab.applications["web-shop"].secrets.create(HOSTILE, days=1)
    zoe = lab.users.create("zoe", claims={"name": HOSTILE})
    lab.sign_in("x", zoe.sub, **OFFLINE).finish()
    panel = lab.clock.panel()
    panel.jump(HOUR)
    page = Page(html(panel))
    assert "img" not in page.tags
    assert page.text.count(HOSTILE) > 5


def test_an_empty_lab_is_read_too() -> None:
    panel = LabClock().panel()
    assert "Nothing that has an end." in Page(html(panel)).text
    onward = Controls(show_buttons(panel.look(), live=True)).named("To the next expiry: nothing will end")
    assert not onward.enabled
    assert onward.attributes["title"] == "Nothing that the provider keeps will end."

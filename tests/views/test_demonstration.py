"""What was played is shown whole: what was told, how it ended, each run below it, escaped, also in plain text."""

from dataclasses import replace

import pytest

from oidc_lab import Lab
from oidc_lab.domain.profile import Profile
from oidc_lab.relying_party.demonstration import Demonstration
from oidc_lab.relying_party.run import Run
from tests.views.reading import HOSTILE, KEPT, Page, html


@pytest.fixture
def played() -> Demonstration:
    with Lab(profile=Profile.LOGTO) as lab:
        (advice,) = lab.applications["photo-album"].update(rotate_refresh_token=False).advice()
        return advice.play()


def plain(shown: object) -> str:
    return shown._repr_mimebundle_()["text/plain"]  # type: ignore[attr-defined,no-any-return]


def test_it_says_what_was_told_how_it_ended_and_shows_every_run(played: Demonstration) -> None:
    """RFC9700-4"""
    page, text = Page(html(played)), plain(played)
    for said in (played.title, f"So it went: {played.conclusion}"):
        assert said in page.text
        assert said in text
    assert len(played.runs) == page.tags.count("img") == 3
    assert len(page.summaries) >= sum(len(each.trace.exchanges) for each in played.runs)
    for number, each in enumerate(played.runs, 1):
        assert f"{number}. {each.title}, 2026-01-05 " in page.text
        assert f"\n{number}. {each.title}, 2026-01-05 " in text


def test_the_moments_of_the_runs_tell_how_the_clock_was_moved(played: Demonstration) -> None:
    """RFC9700-4.14.2"""
    moments = [line.rpartition(" ")[2] for line in plain(played).splitlines() if "2026-01-05" in line]
    assert moments == ["09:00", "09:00", "10:00"]


def test_what_ends_otherwise_is_said_to(played: Demonstration) -> None:
    """RFC9700-4"""
    other = replace(played, as_told=False, conclusion="Nothing hurt.")
    for shown in (Page(html(other)).text, plain(other)):
        assert "It went otherwise: Nothing hurt." in shown
        assert "So it went" not in shown
    assert html(other) != html(played).replace("So it went", "It went otherwise").replace(
        played.conclusion, other.conclusion
    )


def test_what_comes_from_outside_is_escaped_and_only_what_survives_is_used(hostile: Run) -> None:
    shown = Demonstration(title=HOSTILE, runs=(hostile,), as_told=True, conclusion=HOSTILE)
    page = Page(html(shown))
    assert set(page.tags) <= KEPT
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "id"]
    assert page.text.count(HOSTILE) >= 3

"""What is read of an explorer: what is chosen, what it means, a figure that says its conclusion, what can be done."""

import base64
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from oidc_lab import Lab, from_visits, views
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.explored import Figure, label
from oidc_lab.simulation.explorer import Explorer
from oidc_lab.views.policy_choices import CHOICES, FIGURES, SETTINGS, show_choice, show_figures, show_said
from oidc_lab.views.policy_figures import caption, show_figure
from oidc_lab.views.policy_view import (
    explorer_text,
    show_actions,
    show_explorer,
    show_summary,
    show_words,
    summary_words,
)
from tests.views.pressing import Controls
from tests.views.reading import HOSTILE, KEPT, Page, html

TTL = "Refresh token time to live (TTL) in days"


@pytest.fixture(autouse=True)
def put_on() -> None:
    views.put_on()


@pytest.fixture
def explorer(lab: Lab) -> Explorer:
    lab.profile = "logto"
    return lab.explore("photo-album", users=100, days=60)


def choices(model: Explorer) -> Controls:
    return Controls("".join(show_choice(model, name) for name in CHOICES))


def said(model: Explorer, name: str) -> str:
    return Page(show_said(model, name)).text


def alternative(source: str) -> str:
    (found,) = Page(source).attribute("img", "alt")
    return found


def test_every_choice_has_a_control_that_says_what_is_chosen(explorer: Explorer) -> None:
    found = choices(explorer)
    assert {label(name) for name in CHOICES} <= {each.name for each in found.all}
    for name, value in (("Application type", "SPA"), ("Profile", "logto"), (TTL, "14"), (f"{TTL}, as a number", "14"),
                        ("Rotate refresh token", "on"), ("Always issue refresh token", ""), ("Days looked at", "60"),
                        ("Number of users", "100"), ("Usage pattern", "daily"), ("What is explored", "")):  # fmt: skip
        assert found.named(name).value == value
    assert found.named("What is explored").options[""] == "The settings of Photo Album"
    assert len(found.named("What is explored").options) == 1 + len(explorer.policies)
    assert found.named("Number of users").options["1000000"] == "1,000,000"


def test_the_lifetime_goes_from_one_day_to_180(explorer: Explorer) -> None:
    slider, number = choices(explorer).named(TTL), choices(explorer).named(f"{TTL}, as a number")
    for each, kind in ((slider, "range"), (number, "number")):
        assert (each.attributes["type"], each.attributes["min"], each.attributes["max"]) == (kind, "1", "180")
    assert slider.data == number.data


def test_a_number_that_is_in_no_list_can_be_chosen_too(explorer: Explorer) -> None:
    explorer.change(users=12_345, days=100)
    assert choices(explorer).named("Number of users").options["12345"] == "12,345"
    assert choices(explorer).named("Days looked at").value == "100"


def test_what_a_type_does_not_have_says_why(explorer: Explorer) -> None:
    """RFC9700-4.14.2"""
    assert said(explorer, "ttl") == ""
    explorer.change(profile="documented")
    found = choices(explorer)
    assert [each.enabled for each in found.all if each.name.startswith(TTL)] == [False, False]
    assert not found.named("Rotate refresh token").enabled
    assert found.named("Always issue refresh token").enabled
    assert said(explorer, "ttl").startswith("Not available. Its tokens live the default 14 days from the first")
    assert said(explorer, "rotate").startswith("Not available. It has no switch")


def test_what_is_typed_wrong_is_said_beside_it(explorer: Explorer) -> None:
    explorer.enter("ttl", "500")
    assert said(explorer, "ttl") == "✗ '500' is no whole number from 1 to 180"
    assert said(explorer, "users") == ""


def test_a_policy_takes_the_place_of_the_settings_and_shows_its_doubts(explorer: Explorer) -> None:
    """provider-policies 1: what is not established is never told as fact."""
    explorer.change(policy="okta-org-spa")
    assert {show_choice(explorer, name) + show_said(explorer, name) for name in SETTINGS} == {""}
    assert choices(explorer).named("What is explored").options["okta-org-spa"].endswith(" ?")
    page, text = Page(show_explorer(explorer)), explorer_text(explorer)
    for doubt in (
        "whether a replaced token that is honoured gets one more new token, or the same one again (leeway_answer)",
        "how many generations back a replaced token may be and be honoured still (leeway_depth)",
        "how many sign-ins can be alive at once (max_live)",
    ):
        assert f"? not established: {doubt}" in page.text
        assert f"? not established: {doubt}" in text
    assert "read in part; the rest is not established" in text
    for each in (page.text, text):
        assert "? As far as it is known: what is not established, see above, may end it in another way." in each
    assert "Under Okta: org authorization server, SPA" in alternative(show_figure(explorer))
    assert explorer.title.endswith(" (?)")
    assert "As far as it is known" not in Page(show_words(explorer.change(policy="auth0-spa"))).text
    assert "All about this policy, and where it was read" in page.summaries


def test_what_it_means_stands_there_in_words(explorer: Explorer) -> None:
    for ttl in (3, 90):
        explorer.change(ttl=ttl)
        page = Page(show_words(explorer)).text
        assert all(each in page for each in explorer.words)
        assert f"signed in for {ttl} days, then the token's TTL ends it." in page


@pytest.mark.parametrize(
    ("figure", "says"),
    [
        ("survival", "Under logto (Single page app, 14 days), everybody is signed out within 15 days"),
        ("family", "Signed in for 14 days, with 14 tokens and 13 answered requests"),
        ("rotation", "14 tokens in 14 days, a new one every day on the average"),
        ("sweep", "With TTL 14 days and time between visits 1 day, half of the users have to sign in again after 14"),
        ("race", "With a leeway of 3 seconds, users signed out unwantedly in a month: two tabs "),
    ],
)
def test_each_figure_says_its_conclusion(explorer: Explorer, figure: str, says: str) -> None:
    explorer.change(figure=figure)
    shown = show_figure(explorer)
    assert alternative(shown).startswith(says)
    assert caption(explorer) in Page(shown).text
    assert explorer.figure(figure).alternative == alternative(shown)
    (source,) = Page(shown).attribute("img", "src")
    assert base64.b64decode(source.partition(",")[2]).startswith(b"<?xml")


def test_the_chosen_figure_is_marked(explorer: Explorer) -> None:
    explorer.change(figure="race")
    marks = Controls(show_figures(explorer, key="x-"))
    assert {each.name for each in marks.all} == set(FIGURES.values())
    assert [each.name for each in marks.all if "checked" in each.attributes] == ["Two tabs, lost replies"]


def test_whom_a_figure_is_of_is_said(explorer: Explorer) -> None:
    explorer.change(figure="family", usage="hourly", days=365)
    assert caption(explorer) == "One user who comes every hour; these are the first 750 visits."
    explorer.change(usage="weekly")
    assert caption(explorer) == "One user who comes every 7 days."
    explorer.change(figure="survival")
    told = "Each is told at the first visit after the end, and counted until then."
    assert caption(explorer) == f"100 users with the usage pattern 'weekly'. {told}"
    assert caption(explorer.change(users=1)).startswith("1 user with")
    explorer.change(figure="race", users=10_000)
    assert caption(explorer).startswith("1,000 users with several tabs, and as many with a mobile connection,")


def test_a_limit_that_a_policy_does_not_have_is_not_told_as_its_own(explorer: Explorer) -> None:
    """provider-policies 3: there the figure tells what such a limit would do."""
    explorer.change(figure="sweep")
    assert caption(explorer) == "Regular visitors, one for each cell."
    explorer.change(policy="auth0-noexp")
    assert caption(explorer) == "Regular visitors, one for each cell. The policy itself has no such limit."


def test_where_no_token_is_spent_there_is_no_race(explorer: Explorer) -> None:
    """RFC9700-4.14.2: who never replaces tokens has none that could come back."""
    explorer.change(policy="auth0-noexp", figure="race")
    shown = Page(show_figure(explorer))
    assert shown.text.startswith("No token is ever spent: two tabs at once and a lost reply do no harm")
    assert shown.attribute("img", "alt") == []


def test_of_an_application_that_nobody_signs_in_to_only_that_is_said(explorer: Explorer) -> None:
    """RFC6749-4.4.3: client credentials come without a refresh token, and without a user."""
    explorer.change(type="MachineToMachine")
    assert Page(show_words(explorer)).text == (
        "Nobody signs in to a machine-to-machine application. It has no refresh token."
    )
    assert Page(show_figure(explorer)).text == "There is nobody to draw."
    assert show_summary(explorer) == ""
    assert "sign in at every visit" not in Page(show_explorer(explorer)).text + explorer_text(explorer)
    assert "half were signed out" not in explorer_text(explorer)


@pytest.mark.parametrize("figure", Figure)
def test_without_a_token_there_is_a_sentence_or_a_figure_that_says_so(explorer: Explorer, figure: Figure) -> None:
    """OIDCC-11"""
    explorer.change(figure=figure, offline=False)
    shown = show_figure(explorer)
    told = Page(shown).text + "".join(Page(shown).attribute("img", "alt"))
    assert "o refresh token is issued" in told
    assert "o refresh token is issued" in Page(show_words(explorer)).text


def test_a_figure_that_is_none_is_refused(explorer: Explorer) -> None:
    with pytest.raises(ValueError, match="there is no figure 'pie'; there are survival, family"):
        explorer.figure("pie")


def test_the_summary_is_that_of_the_frame(explorer: Explorer) -> None:
    (told,) = explorer.summary.to_dict("records")
    cells = summary_words(explorer)
    assert cells[0] == "100"
    assert cells[1].startswith("within 14 days") or cells[1].startswith("within 15 days")
    assert cells[2:4] == ["0 %", "the token's TTL"]
    assert float(cells[4]) == pytest.approx(told["sign_ins_per_year"], rel=0.01)
    assert Page(show_summary(explorer)).cells == cells
    explorer.change(policy="auth0-noexp")
    assert summary_words(explorer)[1:4] == ["not within 60 days", "100 %", "nothing"]


def test_work_that_was_stopped_says_of_how_many_it_is(explorer: Explorer) -> None:
    explorer.change(users=100_000)
    work = explorer.preparing()
    for _ in range(3):
        next(work)
    work.close()
    assert f"Not all are done: this is of {explorer.simulated:,} of 100,000 users." in Page(show_summary(explorer)).text
    assert f"{explorer.simulated:,} users with" in Page(show_figure(explorer)).text


def test_what_takes_long_is_not_simulated_only_to_be_read(explorer: Explorer) -> None:
    explorer.change(usage="hourly", users=1_000_000, days=365)
    text = explorer_text(explorer)
    assert "1,000,000 users with 'every hour' for 365 days: they are simulated where this is live, or when its" in text
    assert "they are simulated where this is live" in Page(show_explorer(explorer)).text
    assert not explorer.ready


def test_one_reads_what_a_button_does_before_one_presses_it(explorer: Explorer) -> None:
    page = Page(show_actions(explorer, live=True)).text
    assert "Shown in a lab of its own, over HTTP, with a copy of Photo Album: a daily user comes back" in page
    assert "The clock of this lab stands still." in page
    explorer.change(type="MachineToMachine")
    shown = show_actions(explorer, live=True)
    assert [each.enabled for each in Controls(shown).all] == [False, False]
    assert "Nobody signs in to a machine-to-machine application." in Page(shown).text
    assert "Photo Album is a single page app, and the type of an application never changes." in Page(shown).text


def test_an_explorer_that_is_only_read_has_the_same_content_with_everything_at_rest(explorer: Explorer) -> None:
    explorer.play()
    explorer.save()
    page = Page(html(explorer))
    assert set(page.tags) <= KEPT | {"button"}
    assert not any(each.enabled for each in Controls(html(explorer)).all)
    for each in (
        *explorer.words,
        "logto",
        "14 days",
        "Saved on Photo Album",
        "the blue rings around them what the provider answered",
    ):
        assert each in page.text
    assert page.attribute("img", "alt")[-1].startswith("Predicted and played coincide in 15 event")
    text = explorer._repr_mimebundle_()["text/plain"]
    assert text.splitlines()[:3] == [
        "What is explored: The settings of Photo Album", "Application type: Single page app", "Profile: logto"
    ]  # fmt: skip
    assert "what ended most: the token's TTL" in text


def test_it_is_the_same_each_time_byte_for_byte() -> None:
    shown = []
    for _ in range(2):
        with Lab() as lab:
            model = lab.explore("web-shop", users=500)
            model.play()
            shown.append(show_explorer(model))
    assert shown[0] == shown[1]


def test_what_comes_from_outside_is_escaped(lab: Lab) -> None:
    """CSP3-6: the names of an application and of a usage pattern."""
    lab.register(
        Application(client_id="x", type=ApplicationType.SPA, name=HOSTILE, redirect_uris=("https://x.example/",))
    )
    import pandas as pd

    visits = pd.DataFrame({"user": ["a", "a"], "at": ["2026-01-01", "2026-01-03"]})
    own = replace(from_visits(visits, title=HOSTILE), says=HOSTILE)
    model = lab.explore("x").change(usage=own, users=1, days=20)
    model.play()
    model.save()
    model.enter("ttl", HOSTILE)
    live = "".join(show_choice(model, each) + show_said(model, each) for each in CHOICES)
    assert HOSTILE in choices(model).named("Usage pattern").options.values()
    for source in (show_explorer(model), live + show_actions(model, live=True)):
        assert [each for each in Page(source).attribute("img", "src") if each == "x"] == []
        assert Page(source).attribute("img", "onerror") == []
        assert HOSTILE in Page(source).text
    assert said(model, "usage") == HOSTILE


def test_nothing_is_drawn_with_before_something_is_drawn() -> None:
    """Importing matplotlib takes a second that most labs do not need."""
    look = "e = Lab().explore('web-shop', users=10); e.words; e.summary"
    program = f"import sys; from oidc_lab import Lab; {look}; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_drawn_figure_is_not_left_open(explorer: Explorer) -> None:
    from matplotlib import pyplot

    pyplot.close("all")
    for each in Figure:
        explorer.figure(each)
    assert pyplot.get_fignums() == []


def test_a_short_lifetime_is_told_in_its_own_unit(explorer: Explorer) -> None:
    explorer.change(policy="keycloak-online", usage="hourly", users=10, days=2)
    assert explorer.policy.ttl == timedelta(minutes=30)
    assert "busy user" in Page(show_words(explorer)).text
    assert alternative(show_figure(explorer)).startswith("Under Keycloak")

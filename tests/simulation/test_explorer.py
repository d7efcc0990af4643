"""What an explorer computes is what the walk, the arrays and the words say of the chosen rules — RFC6749-6."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np
import pytest

from oidc_lab import every, lifetimes, provider_policies, usages
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.explored import Explored, Figure
from oidc_lab.domain.happening import Row
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.provider_policy import ProviderPolicy
from oidc_lab.domain.refresh_settings import policy_of
from oidc_lab.domain.walk import walk
from oidc_lab.simulation.explorer import Explorer
from oidc_lab.simulation.regular import BEGIN
from oidc_lab.simulation.usage import Usage
from oidc_lab.simulation.visitor import MOST_VISITS, Visitor, visitor_of
from oidc_lab.simulation.words import USERS, in_words

WEB = Application(client_id="shop", type=ApplicationType.TRADITIONAL, name="Shop", client_secret="test-secret")
POLICIES, USAGES = provider_policies(), usages()


@dataclass
class PaperDesk:
    """A desk that has an application and notes what it is asked for; a visitor is played by the rules alone."""

    saved: Application = WEB
    asked: list[Explored] = field(default_factory=list)
    policies: Mapping[str, ProviderPolicy] = field(default_factory=lambda: POLICIES)
    usages: Mapping[str, Usage] = field(default_factory=lambda: USAGES)

    def application(self) -> Application:
        return self.saved

    def profile(self) -> Profile:
        return Profile.DOCUMENTED

    def chance(self) -> np.random.Generator:
        return np.random.default_rng(7)

    def save(self, chosen: Explored) -> str:
        self.asked.append(chosen)
        return "Saved."

    def play(self, chosen: Explored, visitor: Visitor) -> Iterator[Row]:
        yield from walk(chosen.settings_policy, visitor.visits(chosen.days), BEGIN, offline=chosen.outlives_session)


def explorer(**choices: object) -> Explorer:
    return Explorer(PaperDesk(), Explored().changed(**choices))


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("kind", ApplicationType)
def test_settings_mean_what_they_mean_to_the_provider(kind: ApplicationType, profile: Profile) -> None:
    """application-model 3.3 to 3.6"""
    chosen = Explored(type=kind, profile=profile, ttl=30, rotate=False)
    application = replace(
        Application(client_id="x", type=kind, name="X"),
        **{name: value for name, value in chosen.settings.items() if name != "always_issue_refresh_token"},
    )
    assert chosen.settings_policy == policy_of(application, profile)


@pytest.mark.parametrize(
    ("profile", "always", "offline", "issued", "outlives"),
    [
        ("documented", False, True, True, True),
        ("documented", False, False, False, False),
        ("documented", True, False, True, True),
        ("logto", True, False, True, False),
        ("strict", True, False, True, False),
        ("strict", False, False, False, False),
        ("strict", True, True, True, True),
    ],
)
def test_who_does_not_ask_for_offline_access_gets_a_token_of_the_session_or_none(
    profile: str, always: bool, offline: bool, issued: bool, outlives: bool
) -> None:
    """OIDCC-11"""
    model = explorer(profile=profile, always=always, offline=offline)
    assert model.policy.issued is issued
    assert model.chosen.outlives_session is outlives
    assert (model.words == ["No refresh token is issued: the user has to sign in at every visit."]) is not issued


def test_the_words_are_of_tokens_that_end_with_the_session_where_they_do() -> None:
    """OIDCC-11: always issued, without offline access."""
    model = explorer(profile="strict", always=True, offline=False, ttl=30)
    assert model.words[0] == "Hourly, daily and weekly users stay signed in for 14 days, then the session ends it."
    assert model.rows["reason"].iloc[-1] == "session_over"
    assert model.endings["ended_by"].unique().tolist() == ["session_over"]


def test_the_words_the_rows_and_the_summary_are_of_the_same_rules() -> None:
    model = explorer(type="SPA", profile="logto", ttl=30)
    assert model.words == in_words(model.policy)
    assert model.rows["day"].iloc[-1] == 30
    assert model.rows["reason"].iloc[-1] == "refresh_token_expired"
    name, behind = model.behind
    assert (name, behind["day"].iloc[-1]) == ("the documented profile", 14)
    (told,) = model.summary.to_dict("records")
    assert (told["policy"], told["usage"], told["users"]) == ("logto (Single page app, 30 days)", "Daily", 10_000)
    assert 30 < told["median_days"] <= 31


@pytest.mark.parametrize("usage", ["weekly", "mobile"])
def test_the_many_are_those_of_the_arrays(usage: str) -> None:
    """Two blocks of users, more than one part of the work: they are drawn as `lifetimes` draws them."""
    model = explorer(usage=usage, users=5_000, days=60, type="SPA")
    child = model._desk.chance().spawn(1)[0]
    frame = lifetimes(model.policy, USAGES[usage], users=5_000, rng=child, horizon=timedelta(days=60))
    (told,) = model.summary.to_dict("records")
    assert told["signed_in_at_end"] == pytest.approx(1 - frame["event_observed"].mean())
    assert told["sign_ins_per_year"] == pytest.approx(frame["sign_ins"].mean() * 365 / 60)


def test_a_real_policy_stands_in_place_of_the_settings() -> None:
    """provider-policies 1"""
    model = explorer(policy="okta-org-spa", ttl=3)
    assert model.policy == POLICIES["okta-org-spa"].policy
    assert model.title == f"{POLICIES['okta-org-spa'].title} (?)"  # it is in doubt
    assert model.behind[0] == "the application's settings"
    assert model.change(policy="").policy.ttl == timedelta(days=3)


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"ttl": 0}, "ttl: 0 is no whole number from 1 to 180"),
        ({"ttl": 181}, "ttl: 181 is no whole number"),
        ({"ttl": "1.5"}, "ttl: '1.5' is no whole number"),
        ({"ttl": True}, "ttl: True is no whole number"),
        ({"users": 1_000_001}, "from 1 to 1,000,000"),
        ({"days": ""}, "days: '' is no whole number"),
        ({"type": "Desktop"}, "type: 'Desktop' is none of Native, SPA"),
        ({"profile": "lax"}, "'lax' is none of documented, logto, strict"),
        ({"rotate": "yes"}, "neither on nor off"),
        ({"policy": "nobody"}, "policy: there is no 'nobody'; there are logto-spa"),
        ({"policy": 7}, "policy: 7 is no name"),
        ({"usage": ""}, "usage: there is no ''; there are hourly"),
        ({"colour": "red"}, "there is no choice 'colour'; there are type, profile"),
    ],
)
def test_what_cannot_be_chosen_is_said_and_changes_nothing(choices: dict[str, object], sentence: str) -> None:
    model = explorer()
    with pytest.raises(ValueError, match=sentence):
        model.change(**choices)
    assert model.chosen == Explored()


def test_what_is_typed_may_be_wrong_for_a_while() -> None:
    model = explorer()
    model.enter("ttl", "")
    assert model.faults == {"ttl": "'' is no whole number from 1 to 180"}
    model.enter("users", "1,000")
    assert (model.chosen.ttl, model.chosen.users) == (14, 1000)
    assert model.faults.keys() == {"ttl"}
    model.enter("ttl", "3")
    assert (model.chosen.ttl, model.faults) == (3, {})


def test_who_watches_is_told_of_each_change() -> None:
    model, told = explorer(), []
    model.watch(lambda: told.append(model.chosen.ttl))
    model.change(ttl=3).change(ttl=4)
    model.enter("ttl", "x")
    assert told == [3, 4, 4]


def test_a_pattern_of_ones_own_can_be_looked_at() -> None:
    model = explorer().change(usage=every(timedelta(days=20)))
    assert model.usage.title == "Every 20 days"
    assert model.visitor == Visitor(name="monthly", every=timedelta(days=30))
    assert model.many.complete


@pytest.mark.parametrize(
    ("usage", "visitor"),
    [("hourly", "hourly"), ("office", "hourly"), ("daily", "daily"), ("weekly", "weekly"), ("monthly", "monthly"),
     ("mobile", "daily"), ("tabs", "daily")],
)  # fmt: skip
def test_a_pattern_has_a_visitor_who_comes_about_as_often(usage: str, visitor: str) -> None:
    assert visitor_of(USAGES[usage], np.random.default_rng(7)) == Visitor(name=visitor, every=USERS[visitor])


def test_a_visit_at_the_horizon_does_not_happen_and_there_are_not_too_many() -> None:
    daily, hourly = (Visitor(name=name, every=USERS[name]) for name in ("daily", "hourly"))
    assert [(each.at - BEGIN).days for each in daily.visits(3)] == [1, 2]
    assert len(hourly.visits(365)) == MOST_VISITS


def test_long_work_can_be_stopped_and_says_how_much_was_done() -> None:
    model = explorer(users=100_000, days=30)
    work = model.preparing()
    shares = [next(work) for _ in range(4)]
    work.close()
    assert shares == sorted(shares)
    assert 0 < shares[-1] < 1
    assert not model.many.complete
    assert model.simulated == round(shares[-1] * 100_000)
    assert list(model.preparing())[-1] == 1.0
    assert model.many.complete


def test_what_was_stopped_on_the_way_to_something_else_is_done_anew() -> None:
    model = explorer(users=20_000, days=30)
    work = model.preparing()
    for _ in range(3):
        next(work)
    assert not model.many.complete
    model.change(ttl=3).change(ttl=14)
    assert model.many.complete


@pytest.mark.parametrize("figure", Figure)
def test_what_the_figure_needs_is_there_before_the_many_are_simulated(figure: Figure) -> None:
    model = explorer(figure=figure, users=10)
    work = model.preparing()
    next(work), next(work)
    assert not model.ready
    needs = {"family": "life", "rotation": "life", "sweep": "grid", "race": "races"}
    assert {key[0] for key in model._kept} >= ({needs[figure]} if figure in needs else set())


def test_what_was_computed_is_not_computed_again() -> None:
    model = explorer(users=100)
    before = [model.many, model.rows, model.grid, model.races]
    model.change(ttl=30)
    assert model.many is not before[0]
    assert model.grid is before[2]  # it varies the lifetime itself
    model.change(ttl=14)
    again = [model.many, model.rows, model.grid, model.races]
    assert [id(each) for each in again] == [id(each) for each in before]


def test_the_present_choice_is_a_place_in_the_grid() -> None:
    model = explorer(ttl=30, usage="weekly", type="SPA", profile="logto")
    cell = model.grid[(model.grid["ttl_in_days"] == 30) & (model.grid["days_between_visits"] == 7)]
    assert model.present == {"ttl_in_days": 30, "days_between_visits": 7}
    assert cell["median_days"].tolist() == [35]
    assert model.change(policy="keycloak-offline").present == {"idle_in_days": 30, "days_between_visits": 7}
    assert model.change(policy="auth0-noexp").present is None


def test_policies_that_end_in_different_ways_have_different_grids() -> None:
    """provider-policies 1: without what the grid varies, they are the same."""
    model = explorer(policy="okta-custom-spa")
    other = replace(POLICIES["okta-custom-spa"].policy, idle=None, ttl=timedelta(days=7))
    own = replace(POLICIES["okta-custom-spa"], policy=other)
    assert next(iter(model.grid)) == "idle_in_days"
    model.policies = {**POLICIES, "own": own}
    assert next(iter(model.change(policy="own").grid)) == "ttl_in_days"


def test_the_type_of_an_application_is_not_saved() -> None:
    """OIDCR-2"""
    desk = PaperDesk()
    model = Explorer(desk, Explored(type=ApplicationType.SPA))
    assert model.unsaved == "Shop is a traditional web application, and the type of an application never changes."
    with pytest.raises(ValueError, match="never changes"):
        model.save()
    assert desk.asked == []
    model.change(policy="auth0-spa")  # whatever type was explored before
    assert model.save() == model.notice == "Saved."
    assert [each.policy for each in desk.asked] == ["auth0-spa"]
    assert model.change(ttl=3).notice == ""


def test_what_is_played_is_set_beside_what_was_predicted() -> None:
    model = explorer(type="SPA", days=30)
    predicted, live = model.play()
    assert predicted.equals(live)
    assert live["reason"].iloc[-1] == "refresh_token_expired"
    model.change(figure="family")
    assert model.played is not None  # a look at something else
    model.change(ttl=15)
    assert model.played is None


def test_nothing_is_played_where_nobody_signs_in() -> None:
    """RFC6749-4.4"""
    model = explorer(type="MachineToMachine")
    with pytest.raises(ValueError, match="Nobody signs in to a machine-to-machine application"):
        model.play()


def test_only_what_takes_seconds_at_most_is_quick() -> None:
    assert explorer().quick
    assert explorer(usage="hourly").quick
    assert not explorer(usage="hourly", users=1_000_000).quick
    assert explorer(usage="mobile").quick
    assert not explorer(usage="mobile", users=100_000).quick

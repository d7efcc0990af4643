"""Every advice has a run that shows it, and one that ends otherwise when the application is mended."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from oidc_lab import Lab
from oidc_lab.domain.advice import Registration
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.profile import RULES, Profile, Rules
from oidc_lab.domain.scenario import PLAYS, Scenario
from oidc_lab.lab.applications import RegisteredApplication
from oidc_lab.lab.playable import PlayableAdvice
from oidc_lab.lab.scenarios import play
from oidc_lab.lab.scenarios.stage import TEST_SECRET, Stage
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.run import Run
from oidc_lab.serve import provider as served
from tests.domain.test_advice import registrations

D, L, X = Profile.DOCUMENTED, Profile.LOGTO, Profile.STRICT
NATIVE, SPA, TRADITIONAL, MACHINE = ApplicationType

A = "https://a.example"
FINE = {
    "redirect_uris": ["https://a.example/cb"],
    "post_logout_redirect_uris": ["https://a.example/"],
    "cors_allowed_origins": [A],
}
SHORT_GRANTS = replace(RULES[L], grant_lifetime=timedelta(days=30))


@dataclass(frozen=True, kw_only=True)
class Case:
    """An application that gets the advice, what is changed to mend it, and how both plays end."""

    scenario: Scenario
    profile: Profile
    type: ApplicationType
    ends: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    mend: Mapping[str, Any] = field(default_factory=dict)
    mended_ends: str
    refused_by: Party | None = None
    rules: Rules | None = None
    more: Callable[[Lab, RegisteredApplication], None] = lambda lab, application: None
    mend_more: Callable[[RegisteredApplication], None] = lambda application: None


def add_short_secret(lab: Lab, application: RegisteredApplication) -> None:
    application.secrets.create("short", days=1)
    lab.clock.advance(days=3)


def replace_short_secret(application: RegisteredApplication) -> None:
    application.secrets.create("new", days=1)
    application.secrets.delete("short")


def replace_default_secret(application: RegisteredApplication) -> None:
    application.secrets.create("new", days=30)
    application.secrets.delete("Default secret")


OF_SECRETS = {Scenario.SECRET_EXPIRED, Scenario.SECRET_NEVER_EXPIRES}
RP, PROVIDER, BROWSER = Party.RELYING_PARTY, Party.PROVIDER, Party.BROWSER
CASES = [
    *(
        Case(
            scenario=Scenario.SIGN_IN_REFUSED, profile=profile, type=TRADITIONAL, settings={"redirect_uris": []},
            refused_by=PROVIDER, ends="answered with a page and sent nobody anywhere. The received redirect URI is",
            mend={"redirect_uris": ["https://application.example/callback"]},
            mended_ends="The user signed in, and the code was sent to https://application.example/callback.",
        )
        for profile in Profile
    ),
    Case(
        scenario=Scenario.SIGN_IN_REFUSED, profile=D, type=NATIVE, settings={"redirect_uris": ["http://localhost/cb"]},
        refused_by=PROVIDER, ends="sent nobody anywhere", mend={"redirect_uris": ["http://127.0.0.1/cb"]},
        mended_ends="the code was sent to http://127.0.0.1/cb",
    ),
    Case(
        scenario=Scenario.CODE_IN_THE_CLEAR, profile=D, type=TRADITIONAL,
        settings={"redirect_uris": ["http://a.example/cb"]},
        ends="The code travelled to http://a.example/cb in the clear", mend={"redirect_uris": ["https://a.example/cb"]},
        mended_ends="No code was sent.",
    ),
    Case(
        scenario=Scenario.ANSWERED_ELSEWHERE, profile=L, type=TRADITIONAL,
        settings={"redirect_uris": ["https://*.a.example/cb"]},
        ends="The code was sent to https://anything.a.example/cb, which is registered nowhere by itself.",
        mend={"redirect_uris": ["https://a.example/cb"]}, mended_ends="No code was sent.",
    ),
    *(
        Case(
            scenario=Scenario.SIGNED_OUT_NOT_SENT_BACK, profile=profile, type=SPA,
            settings={"post_logout_redirect_uris": []}, ends=f"The user stays at the provider, {still}.",
            refused_by=PROVIDER if profile is L else None,
            mend={"post_logout_redirect_uris": ["https://application.example/goodbye"]},
            mended_ends="The user was signed out and sent back to https://application.example/goodbye.",
        )
        for profile, still in ((D, "signed out"), (L, "still signed in"), (X, "signed out"))
    ),
    *(
        Case(
            scenario=Scenario.BROWSER_CALL_REFUSED, profile=profile, type=SPA, settings={"cors_allowed_origins": []},
            refused_by=BROWSER, ends="The browser kept the answer from the page of https://a.example.",
            mend={"cors_allowed_origins": ["https://a.example"]},
            mended_ends="The page of https://a.example redeemed the code and read the tokens.",
        )
        for profile in (D, X)
    ),
    *(
        Case(
            scenario=Scenario.REFRESHED_WITHOUT_CONSENT, profile=D, type=kind,
            settings={"always_issue_refresh_token": True},
            ends="was never asked about offline access and is signed out; the refresh token still gave tokens.",
            mend={"always_issue_refresh_token": False}, mended_ends="After the sign-out there were no new tokens.",
        )
        for kind in (SPA, TRADITIONAL)
    ),
    *(
        Case(
            scenario=Scenario.ENDS_WITH_THE_SESSION, profile=profile, type=kind,
            settings={"always_issue_refresh_token": True}, refused_by=PROVIDER,
            ends="The refresh token gave tokens until the user signed out, and none after.",
            mend={"always_issue_refresh_token": False},
            mended_ends="There were no new tokens, even before the sign-out.",
        )
        for profile in (L, X)
        for kind in (SPA, TRADITIONAL)
    ),
    *(
        Case(
            scenario=Scenario.REUSE_UNNOTICED, profile=L, type=kind, settings={"rotate_refresh_token": False},
            ends="gave tokens twice, an hour apart; nobody noticed.", mend={"rotate_refresh_token": True},
            mended_ends="The refresh token gave tokens once.",
        )
        for kind in (NATIVE, SPA)
    ),
    Case(
        scenario=Scenario.ENDS_WITH_THE_GRANT, profile=L, type=TRADITIONAL, rules=SHORT_GRANTS,
        settings={"refresh_token_ttl_in_days": 90}, refused_by=PROVIDER,
        ends="The grant ended at 2026-02-04 09:00; the refresh token would have lived until 2026-04-05 09:00.",
        mend={"refresh_token_ttl_in_days": 30}, mended_ends="the refresh token had ended by then by itself",
    ),
    Case(
        scenario=Scenario.NO_REFRESH_TOKEN, profile=D, type=MACHINE, settings={"rotate_refresh_token": True},
        refused_by=PROVIDER, ends="There was an access token and no refresh token.",
        # The advice is to leave it as it is: nothing makes it end otherwise.
        mend={"rotate_refresh_token": None}, mended_ends="There was an access token and no refresh token.",
    ),
    *(
        Case(
            scenario=Scenario.SECRET_EXPIRED, profile=profile, type=kind, more=add_short_secret, refused_by=PROVIDER,
            ends="There were no tokens. The secret was the application's until it expired.",
            mend_more=replace_short_secret, mended_ends="The secret that it brings is good: there were tokens.",
        )
        for profile in Profile
        for kind in (TRADITIONAL, MACHINE)
    ),
    *(
        Case(
            scenario=Scenario.SECRET_NEVER_EXPIRES, profile=profile, type=kind,
            ends="After ten years the secret is good: there were tokens.",
            mend_more=replace_default_secret,
            mended_ends="There were no tokens. The secret was the application's until it expired.",
        )
        for profile in Profile
        for kind in (TRADITIONAL, MACHINE)
    ),
]  # fmt: skip


def name(case: Case) -> str:
    return f"{case.scenario.value} ({case.type.value}, {case.profile.value})"


def registered(lab: Lab, case: Case) -> RegisteredApplication:
    given = {} if case.type is MACHINE else FINE
    application = lab.applications.create(name="Played", type=case.type, **{**given, **case.settings})
    case.more(lab, application)
    return application


def advised(case: Case, application: RegisteredApplication) -> list[PlayableAdvice]:
    return [each for each in application.advice(rules=case.rules) if each.scenario is case.scenario]


def refused_by(run: Run) -> Party | None:
    return None if run.refusal is None else run.refusal.who


def basic(client_id: str, secret: str) -> str:
    return base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def test_every_scenario_has_an_application_that_shows_it():
    """RFC9700-4: a scenario that nobody plays does not go unnoticed."""
    assert {each.scenario for each in CASES} == set(Scenario)


@pytest.mark.parametrize("case", CASES, ids=name)
def test_what_is_played_happens_as_it_was_told(case: Case):
    """RFC9700-4"""
    with Lab(profile=case.profile) as lab:
        (advice,) = advised(case, registered(lab, case))
        shown = advice.play()
        assert shown.title == PLAYS[case.scenario]
        assert shown.as_told
        assert case.ends in shown.conclusion
        assert [each.next_step for each in shown.runs] == [None] * len(shown.runs)
        assert refused_by(shown.runs[-1]) is case.refused_by
        assert all(each.finished for each in shown.runs[:-1])


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_mended_application_gets_no_such_advice_and_ends_otherwise(case: Case):
    """RFC9700-4: the remedy is one."""
    with Lab(profile=case.profile) as lab:
        application = registered(lab, case)
        (advice,) = advised(case, application)
        mended = application.update(**case.mend)
        case.mend_more(mended)
        assert advised(case, mended) == []
        shown = advice.play(mended)
        assert case.mended_ends in shown.conclusion
        assert shown.as_told is (case.scenario is Scenario.NO_REFRESH_TOKEN)


def test_every_advice_that_names_a_run_can_be_played_and_comes_as_told():
    """RFC9700-4: whatever else is wrong with the registration, and in whichever profile it was made."""
    played = set()
    for application, profile, said in registrations():
        rules = SHORT_GRANTS if profile is L else RULES[profile]
        about = Registration(application=application, profile=profile, rules=rules, secrets=(), now=None)
        for advice in said:
            kind = (application.type, profile, advice.scenario, advice.value)
            if advice.scenario not in {None, *OF_SECRETS} and kind not in played:
                shown = play(advice, about)
                assert shown.as_told, (kind, shown.conclusion)
                played.add(kind)
    assert {scenario for _, _, scenario, _ in played} == set(Scenario) - OF_SECRETS


def test_the_lab_is_left_as_it_is():
    """RFC9700-4: the play has a clock, a store and users of its own, and knows no secret of the application."""
    with Lab() as lab:
        application = lab.applications["web-shop"].update(always_issue_refresh_token=True)
        before = (lab.clock.now, len(lab.audit_log), len(lab.sessions), len(lab.grants))
        (advice,) = application.advice().of("always_issue_refresh_token")
        entries = len(lab.audit_log)
        shown = advice.play()
        assert (lab.clock.now, len(lab.audit_log), len(lab.sessions), len(lab.grants)) == before
        assert entries == before[1]
        assert lab.refusals == []
        sent = "".join(each.trace.to_json() for each in shown.runs)
        assert basic("web-shop", TEST_SECRET) in sent
        assert basic("web-shop", application.client_secret or "") not in sent


def test_what_is_played_twice_is_the_same_byte_for_byte():
    """RFC9700-4: also from two labs with different seeds, because the play has its own."""
    played = []
    for seed in (1, 2):
        with Lab(seed) as lab:
            application = lab.applications["photo-album"].update(cors_allowed_origins=[])
            (advice,) = application.advice()
            played.append([each.trace.to_json() for each in advice.play().runs])
    assert played[0] == played[1]


def test_an_advice_of_which_nothing_is_seen_says_so():
    """RFC8252-7.1: another program on the device is not on this bench."""
    with Lab() as lab:
        (advice,) = lab.applications["city-guide"].update(redirect_uris=["guide:/callback"]).advice()
        assert advice.scenario is None
        with pytest.raises(ValueError, match="no run shows what is said about redirect_uris guide:/callback"):
            advice.play()


def test_an_application_that_nobody_can_sign_in_to_is_lent_a_redirect_uri():
    """OIDCRIL-3: what is missing elsewhere does not hide what the play is about."""
    with Lab() as lab:
        application = lab.applications["web-shop"].update(redirect_uris=[], post_logout_redirect_uris=[])
        (refused,), (stays,) = (application.advice().of(each) for each in FINE if each != "cors_allowed_origins")
        assert "lent" not in refused.play().conclusion
        assert "lent the redirect URI https://application.example/callback" in stays.play().conclusion


def test_the_page_is_stopped_where_its_own_application_matters():
    """FETCH-cors-check: the provider's configuration is read before, because another application lists the origin."""
    with Lab() as lab:
        application = lab.applications["photo-album"].update(cors_allowed_origins=[])
        (advice,) = application.advice()
        shown = advice.play()
        *before, redeemed = [each for each in shown.runs[0].trace.exchanges if each.step.sender is RP]
        assert [each.checks[0].what for each in before] == ["Access-Control-Allow-Origin"]
        assert redeemed.request.parameters["grant_type"] == "authorization_code"
        assert ("Origin", "https://photos.example") in redeemed.request.headers
        assert "Another application lists https://photos.example" in shown.conclusion
        mended = application.update(cors_allowed_origins=["https://photos.example"])
        assert "Another application" not in advice.play(mended).conclusion


def test_the_code_goes_to_the_page_that_redeems_it():
    """RFC6454-7: of two pages with redirect URIs, one is not listed."""
    uris = ["https://a.example/cb", "https://b.example/cb"]
    with Lab() as lab:
        (advice,) = lab.applications["photo-album"].update(redirect_uris=uris, cors_allowed_origins=[A]).advice()
        assert advice.sends == "https://b.example"
        brought = [each for each in advice.play().runs[0].trace.exchanges if each.step.receiver is RP]
        assert [each.request.url.partition("?")[0] for each in brought] == uris[1:]


def test_the_copy_names_nobody_who_could_be_told_that_its_user_signed_out():
    """OIDCBCL-2.5: the bench calls nobody outside of it."""
    settings = {"backchannel_logout_uri": "https://a.example/backchannel", "always_issue_refresh_token": True}
    with Lab() as lab:
        application = lab.applications["web-shop"].update(**settings)
        (advice,) = application.advice().of("always_issue_refresh_token")
    about = Registration(application=application, profile=D, rules=RULES[D], secrets=(), now=None)
    with Stage(about, advice) as stage:
        kept = stage.applications["web-shop"]
        assert kept.backchannel_logout_uri is None
        assert kept.always_issue_refresh_token


def test_the_advice_about_an_application_of_a_served_provider_is_played_at_home():
    """RFC9700-4: with a clock that moves, which the provider's does not."""
    offer = served.read_offer(seed=7)
    with served.serve(offer, 0) as server, Lab.connect(server.url, offer.token) as lab:
        lab.profile = L
        application = lab.applications["photo-album"].update(rotate_refresh_token=False)
        (advice,) = application.advice()
        shown = advice.play()
        assert shown.as_told
        hosts = {each.request.url.split("/")[2] for run in shown.runs for each in run.trace.exchanges}
        assert hosts == {"provider.test", "photos.example"}
        assert len(lab.sessions) == 0


def test_the_application_that_stands_in_brings_its_secrets():
    """RFC6749-2.3.1: one of the same name that ends later is good; where none was changed, none is."""
    with Lab() as lab:
        application = lab.applications["night-report"]
        add_short_secret(lab, application)
        (advice,) = (each for each in application.advice() if each.scenario is Scenario.SECRET_EXPIRED)
        assert advice.play(application).as_told
        application.secrets.delete("short")
        application.secrets.create("short", days=1)
        assert not advice.play(application).as_told


def test_a_plain_application_stands_in_as_well():
    """RFC9700-4: what is not registered yet can be tried first."""
    with Lab(profile=L) as lab:
        application = lab.applications["photo-album"].update(rotate_refresh_token=False)
        (advice,) = application.advice()
        draft = Application(
            client_id="draft", type=SPA, name="Draft", redirect_uris=("https://d.example/",), rotate_refresh_token=True
        )
        assert not advice.play(draft).as_told
        assert advice.play(draft).runs[0].title.endswith("signs in to Draft")

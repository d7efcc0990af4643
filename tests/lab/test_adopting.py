"""The policy of a real provider put on an application of a lab: what holds, what is said of it, and the way back."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from oidc_lab import Lab
from oidc_lab.domain.adopted import Adopted
from oidc_lab.domain.application import InvalidSetting
from oidc_lab.domain.overruled import NOT_IN_FORCE
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.provider_policy import ClientKind
from oidc_lab.domain.refresh_parameters import Anchor, LeewayAnchor, MaxLiveScope, RefreshPolicy, Renew, Rotate
from oidc_lab.domain.refresh_settings import policy_of
from oidc_lab.lab.managed import Managed
from oidc_lab.lab.named import UnknownName
from oidc_lab.serve import provider as served
from tests.domain.families import DAY, SECOND
from tests.provider.bench import Browser
from tests.views.reading import HOSTILE, KEPT, Page, html

SPA, WEB, NATIVE, MACHINE = "photo-album", "web-shop", "city-guide", "night-report"
OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}
SETTINGS = ("rotate_refresh_token", "refresh_token_ttl_in_days")


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as made:
        yield made


@pytest.fixture(params=["own", "connected"])
def managed(request: pytest.FixtureRequest) -> Iterator[Managed]:
    """A bench with a provider of its own, and one at a provider that is served: the same words for both."""
    if request.param == "own":
        with Lab() as made:
            yield made
        return
    offer = served.read_offer(seed=7)
    with served.serve(offer, 0) as server, Lab.connect(server.url, offer.token) as connected:
        yield connected


def test_a_policy_is_adopted_by_its_name_as_one_of_a_provider_or_as_ones_own(managed: Managed) -> None:
    """provider-policies 1: the settings come back when it is taken away."""
    before = managed.refresh_policy(SPA)
    assert before == policy_of(managed.applications[SPA], Profile.DOCUMENTED)
    auth0, mine = managed.policies["auth0-spa"], RefreshPolicy(ttl=3 * DAY + SECOND / 4)
    for given, expected in (("auth0-spa", auth0.policy), (auth0, auth0.policy), (mine, mine)):
        adopted = managed.adopt(given, managed.applications[SPA])
        assert adopted.policy == managed.refresh_policy(SPA) == expected
    assert adopted.before == auth0.policy
    assert managed.follow_settings(SPA) == managed.refresh_policy(SPA) == before


def test_what_other_settings_would_mean_is_told_without_saving_them(managed: Managed) -> None:
    """provider-policies 1: the same as when they are saved, in the present profile, for who follows a policy, too."""
    managed.profile = Profile.LOGTO
    before, settings = managed.applications[WEB], {"refresh_token_ttl_in_days": 75, "rotate_refresh_token": False}
    managed.adopt("auth0-spa", WEB)
    told = managed.refresh_policy(WEB, **settings)
    assert (managed.applications[WEB], managed.refresh_policy(WEB).ttl) == (before, 30 * DAY)
    managed.follow_settings(WEB)
    before.update(**settings)
    assert told == managed.refresh_policy(WEB)
    assert told.ttl == 75 * DAY


def test_what_settings_would_mean_that_cannot_be_is_refused_as_it_is_when_they_are_saved(managed: Managed) -> None:
    """application-model 2: an SPA has no TTL of its own in the product's documentation."""
    for client_id, ttl in ((WEB, 500), (SPA, 30)):
        with pytest.raises(InvalidSetting) as told:
            managed.refresh_policy(client_id, refresh_token_ttl_in_days=ttl)
        with pytest.raises(InvalidSetting) as saved:
            managed.applications[client_id].update(refresh_token_ttl_in_days=ttl)
        assert str(told.value) == str(saved.value)


def test_every_parameter_comes_back_from_the_provider(lab: Lab) -> None:
    """provider-policies 1"""
    everything = RefreshPolicy(
        issued=False, ttl=DAY, renew=Renew.REMAINING, extend_on_use=True, idle=2 * DAY, absolute=3 * DAY,
        absolute_anchor=Anchor.GRANT, rotate=Rotate.WHEN_REMAINING, rotate_at=SECOND, rotate_until=4 * DAY,
        rotate_until_anchor=Anchor.SSO_SESSION, leeway=SECOND, leeway_anchor=LeewayAnchor.LAST_USE, leeway_reuses=2,
        leeway_depth=None, reuse_memory=DAY, max_live=5, max_live_scope=MaxLiveScope.USER_SESSIONS, logout_revokes=True,
        password_change_revokes=False,
    )  # fmt: skip
    for policy in (everything, replace(everything, rotate=Rotate.AFTER_FRACTION, rotate_at=70)):
        lab.adopt(policy, SPA)
        assert lab.refresh_policy(SPA) == policy
    for each in lab.policies.values():
        lab.adopt(each, SPA)
        assert lab.refresh_policy(SPA) == each.policy


def test_it_says_what_holds_and_what_held_before(lab: Lab) -> None:
    adopted = lab.adopt("auth0-spa", WEB)
    said = {each.parameter: (each.now, each.before) for each in adopted.rows if each.changed}
    assert said["ttl"] == ("30 d", "14 d")
    assert said["idle"] == ("30 d", "none")
    assert said["max_live"] == ("200", "none known")
    assert "issued" in {each.parameter for each in adopted.rows if not each.changed}
    lines = repr(adopted).split("\n")
    assert lines[0] == ("Web Shop follows Auth0: SPA (rotating, expiring) (auth0-spa), in place of its settings")
    assert "    ttl: 30 d, before: 14 d" in lines
    assert "    issued: yes" in lines


def test_it_says_what_is_doubtful_and_what_cannot_be_expressed(lab: Lab) -> None:
    """provider-policies 7: never as fact where it is not established."""
    adopted, policy = lab.adopt("pingone", SPA), lab.policies["pingone"]
    assert (adopted.doubts, adopted.not_expressible) == (policy.doubts, policy.not_expressible)
    assert all(each and each[0] in repr(adopted) for each in (policy.doubts, policy.not_expressible))
    [absolute] = [each.now for each in adopted.rows if each.parameter == "absolute"]
    assert absolute == "180 d ?"
    own = lab.adopt(policy.policy, SPA)
    assert (own.doubts, own.not_expressible, own.warnings) == ((), (), ())
    assert own.title == "Photo Album follows a policy of your own, in place of its settings"


@pytest.mark.parametrize(
    ("kind", "fitting"),
    [
        (ClientKind.ANY, {SPA, WEB, NATIVE}),
        (ClientKind.CONFIDENTIAL, {WEB}),
        (ClientKind.SPA, {SPA}),
        (ClientKind.NATIVE, {NATIVE}),
    ],
)
def test_who_is_of_another_kind_than_the_policy_is_for_is_warned(lab: Lab, kind: ClientKind, fitting: set[str]) -> None:
    """RFC6749-2.1: a sentence, no error."""
    policy = replace(lab.policies["auth0-spa"], client=kind)
    for client_id in (SPA, WEB, NATIVE, MACHINE):
        adopted = lab.adopt(policy, client_id)
        assert (not adopted.warnings) is (client_id in fitting)
        assert all(f"Mind: {each}" in repr(adopted) for each in adopted.warnings)
    assert adopted.warnings[0].startswith("Night Report signs nobody in and never gets a refresh token")


def test_a_policy_for_bound_tokens_is_warned_of(lab: Lab) -> None:
    """RFC9449-5"""
    [warning] = lab.adopt("oidcprovider-spa-bound", SPA).warnings
    assert warning == "It is for tokens that are bound to a key; here they are not."


@pytest.mark.parametrize(
    ("asked", "near"),
    [("auth0spa", "auth0-spa"), ("Auth0", "auth0-online"), ("logto", "logto-native"), ("PingOne", "pingone")],
)
def test_who_mistypes_a_name_is_told_which_are_near(lab: Lab, asked: str, near: str) -> None:
    with pytest.raises(UnknownName, match=rf"there is no policy '{asked}'; did you mean .*{near}.* has all 59"):
        lab.adopt(asked, SPA)


def test_what_is_nowhere_near_is_told_where_to_look(lab: Lab) -> None:
    for asked in ("", "qqqq"):
        with pytest.raises(UnknownName, match=rf"there is no policy '{asked}'; lab.policies has all 59"):
            lab.adopt(asked, SPA)
    with pytest.raises(UnknownName, match="there is no application 'nobody'"):
        lab.adopt("auth0-spa", "nobody")
    for ask in (lab.refresh_policy, lab.follow_settings):
        with pytest.raises(UnknownName, match="there is no application 'nobody'"):
            ask("nobody")


def test_every_flow_follows_it(lab: Lab) -> None:
    """RFC6749-6: the stepper, the clock panel, introspection and the why card, too."""
    lab.adopt(RefreshPolicy(ttl=DAY, rotate=Rotate.ALWAYS, renew=Renew.REMAINING), WEB)
    signed_in = lab.sign_in(WEB, "anna", **OFFLINE).finish()
    [living] = [each for each in lab.living if each.kind == "refresh token"]
    assert (living.ends_at, living.cause) == (lab.clock.now + DAY, "its own TTL")
    said = lab.introspect(WEB, signed_in.result.tokens.refresh_token).finish().result
    assert said.expires_at == lab.clock.now + DAY
    stepping = lab.step(WEB, flow="refresh", user="anna")
    lab.clock.advance(days=1)
    while stepping.next_step is not None:
        stepping.next()
    [cause] = lab.why(stepping).causes
    assert cause.code == "refresh_token_expired"
    assert "up to the policy that it follows in place of its settings" in cause.remedy


def test_a_bench_that_goes_back_follows_what_it_followed(lab: Lab) -> None:
    before = lab.moment()
    lab.adopt("auth0-spa", SPA)
    adopted = lab.moment()
    lab.return_to(before)
    assert lab.refresh_policy(SPA).idle is None
    lab.return_to(adopted)
    assert lab.refresh_policy(SPA).idle == 30 * DAY


def test_the_settings_are_not_said_to_hold(lab: Lab) -> None:
    """OIDCR-2: on the application's sheet, in its form, and on the trainer's page."""
    lab.profile = Profile.LOGTO
    album = lab.applications[SPA].update(rotate_refresh_token=False)
    form = album.form()

    def said() -> list[bool]:
        browser = Browser(lab)
        door = browser.open(f"/applications/{SPA}")
        page = browser.press(door, "enter", token=lab.provider.extensions["oidc_lab"].management_token)
        form.refresh()
        sheet = album._repr_mimebundle_()["text/plain"]
        return [
            sheet.count(NOT_IN_FORCE) == 2,
            page.text.count(NOT_IN_FORCE) == 2,
            all(form.field(each).effect == NOT_IN_FORCE for each in SETTINGS),
            "rotate_refresh_token" not in {each.setting for each in form.advice},
            "rotate_refresh_token" not in {each.setting for each in album.advice()},
        ]

    assert said() == [False] * 5
    lab.adopt("auth0-spa", SPA)
    assert said() == [True] * 5
    assert form.field("always_issue_refresh_token").effect != NOT_IN_FORCE
    lab.adopt(RefreshPolicy(issued=False), SPA)
    form.refresh()
    assert form.field("always_issue_refresh_token").effect == NOT_IN_FORCE
    lab.follow_settings(SPA)
    assert said() == [False] * 5


def test_what_was_deleted_is_still_shown(lab: Lab) -> None:
    web = lab.applications[WEB]
    web.delete()
    assert NOT_IN_FORCE not in web._repr_mimebundle_()["text/plain"]


def test_who_looks_into_tokens_is_told_of_it(lab: Lab) -> None:
    """RFC6749-1.5: why there is no refresh token, and which settings do not decide about one."""
    lab.adopt(RefreshPolicy(ttl=DAY), WEB)
    looked = lab.inspect(lab.sign_in(WEB, "anna", **OFFLINE).finish())
    settings = {each.setting: each.documented for each in looked.tokens[-1].settings}
    assert {name for name, effect in settings.items() if effect == NOT_IN_FORCE} == {*SETTINGS}
    lab.adopt(RefreshPolicy(issued=False), WEB)
    [absent] = lab.inspect(lab.sign_in(WEB, "anna", **OFFLINE).finish()).missing
    [reason] = absent.all
    assert (absent.name, reason.code) == ("refresh_token", "policy_has_none")
    assert reason.sentence == "Web Shop follows a policy in place of its settings that gives none"
    lab.follow_settings(WEB)
    assert not lab.inspect(lab.sign_in(WEB, "anna", **OFFLINE).finish()).missing


def test_it_is_shown_as_a_table_with_what_to_mind(lab: Lab) -> None:
    adopted = lab.adopt("pingone", MACHINE)
    page = Page(html(adopted))
    for said in (adopted.title, *adopted.warnings, *adopted.doubts, *adopted.not_expressible, "180 d ?"):
        assert said in page.text
    assert page.cells[:3] == ["issued", "yes", "no"]
    assert adopted._repr_mimebundle_()["text/plain"] == repr(adopted)


def test_what_comes_from_outside_is_escaped(lab: Lab) -> None:
    """CSP3-6"""
    policy = replace(lab.policies["pingone"], variant=HOSTILE, not_established=(HOSTILE,), not_expressible=(HOSTILE,))
    named = replace(lab.adopt(policy, SPA), application=lab.applications[SPA].update(name=HOSTILE))
    assert isinstance(named, Adopted)
    page = Page(html(named))
    assert set(page.tags) <= KEPT - {"img"}
    assert page.text.count(HOSTILE) == 4


@pytest.mark.parametrize("wrong", [None, 14, {"ttl": 14}])
def test_what_is_no_policy_is_not_adopted(lab: Lab, wrong: Any) -> None:
    with pytest.raises(TypeError, match="RefreshPolicy"):
        lab.adopt(wrong, WEB)


def test_what_is_no_setting_is_named(lab: Lab) -> None:
    with pytest.raises(InvalidSetting, match="ttl: 3 cannot be used: there is no such setting"):
        lab.refresh_policy(WEB, ttl=3)

"""What is said to live is honoured until the moment that is said, and from then on refused for the reason that is said.

Over HTTP, for every profile, type of application and policy: the list is held to what the provider really does.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oidc_lab import Lab
from oidc_lab.domain.living import Cause, Kind, Living
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import Anchor, LeewayAnchor, OnReuse, RefreshPolicy, Renew, Rotate, Supersede
from oidc_lab.domain.settings import availability
from oidc_lab.provider.store.tables import digest
from tests.provider.bench import (
    MACHINE,
    NATIVE,
    SPA,
    WEB,
    Browser,
    answered,
    heard,
    redeeming,
    refreshing,
    send,
    userinfo,
)

DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
OFFLINE = "openid email offline_access"


@dataclass
class Held:
    """A lab, a browser in it, and everything that was ever handed out, by the key that it is listed under."""

    lab: Lab
    application: str = WEB
    uses: dict[str, Callable[[], bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browser = Browser(self.lab)

    def note(self, kind: Kind, value: str, honoured: Callable[[], bool]) -> None:
        """Note how a thing is used."""
        self.uses[f"{kind} {digest(value)[:20]}"] = honoured

    def code(self, **asked: Any) -> str:
        """A code that is not redeemed yet."""
        code = answered(self.browser.sign_in(self.application, **asked))["code"]
        redeem = lambda: self._token(redeeming(self.lab, code, self.application)).status_code == 200  # noqa: E731
        self.note(Kind.CODE, code, redeem)
        return code

    def sign_in(self, **asked: Any) -> dict[str, Any]:
        """The tokens of a sign-in."""
        response = self._token(redeeming(self.lab, self.code(**asked), self.application))
        assert response.status_code == 200, response.text
        return self.hold(response.json)

    def hold(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """Note how the tokens of a response are used."""
        access = tokens["access_token"]
        self.note(Kind.ACCESS_TOKEN, access, lambda: self._access(access))
        if refresh := tokens.get("refresh_token"):
            ask = lambda: self._token(refreshing(self.lab, refresh, self.application)).status_code == 200  # noqa: E731
            self.note(Kind.REFRESH_TOKEN, refresh, ask)
        return tokens

    def refresh(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """Use a refresh token; when it is refused, nothing new is held."""
        response = self._token(refreshing(self.lab, tokens["refresh_token"], self.application))
        return self.hold(response.json) if response.status_code == 200 else tokens

    def honoured(self, thing: Living) -> bool:
        """Whether the provider honours a thing now, found out over HTTP by using it."""
        if thing.kind is Kind.SESSION:
            self.browser.authorize(WEB, prompt="none")
            return answered(self.browser.authorize(WEB, prompt="none")).get("error") != "login_required"
        if thing.kind is Kind.GRANT:
            return thing.grant_id in [each.grant_id for each in self.lab.grants]
        return self.uses[thing.key]()

    def _access(self, token: str) -> bool:
        if self.application != MACHINE:
            return userinfo(self.lab, token).status_code == 200
        asked = {"token": token, "client_id": WEB, "client_secret": self.lab.applications[WEB].client_secret}
        return bool(send(self.lab, "/introspection", asked).json["active"])

    def _token(self, asked: dict[str, str]) -> Any:
        return send(self.lab, "/token", asked)


@contextmanager
def back(lab: Lab) -> Iterator[None]:
    """Whatever happens inside never did."""
    moment = lab.moment()
    yield
    lab.return_to(moment)


@dataclass
class Witness:
    """Uses everything before and after each thing that happens, and holds what is said of its death to that."""

    held: Held
    died: dict[str, tuple[datetime, Cause]] = field(default_factory=dict)

    def alive(self) -> set[str]:
        """What the provider honours now."""
        found = set()
        for key, honoured in self.held.uses.items():
            with back(self.held.lab):
                found |= {key} if honoured() else set()
        return found

    def see(self, happening: Callable[[], object], *causes: Cause) -> None:
        """Let something happen that ends things for these reasons only; by a clock when none is given."""
        lab, before, began = self.held.lab, self.alive(), self.held.lab.clock.now
        happening()
        now = lab.clock.now
        said = {each.of.key: each for each in lab.living.look(now, lab.clock.start)[1]}
        for key in before - self.alive():
            death = said[key]
            assert death.because in causes if causes else death.because.by_clock, death
            assert death.at == now if causes else began < death.at <= now, death
            self.died[key] = (death.at, death.because)
        told = {key: (death.at, death.because) for key, death in said.items()}
        assert self.died == {key: told[key] for key in self.died}, "what died is told otherwise later"


def check_everything(held: Held) -> set[tuple[Kind, Cause | None]]:
    """Each thing that is listed lives until its end, and is refused from then on for its reason; no other lives."""
    lab, seen = held.lab, set()
    listed = [each for each in lab.living if each.kind is not Kind.SECRET]
    for thing in listed:
        seen.add((thing.kind, thing.because))
        last = thing.ends_at - INSTANT if thing.ends_at else lab.clock.now + 200 * DAY
        with back(lab):
            lab.clock.move_to(last)
            if thing.ends_at or thing.kind is Kind.GRANT:
                assert held.honoured(thing), thing
        if thing.ends_at is None:
            continue
        with back(lab):
            lab.clock.move_to(thing.ends_at)
            living, ended = lab.living.look(lab.clock.now, lab.clock.start)
            assert thing.key not in [each.key for each in living]
            died = [(each.at, each.because) for each in ended if each.of.key == thing.key]
            assert died == [(thing.ends_at, thing.because)]
            assert not held.honoured(thing), thing
            if thing.kind is not Kind.GRANT:
                assert heard(lab) == thing.refusal, thing
    keys = {each.key for each in listed}
    for key, honoured in held.uses.items():
        with back(lab):
            assert honoured() is (key in keys), key
    return seen


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    profile=st.sampled_from(Profile),
    application=st.sampled_from([WEB, SPA, NATIVE]),
    ttl=st.integers(1, 30),
    rotates=st.booleans(),
    always=st.booleans(),
    scope=st.sampled_from(["openid email", OFFLINE]),
    waits=st.lists(st.integers(0, 40), max_size=3),
)
@example(profile=Profile.LOGTO, application=WEB, ttl=30, rotates=True, always=True, scope="openid", waits=[13, 1])
def test_what_is_said_of_every_thing_is_what_happens(
    profile: Profile, application: str, ttl: int, rotates: bool, always: bool, scope: str, waits: list[int]
) -> None:
    """RFC6749-5.2, RFC6750-3.1: after any history, whole days apart, in every profile."""
    with Lab(profile=profile) as lab:
        chosen = {
            "refresh_token_ttl_in_days": ttl, "rotate_refresh_token": rotates, "always_issue_refresh_token": always
        }  # fmt: skip
        kind = lab.applications[application].type
        lab.applications[application].update(
            **{name: value for name, value in chosen.items() if availability(name, kind, profile).available}
        )
        held = Held(lab, application)
        tokens = held.sign_in(scope=scope, **({"prompt": "consent"} if scope == OFFLINE else {}))
        for days in waits:
            lab.clock.advance(days=days)
            tokens = held.refresh(tokens) if "refresh_token" in tokens else tokens
        held.code(scope="openid")
        check_everything(held)


DEEDS = st.sampled_from(["refresh", "come back", "revoke the grant", "give the tokens back", "sign out"])


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    profile=st.sampled_from(Profile),
    scope=st.sampled_from(["openid", OFFLINE]),
    left=st.integers(1, 5),
    story=st.lists(st.tuples(st.integers(0, 4), DEEDS), min_size=1, max_size=4),
)
@example(profile=Profile.LOGTO, scope=OFFLINE, left=5, story=[(0, "refresh"), (0, "revoke the grant")])
@example(
    profile=Profile.LOGTO, scope=OFFLINE, left=5, story=[(0, "refresh"), (1, "give the tokens back"), (4, "refresh")]
)
@example(profile=Profile.LOGTO, scope=OFFLINE, left=1, story=[(0, "refresh"), (1, "refresh")])
@example(profile=Profile.LOGTO, scope=OFFLINE, left=5, story=[(0, "refresh"), (3, "come back")])
@example(profile=Profile.LOGTO, scope=OFFLINE, left=5, story=[(0, "refresh"), (1, "refresh"), (2, "come back")])
def test_what_is_revoked_or_expires_within_a_leeway_dies_of_that(
    profile: Profile, scope: str, left: int, story: list[tuple[int, str]]
) -> None:
    """RFC7009-2.1, RFC9700-4.14.2: `left` seconds before the end of a refresh token, seconds apart."""
    with Lab(profile=profile) as lab:
        lab.applications[WEB].update(always_issue_refresh_token=True, rotate_refresh_token=True)
        held = Held(lab)
        given = [held.sign_in(scope=scope, **({"prompt": "consent"} if scope == OFFLINE else {}))]
        witness = Witness(held)
        witness.see(lambda: lab.clock.advance(days=13, hours=23, minutes=59, seconds=60 - left))
        for seconds, deed in story:
            witness.see(lambda: lab.clock.advance(seconds=seconds))  # noqa: B023
            witness.see(*_done(held, given, deed))
        check_everything(held)
        witness.see(lambda: lab.clock.advance(days=1))


def _done(held: Held, given: list[dict[str, Any]], deed: str) -> tuple[Any, ...]:
    """A deed, and of what things can die by it."""
    lab, newest = held.lab, given[-1]
    if deed in {"refresh", "come back"}:
        sent = newest if deed == "refresh" else given[0]
        # A replaced token that comes back may end the rest.
        return lambda: given.append(held.refresh(sent)), Cause.REPLACED, Cause.REVOKED
    if deed == "sign out":
        return lambda: [each.end() for each in lab.sessions], Cause.REVOKED
    if deed == "revoke the grant":
        return lambda: [lab.grants.revoke(each.grant_id) for each in lab.grants], Cause.REVOKED
    asked = {"token": newest["refresh_token"], "client_id": WEB, "client_secret": lab.applications[WEB].client_secret}
    return lambda: send(lab, "/revocation", asked), Cause.REVOKED


POLICIES = {
    "idle": (RefreshPolicy(ttl=30 * DAY, idle=3 * DAY, extend_on_use=True), Cause.IDLE),
    "absolute": (RefreshPolicy(ttl=30 * DAY, absolute=9 * DAY, rotate=Rotate.ALWAYS), Cause.ABSOLUTE),
    "grant": (RefreshPolicy(absolute=9 * DAY, absolute_anchor=Anchor.GRANT), Cause.GRANT),
    "session": (RefreshPolicy(absolute=9 * DAY, absolute_anchor=Anchor.SSO_SESSION), Cause.SESSION),
    "no end": (RefreshPolicy(), None),
    "remaining": (RefreshPolicy(ttl=9 * DAY, rotate=Rotate.ALWAYS, renew=Renew.REMAINING), Cause.TTL),
    "leeway": (RefreshPolicy(ttl=9 * DAY, rotate=Rotate.ALWAYS, leeway=3 * DAY), Cause.LEEWAY),
    "leeway that slides": (
        RefreshPolicy(rotate=Rotate.ALWAYS, leeway=3 * DAY, leeway_anchor=LeewayAnchor.LAST_USE, leeway_depth=None),
        Cause.LEEWAY,
    ),
    "leeway, once": (
        RefreshPolicy(ttl=9 * DAY, rotate=Rotate.ALWAYS, leeway=3 * DAY, leeway_reuses=0, on_reuse=OnReuse.REJECT),
        Cause.TTL,
    ),
    "leeway longer than the ttl": (RefreshPolicy(ttl=2 * DAY, rotate=Rotate.ALWAYS, leeway=5 * DAY), Cause.TTL),
    "kept": (RefreshPolicy(ttl=9 * DAY, rotate=Rotate.ALWAYS, supersede=Supersede.KEEP), Cause.TTL),
    "reuse ends the family": (
        RefreshPolicy(ttl=9 * DAY, rotate=Rotate.ALWAYS, on_reuse=OnReuse.REVOKE_FAMILY),
        Cause.TTL,
    ),
}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("uses", [0, 1, 2])
def test_policies_of_other_providers_are_read_as_they_decide(lab: Lab, name: str, uses: int) -> None:
    """RFC9700-4.14.2: idle and absolute lifetimes, leeways, tokens that stay good after they were replaced."""
    policy, because = POLICIES[name]
    lab.provider.extensions["oidc_lab"].adopted[WEB] = policy
    held = Held(lab)
    tokens = held.sign_in(scope=OFFLINE, prompt="consent")
    for _ in range(uses):
        lab.clock.advance(days=1)
        tokens = held.refresh(tokens)
    seen = check_everything(held)
    if because is not Cause.LEEWAY or uses:
        assert (Kind.REFRESH_TOKEN, because) in seen


def test_an_access_token_of_a_machine_and_a_secret_that_expires(lab: Lab) -> None:
    """RFC6749-4.4, OIDCR-3.2"""
    held = Held(lab, MACHINE)
    machine = lab.applications[MACHINE]
    second = machine.secrets.create("second", expires_at=lab.clock.now + 2 * DAY)
    asked = {"grant_type": "client_credentials", "client_id": MACHINE}
    held.hold(send(lab, "/token", asked | {"client_secret": machine.client_secret}).json)
    check_everything(held)
    (listed,) = [each for each in lab.living if each.kind is Kind.SECRET and each.ends_at]
    assert listed.said == f"the secret “second” of {machine.name}"
    lab.clock.move_to(listed.ends_at - INSTANT)
    assert send(lab, "/token", asked | {"client_secret": second.value}).status_code == 200
    lab.clock.move_to(listed.ends_at)
    assert send(lab, "/token", asked | {"client_secret": second.value}).status_code == 401
    assert heard(lab) == listed.refusal


@pytest.mark.parametrize("profile", Profile)
def test_what_was_done_ends_things_and_is_told(lab: Lab, profile: Profile) -> None:
    """RFC7009-2.1, OIDCRIL-2, RFC6749-4.1.2: rotation, revocation, a sign-out, a code that came twice."""
    lab.profile = profile
    held = Held(lab, SPA)
    tokens = held.sign_in(scope=OFFLINE, prompt="consent")
    code = held.code(scope="openid")
    lab.clock.advance(minutes=1)
    held.refresh(tokens)
    lab.clock.advance(seconds=5)
    ended = {each.of.key: each for each in lab.living.look(lab.clock.now, lab.clock.start)[1]}
    replaced = ended[f"refresh token {digest(tokens['refresh_token'])[:20]}"]
    assert replaced.because is (Cause.LEEWAY if profile is Profile.LOGTO else Cause.REPLACED)
    assert ended[f"authorization code {digest(code)[:20]}"].because is Cause.TTL
    check_everything(held)


@pytest.mark.parametrize("profile", Profile)
def test_what_an_application_gives_back_or_a_session_takes_along_is_not_listed(lab: Lab, profile: Profile) -> None:
    """RFC7009-2.1, OIDCC-11: an access token alone or with its grant; a code that waits, with its session."""
    lab.profile = profile
    held = Held(lab, SPA)
    access = held.sign_in(scope="openid")["access_token"]
    assert send(lab, "/revocation", {"token": access, "client_id": SPA}).status_code == 200
    assert not held.uses[f"access token {digest(access)[:20]}"]()
    check_everything(held)
    held.sign_in(scope="openid")
    held.code(scope="openid")
    (session,) = lab.sessions
    session.end()
    check_everything(held)
    assert {each.kind for each in lab.living} <= {Kind.GRANT, Kind.SECRET}


@pytest.mark.parametrize("offline", [True, False])
@pytest.mark.parametrize("profile", Profile)
def test_an_access_token_ends_with_its_session_unless_it_is_for_offline_use(profile: Profile, offline: bool) -> None:
    """OIDCC-11: given half an hour before the session is over."""
    with Lab(profile=profile) as lab:
        lab.applications[WEB].update(always_issue_refresh_token=True, refresh_token_ttl_in_days=30)
        held = Held(lab)
        tokens = held.sign_in(**({"scope": OFFLINE, "prompt": "consent"} if offline else {"scope": "openid"}))
        lab.clock.advance(days=13, hours=23, minutes=30)
        held.refresh(tokens)
        bound = not offline and profile is not Profile.DOCUMENTED
        assert ((Kind.ACCESS_TOKEN, Cause.SESSION) in check_everything(held)) is bound


def test_codes_and_access_tokens_end_with_their_grant() -> None:
    """application-model 3.6: given half a minute before the grant is over."""
    with Lab(profile=Profile.LOGTO) as lab:
        held = Held(lab)
        held.sign_in(scope="openid")
        for _ in range(18):  # so that its session, for which the grant is remembered, goes on
            lab.clock.advance(days=9.9)
            held.code(scope="openid")
        lab.clock.move_to(lab.clock.start + 180 * DAY - timedelta(seconds=30))
        held.sign_in(scope="openid")
        held.code(scope="openid")
        seen = check_everything(held)
        assert {(Kind.CODE, Cause.GRANT), (Kind.ACCESS_TOKEN, Cause.GRANT)} <= seen


@pytest.mark.parametrize("anchor", LeewayAnchor)
def test_a_leeway_counts_from_the_use_that_it_is_counted_from(lab: Lab, anchor: LeewayAnchor) -> None:
    """RFC9700-4.14.2: from the first use, or from the last, which slides."""
    policy = RefreshPolicy(rotate=Rotate.ALWAYS, leeway=3 * DAY, leeway_anchor=anchor, leeway_depth=None)
    lab.provider.extensions["oidc_lab"].adopted[WEB] = policy
    held = Held(lab)
    first = held.sign_in(scope=OFFLINE, prompt="consent")
    for _ in range(2):
        lab.clock.advance(days=2)
        held.refresh(first)
    check_everything(held)
    (left,) = [each for each in lab.living if each.because is Cause.LEEWAY]
    assert left.ends_at == lab.clock.now + (3 if anchor is LeewayAnchor.LAST_USE else 1) * DAY


def test_a_token_that_is_left_behind_died_then_whatever_its_family_does_later(lab: Lab) -> None:
    """RFC9700-4.14.2: two generations came after it; that a sibling had a successor later changes nothing."""
    policy = RefreshPolicy(rotate=Rotate.ALWAYS, leeway=30 * DAY)
    lab.provider.extensions["oidc_lab"].adopted[WEB] = policy
    held = Held(lab)
    given, witness = [held.sign_in(scope=OFFLINE, prompt="consent")], Witness(held)
    for sent in (0, 0, 1, 2, 3):
        witness.see(lambda: lab.clock.advance(hours=1))
        witness.see(lambda: given.append(held.refresh(given[sent])), Cause.REPLACED)  # noqa: B023
    first, second = (f"refresh token {digest(each['refresh_token'])[:20]}" for each in given[:2])
    assert witness.died[first] == (lab.clock.start + timedelta(hours=3), Cause.REPLACED)
    assert witness.died[second] == (lab.clock.start + timedelta(hours=5), Cause.REPLACED)

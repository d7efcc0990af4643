"""Whatever happens in whatever order: no request breaks the provider, and no token outlives what its profile promises.

Histories of registrations, sign-ins, token requests, sign-outs and jumps in time are compared, step by step, with the
plain rules beside this file. A longer run, of so many for each profile and type of application:
HISTORIES=200 make test ARGS="tests/provider/test_any_history.py"
"""

import os
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import bindparam, func, select
from werkzeug.test import TestResponse

from oidc_lab import Lab
from oidc_lab.domain.application import Application, ApplicationType, InvalidSetting
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.tokens import RefreshToken
from oidc_lab.provider.store.tables import digest, families, refresh_tokens
from tests.provider import plain_rules as plain
from tests.provider.any_application import ANY_URI, KINDS, SETTINGS, SWITCH, TTLS, WRONG, settings_for
from tests.provider.bench import CHALLENGE, VERIFIER, Browser, Page, heard, send, userinfo
from tests.provider.plain_rules import LOGTO, MACHINE, NATIVE, SPA, TRADITIONAL

HISTORIES = int(os.environ.get("HISTORIES", "10"))
STEPS = 40

SEATS = st.integers(0, 1)
USERS = st.sampled_from(["anna", "ben"])
PROMPTS = st.sampled_from([None, "consent", "login", "login consent", "none", "select_account"])
SCOPES = st.sampled_from([
    "openid email offline_access", "openid email", "openid", "email offline_access", "offline_access",
    "openid profile unheard-of",
])  # fmt: skip
SPANS = st.sampled_from(
    [timedelta(seconds=each) for each in (1, 60, 3600)] + [timedelta(days=each) for each in (1, 7, 10, 30)]
)
TICK = timedelta(microseconds=1)
AROUND = st.sampled_from([timedelta(0), -TICK, TICK])
# Which of what there is, counted from the newest.
BACK = st.integers(0, 7)


class AnyHistory(RuleBasedStateMachine):
    """One provider, two browsers, and what should be true of them."""

    def __init__(self, profile: Profile, kind: ApplicationType) -> None:
        super().__init__()
        self.lab = Lab()
        self.context = self.lab.provider.extensions["oidc_lab"]
        self.browsers = [Browser(self.lab), Browser(self.lab)]
        self.sessions: list[plain.Session | None] = [None, None]
        self.grants: dict[tuple[str, str, plain.Session | None], plain.Grant] = {}
        self.families: list[plain.Family] = []
        self.codes: list[plain.Code] = []
        self.answers: list[plain.Given] = []
        self.handed_out: list[str] = []
        self.registered = 0
        self.context.profile, self.kind = profile, kind
        self.machine = self._register(MACHINE)

    @property
    def now(self) -> datetime:
        return self.lab.clock.now

    @property
    def profile(self) -> Profile:
        return self.context.profile

    @property
    def refreshable(self) -> list[plain.Given]:
        return [each for each in self.answers if each.refresh_token is not None]

    @property
    def living(self) -> list[plain.Given]:
        """Those whose refresh tokens would be honoured."""
        return [each for each in self.refreshable if each.refresh_token.good(self.profile, self.now)]

    def send(self, path: str, form: dict[str, str], sender: plain.Registered) -> TestResponse:
        """An application's own request, with the proof it has."""
        known = {"client_id": sender.application.client_id}
        if sender.application.confidential:
            known["client_secret"] = sender.application.client_secret
        response = send(self.lab, path, form | known)
        assert response.status_code < 500, response.text
        return response

    # -- the provider

    @rule(profile=st.sampled_from(Profile))
    def change_profile(self, profile: Profile) -> None:
        """While everything is running."""
        self.context.profile = profile

    @rule(span=SPANS)
    def wait(self, span: timedelta) -> None:
        """A while."""
        self.lab.clock.move_to(self.now + span)

    @precondition(lambda self: self.living)
    @rule(back=BACK, around=AROUND, what=st.sampled_from(["leeway", "70 %", "end", "session", "grant"]))
    def wait_for_an_edge(self, back: int, around: timedelta, what: str) -> None:
        """Until something is just about to change, or just has."""
        token = pick(self.living, back).refresh_token
        moment = {
            "end": token.ends,
            "70 %": token.issued + token.ttl * 7 / 10,
            "leeway": (token.last_used or self.now) + plain.LEEWAY,
            "session": token.family.session.ends,
            "grant": token.family.grant.began + plain.GRANT,
        }[what]
        self.lab.clock.move_to(max(self.now, moment + around))

    # -- applications

    def _register(self, kind: ApplicationType, **settings: Any) -> plain.Registered:
        self.registered += 1
        named = {"client_id": f"application-{self.registered}", "type": kind, "name": "A name"} | settings
        if kind not in plain.PUBLIC:
            named["client_secret"] = "A secret + % of its own"
        application = Application(**named)
        application.check_for(self.profile)
        self.context.store.applications.add(application, self.now)
        return plain.Registered(application)

    @rule(kind=KINDS, wanted=SETTINGS, seat=SEATS, user=USERS)
    def register(self, kind: ApplicationType, wanted: dict[str, Any], seat: int, user: str) -> None:
        """With whatever a type has in this profile; then somebody signs in."""
        registered = self._register(kind, **settings_for(kind, self.profile, wanted))
        prompt, scope = (None, "openid") if registered.always_issues else ("consent", "openid email offline_access")
        self._redeem(self._authorize(seat, registered, user, prompt, scope))

    @initialize(wanted=SETTINGS)
    def begin(self, wanted: dict[str, Any]) -> None:
        """There are tokens from the start; a machine gets one kind alone — RFC6749-4.4.3."""
        response = self.send("/token", {"grant_type": "client_credentials"}, self.machine)
        assert response.status_code == 200, response.text
        assert {"refresh_token", "id_token"} & response.json.keys() == set()
        self.register(self.kind, wanted, 0, "anna")

    @rule(back=BACK, rotate=SWITCH, ttl=TTLS, always=SWITCH)
    def change_settings(self, back: int, rotate: bool | None, ttl: int | None, always: bool | None) -> None:
        """Also to what counts only in another profile."""
        registered = pick(self.answers, back).registered
        changes = {"rotate_refresh_token": rotate, "refresh_token_ttl_in_days": ttl}
        if registered.application.type is not NATIVE:
            changes["always_issue_refresh_token"] = always
        registered.application = replace(registered.application, **changes)
        self.context.store.applications.change(registered.application)

    # -- sign-ins

    @rule(seat=SEATS, back=BACK, user=USERS, prompt=PROMPTS, scope=SCOPES)
    def authorize(self, seat: int, back: int, user: str, prompt: str | None, scope: str) -> None:
        """A browser comes with a request, and its user presses whatever leads on."""
        code = self._authorize(seat, pick(self.answers, back).registered, user, prompt, scope)
        if code is not None:
            self.codes.append(code)

    def _authorize(
        self, seat: int, registered: plain.Registered, user: str, prompt: str | None, scope: str
    ) -> plain.Code | None:
        answer = authorize(self.browsers[seat], registered.application, user, prompt, scope)
        self._sit_down(seat, user, prompt, answer.get("error"))
        granted = frozenset(scope.split()) - {"unheard-of"}
        if "consent" not in (prompt or ""):
            granted -= {"offline_access"}
        if "code" not in answer:
            assert prompt == "none" or not granted, answer
            return None
        self.handed_out.append(answer["code"])
        session = self.sessions[seat]
        offline = plain.outlives_session(registered, granted, self.profile)
        family = plain.Family(registered, session, self._grant(registered, session), granted, offline)
        self.families.append(family)
        return plain.Code(answer["code"], family, self.now + plain.CODE)

    def _sit_down(self, seat: int, user: str, prompt: str | None, error: str | None) -> None:
        """What a visit does to the session of a browser — application-model 3.6: it rolls."""
        if error not in {None, "login_required", "consent_required"}:
            return  # the request itself was wrong, so nobody looked who is there
        session = self.sessions[seat]
        alive = session is not None and session.lives(self.now)
        signs_in = prompt != "none" and (not alive or "login" in (prompt or ""))
        if signs_in and not (alive and session.sub == user):
            if alive:
                self._end_session(session)
            self.sessions[seat] = plain.Session(user, self.now + plain.SESSION)
        elif alive:
            session.ends = max(session.ends, self.now + plain.SESSION)

    def _end_session(self, session: plain.Session) -> None:
        session.ended = True
        for family in self.families:
            family.ended |= family.session is session and not family.offline

    def _grant(self, registered: plain.Registered, session: plain.Session) -> plain.Grant:
        key = (session.sub, registered.application.client_id, session if self.profile is LOGTO else None)
        known = self.grants.get(key)
        if known is None or (self.profile is LOGTO and self.now >= known.began + plain.GRANT):
            known = self.grants[key] = plain.Grant(self.now)
        return known

    def _end_grant(self, grant: plain.Grant, *, forget: bool = True) -> None:
        if forget:
            self.grants = {key: each for key, each in self.grants.items() if each is not grant}
        for family in self.families:
            family.ended |= family.grant is grant

    @precondition(lambda self: self.codes)
    @rule(back=BACK, times=st.integers(1, 2))
    def redeem(self, back: int, times: int) -> None:
        """Any code that was ever given."""
        for _ in range(times):
            self._redeem(pick(self.codes, back))

    def _redeem(self, code: plain.Code) -> None:
        """RFC6749-4.1.2: in time, and once; a second use ends what the first one gave."""
        family, registered = code.family, code.family.registered
        asked = {"grant_type": "authorization_code", "code": code.value, "code_verifier": VERIFIER}
        response = self.send("/token", asked | {"redirect_uri": registered.application.redirect_uris[0]}, registered)
        over = family.grant_over(self.profile, self.now)
        good = not code.used and self.now < code.ends and family.lives(self.now) and not over
        assert (response.status_code == 200) == good, response.text
        if good:
            code.used = True
            refreshes = plain.issues_refresh_token(registered, family.scopes)
            assert ("refresh_token" in response.json) == refreshes
            if refreshes:
                ends = self.now + registered.ttl(self.profile)
                family.newest = plain.RefreshToken(response.json["refresh_token"], family, self.now, ends)
            self._given_out(family, response.json, family.scopes, family.newest)
        elif code.used:
            self._reused(family)

    def _given_out(
        self, family: plain.Family, said: dict[str, Any], scopes: frozenset[str], refresh: plain.RefreshToken | None
    ) -> None:
        assert ("id_token" in said) == ("openid" in scopes)
        assert frozenset(said["scope"].split()) == scopes
        assert said["expires_in"] == plain.ACCESS_TOKEN.total_seconds()
        self.handed_out += [said["access_token"], *([refresh.value] if refresh else [])]
        if refresh is not None:
            kept = self.context.store.tokens.find(RefreshToken, digest(refresh.value))
            assert kept.expires_at == refresh.ends
        access = plain.AccessToken(said["access_token"], family, self.now, scopes)
        self.answers.append(plain.Given(access, refresh))

    @rule(seat=SEATS)
    def sign_out(self, seat: int) -> None:
        """OIDCC-11: what was not agreed to be used offline ends with the session."""
        browser, session = self.browsers[seat], self.sessions[seat]
        page = browser.sign_out()
        if "sign-out" in Page(page).buttons:
            page = browser.press(page, "sign-out")
        assert page.status_code == 200, page.text
        if session is not None and session.lives(self.now):
            self._end_session(session)

    # -- the refresh grant

    @precondition(lambda self: self.refreshable)
    @rule(back=BACK, scope=st.none() | SCOPES)
    def refresh(self, back: int, scope: str | None) -> None:
        """With any token that was ever given, and any scope."""
        self._refresh(pick(self.refreshable, back).refresh_token, scope)

    @precondition(lambda self: self.living)
    @rule(back=BACK, times=st.integers(1, 12), part=st.sampled_from([0, 0.5, 0.7, 0.99]), around=AROUND)
    def keep_refreshing(self, back: int, times: int, part: float, around: timedelta) -> None:
        """As an application does that is used for a long time: whenever a part of what is left has passed."""
        family = pick(self.living, back).family
        for _ in range(times):
            token = family.newest
            self.lab.clock.move_to(self.now + max((token.ends - self.now) * part + around, timedelta(0)))
            self._refresh(token)
            if family.newest is token and not token.good(self.profile, self.now):
                break

    @precondition(lambda self: self.living)
    @rule(back=BACK, after=st.sampled_from([timedelta(0), plain.LEEWAY - TICK, plain.LEEWAY]), more=st.integers(1, 3))
    def refresh_several_times(self, back: int, after: timedelta, more: int) -> None:
        """As tabs do that share a token, or a thief."""
        token = pick(self.living, back).family.newest
        self._refresh(token)
        for _ in range(more):
            self.lab.clock.move_to(self.now + after)
            self._refresh(token)

    @precondition(lambda self: self.living)
    @rule(back=BACK, other=BACK)
    def refresh_as_somebody_else(self, back: int, other: int) -> None:
        """RFC6749-6: that is refused, and changes nothing."""
        given = pick(self.living, back)
        for sender in (pick(self.answers, other).registered, self.machine):
            if sender is not given.registered:
                asked = {"grant_type": "refresh_token", "refresh_token": given.refresh_token.value}
                assert self.send("/token", asked, sender).status_code == 400

    def _refresh(self, token: plain.RefreshToken, scope: str | None = None) -> None:
        asked = {"grant_type": "refresh_token", "refresh_token": token.value} | ({"scope": scope} if scope else {})
        response = self.send("/token", asked, token.family.registered)
        profile, now, family = self.profile, self.now, token.family
        scopes = frozenset((scope or "").split()) or family.scopes
        wider = not scopes <= family.scopes
        good = token.good(profile, now) and not wider
        assert (response.status_code == 200) == good, (response.text, token)
        if good:
            self._refreshed(token, response.json, scopes)
        elif not token.over(profile, now) and not wider:
            # application-model 3.2: who is too late or asks too much is refused before anybody looks for reuse.
            self._reused(family)

    def _reused(self, family: plain.Family) -> None:
        """application-model 3.5: as coded, everything of the grant ends."""
        family.ended = True
        if self.profile is LOGTO:
            self._end_grant(family.grant)

    def _refreshed(self, token: plain.RefreshToken, said: dict[str, Any], scopes: frozenset[str]) -> None:
        now, family, ends = self.now, token.family, token.ends_of_next(self.profile, self.now)
        gives_way = token.gives_way(self.profile, now)
        assert (said["refresh_token"] != token.value) == gives_way
        token.last_used = now
        if not gives_way:
            token.ends = ends
            self._given_out(family, said, scopes, token)
            return
        assert said["refresh_token"] not in self.handed_out
        family.replays += token.replaced
        token.replaced = True
        family.newest = plain.RefreshToken(said["refresh_token"], family, now, ends)
        self._given_out(family, said, scopes, family.newest)

    # -- what tokens are good for, and their ends

    @rule(back=BACK)
    def read_userinfo(self, back: int) -> None:
        """OIDCC-5.3: as long as it lives, and with openid."""
        token = pick(self.answers, back).access_token
        good = token.good(self.profile, self.now)
        expected = 401 if not good else 200 if "openid" in token.scopes else 403
        assert userinfo(self.lab, token.value).status_code == expected

    @rule(back=BACK)
    def introspect(self, back: int) -> None:
        """RFC7662-2.2: active is what would be honoured at this moment."""
        given = pick(self.answers, back)
        access, refresh = given.access_token, given.refresh_token
        assert self._active(access, given) == access.good(self.profile, self.now)
        if refresh is not None:
            assert self._active(refresh, given) == refresh.good(self.profile, self.now)

    def _active(self, token: plain.AccessToken | plain.RefreshToken, given: plain.Given) -> bool:
        return self.send("/introspection", {"token": token.value}, given.registered).json["active"]

    @rule(back=BACK, which=st.sampled_from(["access_token", "refresh_token"]))
    def revoke(self, back: int, which: str) -> None:
        """RFC7009-2.1, application-model 3.9: the token and its family, or as coded everything of its grant."""
        given = pick(self.answers, back)
        token, family = getattr(given, which), given.family
        if token is None:
            return
        assert self.send("/revocation", {"token": token.value}, given.registered).status_code == 200
        if family.ended:
            return
        if self.profile is LOGTO:
            self._end_grant(family.grant, forget=token is given.refresh_token)
        elif token is given.refresh_token:
            family.ended = True
        else:
            token.taken_back = True

    # -- after every step

    @invariant()
    def one_successor_at_most(self) -> None:
        """RFC9700-4.14.2: a family has one unspent token, and one more for each replay that a leeway honoured."""
        living = (
            select(families.c.family_id, func.count())
            .join(refresh_tokens)
            .where(refresh_tokens.c.used_at.is_(None), families.c.revoked_at.is_(None))
            .where(refresh_tokens.c.expires_at > bindparam("now", type_=refresh_tokens.c.expires_at.type))
            .group_by(families.c.family_id)
        )
        with self.context.store.transaction() as connection:
            counted = Counter(count for _, count in connection.execute(living, {"now": self.now}))
        allowed = Counter(1 + each.replays for each in self.families)
        assert max(counted, default=0) <= max(allowed, default=1)

    @invariant()
    def nothing_else_has_ended(self) -> None:
        """RFC7009-2.1, OIDCRIL-2: as many families as should, and no others."""
        ended = select(func.count()).select_from(families).where(families.c.revoked_at.is_not(None))
        with self.context.store.transaction() as connection:
            assert connection.scalar(ended) == sum(each.ended for each in self.families)

    def teardown(self) -> None:
        """RFC9700-2.6: and nothing that was handed out stands in the log."""
        log = repr(self.context.store.log.find())
        assert not [each for each in self.handed_out if each in log]
        self.lab.close()


def pick(some: list[Any], back: int) -> Any:
    """One of them, counted from the newest."""
    return some[-1 - back % len(some)]


def authorize(
    browser: Browser, application: Application, user: str, prompt: str | None = None, scope: str = "openid"
) -> dict[str, str]:
    """What the application hears in the end; nothing when the provider shows why it tells it nothing."""
    asked = {
        "client_id": application.client_id, "response_type": "code", "scope": scope, "state": "s", "nonce": "n",
        "redirect_uri": application.redirect_uris[0], "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    }  # fmt: skip
    query = urlencode(asked | ({"prompt": prompt} if prompt else {}))
    response = browser.through(browser.rest(browser.open(f"{browser.lab.issuer}/authorize?{query}")), user)
    assert response.status_code in {303, 400}, response.text
    return dict(parse_qsl(urlsplit(response.location or "").query))


@pytest.mark.parametrize("kind", [SPA, NATIVE, TRADITIONAL])
@pytest.mark.parametrize("profile", Profile)
def test_any_history(profile: Profile, kind: ApplicationType) -> None:
    """RFC6749-5.2, RFC9700-4.14.2 and what each profile makes of them, from a beginning in each for each type."""
    how = settings(
        max_examples=HISTORIES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(lambda: AnyHistory(profile, kind), settings=how)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: str(wrong[2])[:60])
def test_what_may_not_be_registered_is_refused_by_name(
    wrong: tuple[set[ApplicationType], set[Profile], dict[str, Any]],
) -> None:
    """OIDCR-2, RFC9700-2.1, RFC8252-7.1, and the product's table of settings."""
    types, profiles, given = wrong
    for kind in types:
        for profile in profiles:
            with pytest.raises(InvalidSetting) as refused:
                Application(**{"client_id": "a", "type": kind, "name": "A name"} | given).check_for(profile)
            assert refused.value.setting == next(iter(given))


@given(kind=KINDS, uri=ANY_URI, profile=st.sampled_from(Profile), later=st.sampled_from(Profile))
@settings(max_examples=max(100, HISTORIES), deadline=None, suppress_health_check=list(HealthCheck))
def test_any_uri_is_refused_or_serves(
    signed_in: Browser, kind: ApplicationType, uri: str, profile: Profile, later: Profile
) -> None:
    """OIDCC-3.1.2.1: what was registered is stored as it is and gets an answer, also when another profile reads it."""
    context = signed_in.lab.provider.extensions["oidc_lab"]
    named = {"client_id": context.entropy.token(), "type": kind, "name": "A name", "redirect_uris": [uri]}
    if kind not in plain.PUBLIC:
        named["client_secret"] = "a secret"
    try:
        application = Application(**named, post_logout_redirect_uris=[uri])
        application.check_for(profile)
    except InvalidSetting:
        return
    context.store.applications.add(application, signed_in.lab.clock.now)
    kept = context.store.applications.find(application.client_id)
    assert kept.redirect_uris == kept.post_logout_redirect_uris == (uri,)
    for context.profile in (profile, later):
        answer = authorize(signed_in, application, "anna")
        assert "code" in answer or heard(signed_in.lab) == "redirect_uri_unregistered"
        assert "code" in answer or "*" in uri or context.profile is not profile
        signed_in.sign_out(client_id=application.client_id, post_logout_redirect_uri=uri)

"""The clock panel: it moves the clock, says before what ends next and why, and after a jump what died, and of what."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from oidc_lab import Lab
from oidc_lab.domain.clock_panel import ClockPanel
from oidc_lab.domain.deaths import Deaths, Jump
from oidc_lab.domain.living import Cause, Death, Kind, Living
from oidc_lab.domain.profile import Profile
from oidc_lab.lab.clock import START, LabClock
from oidc_lab.relying_party.run import Run
from oidc_lab.serve import provider as served

OFFLINE = {"scopes": "openid offline_access", "prompt": "consent"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as made:
        yield made


@pytest.fixture
def panel(lab: Lab) -> ClockPanel:
    return lab.clock.panel()


def sign_in(lab: Lab, application: str = "photo-album", user: str = "anna") -> Run:
    return lab.sign_in(application, user, **OFFLINE).finish()


def told(jump: Jump) -> dict[str, str]:
    """What died, by what it is, and of what."""
    return {each.of.said.removeprefix("the "): each.said for each in jump.deaths}


def test_a_cell_that_runs_again_finds_the_same_panel(lab: Lab, panel: ClockPanel) -> None:
    panel.jump(HOUR)
    assert lab.clock.panel() is panel
    assert len(lab.clock.panel().look().jumps) == 1


def test_what_ends_next_is_known_before_and_is_where_the_clock_goes(lab: Lab, panel: ClockPanel) -> None:
    """RFC6749-4.2.2: an access token's hour, then a fortnight of a refresh token and a session, one after the other."""
    assert panel.look().next is None
    with pytest.raises(ValueError, match="nothing that the provider keeps will end"):
        panel.jump_to_next()
    sign_in(lab)
    ends = []
    while (due := panel.look().next) is not None:
        assert panel.jump_to_next() == due
        assert lab.clock.now == due.at
        assert {each.key for each in due.things} <= {each.of.key for each in panel.look().latest[-1].deaths}
        ends.append((due.at - START, {(each.kind, each.because) for each in due.things}))
    fortnight = {(Kind.REFRESH_TOKEN, Cause.TTL), (Kind.SESSION, Cause.TTL)}
    assert ends == [(HOUR, {(Kind.ACCESS_TOKEN, Cause.TTL)}), (14 * DAY, fortnight)]


@pytest.mark.parametrize("profile", Profile)
def test_the_clock_itself_goes_where_the_panel_says(profile: Profile) -> None:
    """RFC6749-4.1.2: whatever ends a thing, its session and its grant as well."""
    with Lab(profile=profile) as lab:
        lab.applications["web-shop"].update(always_issue_refresh_token=True, refresh_token_ttl_in_days=90)
        lab.sign_in("web-shop", "anna").finish()
        lab.sign_in("photo-album", "anna", **OFFLINE).finish()
        said = []
        while (due := lab.clock.panel().look().next) is not None:
            what = lab.clock.move_to_next_expiry()
            assert (lab.clock.now, what) == (due.at, due.things[0].kind.one)
            said += [(each.kind, each.because) for each in due.things]
        assert ((Kind.REFRESH_TOKEN, Cause.SESSION) in said) is (profile is not Profile.DOCUMENTED)
        assert ((Kind.GRANT, Cause.TTL) in said) is (profile is Profile.LOGTO)


def test_after_a_jump_each_thing_that_died_is_told_with_its_cause(lab: Lab, panel: ClockPanel) -> None:
    """RFC6749-4.2.2, OIDCC-2: what the provider keeps, and the ID Token that the application holds."""
    sign_in(lab)
    panel.jump(HOUR - timedelta(microseconds=1))
    assert told(panel.look().latest[-1]) == {}
    panel.jump(DAY)
    (jump,) = panel.look().latest
    assert told(jump) == {
        "access token of Photo Album for Anna Lindqvist": "its own TTL",
        "ID Token of Photo Album for Anna Lindqvist": "its own TTL",
    }
    assert {each.at for each in jump.deaths} == {START + HOUR}
    panel.jump(14 * DAY)
    assert set(told(panel.look().latest[-1])) == {
        "refresh token of Photo Album for Anna Lindqvist",
        "session of Anna Lindqvist",
    }


def test_what_died_of_rotation_or_of_a_sign_out_is_told_when_it_was_done(lab: Lab, panel: ClockPanel) -> None:
    """RFC6749-6, OIDCRIL-2, RFC7009-2: found though nobody looked in between, apart from what the clock ended."""
    album, shop = sign_in(lab), lab.sign_in("web-shop", "ben").finish()
    panel.jump(timedelta(minutes=10))
    newer = lab.refresh("photo-album", "anna", signed_in=album).finish()
    lab.clock.advance(minutes=5)
    lab.sign_out("web-shop", "ben", signed_in=shop).finish()
    lab.revoke("photo-album", newer.result.tokens.refresh_token).finish()
    lab.clock.advance(hours=1)
    jumps = panel.look().jumps
    assert [each.moved for each in jumps] == [True, False, True, False, True]
    passed, done, nothing, rotated, _ = jumps
    assert (done.at, rotated.at) == (START + timedelta(minutes=15), START + timedelta(minutes=10))
    assert told(rotated) == {"refresh token of Photo Album for Anna Lindqvist": "replaced by a new one (rotation)"}
    assert nothing.deaths == ()
    assert told(done) == {
        "session of Benjamin Okafor": "ended by a sign-out",
        "refresh token of Photo Album for Anna Lindqvist": "revoked: the application gave it back",
        "access token of Photo Album for Anna Lindqvist": "revoked: the application gave it back",
        "access token of Web Shop for Benjamin Okafor": "revoked: the session ended",
    }
    assert {each.of.kind for each in passed.deaths} == {Kind.ID_TOKEN}


@pytest.mark.parametrize(
    ("profile", "application", "because"),
    [(Profile.STRICT, "web-shop", Cause.SESSION), (Profile.LOGTO, "city-guide", Cause.GRANT)],
)
def test_a_refresh_token_dies_of_what_it_hangs_on(profile: Profile, application: str, because: Cause) -> None:
    """OIDCC-11, application-model 3.6: of its session, or of its grant though it is used every week."""
    with Lab(profile=profile) as lab:
        lab.applications[application].update(refresh_token_ttl_in_days=180)
        if because is Cause.SESSION:
            lab.applications[application].update(always_issue_refresh_token=True)
            run = lab.sign_in(application, "anna").finish()
        else:
            run = lab.sign_in(application, "anna", **OFFLINE).finish()
            for _ in range(20):
                lab.clock.advance(days=7)
                run = lab.refresh(application, "anna", signed_in=run).finish()
        lab.clock.panel().jump(180 * DAY)
        (died,) = [
            each for each in lab.clock.panel().look().latest[-1].deaths
            if each.of.kind is Kind.REFRESH_TOKEN and each.because is not Cause.LEEWAY
        ]  # fmt: skip
        assert died.because is because


def test_a_grant_that_was_taken_away_takes_what_it_gave_along(lab: Lab, panel: ClockPanel) -> None:
    """RFC7009-2: the grant is not kept any more, and is told all the same."""
    sign_in(lab)
    panel.look()
    lab.grants.revoke(sub="anna")
    (done,) = panel.look().latest
    assert {each.said for each in done.deaths} == {"revoked: the grant was taken away"}
    assert {each.of.kind for each in done.deaths} == {Kind.GRANT, Kind.REFRESH_TOKEN, Kind.ACCESS_TOKEN}


def test_what_was_deleted_is_told_as_deleted(lab: Lab, panel: ClockPanel) -> None:
    """RFC6749-10.3: an application goes, and everything that was given to it."""
    sign_in(lab)
    panel.look()
    lab.applications.delete("photo-album")
    died = {each.of.kind: each.because for each in panel.look().latest[0].deaths}
    assert died == dict.fromkeys((Kind.ACCESS_TOKEN, Kind.REFRESH_TOKEN, Kind.GRANT), Cause.GONE)


def test_what_was_done_before_a_jump_is_dated_before_it(lab: Lab, panel: ClockPanel) -> None:
    """RFC6749-10.3: nothing that is kept says when it was deleted."""
    sign_in(lab)
    panel.look()
    lab.users.delete("anna")
    panel.jump(DAY)
    gone = {each.of.kind: each.at for jump in panel.look().jumps for each in jump.deaths if not each.because.by_clock}
    assert gone == dict.fromkeys((Kind.ACCESS_TOKEN, Kind.REFRESH_TOKEN, Kind.GRANT, Kind.SESSION), START)


def test_what_came_and_went_between_two_looks_is_told_too(lab: Lab, panel: ClockPanel) -> None:
    """RFC7009-2.1, OIDCRIL-2: an access token that was given back alone, a session that was ended."""
    panel.look()
    run = lab.sign_in("photo-album", "anna").finish()
    lab.revoke("photo-album", run.result.tokens.access_token).finish()
    (session,) = lab.sessions
    session.end()
    assert told(panel.look().latest[0]) == {
        "access token of Photo Album for Anna Lindqvist": "revoked: the application gave it back",
        "session of Anna Lindqvist": "ended by a sign-out",
    }


def test_what_its_own_time_has_ended_no_deed_ends_at_the_same_moment(lab: Lab, panel: ClockPanel) -> None:
    """RFC6749-4.2.2: at ten the hour is over, whatever is done at ten."""
    sign_in(lab)
    panel.jump_to_next()
    panel.look()
    lab.grants.revoke(sub="anna")
    died = [each for jump in panel.look().jumps for each in jump.deaths if each.of.kind is Kind.ACCESS_TOKEN]
    assert [each.because for each in died] == [Cause.TTL]


def test_other_rules_end_things_too_and_may_give_them_back(lab: Lab, panel: ClockPanel) -> None:
    """application-model 3.6: grants end in one profile, and have no end in another."""
    sign_in(lab)
    panel.jump(200 * DAY)
    panel.look()
    lab.profile = Profile.LOGTO
    (done, _) = panel.look().latest
    assert [(each.of.kind, each.said) for each in done.deaths] == [
        (Kind.GRANT, "the lifetime of grants: other rules hold now")
    ]
    assert (done.moved, done.at) == (False, lab.clock.now)
    lab.profile = Profile.DOCUMENTED
    assert Kind.GRANT in {each.kind for each in panel.look().living}
    assert Kind.GRANT not in {each.of.kind for jump in panel.look().jumps for each in jump.deaths}


def test_a_code_that_is_redeemed_at_once_goes_without_saying(lab: Lab, panel: ClockPanel) -> None:
    """RFC6749-4.1.2: one that a person saw living does not."""
    run = lab.sign_in("photo-album", "anna")
    while run.next_step and run.next_step.title != "Redeem the code":
        run.advance()
    (code,) = [each for each in panel.look().living if each.kind is Kind.CODE]
    run.finish()
    assert [(each.of.key, each.because) for each in panel.look().latest[0].deaths] == [(code.key, Cause.USED)]
    sign_in(lab)
    assert len(panel.look().latest[0].deaths) == 1


def test_back_at_an_earlier_moment_nothing_of_what_came_after_is_told(lab: Lab, panel: ClockPanel) -> None:
    """RFC6749-6: a rotation that never was, a jump that never was."""
    run = sign_in(lab)
    panel.jump(timedelta(minutes=5))
    moment = lab.moment()
    before = panel.look()
    lab.refresh("photo-album", "anna", signed_in=run).finish()
    assert panel.look().latest[0].deaths
    panel.jump(20 * DAY)
    assert panel.look().latest[-1].deaths
    lab.return_to(moment)
    assert panel.look() == before
    lab.refresh("photo-album", "anna", signed_in=run).finish()
    assert [each.because for each in panel.look().latest[0].deaths] == [Cause.REPLACED]


def test_the_history_begins_with_the_lab_not_with_the_panel(lab: Lab) -> None:
    sign_in(lab)
    lab.clock.advance(days=20)
    (jump,) = lab.clock.panel().look().jumps
    assert len(jump.deaths) == 4


def test_nobody_dies_twice(lab: Lab, panel: ClockPanel) -> None:
    """RFC6749-6: however often one looks."""
    run = sign_in(lab)
    for _ in range(6):
        run = lab.refresh("photo-album", "anna", signed_in=run).finish()
        panel.jump(timedelta(minutes=25))
        panel.look()
    keys = [each.of.key for jump in panel.look().jumps for each in jump.deaths]
    assert len(keys) == len(set(keys)) == 6 + 2 * 5
    alive = {each.key for each in panel.look().living}
    assert not alive & set(keys)


def test_those_who_watch_the_panel_hear_of_the_clock_and_of_the_lab(lab: Lab, panel: ClockPanel) -> None:
    heard: list[int] = []
    panel.watch(lambda: heard.append(1))
    lab.clock.advance(hours=1)
    assert heard == [1]
    lab.sign_in("photo-album", "anna").advance()
    assert len(heard) == 2


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("3 days 2 hours", START + 3 * DAY + 2 * HOUR),
        ("90 min", START + 1.5 * HOUR),
        ("1h30m", START + 1.5 * HOUR),
        ("2 weeks, 1 day and 30 s", START + 15 * DAY + timedelta(seconds=30)),
        (" 1.5 HOURS ", START + 1.5 * HOUR),
        ("2026-02-01", datetime(2026, 2, 1, tzinfo=UTC)),
        ("2026-02-01 18:30", datetime(2026, 2, 1, 18, 30, tzinfo=UTC)),
        ("2026-02-01T18:30+01:00", datetime(2026, 2, 1, 17, 30, tzinfo=UTC)),
        ("18:30", START.replace(hour=18, minute=30)),
        ("9:00", START + DAY),
        ("08:59:59", START + DAY - timedelta(seconds=1)),
    ],
)
def test_any_span_or_moment_can_be_typed(typed: str, moment: datetime) -> None:
    panel = LabClock().panel()
    assert panel.look().read(typed) == moment
    assert panel.go(typed) == moment == panel.look().now


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "write a span"),
        ("soon", "'soon' is no span and no moment: write a span such as 3 days 2 hours"),
        ("5", "is no span"),
        ("-1 day", "is no span"),
        ("2 months", "months differ in length, so say it in days"),
        ("3 fortnights", "'fortnights' is no unit"),
        ("2026-02-30", "is no span"),
        ("2025-12-24", "2025-12-24 00:00:00 has passed: the clock only moves forward"),
        ("9999999999 days", "the year 9999"),
        ("9" * 400 + " days", "the year 9999"),
    ],
)
def test_what_cannot_be_meant_is_answered_with_what_can(typed: str, says: str) -> None:
    panel = LabClock().panel()
    with pytest.raises(ValueError, match=says):
        panel.go(typed)
    assert panel.look().now == START


def test_nobody_moves_the_clock_of_a_provider_that_is_served() -> None:
    """OIDCD-4: the panel shows what lives, and why there is nothing to press."""
    offer = served.read_offer(seed=7)
    with served.serve(offer, 0) as server, Lab.connect(server.url, offer.token) as lab:
        panel = lab.clock.panel()
        lab.sign_in("photo-album", "anna", **OFFLINE).finish()
        look = panel.look()
        assert "other people's clock" in look.barred
        assert look.start is None
        assert {Kind.ACCESS_TOKEN, Kind.REFRESH_TOKEN, Kind.SESSION, Kind.ID_TOKEN} <= {
            each.kind for each in look.living
        }
        for move in (panel.jump_to_next, lambda: panel.jump(HOUR), lambda: panel.go("1 hour")):
            with pytest.raises(RuntimeError, match="which nobody moves"):
                move()


def test_what_a_clock_ended_that_goes_by_itself_died_as_time_went_by() -> None:
    """RFC6749-4.2.2: such a clock makes no moves; what somebody did at the same moment is told apart."""
    since = {"kind": Kind.ACCESS_TOKEN, "since": START}
    one, other = (Living(key=key, ends_at=START + HOUR, because=Cause.TTL, **since) for key in "ab")
    deaths = Deaths(START)
    deaths.note([one, other], [], START)
    ended = [Death(of=one, at=one.end, because=Cause.TTL), Death(of=other, at=one.end, because=Cause.REVOKED)]
    deaths.note([], ended, START + 2 * HOUR)
    done, passed = deaths.by_jumps(())
    assert [(each.of.key, each.because) for each in passed.deaths] == [("a", Cause.TTL)]
    assert [(each.of.key, each.because) for each in done.deaths] == [("b", Cause.REVOKED)]
    assert [(each.by_itself, each.moved, each.at) for each in (done, passed)] == [
        (False, False, START + HOUR), (True, False, START + HOUR)
    ]  # fmt: skip


def test_what_died_in_a_move_that_is_remembered_no_more_died_as_time_went_by(lab: Lab, panel: ClockPanel) -> None:
    """RFC6749-4.2.2, RFC6749-6: nobody did it; what somebody did stays a deed."""
    run = sign_in(lab)
    panel.jump(timedelta(minutes=1))
    lab.refresh("photo-album", "anna", signed_in=run).finish()
    panel.jump(2 * HOUR)
    before = panel.look().jumps
    assert all(each.by_itself is each.moved for each in before)
    for _ in range(250):
        lab.clock.advance(seconds=1)
    *rest, passed_later, passed, done = panel.look().jumps
    assert all(each.moved and not each.deaths for each in rest)
    assert (done.by_itself, done.moved, [each.because for each in done.deaths]) == (False, False, [Cause.REPLACED])
    for jump, at in ((passed, START + HOUR), (passed_later, START + HOUR + timedelta(minutes=1))):
        assert (jump.by_itself, jump.moved, jump.at) == (True, False, at)
    assert {each.of.key for each in (*passed.deaths, *passed_later.deaths)} == {
        each.of.key for jump in before if jump.moved for each in jump.deaths
    }


def test_a_token_in_its_leeway_dies_of_what_is_done_to_its_grant() -> None:
    """RFC7009-2.1, RFC9700-4.14.2: it was replaced and is honoured all the same, until the user takes it back."""
    for wait in (0, 1):
        with Lab(profile=Profile.LOGTO) as lab:
            run, panel = sign_in(lab), lab.clock.panel()
            lab.refresh("photo-album", "anna", signed_in=run).finish()
            panel.look()
            lab.clock.advance(seconds=wait)
            lab.grants.revoke(sub="anna")
            done = panel.look().latest[0]
            assert [each.of.kind for each in done.deaths].count(Kind.REFRESH_TOKEN) == 2
            assert {each.said for each in done.deaths} == {"revoked: the grant was taken away"}


def test_a_clock_without_a_lab_has_a_panel_too() -> None:
    panel = LabClock().panel()
    panel.jump(HOUR)
    look = panel.look()
    assert (look.living, look.next, look.now) == ((), None, START + HOUR)
    with pytest.raises(ValueError, match="the year 9999"):
        panel.jump(timedelta.max)


def test_what_ends_first_stands_first(lab: Lab, panel: ClockPanel) -> None:
    sign_in(lab)
    lab.sign_in("web-shop", "ben").advance()
    ends = [each.end for each in panel.look().living]
    assert all(one <= other for one, other in pairwise(ends))
    assert repr(lab.living).splitlines()[0].endswith("until 2026-01-05 10:00:00, its own TTL")

"""What happens to the refresh tokens of one sign-in: every happening and deed, and any of them in any order."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oidc_lab.domain.causes import CAUSES
from oidc_lab.domain.happening import Answer, By, Event, Happening
from oidc_lab.domain.refresh_parameters import (
    Anchor,
    LeewayAnchor,
    LeewayAnswer,
    OnReuse,
    RefreshPolicy,
    Renew,
    Rotate,
    Supersede,
)
from oidc_lab.domain.refresh_policy import Limit
from oidc_lab.domain.session import SESSION_LIFETIME
from oidc_lab.domain.walk import Walk, walk
from tests.domain.families import BEGIN, DAY, HOUR, SECOND, TICK, events, policies
from tests.domain.plain_walk import PlainWalk, of_row

FORTNIGHT = RefreshPolicy(ttl=14 * DAY)
ROTATING = replace(FORTNIGHT, rotate=Rotate.ALWAYS, on_reuse=OnReuse.REVOKE_FAMILY)
LENIENT = replace(ROTATING, leeway=3 * SECOND)

REQUEST, LOST_REPLY, REPLAY, TWO_TABS = (
    Happening.REQUEST,
    Happening.LOST_REPLY,
    Happening.REPLAY,
    Happening.TWO_TABS,
)
THEFT, THIEF, SIGN_OUT = Happening.THEFT, Happening.THIEF, Happening.SIGN_OUT


def on(after, what=REQUEST, gap=timedelta(0)):
    """An event so long after BEGIN."""
    return Event(at=BEGIN + after, what=what, gap=gap)


def led(policy, *events, **started):
    """The rows after that of the sign-in."""
    return walk(policy, events, BEGIN, **started)[1:]


def told(policy, *events, **started):
    """Of each row after the sign-in: who, the answer, or the refusal where it is one."""
    return [(row.by, row.reason or row.answer) for row in led(policy, *events, **started)]


def answers(policy, *events, **started):
    return [answer for _, answer in told(policy, *events, **started)]


def test_a_family_begins_with_its_first_token():
    """RFC6749-5.1"""
    (begun,) = walk(FORTNIGHT, [], BEGIN)
    assert (begun.at, begun.what, begun.by, begun.answer) == (BEGIN, Happening.SIGN_IN, By.USER, Answer.NEW)
    assert (begun.sent, begun.given, begun.generation, begun.reason, begun.ended_by) == (None, 0, 0, "", "")
    assert [(clock.at, clock.limit) for clock in begun.clocks] == [(BEGIN + 14 * DAY, Limit.TTL)]
    assert begun.binds is Limit.TTL


def test_where_no_token_is_issued_nothing_happens_after_the_sign_in():
    """RFC6749-5.1: refresh_token is OPTIONAL."""
    every = [on(DAY, what) for what in Happening if what is not Happening.SIGN_IN]
    family = Walk(RefreshPolicy(issued=False), BEGIN)
    assert not family.signed_in
    assert (family.begun.answer, family.begun.because) == (Answer.NOTHING, "not_issued")
    assert (family.begun.given, family.begun.clocks, family.begun.binds) == (None, (), None)
    assert [family.happen(event) for event in every] == [[]] * len(every)


def test_a_request_is_answered_with_the_same_token_or_a_new_one():
    """RFC6749-6"""
    same, new = led(FORTNIGHT, on(DAY))[0], led(ROTATING, on(DAY))[0]
    assert (same.by, same.answer, same.sent, same.given, same.generation) == (By.APPLICATION, Answer.SAME, 0, 0, 0)
    assert (new.by, new.answer, new.sent, new.given, new.generation) == (By.APPLICATION, Answer.NEW, 0, 1, 1)
    assert same.clocks[0].at == BEGIN + 14 * DAY
    assert new.clocks[0].at == BEGIN + 15 * DAY
    assert same.because == "Tokens are not replaced here."


def test_a_refused_application_asks_no_more():
    """RFC6749-5.2"""
    family = Walk(FORTNIGHT, BEGIN)
    (row,) = family.happen(on(14 * DAY))
    assert (row.answer, row.reason, row.ended_by) == (Answer.REFUSED, "refresh_token_expired", "refresh_token_expired")
    assert (row.sent, row.given, row.because) == (0, None, "Its time is over.")
    assert [clock.at for clock in row.clocks] == [BEGIN + 14 * DAY]
    assert not family.signed_in
    asks = [REQUEST, LOST_REPLY, TWO_TABS, REPLAY, THEFT, THIEF]
    assert [family.happen(on(15 * DAY, what)) for what in asks] == [[]] * len(asks)


def test_the_clocks_are_of_the_token_that_was_given_and_the_next_one_binds():
    """RFC9700-4.14.2"""
    policy = replace(ROTATING, idle=5 * DAY, absolute=16 * DAY, absolute_anchor=Anchor.GRANT)
    rows = walk(policy, [on(4 * DAY), on(8 * DAY), on(12 * DAY)], BEGIN, offline=False)
    ends = [{clock.limit: (clock.at - BEGIN).days for clock in row.clocks} for row in rows]
    assert ends[0] == {Limit.IDLE: 5, Limit.TTL: 14, Limit.SESSION: 14, Limit.GRANT: 16}
    assert ends[2] == {Limit.IDLE: 13, Limit.SESSION: 14, Limit.GRANT: 16, Limit.TTL: 22}
    assert [row.binds for row in rows] == [Limit.IDLE, Limit.IDLE, Limit.IDLE, Limit.SESSION]


def test_a_grant_and_a_session_may_have_begun_before_the_family():
    """application-model 3.6"""
    for anchor, limit in ((Anchor.GRANT, Limit.GRANT), (Anchor.SSO_SESSION, Limit.SESSION)):
        policy = RefreshPolicy(absolute=10 * DAY, absolute_anchor=anchor)
        earlier = {"grant_began_at": BEGIN - 4 * DAY, "session_began_at": BEGIN - 4 * DAY}
        assert answers(policy, on(6 * DAY - TICK), on(6 * DAY), **earlier) == [Answer.SAME, limit]
        assert answers(policy, on(6 * DAY), on(10 * DAY - TICK), on(10 * DAY)) == [Answer.SAME, Answer.SAME, limit]
    from_the_first = RefreshPolicy(absolute=10 * DAY)
    assert answers(from_the_first, on(9 * DAY), **earlier) == [Answer.SAME]


def test_what_is_bound_to_a_session_ends_with_its_time():
    """OIDCC-11"""
    end = on(SESSION_LIFETIME)
    assert answers(RefreshPolicy(), on(SESSION_LIFETIME - TICK), end, offline=False) == [Answer.SAME, Limit.SESSION]
    assert answers(RefreshPolicy(), end) == [Answer.SAME]
    assert answers(RefreshPolicy(), on(DAY), offline=False, session_lifetime=DAY) == [Limit.SESSION]


def test_a_lost_reply_leaves_the_application_with_a_token_that_was_replaced():
    """RFC9700-4.14.2"""
    lost, retry = led(ROTATING, on(DAY, LOST_REPLY), on(DAY + SECOND))
    assert (lost.by, lost.answer, lost.given, lost.ended_by) == (By.APPLICATION, Answer.NEW, 1, "")
    assert (retry.sent, retry.reason, retry.ended_by) == (0, "refresh_token_reused", "refresh_token_reused")
    assert retry.because == "It was replaced and came back."
    assert answers(FORTNIGHT, on(DAY, LOST_REPLY), on(2 * DAY)) == [Answer.SAME, Answer.SAME]


def test_a_retry_within_the_leeway_saves_the_sign_in():
    """application-model 3.5"""
    saved = led(LENIENT, on(DAY, LOST_REPLY), on(DAY + 3 * SECOND - TICK), on(2 * DAY))
    assert [(row.sent, row.given) for row in saved] == [(0, 1), (0, 2), (2, 3)]
    assert answers(LENIENT, on(DAY, LOST_REPLY), on(DAY + 3 * SECOND))[1] == "refresh_token_reused"


def test_an_application_does_not_hear_that_it_was_refused_when_the_reply_is_lost():
    """RFC6749-5.2"""
    lost, asked = led(FORTNIGHT, on(14 * DAY, LOST_REPLY), on(15 * DAY))
    assert (lost.reason, lost.ended_by) == ("refresh_token_expired", "")
    assert asked.ended_by == "refresh_token_expired"


def test_the_second_of_two_tabs_sends_a_token_that_was_replaced():
    """RFC9700-4.14.2, provider-policies 6: scenario 4"""
    first, second = led(ROTATING, on(DAY, TWO_TABS))
    assert (first.by, first.sent, first.given, first.ended_by) == (By.APPLICATION, 0, 1, "")
    assert (second.by, second.sent, second.ended_by) == (By.SECOND_TAB, 0, "refresh_token_reused")
    family = Walk(ROTATING, BEGIN)
    family.happen(on(DAY, TWO_TABS))
    assert not family.signed_in
    assert answers(FORTNIGHT, on(DAY, TWO_TABS), on(2 * DAY)) == [Answer.SAME] * 3


def test_two_tabs_go_on_with_what_the_last_of_them_was_given():
    """RFC9700-4.14.2"""
    first, second, after = led(LENIENT, on(DAY, TWO_TABS, 2 * SECOND), on(2 * DAY))
    assert [(row.sent, row.given, row.generation) for row in (first, second, after)] == [
        (0, 1, 1),
        (0, 2, 1),
        (2, 3, 2),
    ]
    assert second.at == BEGIN + DAY + 2 * SECOND
    assert second.clocks[0].at == second.at + 14 * DAY


def test_both_of_two_tabs_are_refused_when_the_time_is_over():
    """RFC6749-6"""
    assert answers(FORTNIGHT, on(14 * DAY, TWO_TABS)) == ["refresh_token_expired"] * 2
    between = answers(FORTNIGHT, on(14 * DAY - SECOND, TWO_TABS, SECOND))
    assert between == [Answer.SAME, "refresh_token_expired"]


@pytest.mark.parametrize("gap", [3 * SECOND - TICK, 3 * SECOND])
def test_the_leeway_is_over_for_the_second_tab_at_the_moment_at_which_it_ends(gap):
    """provider-policies 1: leeway"""
    second = answers(LENIENT, on(DAY, TWO_TABS, gap))[1]
    assert second == (Answer.NEW if gap < 3 * SECOND else "refresh_token_reused")


def test_the_leeway_counts_from_the_first_use_or_from_the_last():
    """provider-policies 1: leeway_anchor"""
    lost = [on(2 * times * SECOND, LOST_REPLY) for times in range(3)]
    from_the_last = replace(LENIENT, leeway_anchor=LeewayAnchor.LAST_USE)
    assert answers(LENIENT, *lost, on(4 * SECOND, TWO_TABS))[2:3] == ["refresh_token_reused"]
    assert answers(from_the_last, *lost, on(4 * SECOND, TWO_TABS)) == [Answer.NEW] * 5


@pytest.mark.parametrize(("reuses", "good"), [(0, 1), (1, 2), (2, 3), (None, 4)])
def test_so_many_tabs_more_are_forgiven(reuses, good):
    """provider-policies 1: leeway_reuses"""
    policy = replace(LENIENT, leeway_reuses=reuses)
    tabs = [on(DAY, LOST_REPLY), on(DAY, LOST_REPLY), on(DAY, TWO_TABS)]
    assert [answer is Answer.NEW for answer in answers(policy, *tabs)] == [True] * good + [False] * (4 - good)


@pytest.mark.parametrize(("depth", "second"), [(0, "refresh_token_reused"), (1, Answer.NEW), (None, Answer.NEW)])
def test_the_leeway_reaches_so_many_generations_back(depth, second):
    """provider-policies 1: leeway_depth; the second tab is one generation behind."""
    assert answers(replace(LENIENT, leeway_depth=depth), on(DAY, TWO_TABS))[1] == second


@pytest.mark.parametrize(("depth", "answer"), [(1, "refresh_token_reused"), (2, Answer.NEW), (None, Answer.NEW)])
def test_a_sibling_does_not_make_its_elders_younger(depth, answer):
    """provider-policies 1: a thief with the first token is two generations behind, whoever came last."""
    policy = replace(LENIENT, leeway_depth=depth)
    rows = led(policy, on(DAY, THEFT), on(DAY), on(DAY, TWO_TABS), on(DAY, THIEF))
    assert (rows[-1].reason or rows[-1].answer) == answer


def test_two_tabs_may_be_given_the_same_successor():
    """provider-policies 1: leeway_answer"""
    policy = replace(LENIENT, leeway_answer=LeewayAnswer.SAME_SUCCESSOR)
    first, second, after = led(policy, on(DAY, TWO_TABS, SECOND), on(2 * DAY))
    assert (second.answer, second.given, second.generation) == (Answer.SUCCESSOR, 1, 1)
    assert second.clocks == first.clocks
    assert (after.sent, after.given) == (1, 2)


def test_the_same_successor_is_no_new_use_of_the_family():
    """As in the provider: nothing new was given out."""
    policy = replace(LENIENT, leeway_answer=LeewayAnswer.SAME_SUCCESSOR, idle=DAY)
    rows = led(policy, on(HOUR, TWO_TABS, SECOND))
    assert [row.clocks[0].at for row in rows] == [BEGIN + HOUR + DAY] * 2


def test_a_replaced_token_may_stay_good_for_the_second_tab():
    """provider-policies 1: supersede"""
    policy = replace(ROTATING, supersede=Supersede.KEEP)
    assert answers(policy, on(DAY, TWO_TABS, DAY), on(3 * DAY)) == [Answer.NEW] * 3


def test_a_replayed_token_ends_the_family_and_the_application_hears_it_at_its_next_request():
    """RFC9700-4.14.2"""
    rows = led(ROTATING, on(DAY), on(2 * DAY, REPLAY), on(3 * DAY))
    assert [(row.by, row.sent) for row in rows] == [(By.APPLICATION, 0), (By.SOMEBODY, 0), (By.APPLICATION, 1)]
    _, replayed, asked = rows
    assert (replayed.reason, replayed.clocks, replayed.ended_by) == ("refresh_token_reused", (), "")
    assert (asked.reason, asked.because, asked.ended_by) == (
        "family_revoked", "refresh_token_reused", "refresh_token_reused",
    )  # fmt: skip


def test_a_replay_that_is_only_refused_leaves_the_application_alone():
    """provider-policies 1: on_reuse"""
    policy = replace(ROTATING, on_reuse=OnReuse.REJECT)
    assert answers(policy, on(DAY), on(2 * DAY, REPLAY), on(3 * DAY)) == [
        Answer.NEW, "refresh_token_spent", Answer.NEW,
    ]  # fmt: skip


def test_before_anything_was_replaced_what_is_replayed_is_what_the_application_holds():
    """RFC9700-4.14.2"""
    somebody, asked = led(ROTATING, on(DAY, REPLAY), on(2 * DAY))
    assert (somebody.by, somebody.sent, somebody.given) == (By.SOMEBODY, 0, 1)
    assert (asked.sent, asked.ended_by) == (0, "refresh_token_reused")


def test_what_is_replayed_is_what_was_held_before_the_newest():
    """RFC9700-4.14.2"""
    rows = led(replace(ROTATING, on_reuse=OnReuse.REJECT), on(DAY), on(2 * DAY), on(3 * DAY, REPLAY))
    assert rows[-1].sent == 1


def test_a_thief_and_the_application_refuse_each_other():
    """RFC9700-4.14.2: whoever asks second reveals the theft, and both lose."""
    stolen, thief, asked, again = led(ROTATING, on(DAY, THEFT), on(DAY, THIEF), on(2 * DAY), on(3 * DAY, THIEF))
    assert (stolen.by, stolen.answer, stolen.sent, stolen.given) == (By.THIEF, Answer.NOTHING, None, None)
    assert stolen.clocks[0].at == BEGIN + 14 * DAY
    assert (thief.by, thief.sent, thief.given, thief.ended_by) == (By.THIEF, 0, 1, "")
    assert (asked.sent, asked.ended_by) == (0, "refresh_token_reused")
    assert (again.sent, again.reason, again.because, again.ended_by) == (
        1, "family_revoked", "refresh_token_reused", "",
    )  # fmt: skip


def test_a_thief_goes_on_after_the_sign_out_until_refused():
    """application-model D19"""
    rows = led(
        FORTNIGHT, on(DAY, THEFT), on(DAY, SIGN_OUT), on(2 * DAY, THIEF), on(14 * DAY, THIEF), on(15 * DAY, THIEF)
    )
    assert [row.reason or row.answer for row in rows[2:]] == [Answer.SAME, "refresh_token_expired"]


def test_without_a_theft_there_is_no_thief():
    """RFC9700-4.14.2"""
    assert led(FORTNIGHT, on(DAY, THIEF)) == []


@pytest.mark.parametrize(
    ("what", "offline", "policy", "ends"),
    [
        (SIGN_OUT, True, FORTNIGHT, ""),
        (SIGN_OUT, True, replace(FORTNIGHT, logout_revokes=False), ""),
        (SIGN_OUT, True, replace(FORTNIGHT, logout_revokes=True), "signed_out"),
        (SIGN_OUT, False, replace(FORTNIGHT, logout_revokes=False), "signed_out"),
        (Happening.SESSION_END, True, replace(FORTNIGHT, logout_revokes=True), ""),
        (Happening.SESSION_END, False, FORTNIGHT, "signed_out"),
        (Happening.PASSWORD_CHANGE, False, FORTNIGHT, ""),
        (Happening.PASSWORD_CHANGE, True, replace(FORTNIGHT, password_change_revokes=False), ""),
        (Happening.PASSWORD_CHANGE, True, replace(FORTNIGHT, password_change_revokes=True), "password_changed"),
        (Happening.ELSEWHERE, True, FORTNIGHT, ""),
        (Happening.ELSEWHERE, True, replace(FORTNIGHT, max_live=1), "evicted"),
        (Happening.ELSEWHERE, True, replace(FORTNIGHT, max_live=2), ""),
    ],
)
def test_each_deed_ends_what_the_policy_says(what, offline, policy, ends):
    """OIDCC-11, application-model D19, provider-policies 1: logout_revokes, password_change_revokes, max_live"""
    thief = [on(HOUR, THEFT), on(DAY, what), on(DAY, THIEF)]
    _, deed, asked = led(policy, *thief, offline=offline)
    assert (deed.answer, deed.because) == ((Answer.REVOKED, ends) if ends else (Answer.NOTHING, ""))
    assert (asked.reason, asked.because if ends else "") == (("family_revoked", ends) if ends else ("", ""))
    assert deed.by == (By.PROVIDER if what is Happening.SESSION_END else By.USER)


def test_an_application_hears_of_a_deed_at_its_next_request():
    """RFC6749-5.2"""
    policy = replace(FORTNIGHT, password_change_revokes=True)
    deed, asked = led(policy, on(DAY, Happening.PASSWORD_CHANGE), on(2 * DAY))
    assert (deed.ended_by, asked.ended_by) == ("", "password_changed")


def test_a_sign_out_is_known_to_the_application_at_once():
    """application-model D19: what it forgets may live on at the provider."""
    family = Walk(FORTNIGHT, BEGIN)
    (row,) = family.happen(on(DAY, SIGN_OUT))
    assert (row.answer, row.by, row.ended_by) == (Answer.NOTHING, By.USER, "signed_out")
    assert [clock.at for clock in row.clocks] == [BEGIN + 14 * DAY]
    assert not family.signed_in
    assert family.happen(on(2 * DAY)) == []


def test_what_ended_a_family_first_is_what_is_told():
    """RFC6749-5.2"""
    policy = replace(FORTNIGHT, password_change_revokes=True)
    rows = led(policy, on(DAY, Happening.PASSWORD_CHANGE), on(DAY, Happening.SESSION_END), on(DAY), offline=False)
    assert [row.answer for row in rows] == [Answer.REVOKED, Answer.NOTHING, Answer.REFUSED]
    assert rows[-1].ended_by == "password_changed"


def test_nothing_ends_with_a_session_that_is_over():
    """OIDCRIL-2: there is nobody to sign out."""
    policy = replace(FORTNIGHT, logout_revokes=True)
    ends, over = on(DAY, Happening.SESSION_END), [Answer.NOTHING, Answer.NOTHING]
    assert answers(policy, ends, on(2 * DAY, SIGN_OUT)) == over
    assert answers(policy, on(DAY, SIGN_OUT), session_lifetime=DAY) == [Answer.NOTHING]
    assert answers(policy, on(DAY - TICK, SIGN_OUT), session_lifetime=DAY) == [Answer.REVOKED]
    assert answers(policy, ends, offline=False, session_lifetime=DAY) == [Answer.NOTHING]


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_the_oldest_family_goes_when_there_is_one_too_many(limit):
    """provider-policies 1: max_live"""
    elsewhere = [on(DAY, Happening.ELSEWHERE)] * (limit + 1)
    rows = led(replace(FORTNIGHT, max_live=limit), *elsewhere)
    assert [row.answer for row in rows] == [*[Answer.NOTHING] * (limit - 1), Answer.REVOKED, Answer.NOTHING]


def test_reuse_that_ends_the_grant_ends_the_family():
    """application-model 3.5"""
    policy = replace(ROTATING, on_reuse=OnReuse.REVOKE_GRANT)
    assert answers(policy, on(DAY), on(DAY, REPLAY), on(DAY)) == [Answer.NEW, "refresh_token_reused", "family_revoked"]


def test_a_successor_that_inherits_its_end_has_no_more_time_than_its_predecessor():
    """application-model 3.4"""
    inheriting = replace(ROTATING, renew=Renew.REMAINING)
    rows = led(inheriting, on(6 * DAY), on(13 * DAY), on(14 * DAY))
    assert [row.clocks[0].at for row in rows] == [BEGIN + 14 * DAY] * 3
    assert rows[-1].ended_by == "refresh_token_expired"


def test_the_lifetime_of_an_inherited_end_is_what_was_left_of_it():
    """The product's page: 70 % of the original TTL, which a successor has less of."""
    policy = RefreshPolicy(ttl=10 * DAY, renew=Renew.REMAINING, rotate=Rotate.AFTER_FRACTION, rotate_at=50)
    rows = led(policy, on(6 * DAY), on(8 * DAY - TICK), on(8 * DAY))
    assert [row.answer for row in rows] == [Answer.NEW, Answer.SAME, Answer.NEW]


def test_events_out_of_order_are_no_history():
    """Time does not go back."""
    with pytest.raises(ValueError, match="sort the events"):
        led(FORTNIGHT, on(2 * DAY), on(DAY))
    with pytest.raises(ValueError, match="sort the events"):
        led(FORTNIGHT, on(-TICK))
    with pytest.raises(ValueError, match="sort the events"):
        led(FORTNIGHT, on(DAY, TWO_TABS, 2 * SECOND), on(DAY + SECOND))
    assert answers(FORTNIGHT, on(DAY), on(DAY)) == [Answer.SAME] * 2
    assert answers(FORTNIGHT, on(DAY, TWO_TABS, 2 * SECOND), on(DAY + 2 * SECOND)) == [Answer.SAME] * 3


def test_a_second_tab_does_not_ask_before_the_first():
    """Then it would be the first."""
    with pytest.raises(ValueError, match="second tab"):
        led(FORTNIGHT, on(DAY, TWO_TABS, -TICK))


def test_a_family_is_begun_once():
    """RFC6749-4.1.3: another sign-in begins another family."""
    with pytest.raises(ValueError, match="sign-in elsewhere"):
        led(FORTNIGHT, on(DAY, Happening.SIGN_IN))


def test_an_event_is_at_a_moment_and_is_a_happening():
    """A word in place of a happening would be a token request, whatever it says."""
    with pytest.raises(ValueError, match="time zone"):
        Event(at=datetime(2026, 1, 1))  # noqa: DTZ001  # that is what is refused
    with pytest.raises(ValueError, match=r"what: 'sign-out': it is one of Happening\.SIGN_IN"):
        Event(at=BEGIN, what="sign-out")


def test_what_is_no_policy_is_refused_with_where_one_is():
    """A policy's name, or its sources with it, is what a hand reaches for."""
    with pytest.raises(TypeError, match=r"'auth0-spa' is no RefreshPolicy: provider_policies\(\)"):
        walk("auth0-spa", [], BEGIN)


earlier = st.integers(-4, 0).map(lambda days: BEGIN + days * DAY)


@settings(max_examples=600, deadline=None)
@given(policies, events(BEGIN), st.booleans(), earlier, earlier, st.integers(1, 14).map(lambda days: days * DAY))
def test_the_walk_tells_what_the_plain_rules_tell(policy, events, offline, grant_began, session_began, lifetime):
    """provider-policies 1: any policy, anything that happens; each row, with its reason and every clock of it."""
    rows = walk(
        policy, events, BEGIN, offline=offline, grant_began_at=grant_began, session_began_at=session_began,
        session_lifetime=lifetime,
    )  # fmt: skip
    plain = PlainWalk(
        policy, BEGIN, offline=offline, grant_began=grant_began, session_began=session_began, session_lifetime=lifetime
    )
    assert [of_row(row, BEGIN) for row in rows] == plain.lead(events)


@settings(deadline=None)
@given(policies, events(BEGIN), st.booleans())
def test_a_family_ends_once_and_for_one_of_the_known_causes(policy, events, offline):
    """RFC6749-5.2: after it, the application asks nothing."""
    rows = walk(policy, events, BEGIN, offline=offline)
    ends = [place for place, row in enumerate(rows) if row.ended_by]
    assert {rows[place].ended_by for place in ends} <= set(CAUSES)
    asked = [place for place, row in enumerate(rows) if row.by is By.APPLICATION]
    assert not ends or not any(place > ends[0] for place in asked)

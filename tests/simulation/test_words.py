"""What a policy means, in words: every sentence says what the walk does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oidc_lab.domain.happening import By, Event, Happening
from oidc_lab.domain.refresh_parameters import Anchor, LeewayAnswer, OnReuse, RefreshPolicy, Renew, Rotate, Supersede
from oidc_lab.domain.walk import walk
from oidc_lab.simulation import words
from oidc_lab.simulation.regular import BEGIN, fate
from oidc_lab.simulation.words import in_words, lasting, said
from tests.domain.families import DAY, HOUR, SECOND, TICK, policies

NATIVE = RefreshPolicy(
    ttl=14 * DAY, rotate=Rotate.ALWAYS, absolute=180 * DAY, absolute_anchor=Anchor.GRANT, leeway=3 * SECOND,
    on_reuse=OnReuse.REVOKE_FAMILY,
)  # fmt: skip
SPA = replace(NATIVE, renew=Renew.REMAINING)
REUSE = {"refresh_token_spent", "refresh_token_reused"}


def test_a_policy_is_said_in_words():
    """application-model 3.4 to 3.6"""
    assert in_words(NATIVE) == [
        "Hourly, daily and weekly users stay signed in for 180 days, then the grant ends it.",
        "A monthly user has to sign in at every visit: the token's TTL of 14 days has passed by then.",
        "Two tabs at once sign the user out, unless the second asks within 3 seconds.",
        "A reply lost on the way signs the user out, unless the retry comes within 3 seconds.",
        "When a daily user's token is stolen and used at once, that shows after 1 day, and both are out.",
    ]


def test_a_confidential_application_says_when_a_token_is_due():
    """application-model 3.3: 70 % of the lifetime"""
    told = in_words(replace(NATIVE, rotate=Rotate.AFTER_FRACTION, rotate_at=70, leeway=timedelta(0)))
    assert told[:2] == [
        "Hourly and daily users stay signed in for 180 days, then the grant ends it.",
        "A weekly user stays signed in for 14 days, then the token's TTL ends it.",
    ]
    assert told[3] == "Two tabs at once, when a new token is due, sign the user out."
    assert told[5].endswith("stolen and used at once, that shows after 10 days 12 hours, and both are out.")


def test_where_no_token_is_issued_every_visit_is_a_sign_in():
    """RFC6749-5.1"""
    assert in_words(RefreshPolicy(issued=False)) == [
        "No refresh token is issued: the user has to sign in at every visit."
    ]


def test_without_limits_and_rotation_nothing_ends_it():
    """RFC6749-1.5"""
    assert in_words(RefreshPolicy()) == [
        "Hourly, daily, weekly and monthly users stay signed in for as long as the visits go on.",
        "No token is replaced, so two tabs at once and a lost reply do no harm.",
        "A stolen copy of the token works unnoticed for as long as the thief uses it.",
    ]


def test_where_an_hour_is_too_long_a_busy_user_is_told_of():
    """provider-policies: keycloak-online"""
    session = {"absolute": 10 * HOUR, "absolute_anchor": Anchor.SSO_SESSION}
    told = in_words(RefreshPolicy(ttl=HOUR / 2, rotate=Rotate.ALWAYS, supersede=Supersede.KEEP, **session))
    assert told == [
        "A busy user, who asks every 5 minutes, stays signed in for 10 hours, then the session ends it.",
        "Hourly, daily, weekly and monthly users have to sign in at every visit: "
        "the token's TTL of 30 minutes has passed by then.",
        "Two tabs at once do no harm: the token that they sent stays good.",
        "A reply lost on the way does no harm: the token that was sent stays good.",
        "A stolen copy of the token works unnoticed for 10 hours.",
    ]
    assert in_words(RefreshPolicy(ttl=60 * SECOND))[0] == (
        "Users of every kind have to sign in at every visit: the token's TTL of 1 minute has passed by then."
    )


def test_a_thief_may_go_on_where_reuse_is_only_refused():
    """RFC9700-4.14.2"""
    assert in_words(replace(SPA, on_reuse=OnReuse.REJECT))[-1] == (
        "When a daily user's token is stolen and used at once, "
        "the user is signed out after 1 day, and the copy works for 14 days."
    )


def test_what_is_bound_to_a_session_ends_with_it():
    """OIDCC-11"""
    assert in_words(RefreshPolicy(), offline=False)[0] == (
        "Hourly, daily and weekly users stay signed in for 14 days, then the session ends it."
    )
    assert in_words(RefreshPolicy(), offline=False, session_lifetime=2 * DAY)[-1] == (
        "A stolen copy of the token works unnoticed for 2 days."
    )


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (30 * 60 * SECOND, "30 minutes"), (8 * HOUR, "8 hours"), (180 * DAY, "180 days"), (365 * DAY, "1 year"),
        (365.25 * DAY, "1 year"), (5 * 365.25 * DAY, "5 years"), (182.625 * DAY, "half a year"), (DAY, "1 day"),
        (timedelta(0), "less than a second"),
    ],
)  # fmt: skip
def test_a_length_is_said_in_the_fewest_words(length, said):
    """A year has 365 days, or a quarter more."""
    assert lasting(length) == said


GAITS = st.sampled_from([HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY])


def led(policy, every, visits, **started):
    return walk(policy, [Event(at=BEGIN + visit * every) for visit in range(1, visits + 1)], BEGIN, **started)


@settings(max_examples=300, deadline=None)
@given(policies, GAITS, st.booleans())
def test_a_fate_that_is_foreseen_is_what_happens(policy, every, offline):
    """RFC6749-6: also where the visits were not led to the end."""
    foreseen = fate(policy, every, offline=offline)
    last = (led(policy, every, 40, offline=offline))[-1]
    if last.ended_by:
        assert (foreseen.ended_by, foreseen.visits) == (last.ended_by, (last.at - BEGIN) // every - 1)
        assert BEGIN + foreseen.ends_after in {clock.at for clock in last.clocks if clock.limit == last.ended_by}
    else:
        assert foreseen.ends_after is None or BEGIN + foreseen.ends_after > last.at


@settings(max_examples=40, deadline=None)
@given(policies, st.booleans())
def test_every_sentence_says_what_the_walk_does(policy, offline):
    """RFC6749-6, RFC9700-4.14.2"""
    told = said(policy, offline=offline)
    spoken_of = [each for sentence in told for each in sentence.fates]
    assert {each.every for each in spoken_of} >= {every for name, every in words.USERS.items() if name != "busy"}
    for sentence in told:
        for each in sentence.fates:
            assert each.ends_after is None or lasting(each.ends_after) in sentence.sentence
            assert (each.ends_after is None) == (not each.ended_by)
            assert ("at every visit" in sentence.sentence) == (each.visits == 0)
        if sentence.theft is not None and sentence.theft.thief_out_after is not None:
            assert lasting(sentence.theft.shows_after or sentence.theft.thief_out_after) in sentence.sentence


@settings(max_examples=100, deadline=None)
@given(policies.filter(lambda policy: policy.rotate is Rotate.ALWAYS), st.booleans())
def test_what_is_said_of_two_tabs_and_a_lost_reply_is_what_they_do(policy, offline):
    """RFC9700-4.14.2: to the moment."""
    told = said(policy, offline=offline)
    mishaps = [sentence for sentence in told if sentence.mishap is not None]
    renewed = [each for sentence in told for each in sentence.fates if each.renewed_after is not None]
    assert len(mishaps) == (2 if renewed else 0)
    for sentence in mishaps:
        at = min(each.renewed_after for each in renewed)
        tabs = sentence.sentence.startswith("Two tabs")
        within = sentence.mishap.within
        assert ("unless" in sentence.sentence) is (within is not None)
        assert within is None or lasting(within) in sentence.sentence
        if not sentence.mishap.signs_out:
            assert not out(policy, at, timedelta(0), tabs, offline)
        elif within is None:
            assert out(policy, at, timedelta(0), tabs, offline)
        else:
            assert not out(policy, at, within - TICK, tabs, offline)


def out(policy, at, later, tabs, offline):
    """Whether the user is signed out for it."""
    what = Happening.TWO_TABS if tabs else Happening.LOST_REPLY
    retry = [] if tabs else [Event(at=BEGIN + at + later)]
    rows = walk(policy, [Event(at=BEGIN + at, what=what, gap=later), *retry], BEGIN, offline=offline)
    return any(row.ended_by in REUSE for row in rows if row.by in {By.APPLICATION, By.SECOND_TAB})


def test_the_same_successor_forgives_as_long_as_the_leeway():
    """provider-policies 1: leeway_answer"""
    same = replace(NATIVE, leeway_answer=LeewayAnswer.SAME_SUCCESSOR)
    assert in_words(same) == in_words(NATIVE)

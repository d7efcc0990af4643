"""When a refresh token is honoured, when it is replaced, and until when what is given out lives."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_lab.domain.leeway import within_leeway
from oidc_lab.domain.refresh_parameters import Anchor, LeewayAnchor, OnReuse, RefreshPolicy, Renew, Rotate, Supersede
from oidc_lab.domain.refresh_policy import Limit, decide, endings, first_expiry, over
from tests.domain.families import BEGIN, DAY, HOUR, SECOND, TICK, family, policies, token, used, walk

FORTNIGHT = RefreshPolicy(ttl=14 * DAY)
ROTATING = replace(FORTNIGHT, rotate=Rotate.ALWAYS, on_reuse=OnReuse.REVOKE_FAMILY)


def refused(policy, at, *, of=None, **changes):
    return decide(token(policy, of=of, **changes), policy, at).refusal


@pytest.mark.parametrize(
    ("policy", "refusal"),
    [
        (RefreshPolicy(ttl=10 * DAY), "refresh_token_expired"),
        (RefreshPolicy(idle=10 * DAY), "refresh_token_idle"),
        (RefreshPolicy(absolute=10 * DAY), "family_too_old"),
        (RefreshPolicy(absolute=10 * DAY, absolute_anchor=Anchor.GRANT), "grant_expired"),
        (RefreshPolicy(absolute=10 * DAY, absolute_anchor=Anchor.SSO_SESSION), "session_over"),
    ],
)
def test_each_lifetime_is_over_at_the_moment_at_which_it_ends(policy, refusal):
    """RFC6749-6"""
    assert refused(policy, BEGIN + 10 * DAY - TICK) is None
    assert refused(policy, BEGIN + 10 * DAY) == refusal


def test_what_is_bound_to_a_session_ends_with_it():
    """OIDCC-11, application-model D13"""
    bound = family(offline=False, session_expires_at=BEGIN + DAY)
    assert refused(FORTNIGHT, BEGIN + DAY - TICK, of=bound) is None
    assert refused(FORTNIGHT, BEGIN + DAY, of=bound) == "session_over"
    assert refused(FORTNIGHT, BEGIN + DAY, of=replace(bound, offline=True)) is None


def test_a_revoked_family_is_told_before_anything_else():
    """RFC6749-5.2"""
    assert refused(FORTNIGHT, BEGIN + 99 * DAY, of=family(revoked_at=BEGIN)) == "family_revoked"


def test_of_several_ends_the_tokens_own_is_told_first():
    """application-model 3.2: expired comes before the grant's end."""
    policy = RefreshPolicy(ttl=20 * DAY, absolute=10 * DAY, absolute_anchor=Anchor.GRANT)
    assert refused(policy, BEGIN + 15 * DAY) == "grant_expired"
    assert refused(policy, BEGIN + 20 * DAY) == "refresh_token_expired"


def test_the_clocks_are_told_in_the_order_in_which_they_end():
    """RFC9700-4.14.2"""
    policy = RefreshPolicy(ttl=14 * DAY, idle=3 * DAY, absolute=30 * DAY)
    last = family(last_used_at=BEGIN + DAY, offline=False)
    ends = endings(token(policy, of=last), policy)
    assert [(each.at - BEGIN, each.limit) for each in ends] == [
        (4 * DAY, Limit.IDLE),
        (14 * DAY, Limit.TTL),
        (14 * DAY, Limit.SESSION),
        (30 * DAY, Limit.ABSOLUTE),
    ]


def test_without_any_limit_a_token_lives_for_ever():
    """RFC6749-1.5"""
    policy = RefreshPolicy()
    assert endings(token(policy), policy) == []
    assert refused(policy, BEGIN + 9999 * DAY) is None
    assert first_expiry(policy, BEGIN) is None


def test_idle_is_counted_from_the_last_use():
    """provider-policies 1"""
    policy = RefreshPolicy(idle=10 * DAY)
    assert walk(policy, [9, 18, 28]) == [(9, "same"), (18, "same"), (28, "refresh_token_idle")]


def test_a_replacing_token_has_the_full_lifetime_or_what_was_left():
    """application-model 3.4"""
    at = BEGIN + 4 * DAY
    full = decide(token(ROTATING), ROTATING, at)
    inheriting = replace(ROTATING, renew=Renew.REMAINING)
    remaining = decide(token(inheriting), inheriting, at)
    assert (full.replaced, full.expires_at) == (True, at + 14 * DAY)
    assert (remaining.replaced, remaining.expires_at) == (True, BEGIN + 14 * DAY)


def test_a_token_that_is_not_replaced_keeps_its_end_unless_use_extends_it():
    """application-model D7"""
    at = BEGIN + 4 * DAY
    kept = decide(token(FORTNIGHT), FORTNIGHT, at)
    extending = replace(FORTNIGHT, extend_on_use=True)
    extended = decide(token(extending), extending, at)
    assert (kept.replaced, kept.expires_at) == (False, BEGIN + 14 * DAY)
    assert (extended.replaced, extended.expires_at) == (False, at + 14 * DAY)


@pytest.mark.parametrize(
    ("rotate", "rotate_at", "from_then_on"),
    [
        (Rotate.AFTER_FRACTION, 70, 0.7 * 10 * DAY),
        (Rotate.AFTER_AGE, 3 * DAY, 3 * DAY),
        (Rotate.WHEN_REMAINING, 2 * DAY, 8 * DAY),
    ],
)
def test_each_threshold_replaces_from_its_moment_on(rotate, rotate_at, from_then_on):
    """application-model 3.3, provider-policies 1"""
    policy = RefreshPolicy(ttl=10 * DAY, rotate=rotate, rotate_at=rotate_at)
    before = decide(token(policy), policy, BEGIN + from_then_on - TICK)
    there = decide(token(policy), policy, BEGIN + from_then_on)
    assert (before.replaced, there.replaced) == (False, True)
    assert before.because
    assert there.because


def test_the_fraction_is_of_the_lifetime_given_at_first_whatever_extended_it():
    """The product's page: 70 % of the original TTL."""
    policy = RefreshPolicy(ttl=10 * DAY, extend_on_use=True, rotate=Rotate.AFTER_FRACTION, rotate_at=70)
    assert walk(policy, [6.9, 7, 14]) == [(6.9, "same"), (7, "new"), (14, "new")]
    assert walk(policy, [6.9, 16.8]) == [(6.9, "same"), (16.8, "new")]
    assert walk(policy, [6.9, 16.9]) == [(6.9, "same"), (16.9, "refresh_token_expired")]


def test_a_token_without_an_end_is_never_replaced_for_a_part_of_it():
    """provider-policies 1"""
    for rotate, at in ((Rotate.AFTER_FRACTION, 70), (Rotate.WHEN_REMAINING, DAY)):
        policy = RefreshPolicy(rotate=rotate, rotate_at=at)
        assert not decide(token(policy), policy, BEGIN + 999 * DAY).replaced


def test_rotation_does_not_end_with_a_session_that_there_is_not():
    """OIDCC-12: a token needs no session."""
    policy = RefreshPolicy(rotate=Rotate.ALWAYS, rotate_until=DAY, rotate_until_anchor=Anchor.SSO_SESSION)
    without = token(policy, of=family(session_began_at=None))
    assert decide(without, policy, BEGIN + 2 * DAY).replaced
    assert not decide(token(policy), policy, BEGIN + 2 * DAY).replaced


def test_after_rotate_until_the_last_token_is_final():
    """application-model D3, as observed with a grant of 2000 days."""
    policy = RefreshPolicy(
        ttl=60 * DAY, rotate=Rotate.AFTER_FRACTION, rotate_at=70, rotate_until=timedelta(days=365.25),
        absolute=2000 * DAY, absolute_anchor=Anchor.GRANT,
    )  # fmt: skip
    days = [45 * times for times in range(1, 11)]
    told = walk(policy, days)
    assert told == [*((day, "new") for day in days[:8]), (405, "same"), (450, "refresh_token_expired")]
    assert walk(policy, [365.25])[0][1] == "refresh_token_expired"


@pytest.mark.parametrize("anchor", [Anchor.FIRST_TOKEN, Anchor.LAST_ROTATION])
def test_rotation_ends_at_the_moment_its_time_is_over(anchor):
    """application-model D1"""
    policy = RefreshPolicy(rotate=Rotate.ALWAYS, rotate_until=10 * DAY, rotate_until_anchor=anchor)
    assert decide(token(policy), policy, BEGIN + 10 * DAY - TICK).replaced
    assert not decide(token(policy), policy, BEGIN + 10 * DAY).replaced
    since_the_last = walk(policy, [6, 12])[-1][1]
    assert since_the_last == ("new" if anchor is Anchor.LAST_ROTATION else "same")


def spent(policy, at=BEGIN, **changes):
    """A token that was replaced at a moment."""
    sent, _ = used(token(policy), decide(token(policy), policy, at), at)
    return replace(sent, **changes)


@pytest.mark.parametrize(
    ("on_reuse", "refusal"),
    [
        (OnReuse.REJECT, "refresh_token_spent"),
        (OnReuse.REVOKE_FAMILY, "refresh_token_reused"),
        (OnReuse.REVOKE_GRANT, "refresh_token_reused"),
    ],
)
def test_a_replaced_token_that_comes_back_ends_what_the_policy_says(on_reuse, refusal):
    """RFC9700-4.14.2"""
    policy = replace(ROTATING, on_reuse=on_reuse)
    decision = decide(spent(policy), policy, BEGIN + TICK)
    assert (decision.refusal, decision.revokes) == (refusal, on_reuse)


def test_a_replaced_token_may_stay_good_until_its_own_end():
    """provider-policies 1: supersede"""
    policy = replace(ROTATING, supersede=Supersede.KEEP)
    assert decide(spent(policy), policy, BEGIN + 13 * DAY).replaced
    assert decide(spent(policy), policy, BEGIN + 14 * DAY).refusal == "refresh_token_expired"


def test_an_expired_token_that_was_replaced_is_expired_and_ends_nothing():
    """application-model 3.2"""
    decision = decide(spent(ROTATING), ROTATING, BEGIN + 14 * DAY)
    assert (decision.refusal, decision.revokes) == ("refresh_token_expired", OnReuse.REJECT)


def test_a_spent_token_is_remembered_as_long_as_the_policy_says():
    """provider-policies 1: reuse_memory"""
    policy = replace(ROTATING, reuse_memory=HOUR)
    assert decide(spent(policy), policy, BEGIN + HOUR - TICK).revokes is OnReuse.REVOKE_FAMILY
    forgotten = decide(spent(policy), policy, BEGIN + HOUR)
    assert (forgotten.refusal, forgotten.revokes) == ("refresh_token_spent", OnReuse.REJECT)
    assert decide(spent(policy), policy, BEGIN + 2 * HOUR) == forgotten


LENIENT = replace(ROTATING, leeway=3 * SECOND, leeway_depth=None)


def test_within_the_leeway_a_spent_token_gets_one_more():
    """application-model D12"""
    early = decide(spent(LENIENT), LENIENT, BEGIN + 3 * SECOND - TICK)
    late = decide(spent(LENIENT), LENIENT, BEGIN + 3 * SECOND)
    assert (early.refusal, early.replaced, early.again) == (None, True, True)
    assert late.refusal == "refresh_token_reused"


def replayed(policy, moments):
    """Send one token again and again; what each answer was, up to the first refusal."""
    kept, answers = token(policy), []
    for at in moments:
        decision = decide(kept, policy, BEGIN + at * SECOND)
        answers.append(decision.refusal is None)
        if decision.refusal:
            break
        kept, _ = used(kept, decision, BEGIN + at * SECOND)
    return answers


def test_the_leeway_slides_when_it_is_counted_from_the_last_use():
    """application-model 3.5, as observed: uses at 0, 1, 3.5 and 6 s are honoured, the one at 10 s is not."""
    sliding = replace(LENIENT, leeway_anchor=LeewayAnchor.LAST_USE)
    assert replayed(sliding, [0, 1, 3.5, 6, 10]) == [True, True, True, True, False]
    assert replayed(LENIENT, [0, 1, 2.9, 3.5]) == [True, True, True, False]


def test_the_leeway_may_be_for_so_many_uses():
    """provider-policies 1: leeway_reuses"""
    assert replayed(replace(LENIENT, leeway_reuses=1), [0, 1, 2]) == [True, True, False]


def test_whoever_came_back_more_often_than_a_stricter_policy_lets_is_refused():
    """provider-policies 4: a policy may change during a family's life."""
    stricter = replace(LENIENT, leeway_reuses=1)
    assert decide(spent(stricter, reuses=3), stricter, BEGIN + SECOND).refusal == "refresh_token_reused"


def test_the_leeway_is_of_replaced_tokens():
    """RFC9700-4.14.2: without a last use on record, it is counted from the first."""
    assert not within_leeway(token(LENIENT), LENIENT, BEGIN)
    sliding = replace(LENIENT, leeway_anchor=LeewayAnchor.LAST_USE)
    assert within_leeway(spent(sliding, last_used_at=None), sliding, BEGIN + SECOND)


def test_the_leeway_may_be_for_so_many_generations_back():
    """provider-policies 1: leeway_depth; the question behind scenario 12."""
    for depth, good in ((1, False), (2, True), (None, True)):
        policy = replace(LENIENT, leeway_depth=depth)
        oldest = spent(policy, family=family(generation=2))
        assert (decide(oldest, policy, BEGIN + SECOND).refusal is None) is good


days = st.integers(0, 12).map(lambda number: number * DAY)


@given(policies, st.lists(days, max_size=8).map(sorted))
def test_whoever_is_honoured_is_within_every_limit(policy, moments):
    """RFC9700-4.14.2: said again in the words of the parameters, and compared at every step of a history."""
    kept, last = token(policy), BEGIN
    for moment in moments:
        at = BEGIN + moment
        since = kept.issued_at if policy.absolute_anchor is Anchor.LAST_ROTATION else BEGIN
        decision = decide(kept, policy, at)
        within = (
            (kept.expires_at is None or at < kept.expires_at)
            and (policy.idle is None or at < last + policy.idle)
            and (policy.absolute is None or at < since + policy.absolute)
        )
        assert (decision.refusal is None) is within
        assert (over(kept, policy, at) is None) is within
        if decision.refusal:
            break
        assert policy.ttl is None or decision.expires_at <= at + policy.ttl
        if policy.renew is Renew.REMAINING and decision.replaced:
            assert decision.expires_at == kept.expires_at
        (_, kept), last = used(kept, decision, at), at


@given(policies, days)
def test_what_is_given_to_a_spent_token_is_given_within_the_leeway_alone(policy, moment):
    """RFC9700-4.14.2"""
    kept = token(policy)
    first = decide(kept, policy, BEGIN)
    if not first.replaced:
        return
    sent, _ = used(kept, first, BEGIN)
    again = decide(sent, policy, BEGIN + moment)
    if again.refusal is None:
        assert again.again is (policy.supersede is Supersede.REVOKE)
        assert moment < policy.leeway or not again.again
    elif over(sent, policy, BEGIN + moment) is None:
        assert moment >= policy.leeway or policy.leeway_reuses == 0 or policy.leeway_depth == 0


@pytest.mark.parametrize(
    ("rotate", "rotate_at"),
    [
        (Rotate.AFTER_FRACTION, DAY), (Rotate.AFTER_FRACTION, -1), (Rotate.AFTER_FRACTION, 101), (Rotate.AFTER_AGE, 70),
        (Rotate.WHEN_REMAINING, 0),
    ],
)  # fmt: skip
def test_a_threshold_is_of_the_kind_that_rotation_compares_with(rotate: Rotate, rotate_at: timedelta | int) -> None:
    """provider-policies 1: rotate_at"""
    with pytest.raises(ValueError, match="rotate_at"):
        RefreshPolicy(ttl=DAY, rotate=rotate, rotate_at=rotate_at)


def test_no_and_all_of_a_lifetime_are_thresholds() -> None:
    """provider-policies 1: rotate_at"""
    for share in (0, 100):
        assert RefreshPolicy(ttl=DAY, rotate=Rotate.AFTER_FRACTION, rotate_at=share).rotate_at == share


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ttl": 14}, r"ttl: 14: it is a timedelta, such as timedelta\(days=14\), or None"),
        ({"ttl": -DAY}, "ttl: .*: no time is shorter than none"),
        ({"leeway": None}, r"leeway: None: it is a timedelta, such as timedelta\(seconds=3\)"),
        ({"rotate": "always"}, r"rotate: 'always': it is one of Rotate.NEVER, Rotate.ALWAYS"),
        ({"supersede": Rotate.NEVER}, "supersede: .*: it is one of Supersede.REVOKE, Supersede.KEEP"),
        ({"rotate_at": 0.7}, "rotate_at: 0.7: it is a timedelta, or a whole percentage"),
        ({"leeway_reuses": 1.5}, "leeway_reuses: 1.5: it is a whole number, or None"),
        ({"issued": None}, "issued: None: it is True or False"),
        ({"logout_revokes": "no"}, "logout_revokes: 'no': it is True, False or None"),
    ],
)
def test_a_parameter_is_of_its_kind(wrong: dict[str, object], words: str) -> None:
    """provider-policies 1: arrays and walk would take the one for another policy, each in its own way."""
    with pytest.raises(ValueError, match=words):
        RefreshPolicy(**wrong)

"""A parameter is shown as it is, with its doubt; what is said to decide nothing decides nothing — RFC9700-4.14.2."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oidc_lab.domain.policy_parameter import MEANING, NO_EFFECT, matters, short, shown, spelled
from oidc_lab.domain.policy_words import sentences
from oidc_lab.domain.provider_policy import ClientKind, Confidence, ProviderPolicy, Source
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
from oidc_lab.domain.walk import walk
from tests.domain.families import BEGIN, DAY, SECOND, events, policies

READ = Source(title="A page", url="https://a.example/", figure="14 days", confidence=Confidence.VERIFIED)
ROTATING = RefreshPolicy(ttl=14 * DAY, rotate=Rotate.ALWAYS, leeway=3 * SECOND, leeway_reuses=1, max_live=5)


def made(policy: RefreshPolicy = ROTATING, confidence: Confidence = Confidence.MIXED, **more: object) -> ProviderPolicy:
    given: dict[str, object] = {"policy_id": "p", "provider": "P", "variant": "v", "client": ClientKind.ANY}
    given |= {"sources": (READ,), "policy": policy, "confidence": confidence}
    return ProviderPolicy(**given | more)  # type: ignore[arg-type]


def test_every_parameter_has_a_meaning() -> None:
    """RFC9700-4.14.2"""
    assert list(MEANING) == [each.name for each in fields(RefreshPolicy)]
    assert len(set(MEANING.values())) == len(MEANING)


@pytest.mark.parametrize(
    ("seconds", "brief", "long"),
    [
        (1209600, "14 d", "14 days"),
        (15778800, "182 d 15 h", "182 days 15 hours"),
        (86400, "1 d", "1 day"),
        (1860, "31 min", "31 minutes"),
        (90061, "1 d 1 h 1 min 1 s", "1 day 1 hour 1 minute 1 second"),
        (0, "0 s", "0 seconds"),
        (1.5, "1.5 s", "1.5 seconds"),
    ],
)
def test_a_length_is_written_exactly(seconds: float, brief: str, long: str) -> None:
    """RFC6749-6"""
    assert (short(timedelta(seconds=seconds)), spelled(timedelta(seconds=seconds))) == (brief, long)


@pytest.mark.parametrize(
    ("name", "value", "sure", "doubted"),
    [
        ("ttl", 14 * DAY, "14 d", "14 d ?"),
        ("ttl", None, "none", "not established ?"),
        ("rotate_until", None, "no end", "not established ?"),
        ("leeway", timedelta(0), "none", "none ?"),
        ("leeway_reuses", 2, "2", "2 ?"),
        ("leeway_depth", None, "any", "not established ?"),
        ("on_reuse", OnReuse.REVOKE_FAMILY, "revoke_family", "revoke_family ?"),
        ("reuse_memory", timedelta(0), "forgotten at once", "forgotten at once ?"),
        ("max_live", None, "none known", "not established ?"),
        ("logout_revokes", None, "not established", "not established ?"),
        ("logout_revokes", True, "yes", "yes ?"),
    ],
)
def test_a_value_that_is_not_established_has_a_mark_and_none_is_never_a_fact(
    name: str, value: object, sure: str, doubted: str
) -> None:
    """RFC9700-4.14.2"""
    policy = replace(ROTATING, **{name: value})
    assert shown(made(policy), name) == sure
    assert shown(made(policy, unverified={name: ""}), name) == doubted


def test_a_percentage_is_no_duration() -> None:
    """RFC6749-6"""
    fraction = replace(ROTATING, rotate=Rotate.AFTER_FRACTION, rotate_at=70)
    assert shown(made(fraction), "rotate_at") == "70 %"
    assert shown(made(replace(fraction, rotate=Rotate.AFTER_AGE, rotate_at=70 * SECOND)), "rotate_at") == "1 min 10 s"


def test_what_decides_nothing_is_a_dash_but_a_doubt_stays() -> None:
    """RFC9700-4.14.2"""
    fixed = replace(ROTATING, rotate=Rotate.NEVER)
    assert shown(made(fixed), "on_reuse") == NO_EFFECT
    assert shown(made(fixed, unverified={"on_reuse": ""}), "on_reuse") == "reject ?"
    assert {name for name in MEANING if matters(RefreshPolicy(issued=False, ttl=DAY), name)} == {"issued"}
    with pytest.raises(KeyError):
        matters(fixed, "colour")


# For each parameter, values that a policy can have without any other change.
_OTHERS = {
    "renew": Renew, "absolute_anchor": Anchor, "rotate_until_anchor": Anchor, "supersede": Supersede,
    "leeway_anchor": LeewayAnchor, "leeway_answer": LeewayAnswer, "on_reuse": OnReuse, "extend_on_use": (True, False),
    "rotate_at": (0, 50, 100), "rotate_until": (None, DAY, 3 * DAY), "leeway": (timedelta(0), 2 * SECOND, DAY),
    "leeway_reuses": (None, 0, 1), "leeway_depth": (None, 1, 2), "reuse_memory": (None, timedelta(0), DAY),
}  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(policies, events(BEGIN), st.sampled_from(sorted(_OTHERS)), st.data())
def test_what_is_said_to_decide_nothing_decides_nothing(policy, happened, name, data) -> None:
    """RFC9700-4.14.2: another value of such a parameter leaves every row of a walk as it is."""
    assume(not matters(policy, name))
    other = replace(policy, **{name: data.draw(st.sampled_from(list(_OTHERS[name])))})
    assert walk(other, happened, BEGIN) == walk(policy, happened, BEGIN)


def test_sentences_say_what_the_policy_does() -> None:
    """RFC9700-4.14.2"""
    remaining = replace(ROTATING, renew=Renew.REMAINING, absolute=180 * DAY, absolute_anchor=Anchor.GRANT)
    assert sentences(made(remaining)) == [
        "Every use replaces the token.",
        "A token lives 14 days; one that replaces it ends when the first would have, however often it is used.",
        "180 days after the grant began it is over.",
        "A replaced token is honoured until 3 seconds after its first use, 1 time at most, 1 generation back at most:"
        " it gets one more new token.",
        "A replaced token that comes back later is refused, and the others go on working.",
        "A user has up to 5 sign-ins alive with this application; one more ends the oldest.",
    ]
    kept = RefreshPolicy(idle=DAY, rotate=Rotate.ALWAYS, supersede=Supersede.KEEP, logout_revokes=True)
    assert sentences(made(kept)) == [
        "Every use replaces the token.",
        "A token has no end of its own.",
        "After 1 day without a use it is over.",
        "A replaced token stays good until its own end: it gets one more new token.",
        "A sign-out ends it, too.",
    ]
    assert sentences(made(RefreshPolicy(issued=False, ttl=DAY))) == [
        "No refresh token is given: when the access token ends, the user has to sign in again."
    ]


@pytest.mark.parametrize(
    ("rotate", "at", "says"),
    [
        (Rotate.AFTER_FRACTION, 70, "once 70 % of its lifetime have passed."),
        (Rotate.AFTER_AGE, 3 * SECOND, "once it is 3 seconds old."),
        (Rotate.WHEN_REMAINING, DAY, "once it has no more than 1 day left."),
    ],
)
def test_a_threshold_is_said_with_its_unit(rotate: Rotate, at: timedelta | int, says: str) -> None:
    """RFC6749-6"""
    said = sentences(made(RefreshPolicy(ttl=14 * DAY, rotate=rotate, rotate_at=at)))
    assert said[0] == f"A use replaces the token {says}"


@pytest.mark.parametrize("name", ["ttl", "renew", "rotate", "leeway", "leeway_answer", "on_reuse", "max_live"])
def test_a_sentence_that_rests_on_a_doubt_says_so(name: str) -> None:
    """RFC9700-4.14.2"""
    sure, doubted = sentences(made()), sentences(made(unverified={name: ""}))
    changed = [each for each in doubted if each not in sure]
    assert changed
    assert all(f"(? not established: {name})." in each for each in changed)
    assert not any("?" in each for each in sure)


@pytest.mark.parametrize("name", ["idle", "absolute", "max_live", "logout_revokes", "password_change_revokes"])
def test_of_a_limit_that_nobody_established_it_is_not_said_that_there_is_none(name: str) -> None:
    """RFC9700-4.14.2"""
    said = sentences(made(RefreshPolicy(), unverified={name: ""}))
    assert said[-1].startswith("Not established (?): whether ")


def test_a_policy_says_in_one_line_whose_it_is_and_what_is_in_doubt() -> None:
    """RFC6749-6"""
    sure = made(confidence=Confidence.VERIFIED)
    assert (repr(sure), sure.doubtful, sure.second_hand) == ("<p: P: v; verified>", False, False)
    doubted = made(unverified={"ttl": "a guess", "idle": ""}, not_established=("that it is the default",))
    assert repr(doubted) == "<p: P: v; mixed; not established: ttl (a guess), idle, that it is the default>"
    quoted = made(confidence=Confidence.SECONDARY, sources=(replace(READ, confidence=Confidence.SECONDARY),))
    assert (quoted.doubtful, quoted.second_hand) == (True, True)
    assert hash(sure) == hash(made(confidence=Confidence.VERIFIED))

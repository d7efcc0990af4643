"""Policies that no profile has, put on an application: the provider does what the decision says, over HTTP."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oidc_lab import Lab
from oidc_lab.domain.refresh_parameters import LeewayAnswer, OnReuse, RefreshPolicy, Rotate, Supersede
from tests.domain.families import policies, walk
from tests.provider.bench import SPA, heard, offline_tokens, refreshing, send, userinfo

SECOND = timedelta(seconds=1)


def adopt(lab: Lab, policy: RefreshPolicy, application: str = SPA) -> None:
    lab.provider.extensions["oidc_lab"].adopted[application] = policy


def refresh(lab: Lab, refresh_token: str):
    return send(lab, "/token", refreshing(lab, refresh_token, SPA))


@settings(max_examples=40, deadline=None)
@given(policies, st.lists(st.integers(0, 12), min_size=1, max_size=6).map(sorted))
def test_the_provider_answers_as_the_policy_decides(policy: RefreshPolicy, days: list[int]) -> None:
    """RFC9700-4.14.2: the same history told by the decision alone, and played over HTTP on the lab's clock."""
    with Lab() as lab:
        adopt(lab, policy)
        assert played(lab, days) == walk(policy, days)


def played(lab: Lab, days: list[int]) -> list[tuple[int, str]]:
    """Use the newest token on each of these days, up to the first refusal."""
    kept, day, story = offline_tokens(lab, SPA)["refresh_token"], 0, []
    for due in days:
        lab.clock.advance(days=due - day)
        day, response = due, refresh(lab, kept)
        if response.status_code == 400:
            return [*story, (due, heard(lab))]
        story.append((due, "same" if response.json["refresh_token"] == kept else "new"))
        kept = response.json["refresh_token"]
    return story


def test_a_replay_may_be_answered_with_the_same_successor(lab: Lab) -> None:
    """provider-policies 1: leeway_answer; the access token is a new one each time."""
    same = LeewayAnswer.SAME_SUCCESSOR
    adopt(lab, RefreshPolicy(rotate=Rotate.ALWAYS, leeway=10 * SECOND, leeway_answer=same))
    first = offline_tokens(lab, SPA)["refresh_token"]
    answers = [refresh(lab, first).json for _ in range(3)]
    assert len({each["refresh_token"] for each in answers}) == 1
    assert len({each["access_token"] for each in answers}) == 3
    successor = answers[0]["refresh_token"]
    assert successor != first
    assert refresh(lab, successor).status_code == 200
    lab.clock.advance(seconds=10)
    assert refresh(lab, first).status_code == 400
    assert heard(lab) == "refresh_token_spent"


def test_only_so_many_replays_are_forgiven(lab: Lab) -> None:
    """provider-policies 1: leeway_reuses; the provider counts them."""
    adopt(lab, RefreshPolicy(rotate=Rotate.ALWAYS, leeway=10 * SECOND, leeway_reuses=2))
    first = offline_tokens(lab, SPA)["refresh_token"]
    assert [refresh(lab, first).status_code for _ in range(4)] == [200, 200, 200, 400]
    assert heard(lab) == "refresh_token_spent"


def test_a_late_sibling_does_not_make_its_elders_younger(lab: Lab) -> None:
    """provider-policies 1: leeway_depth counts back from the newest generation, whoever came last."""
    adopt(lab, RefreshPolicy(rotate=Rotate.ALWAYS, leeway=10 * SECOND, leeway_depth=2))
    line = [offline_tokens(lab, SPA)["refresh_token"]]
    for _ in range(3):
        line.append(refresh(lab, line[-1]).json["refresh_token"])
    assert refresh(lab, line[1]).status_code == 200
    assert refresh(lab, line[0]).status_code == 400
    assert heard(lab) == "refresh_token_spent"


def test_the_successor_of_another_lab_is_another(lab: Lab) -> None:
    """It is made with a key that only this provider has."""
    same = RefreshPolicy(rotate=Rotate.ALWAYS, leeway=SECOND, leeway_answer=LeewayAnswer.SAME_SUCCESSOR)
    adopt(lab, same)
    first = offline_tokens(lab, SPA)["refresh_token"]
    with Lab(seed="another") as other:
        keys = {each.provider.extensions["oidc_lab"].successor_key for each in (lab, other)}
    assert len(keys) == 2
    assert refresh(lab, first).json["refresh_token"] not in keys


def test_a_replaced_token_may_stay_good(lab: Lab) -> None:
    """provider-policies 1: supersede"""
    adopt(lab, RefreshPolicy(rotate=Rotate.ALWAYS, supersede=Supersede.KEEP, on_reuse=OnReuse.REVOKE_FAMILY))
    first = offline_tokens(lab, SPA)["refresh_token"]
    answers = [refresh(lab, first) for _ in range(3)]
    assert [each.status_code for each in answers] == [200] * 3
    assert len({each.json["refresh_token"] for each in answers}) == 3


@pytest.mark.parametrize(("depth", "status"), [(1, 400), (2, 200), (None, 200)])
def test_the_leeway_reaches_so_many_generations_back(lab: Lab, depth: int | None, status: int) -> None:
    """provider-policies 1: leeway_depth"""
    policy = RefreshPolicy(rotate=Rotate.ALWAYS, leeway=10 * SECOND, leeway_depth=depth)
    adopt(lab, policy)
    first = offline_tokens(lab, SPA)["refresh_token"]
    second = refresh(lab, first).json["refresh_token"]
    assert refresh(lab, second).status_code == 200
    assert refresh(lab, first).status_code == status


def test_a_reuse_that_only_rejects_leaves_the_rest_alone(lab: Lab) -> None:
    """provider-policies 1: on_reuse"""
    adopt(lab, RefreshPolicy(rotate=Rotate.ALWAYS, on_reuse=OnReuse.REJECT))
    first = offline_tokens(lab, SPA)["refresh_token"]
    second = refresh(lab, first).json
    assert refresh(lab, first).status_code == 400
    assert userinfo(lab, second["access_token"]).status_code == 200
    assert refresh(lab, second["refresh_token"]).status_code == 200

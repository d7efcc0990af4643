"""A walk as a frame: what the notebooks tabulate and the figures of one family are drawn from."""

import pandas as pd
from hypothesis import given, settings

from oidc_lab.domain.happening import Event, Happening
from oidc_lab.domain.refresh_parameters import Anchor, RefreshPolicy, Rotate
from oidc_lab.domain.walk import walk
from oidc_lab.simulation.rows import rows
from tests.domain.families import BEGIN, DAY, events, policies

COLUMNS = [
    "day", "what", "by", "answer", "sent", "given", "reason", "because", "generation", "ttl_ends", "idle_ends",
    "absolute_ends", "grant_ends", "session_ends", "binds",
]  # fmt: skip
NUMBERS = ["day", "ttl_ends", "idle_ends", "absolute_ends", "grant_ends", "session_ends"]

GRANTED = RefreshPolicy(ttl=14 * DAY, rotate=Rotate.ALWAYS, absolute=20 * DAY, absolute_anchor=Anchor.GRANT)


def led(policy, *days, **started):
    return walk(policy, [Event(at=BEGIN + day * DAY) for day in days], BEGIN, **started)


def test_each_request_is_a_row_with_its_clocks_in_days():
    """RFC6749-6"""
    frame = rows(led(GRANTED, 1.5, 13, 20))
    assert list(frame) == COLUMNS
    assert frame.day.tolist() == [0, 1.5, 13, 20]
    assert frame.answer.tolist() == ["new token", "new token", "new token", "refused"]
    assert frame.reason.tolist() == ["", "", "", "grant_expired"]
    assert frame.ttl_ends.tolist() == [14, 15.5, 27, 27]
    assert frame.grant_ends.tolist() == [20] * 4
    assert frame.binds.tolist() == ["ttl", "ttl", "grant", "grant"]
    assert frame[["idle_ends", "absolute_ends", "session_ends"]].isna().all(axis=None)
    assert frame.sent.tolist() == [pd.NA, 0, 1, 2]
    assert frame.given.tolist() == [0, 1, 2, pd.NA]


def test_the_days_may_count_from_an_earlier_moment():
    """provider-policies 4: a grant may be older than the family."""
    frame = rows(led(GRANTED, 1, grant_began_at=BEGIN - 5 * DAY), BEGIN - 5 * DAY)
    assert frame.day.tolist() == [5, 6]
    assert frame.grant_ends.tolist() == [20, 20]


def test_of_two_ends_of_a_session_the_first_is_told():
    """OIDCC-11: the session's own, and the policy's, which counts from when it began."""
    capped = RefreshPolicy(absolute=10 * DAY, absolute_anchor=Anchor.SSO_SESSION)
    assert rows(led(capped, offline=False)).session_ends.tolist() == [10]
    assert rows(led(capped, offline=False, session_lifetime=3 * DAY)).session_ends.tolist() == [3]


def test_a_user_who_was_given_no_token_has_a_row_without_one():
    """RFC6749-5.1"""
    frame = rows(led(RefreshPolicy(issued=False), 1))
    assert frame.because.tolist() == ["not_issued"]
    assert frame.given.isna().all()
    assert frame.binds.tolist() == [""]


def test_an_ended_family_has_no_clocks():
    """RFC6749-5.2"""
    bound = walk(RefreshPolicy(ttl=DAY), [Event(at=BEGIN, what=Happening.SESSION_END)], BEGIN, offline=False)
    frame = rows(bound)
    assert frame.answer.tolist() == ["new token", "family ended"]
    assert frame.ttl_ends.isna().tolist() == [False, True]
    assert frame.binds.tolist() == ["ttl", ""]


def test_nothing_walked_is_a_frame_of_the_same_kind():
    """A frame has its columns and kinds whatever it holds."""
    empty = rows([])
    assert empty.empty
    assert (empty.dtypes == rows(led(GRANTED, 1)).dtypes).all()


@settings(max_examples=50, deadline=None)
@given(policies, events(BEGIN))
def test_a_frame_says_what_the_rows_say(policy, events):
    """Columns are of one kind whatever happened, and days are the moments."""
    walked = walk(policy, events, BEGIN, offline=False)
    frame = rows(walked)
    assert (frame.dtypes == rows([]).dtypes).all()
    assert (frame.dtypes[NUMBERS] == "float64").all()
    for row, said in zip(walked, frame.to_dict("records"), strict=True):
        assert said["what"] == row.what.value
        assert said["generation"] == row.generation
        if row.clocks:
            assert said[f"{said['binds']}_ends"] == (row.clocks[0].at - BEGIN) / DAY
            assert said[f"{said['binds']}_ends"] == min(frame.loc[frame.index[walked.index(row)], NUMBERS[1:]].dropna())

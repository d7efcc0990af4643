"""A run is told again what it was told once, without sending anything."""

import pytest

from oidc_lab import Lab


@pytest.fixture
def lab():
    with Lab() as lab:
        yield lab


def told_again(lab, before, run, count=None):
    """A run of the same kind, begun at the same moment, which is told the first messages of `run`."""
    lab.return_to(before)
    again = lab.sign_in("photo-album", "anna")
    for each in run.trace.exchanges[:count]:
        again.replay(each)
    return again


def test_a_run_that_is_told_again_stands_where_the_first_stood(lab):
    """OIDCC-3.1.3.7: its checks are made again, too."""
    before = lab.moment()
    run = lab.sign_in("photo-album", "anna").finish()
    again = told_again(lab, before, run)
    assert again.trace.to_json() == run.trace.to_json()
    assert again.trace.checks
    assert again.result == run.result


def test_nothing_is_sent_while_a_run_is_told_again(lab):
    before = lab.moment()
    again = told_again(lab, before, lab.sign_in("photo-album", "anna").finish(), 5)
    assert lab.grants.table().empty
    assert len(lab.audit_log) == 0
    assert again.next_step.title == "Anna Lindqvist agrees"


def test_a_refusal_is_told_again_too(lab):
    """RFC6749-10.12"""
    before = lab.moment()
    run = lab.sign_in("photo-album", "anna")
    run.advance()
    run.change(state="another")
    run.finish()
    again = told_again(lab, before, run)
    assert (again.refusal, again.trace.to_json()) == (run.refusal, run.trace.to_json())
    assert run.refusal.error == "state_mismatch"


def test_a_run_that_has_ended_is_told_nothing_more(lab):
    run = lab.sign_in("photo-album", "anna").finish()
    with pytest.raises(RuntimeError, match="has ended: every step is done"):
        run.replay(run.trace.exchanges[0])

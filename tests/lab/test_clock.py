"""The clock of the bench: it starts at a fixed instant, only goes forward, and moves everything together."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_lab import Lab
from oidc_lab.lab.clock import START, LabClock


def test_it_starts_at_the_same_instant_every_day_and_stands_still():
    clock = LabClock()
    assert clock.now == clock() == START == datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    assert clock.now == clock.now
    assert repr(clock) == "LabClock(Monday 05 January 2026, 09:00:00 UTC)"


@given(st.lists(st.integers(0, 10**6), max_size=5))
def test_spans_add_up(spans):
    clock = LabClock()
    for span in spans:
        assert clock.advance(seconds=span) == clock.now
    assert clock.now == START + timedelta(seconds=sum(spans))


def test_spans_of_every_unit():
    assert LabClock().advance(days=1, hours=2, minutes=3, seconds=4.5) == START + timedelta(1, 4.5, 0, 0, 3, 2)


@pytest.mark.parametrize("back", [{"seconds": -1}, {"days": 1, "hours": -25}])
def test_it_never_goes_back(back):
    clock = LabClock()
    with pytest.raises(ValueError, match=r"only moves forward; start a new Lab\(\) to begin again"):
        clock.advance(**back)
    assert clock.now == START


def test_it_moves_to_a_moment_of_any_time_zone():
    clock = LabClock()
    assert clock.move_to(START) == START
    moment = datetime(2026, 1, 5, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    assert clock.move_to(moment).isoformat() == "2026-01-05T11:00:00+00:00"


def test_a_moment_without_a_time_zone_is_refused_with_an_example():
    for use in (LabClock, LabClock().move_to):
        with pytest.raises(ValueError, match=r"has no time zone; write for example 2026-02-01T00:00:00\+00:00"):
            use(datetime(2026, 2, 1))  # noqa: DTZ001 - the mistake that the test is about


def test_nothing_ends_before_somebody_signs_in():
    with Lab() as lab, pytest.raises(ValueError, match="nothing that the provider keeps will end"):
        lab.clock.move_to_next_expiry()


def test_the_next_expiry_is_named_and_at_that_moment_the_thing_is_dead():
    """RFC6749-4.1.2: a code's minute, an access token's hour, a session's and a refresh token's fortnight."""
    with Lab() as lab:
        run = lab.sign_in("web-shop", "anna", scopes="openid offline_access", prompt="consent")
        while run.next_step.title != "Redeem the code":
            run.advance()
        assert lab.clock.move_to_next_expiry() == "an authorization code"
        assert lab.clock.now == START + timedelta(seconds=60)
        assert run.finish().trace.exchanges[-1].truth[0].startswith("code_expired")

        signed_in = lab.sign_in("web-shop", "anna", scopes="openid offline_access", prompt="consent").finish()
        began = lab.clock.now
        waiting = lab.sign_in("web-shop", "anna")
        while waiting.next_step.title != "Ask who the user is":
            waiting.advance()
        assert lab.clock.move_to_next_expiry() == "an access token"
        assert lab.clock.now == began + timedelta(hours=1)
        assert waiting.finish().trace.exchanges[-1].truth[0].startswith("bearer_expired")

        again = lab.sign_in("web-shop", "anna", prompt="none")
        while again.next_step.title != "Redeem the code":
            again.advance()
        lab.clock.advance(minutes=1)  # past the code, which nobody redeems

        assert lab.clock.move_to_next_expiry() == "a refresh token"
        assert lab.clock.now == began + timedelta(days=14)
        renewed = lab.refresh("web-shop", "anna", signed_in=signed_in).finish()
        assert renewed.trace.exchanges[-1].truth[0].startswith("refresh_token_expired")

        # It rolled: its fortnight counts from the last time that its browser came.
        assert lab.clock.move_to_next_expiry() == "a session"
        assert lab.clock.now == began + timedelta(hours=1, days=14)
        assert lab.sign_in("web-shop", "anna", prompt="none").finish().refusal.error == "login_required"


def test_a_moment_before_its_end_a_thing_still_lives():
    """RFC6749-4.1.2"""
    with Lab() as lab:
        signed_in = lab.sign_in("web-shop", "anna", scopes="openid offline_access", prompt="consent").finish()
        lab.clock.move_to(START + timedelta(days=14) - timedelta(microseconds=1))
        assert lab.sign_in("web-shop", "anna", scopes="openid", prompt="none").finish().result.sub == "anna"
        assert lab.refresh("web-shop", "anna", signed_in=signed_in).finish().result.sub == "anna"


def test_what_has_ended_early_is_not_waited_for():
    """RFC6749-4.1.2: a used code, a session after sign-out, the tokens of that session."""
    with Lab() as lab:
        signed_in = lab.sign_in("web-shop", "anna").finish()
        lab.sign_out("web-shop", "anna", signed_in=signed_in).finish()
        with pytest.raises(ValueError, match="nothing that the provider keeps will end"):
            lab.clock.move_to_next_expiry()


@pytest.mark.parametrize(
    ("move", "says"),
    [
        (lambda clock: clock.advance(days=1e12), "the year 9999"),
        (lambda clock: clock.move_to("2027-01-01"), "is no moment"),
    ],
)
def test_what_is_no_moment_gets_one_sentence(move, says):
    with pytest.raises((ValueError, TypeError), match=says):
        move(LabClock())

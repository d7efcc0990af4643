"""Whether a refresh token is honoured, at each boundary."""

from datetime import UTC, datetime, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from oidc_lab.domain.authentication_request import ClaimsRequest
from oidc_lab.domain.refresh_policy import RefreshPolicy, decide
from oidc_lab.domain.refusal import CATALOGUE
from oidc_lab.domain.tokens import Family, RefreshToken

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
days = st.integers(0, 4).map(lambda number: number * DAY)


def token(lives=4 * DAY, used_at=None, revoked_at=None):
    family = Family(
        family_id="f", client_id="web-shop", sub="anna", sid="s", auth_time=START, offline=True, revoked_at=revoked_at
    )
    return RefreshToken(
        digest="d", family=family, scopes=frozenset({"openid"}), claims=ClaimsRequest(), issued_at=START,
        expires_at=START + lives, used_at=used_at,
    )  # fmt: skip


@given(lives=days, age=days, ttl=days)
def test_a_token_lives_until_the_moment_at_which_it_ends(lives, age, ttl):
    """RFC6749-6: whole days, so that ages equal lifetimes."""
    decision = decide(token(lives), RefreshPolicy(ttl=ttl), START + age)
    if age >= lives:
        assert decision.refusal == "refresh_token_expired"
        assert decision.expires_at is None
    else:
        assert decision.refusal is None
        assert decision.expires_at == START + age + ttl


def test_the_last_moment_is_honoured_and_the_next_is_not():
    """RFC6749-6"""
    smallest = timedelta(microseconds=1)
    assert decide(token(DAY), RefreshPolicy(), START + DAY - smallest).refusal is None
    assert decide(token(DAY), RefreshPolicy(), START + DAY).refusal == "refresh_token_expired"


def test_a_token_that_comes_back_ends_its_family():
    """RFC9700-4.14.2"""
    decision = decide(token(used_at=START), RefreshPolicy(), START)
    assert (decision.refusal, decision.revokes_family) == ("refresh_token_reused", True)


def test_every_combination_has_one_answer():
    """RFC6749-6: a family that was revoked is named first, and nothing is revoked twice."""
    for used, revoked, age in product([None, START], [None, START], [0 * DAY, 4 * DAY, 5 * DAY]):
        decision = decide(token(used_at=used, revoked_at=revoked), RefreshPolicy(), START + age)
        assert (decision.refusal is None) is (decision.expires_at is not None)
        assert decision.refusal is None or decision.refusal in CATALOGUE
        assert (decision.refusal == "family_revoked") is (revoked is not None)
        assert decision.revokes_family is (decision.refusal == "refresh_token_reused")

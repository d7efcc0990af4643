"""The sources of randomness — RFC6749-10.10."""

import re

from hypothesis import given
from hypothesis import strategies as st

from oidc_lab.lab.entropy import SeededEntropy, SystemEntropy

seeds = st.integers() | st.text(max_size=8)


@given(seeds, st.integers(1, 200))
def test_a_draw_has_the_length_asked_for_and_the_alphabet_of_base64url(seed, length):
    for source in (SeededEntropy(seed), SystemEntropy()):
        assert re.fullmatch(f"[A-Za-z0-9_-]{{{length}}}", source.token(length))
    assert len(SeededEntropy(seed).token()) == 43


@given(seeds)
def test_a_seed_draws_the_same_values_again_and_never_one_twice(seed):
    one, two = SeededEntropy(seed), SeededEntropy(seed)
    drawn = [one.token() for _ in range(20)]
    assert drawn == [two.token() for _ in range(20)]
    assert len(set(drawn)) == 20


@given(seeds, st.integers(0, 5))
def test_children_do_not_disturb_each_other(seed, draws):
    parent = SeededEntropy(seed)
    child = parent.child("a")
    for _ in range(draws):
        parent.token()
        parent.child("b").token()
    assert child.token() == SeededEntropy(seed).child("a").token()
    assert len({parent.child(name).token() for name in ("a", "b", "c")}) == 3


def test_a_known_draw_stays_the_same_on_every_machine_and_python():
    assert SeededEntropy(7).token(22) == SeededEntropy("7").token(22) == "fz71CB-_MSPgpUBrWxj6ne"
    assert SeededEntropy(8).token(22) != SeededEntropy(7).token(22)


def test_the_machines_own_source_does_not_repeat_itself():
    source = SystemEntropy()
    assert source.child("a").token() != source.child("a").token()

"""How often two tabs, or a lost reply, sign users out under each leeway."""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pytest

from oidc_lab.domain.happening import Happening
from oidc_lab.domain.refresh_parameters import OnReuse, RefreshPolicy, Rotate
from oidc_lab.simulation.races import races
from oidc_lab.simulation.steps import CODES, Step
from tests.domain.families import DAY

ROTATING = RefreshPolicy(ttl=60 * DAY, rotate=Rotate.ALWAYS, on_reuse=OnReuse.REVOKE_FAMILY)


@dataclass(frozen=True)
class Daily:
    """Every day at noon, with something of which there is so much a chance, and a gap drawn evenly up to `longest`."""

    what: Happening
    chance: float
    longest: int = 10
    plain = False

    def steps(self, users, horizon, rng):
        for day in range(horizon // 86400):
            at = np.full(users, day * 86400 + 43200, dtype=np.int32)
            what = np.where(rng.random(users) < self.chance, CODES[self.what], CODES[Happening.REQUEST])
            gap = rng.integers(0, self.longest, users).astype(np.int32)
            yield Step(at=at, what=what.astype(np.int8), gap=gap)
            if self.what is Happening.LOST_REPLY:
                again = np.full(users, CODES[Happening.REQUEST], dtype=np.int8)
                yield Step(at=at + gap, what=again, gap=np.zeros(users, dtype=np.int32))


TABS, LOST = Daily(Happening.TWO_TABS, 0.1), Daily(Happening.LOST_REPLY, 0.05)


def found(policy=ROTATING, cases=None, users=4000, leeways=(0, 3, 9, 10), seed=7):
    cases = {"two tabs": TABS, "lost reply": LOST} if cases is None else cases
    return races(policy, cases, users=users, rng=np.random.default_rng(seed), leeways=leeways)


@pytest.mark.parametrize(("case", "chance"), [("two tabs", 0.1), ("lost reply", 0.05)])
@pytest.mark.parametrize("leeway", [0, 3, 9, 10])
def test_the_share_is_what_can_be_worked_out(case, chance, leeway):
    """30 days, each with this chance of a gap of 0 to 9 seconds, which the leeway spares when it is shorter."""
    row = found().set_index(["case", "leeway_seconds"]).loc[(case, leeway)]
    expected = 1 - (1 - chance * (10 - leeway) / 10) ** 30
    spread = (expected * (1 - expected) / 4000) ** 0.5
    assert abs(row["sign_outs_per_month"] - expected) <= 4 * spread
    assert row["low"] <= row["sign_outs_per_month"] <= row["high"]


def test_the_interval_has_the_true_share_in_it_as_often_as_it_says():
    """Wilson's interval: of 60 samples about 57 have it."""
    expected = 1 - (1 - 0.1 * 0.7) ** 30
    samples = [found(cases={"two tabs": TABS}, users=200, leeways=[3], seed=seed).iloc[0] for seed in range(60)]
    assert sum(row["low"] <= expected <= row["high"] for row in samples) >= 52


def test_a_longer_leeway_is_never_worse():
    """All leeways have the same users, so this holds in every sample, however small."""
    frame = found(users=30, leeways=range(11))
    for _, rows in frame.groupby("case"):
        assert rows["sign_outs_per_month"].is_monotonic_decreasing


def test_it_does_not_matter_whether_reuse_ends_the_family():
    """RFC9700-4.14.2: a refused application has its user sign in again in either case."""
    strict, lenient = found(), found(replace(ROTATING, on_reuse=OnReuse.REJECT))
    assert strict["sign_outs_per_month"].tolist() == lenient["sign_outs_per_month"].tolist()


def test_other_endings_are_not_counted():
    """A lifetime that is over signs out as well, but not because of a race."""
    frame = found(replace(ROTATING, rotate=Rotate.NEVER, ttl=2 * DAY))
    assert set(frame["sign_outs_per_month"]) == {0.0}


def test_what_happens_after_thirty_days_is_not_counted():
    """Per month is per 30 days."""

    @dataclass(frozen=True)
    class Late(Daily):
        def steps(self, users, horizon, rng):
            assert timedelta(seconds=horizon) == 30 * DAY
            yield from super().steps(users, horizon, rng)

    frame = found(cases={"two tabs": Late(Happening.TWO_TABS, 1.0)}, leeways=[0], users=10)
    assert frame["sign_outs_per_month"].tolist() == [1.0]


def test_the_columns_are_in_the_order_of_the_figure():
    """A row for each leeway of each case."""
    frame = found(users=5)
    assert list(frame.columns) == ["leeway_seconds", "case", "sign_outs_per_month", "low", "high"]
    assert frame["case"].tolist() == ["two tabs"] * 4 + ["lost reply"] * 4


@pytest.mark.parametrize("wrong", [{"cases": {}}, {"cases": TABS}, {"leeways": []}, {"leeways": [-3]}])
def test_what_is_no_race_is_refused(wrong):
    """A token that is honoured until before it was replaced would be honoured never, and nobody would see."""
    with pytest.raises(ValueError, match=r"give usages by name|no time is shorter than none"):
        races(ROTATING, **{"cases": {"two tabs": TABS}, "users": 5, "rng": np.random.default_rng(7), **wrong})


def test_leeways_are_whole_seconds():
    with pytest.raises(TypeError, match="whole seconds"):
        found(leeways=[timedelta(seconds=3)])

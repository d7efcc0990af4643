"""No text of a figure overlaps another one, is cut off, lies on the data or is too small, whatever is drawn."""

from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from matplotlib import pyplot
from matplotlib.axes import Axes

from oidc_lab.domain.happening import Happening
from oidc_lab.domain.refresh_parameters import RefreshPolicy, Rotate
from oidc_lab.views.figures import life, played, race, rotation
from tests.views.figures.drawn import HOSTILE, NAMES, families
from tests.views.figures.frames import DAY, HOUR, MINUTE, happened, regular
from tests.views.figures.overlaps import troubles

# A figure takes long: what fails is told as it was drawn, not made smaller.
MANY = settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip
SIZES = st.sampled_from(((9.0, 5.2), (7.0, 5.5), (14.0, 6.0)))


def _well(axes: Axes) -> None:
    found = troubles(axes)
    pyplot.close("all")
    assert found == []


def _paper(size: tuple[float, float]) -> Axes:
    pyplot.close("all")
    return pyplot.subplots(figsize=size, layout="constrained")[1]


@MANY
@given(rows=families())
def test_the_life_of_any_family_is_readable(rows: pd.DataFrame) -> None:
    _well(life(rows))


@MANY
@given(rows=families(), other=families(), name=NAMES, size=SIZES)
def test_so_is_what_lies_behind_whatever_it_is_called(
    rows: pd.DataFrame, other: pd.DataFrame, name: str, size: tuple[float, float]
) -> None:
    _well(life(rows, _paper(size), behind=(name, other)))


@MANY
@given(predicted=families(), live=families())
def test_so_is_what_was_played_otherwise_than_predicted(predicted: pd.DataFrame, live: pd.DataFrame) -> None:
    _well(played(predicted, live))


@MANY
@given(rows=families(), rotate_at=st.sampled_from((None, 1, 70, 100)), size=SIZES)
def test_so_is_the_rotation_of_any_family(rows: pd.DataFrame, rotate_at: int | None, size: tuple[float, float]) -> None:
    _well(rotation(rows, _paper(size), rotate_at=rotate_at))


@MANY
@given(
    leeways=st.lists(st.sampled_from((0, 1, 2, 3, 5, 10, 60, 300, 3600, 86400)), min_size=1, max_size=8, unique=True),
    share=st.sampled_from((0.0, 1e-6, 0.01, 0.5, 1.0)),
    leeway=st.sampled_from((None, 0.0, 0.5, 3.0, 3600.0)),
    cases=st.lists(NAMES, min_size=1, max_size=3, unique=True),
)
def test_so_is_any_race(leeways: list[int], share: float, leeway: float | None, cases: list[str]) -> None:
    rows = [
        {"leeway_seconds": each, "case": case, "sign_outs_per_month": share / 2, "low": share / 3, "high": share}
        for case in cases
        for each in leeways
    ]
    _well(race(pd.DataFrame(rows), leeway=leeway))


LONG = RefreshPolicy(ttl=180 * DAY, idle=30 * DAY, absolute=700 * DAY, rotate=Rotate.ALWAYS)


@pytest.mark.parametrize(
    ("policy", "every", "until"),
    [
        (RefreshPolicy(ttl=DAY, rotate=Rotate.ALWAYS), 23 * HOUR, 730 * DAY),
        (LONG, DAY, 730 * DAY),
        (LONG, HOUR * 6, 730 * DAY),
        (RefreshPolicy(idle=30 * MINUTE, absolute=10 * HOUR), 7 * MINUTE, 12 * HOUR),
        (RefreshPolicy(ttl=DAY), 25 * HOUR, 730 * DAY),
        (RefreshPolicy(), timedelta(seconds=1), timedelta(seconds=1500)),
    ],
)
def test_the_extremes_are_readable(policy: RefreshPolicy, every: timedelta, until: timedelta) -> None:
    rows = regular(policy, every, until)
    _well(life(rows, behind=(HOSTILE, regular(LONG, 7 * DAY, until))))
    _well(played(rows, rows))
    _well(rotation(rows, rotate_at=70))


def test_a_thousand_refusals_are_one_note() -> None:
    """Only refusals, of a thief who does not give up."""
    thief = [(DAY, Happening.THEFT)] + [(2 * DAY + number * HOUR, Happening.THIEF) for number in range(1000)]
    rows = happened(RefreshPolicy(ttl=DAY), thief)
    refused = rows[rows["answer"] == "refused"]
    repeated = pd.concat([refused] * 1000, ignore_index=True)
    _well(life(repeated))
    _well(rotation(repeated))


def test_a_long_reason_is_broken_into_lines() -> None:
    rows = happened(RefreshPolicy(ttl=DAY), [(day * DAY, Happening.REQUEST) for day in (1, 2)])
    rows.loc[rows["answer"] == "refused", "reason"] = "a reason that goes on and on, with $ and _ in it " * 8
    _well(life(rows))

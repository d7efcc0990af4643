"""No text of a figure of many users overlaps another one, is cut off, lies on the data or is too small."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from matplotlib import pyplot
from matplotlib.axes import Axes

from oidc_lab.domain.causes import CAUSES
from oidc_lab.views.figures import across, comparison, heat, survival, tradeoff
from tests.views.figures.drawn import HOSTILE, NAMES
from tests.views.figures.overlaps import troubles
from tests.views.figures.summaries import cells, costs, row, survived

# A figure takes long: what fails is told as it was drawn, not made smaller.
MANY = settings(
    max_examples=6, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip
SIZES = st.sampled_from((None, (7.0, 5.5), (14.0, 6.0)))
DAYS = st.sampled_from((0.0, 1 / 86400, 0.01, 0.5, 1.0, 7.0, 14.333, 90.0, 180.0, 364.0))
ENDED = st.sampled_from([cause for cause in CAUSES if cause])
NAMED = st.lists(NAMES, min_size=1, max_size=6, unique=True)


def _well(draw: Callable[[Axes | None], Axes], size: tuple[float, float] | None = None) -> None:
    pyplot.close("all")
    axes = None if size is None else pyplot.subplots(figsize=size, layout="constrained")[1]
    found = troubles(draw(axes))
    pyplot.close("all")
    assert found == []


@MANY
@given(names=NAMED, ended=st.lists(st.tuples(DAYS, ENDED), max_size=9), more=st.integers(0, 3), size=SIZES)
def test_who_is_still_signed_in_is_readable(names, ended, more, size):
    users = max(len(ended) + more, 1)
    frames = [survived(name, ended[: place + 1] if place else ended, users) for place, name in enumerate(names)]
    lines, endings = (pd.concat(parts) for parts in zip(*frames, strict=True))
    _well(lambda axes: survival(lines, endings, axes), size)


@MANY
@given(
    across_=st.sets(st.sampled_from((1, 2, 3, 7, 14, 30, 60, 90, 180)), min_size=1),
    up=st.lists(
        st.sampled_from(("never", "after_fraction", None, True, 0.5, HOSTILE, "W" * 40)), min_size=1, unique=True
    ),
    days=st.one_of(st.none(), DAYS),
    name=NAMES.filter(bool),
    present=st.sampled_from((None, 1, 5, 200)),
    size=SIZES,
)
def test_so_are_two_settings(across_, up, days, name, present, size):
    frame = cells(("refresh_token_ttl_in_days", across_), (name, up), lambda ttl, _: None if ttl > 30 else days)
    here = None if present is None else {"refresh_token_ttl_in_days": present, name: up[0]}
    _well(lambda axes: heat(frame, here, axes), size)
    turned = frame[[name, "refresh_token_ttl_in_days", "median_days", "never", "ended_by"]]
    _well(lambda axes: heat(turned, here, axes), size)


@MANY
@given(
    names=NAMED, told=st.lists(st.tuples(st.one_of(st.none(), DAYS), ENDED), min_size=6, max_size=6),
    doubts=st.sets(NAMES), size=SIZES,
)  # fmt: skip
def test_so_is_a_ranking_and_what_is_across_patterns(names, told, doubts, size):
    frame = pd.DataFrame([row(name, days, cause) for name, (days, cause) in zip(names, told, strict=False)])
    _well(lambda axes: comparison(frame, doubts, axes), size)
    several = pd.concat([frame, frame.assign(usage=HOSTILE), frame.assign(usage="x" * 80)])
    _well(lambda axes: across(several, doubts, axes), size)


@MANY
@given(
    names=NAMED, at=st.lists(st.tuples(DAYS, st.sampled_from((1.0, 1.1, 12.0, 365.0, 1e6))), min_size=6, max_size=6),
    chosen=st.sets(NAMES), size=SIZES,
)  # fmt: skip
def test_so_is_the_trade_off(names, at, chosen, size):
    frame = costs((name, *point) for name, point in zip(names, at, strict=False))
    _well(lambda axes: tradeoff(frame, chosen, axes), size)


@pytest.mark.parametrize("users", [1, 1_000_000])
def test_one_user_and_a_million_are_readable(users):
    """A million come as tallies, which are frames of the same size."""
    for ended in ([], [(1.0, "refresh_token_expired")], [(180.0, "grant_expired")]):
        frames = survived("spa", ended, users)
        _well(lambda axes, frames=frames: survival(*frames, axes))


def test_59_policies_are_readable():
    """As many as are shipped."""
    rng = np.random.default_rng(7)
    days, asked = np.exp(rng.uniform(-7, 5.9, 59)), np.exp(rng.uniform(0, 6, 59))
    frame = pd.DataFrame([
        row(f"policy-{place}", None if each > 100 else each, "refresh_token_idle", exposure_days=each / 2,
            sign_ins_per_year=asked[place])
        for place, each in enumerate(days)
    ])  # fmt: skip
    _well(lambda axes: comparison(frame, set(frame["policy"][::2]), axes))
    _well(lambda axes: tradeoff(frame, set(frame["policy"][::7]), axes))
    _well(lambda axes: across(frame, (), axes))
    frames = [survived(f"policy-{place}", [(each, "refresh_token_idle")], 2) for place, each in enumerate(days)]
    lines, endings = (pd.concat(parts) for parts in zip(*frames, strict=True))
    _well(lambda axes: survival(lines, endings, axes))


def test_two_figures_beside_each_other_are_readable():
    """A trainer may put them on one paper."""
    pyplot.close("all")
    _, (left, right) = pyplot.subplots(1, 2, figsize=(13, 5), layout="constrained")
    survival(*survived("spa", [(14.0, "refresh_token_expired")], 3), left)
    found = troubles(comparison(pd.DataFrame([row(f"p{each}", 9.0 + each) for each in range(30)]), ["p3"], right))
    pyplot.close("all")
    assert found == []

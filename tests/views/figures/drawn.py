"""Rows frames of any family: what hypothesis draws figures of."""

from datetime import timedelta

import pandas as pd
from hypothesis import strategies as st

from oidc_lab.domain.happening import Happening
from oidc_lab.domain.refresh_parameters import Anchor, LeewayAnswer, OnReuse, RefreshPolicy, Renew, Rotate
from tests.views.figures.frames import DAY, HOUR, MINUTE, happened

_SHORT = (timedelta(seconds=30), 30 * MINUTE, 10 * HOUR, DAY)
LIFETIMES = st.sampled_from((None, *_SHORT, 14 * DAY, 180 * DAY))
GAPS = st.sampled_from((timedelta(0), timedelta(seconds=1), 20 * MINUTE, 8 * HOUR, DAY, 13 * DAY, 90 * DAY))
HOSTILE = "$a_b$ <b>&amp; שלום مرحبا 日本 _x^2 \\frac{1}{2}"
NAMES = st.sampled_from(("strict", "", "_", "$", HOSTILE, "W" * 70, "a provider with a long name " * 4, "שלום"))


@st.composite
def policies(draw: st.DrawFn) -> RefreshPolicy:
    """Any policy, also one that issues nothing."""
    rotate = draw(st.sampled_from((Rotate.NEVER, Rotate.ALWAYS, Rotate.AFTER_FRACTION)))
    return RefreshPolicy(
        issued=draw(st.sampled_from((True, True, True, True, False))),
        ttl=draw(LIFETIMES),
        idle=draw(LIFETIMES),
        absolute=draw(LIFETIMES),
        absolute_anchor=draw(st.sampled_from(Anchor)),
        renew=draw(st.sampled_from(Renew)),
        rotate=rotate,
        rotate_at=70 if rotate is Rotate.AFTER_FRACTION else 0,
        leeway=draw(st.sampled_from((timedelta(0), timedelta(seconds=10), HOUR))),
        leeway_answer=draw(st.sampled_from(LeewayAnswer)),
        on_reuse=draw(st.sampled_from(OnReuse)),
        logout_revokes=draw(st.booleans()),
        password_change_revokes=draw(st.booleans()),
        max_live=draw(st.sampled_from((None, 1))),
    )


@st.composite
def families(draw: st.DrawFn) -> pd.DataFrame:
    """The rows of any family: nothing happens, all at once, or over two years."""
    others = [each for each in Happening if each is not Happening.SIGN_IN]
    what = st.sampled_from([Happening.REQUEST] * 6 + others)
    steps = draw(st.lists(st.tuples(GAPS, what), max_size=12))
    times = draw(st.sampled_from((1, 1, 1, 4)))
    events, after = [], timedelta(0)
    for gap, each in steps * times:
        after += gap
        events.append((after, each))
    return happened(draw(policies()), events, offline=draw(st.booleans()))

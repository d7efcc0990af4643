"""What a figure of one family says in words: its conclusion, and what was refused and done."""

from textwrap import shorten
from typing import TYPE_CHECKING

from oidc_lab.domain.causes import CAUSES
from oidc_lab.domain.happening import By, Happening
from oidc_lab.views.figures.fit import length
from oidc_lab.views.figures.history import CLOCKS, over

if TYPE_CHECKING:
    import pandas as pd

CLOCK_WORDS = {
    "ttl": "the token's TTL", "idle": "idle time", "absolute": "the absolute lifetime", "grant": "the grant",
    "session": "the session",
}  # fmt: skip
_ASKED = {Happening.REQUEST.value, Happening.LOST_REPLY.value, Happening.TWO_TABS.value}


def life_says(rows: "pd.DataFrame", behind: "tuple[str, pd.DataFrame] | None") -> str:
    """The conclusion: for how long, with what, and what ended it; and for how long under the other rules."""
    end = over(rows)
    if end is not None and end[1] == "not_issued":
        says = "No refresh token is issued: the user signs in again whenever the application needs a token."
    elif end is None:
        last = float(rows["day"].max())
        since = f"Still signed in after {length(last)}" if last else "Signed in just now"
        says = f"{since}, with {_counts(rows)}; {_next(rows)}."
    else:
        says = f"Signed in for {length(end[0])}, with {_counts(rows)}; what ended it: {_cause(end[1])}."
    return says if behind is None else f"{says} {_other(behind[0], over(behind[1]), end)}"


def _counts(rows: "pd.DataFrame") -> str:
    tokens = rows["given"].dropna().nunique()
    answered = int((rows["what"].isin(_ASKED) & rows["given"].notna()).sum())
    return f"{counted(tokens, 'token')} and {counted(answered, 'answered request')}"


def counted(many: int, one: str) -> str:
    """So many of a thing: 1 token, 2 tokens."""
    return f"{many:,} {one if many == 1 else one + 's'}"


def _next(rows: "pd.DataFrame") -> str:
    last = rows.iloc[-1]
    if last["binds"] not in CLOCKS:
        return "no clock limits it"
    left = float(last[f"{last['binds']}_ends"]) - float(last["day"])
    return f"{CLOCK_WORDS[last['binds']]} runs out next, {length(max(left, 0))} later"


def _cause(cause: str) -> str:
    return CAUSES.get(cause) or shorten(cause, 100, placeholder=" …")


def _other(name: str, other: tuple[float, str] | None, end: tuple[float, str] | None) -> str:
    if other is None:  # and when it would end is not known
        return f"Under {name} still signed in{', too' if end is None else ''}."
    if other == end:
        return f"The same under {name}."
    if other[1] == "not_issued":
        return f"Under {name} no refresh token is issued."
    return f"Under {name} for {length(other[0])} ({_cause(other[1])})."


def refusal_says(what: str, by: str, reason: str, because: str) -> str:
    """A refused request, and why, in a few words."""
    cause = because if reason == "family_revoked" else reason
    who = {By.SECOND_TAB.value: "second tab ", By.SOMEBODY.value: f"{what} ", By.THIEF.value: "thief "}.get(by, "")
    lost = ", and the reply lost" if what == Happening.LOST_REPLY.value else ""
    return f"{who}refused{lost}: {_cause(cause)}"


def deed_says(what: str, answer: str) -> str:
    """A deed, and what came of it."""
    return f"{what}: {answer}" if what != Happening.THEFT.value else "the held token is stolen"

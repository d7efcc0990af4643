"""What a refresh token is said to die of is what made it refused: which clock, or what was done — RFC6749-6."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import event, given, settings
from hypothesis import strategies as st

from oidc_lab.domain.fate import Fate, clock_of, fate_of_refresh_token
from oidc_lab.domain.living import Cause
from oidc_lab.domain.refresh_parameters import LeewayAnchor, OnReuse, RefreshPolicy, Renew, Rotate, Supersede
from oidc_lab.domain.refresh_policy import Limit, decide
from oidc_lab.domain.tokens import Family, RefreshToken
from tests.domain.families import BEGIN, SECOND, TICK, family, token, used


@dataclass
class Story:
    """A family of refresh tokens, each under the number in which it was given out, and how each died in truth."""

    policy: RefreshPolicy
    tokens: list[RefreshToken]
    generations: dict[int, datetime]
    now: datetime = BEGIN
    deaths: dict[int, tuple[datetime, Cause]] = field(default_factory=dict)

    def wait(self, span: timedelta) -> None:
        """Let time pass, and see what that ends: a second at a time, so that each end is met."""
        for _ in range(span // SECOND):
            before = self._honoured()
            self.now += SECOND
            for number in before - self._honoured():
                said = decide(self.tokens[number], self.policy, self.now).refusal or ""
                self.deaths[number] = (self.now, clock_of(said) or Cause.LEEWAY)

    def use(self, number: int) -> None:
        """Send a token, whether it is honoured or not."""
        sent = self.tokens[number]
        decision = decide(sent, self.policy, self.now)
        if decision.refusal is None:
            kept, given = used(sent, decision, self.now)
            if decision.replaced:
                # A second successor of one token is the sibling of the first; the newest makes the family's generation.
                given = replace(given, generation=sent.generation + 1)
                newest = max(given.generation, sent.family.generation)
                shared = replace(kept.family, generation=newest)
                self.generations.setdefault(given.generation, self.now)
                self._ends(Cause.REPLACED, lambda: self._keep(number, kept, shared, given))
            else:
                self._ends(Cause.REPLACED, lambda: self._keep(number, kept, kept.family))
        elif decision.revokes is not OnReuse.REJECT:
            self.revoke("refresh_token_reused")

    def revoke(self, because: str = "grant_revoked") -> None:
        """End the family."""
        shared = self.tokens[0].family
        if shared.revoked_at is None:
            gone = replace(shared, revoked_at=self.now, revoked_because=because)
            self._ends(Cause.REVOKED, lambda: self._share(gone))

    def fates(self) -> list[Fate]:
        """What is said of each token."""
        return [fate_of_refresh_token(each, self.policy, self.generations) for each in self.tokens]

    def _ends(self, because: Cause, deed: Callable[[], None]) -> None:
        before = self._honoured()
        deed()
        self.deaths |= dict.fromkeys(before - self._honoured(), (self.now, because))

    def _keep(self, number: int, kept: RefreshToken, shared: Family, given: RefreshToken | None = None) -> None:
        self.tokens[number] = kept
        self.tokens += [given] if given else []
        self._share(shared)

    def _share(self, shared: Family) -> None:
        self.tokens = [replace(each, family=shared) for each in self.tokens]

    def _honoured(self) -> set[int]:
        return {at for at, each in enumerate(self.tokens) if decide(each, self.policy, self.now).refusal is None}


SPANS = st.sampled_from([None, 4 * SECOND, 9 * SECOND])
POLICIES = st.builds(
    RefreshPolicy,
    ttl=SPANS,
    renew=st.sampled_from(Renew),
    idle=SPANS,
    absolute=SPANS,
    rotate=st.sampled_from([Rotate.ALWAYS, Rotate.ALWAYS, Rotate.NEVER]),
    supersede=st.sampled_from([Supersede.REVOKE, Supersede.REVOKE, Supersede.KEEP]),
    leeway=st.sampled_from([timedelta(0), 3 * SECOND, 6 * SECOND]),
    leeway_anchor=st.sampled_from(LeewayAnchor),
    leeway_reuses=st.sampled_from([None, 0, 1]),
    leeway_depth=st.sampled_from([None, 0, 1, 2]),
    on_reuse=st.sampled_from(OnReuse),
    reuse_memory=st.sampled_from([None, 2 * SECOND]),
)
DEEDS = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 4)),
    st.tuples(st.just("use"), st.integers(0, 5)),
    st.tuples(st.just("use"), st.integers(0, 5)),
    st.tuples(st.just("revoke"), st.just(0)),
)


def begun(policy: RefreshPolicy) -> Story:
    """A family of one token."""
    return Story(policy, [token(policy, of=family())], {0: BEGIN})


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(policy=POLICIES, deeds=st.lists(DEEDS, max_size=9))
def test_each_token_dies_when_it_is_no_longer_honoured_and_of_what_came_then(
    policy: RefreshPolicy, deeds: list[tuple[str, int]]
) -> None:
    """RFC6749-6, RFC9700-4.14.2: with every leeway, also when it is taken away or its time ends within one."""
    story = begun(policy)
    for deed, which in deeds:
        if deed == "wait":
            story.wait(which * SECOND)
        elif deed == "use":
            story.use(which % len(story.tokens))
        else:
            story.revoke()
        for number, fate in enumerate(story.fates()):
            died = story.deaths.get(number)
            if died is not None:
                event(died[1])
                assert (fate.at, fate.because) == died
                continue
            assert fate.at is None or story.now < fate.at
            if fate.at is not None:
                kept = story.tokens[number]
                assert decide(kept, policy, fate.at - TICK).refusal is None
                assert decide(kept, policy, fate.at).refusal == fate.refusal


def test_a_token_that_is_used_up_or_left_behind_died_then_however_late_one_looks() -> None:
    """RFC9700-4.14.2: not when the leeway would have been over."""
    once = begun(RefreshPolicy(rotate=Rotate.ALWAYS, leeway=6 * SECOND, leeway_reuses=1, leeway_depth=None))
    behind = begun(RefreshPolicy(rotate=Rotate.ALWAYS, leeway=6 * SECOND))
    for story, number in ((once, 0), (behind, 1)):
        story.use(0)
        story.wait(2 * SECOND)
        story.use(number)
        for _ in range(3):
            assert (story.fates()[0].at, story.fates()[0].because) == (BEGIN + 2 * SECOND, Cause.REPLACED)
            story.wait(4 * SECOND)
            story.use(len(story.tokens) - 1)


def test_a_sibling_that_comes_too_late_for_any_leeway_dies_when_it_is_replaced() -> None:
    """RFC9700-4.14.2: not when it fell behind: nobody had used it until then, and it was honoured."""
    story = begun(RefreshPolicy(rotate=Rotate.ALWAYS, leeway=6 * SECOND))
    for number in (0, 0, 1, 3, 4):
        story.use(number)
    story.wait(2 * SECOND)
    story.use(2)
    assert (story.fates()[2].at, story.fates()[2].because) == (BEGIN + 2 * SECOND, Cause.REPLACED)


def test_every_clock_of_a_policy_has_its_cause() -> None:
    assert {each: clock_of(each.value) for each in Limit} == {each: Cause(each.name.lower()) for each in Limit}
    assert clock_of("refresh_token_reused") is None

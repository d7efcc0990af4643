"""What died of late, and of what: found by comparing one look with the next, put together by jumps — RFC6749-1.5."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from oidc_lab.domain.living import Cause, Death, Kind, Living

Move = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Jump:
    """A move of the clock, with what died on the way; or what died at one moment without one."""

    began_at: datetime
    at: datetime
    deaths: tuple[Death, ...]

    @property
    def moved(self) -> bool:
        """Whether this clock was moved; one that goes by itself is not."""
        return self.at > self.began_at

    @property
    def by_itself(self) -> bool:
        """Whether what died came to its end by itself, as time went by; else by what somebody did."""
        return all(_by_itself(each) for each in self.deaths)


class Deaths:
    """Everything that died since a moment, each thing once."""

    def __init__(self, since: datetime) -> None:
        self._looked_at = since
        self._known: dict[str, Living] = {}
        self._deaths: dict[str, Death] = {}

    @property
    def looked_at(self) -> datetime:
        """When things were noted last; what ended before is known."""
        return self._looked_at

    def note(self, living: Sequence[Living], ended: Sequence[Death], now: datetime) -> None:
        """Note what lives, and what ended since the last time; the latter may hold what ended before that."""
        alive, dead = {each.key for each in living}, {each.of.key for each in ended}
        for back in alive & self._deaths.keys():  # other rules may give back what they took
            del self._deaths[back]
        fresh = [self._dated(each, now) for each in ended if self._is_news(each)]
        accounted = alive | dead | self._deaths.keys()
        for each in self._known.values():
            if each.key not in accounted and each.kind is not Kind.ID_TOKEN:
                fresh.append(_gone(each, fresh, now))
        self._deaths |= {each.of.key: each for each in fresh}
        self._looked_at, self._known = now, {each.key: each for each in living}

    def by_jumps(self, moves: Sequence[Move]) -> tuple[Jump, ...]:
        """The moves of a clock with what died on the way, and what died besides, by moments; newest first."""
        passed, besides = defaultdict[int, list[Death]](list), defaultdict[tuple[datetime, bool], list[Death]](list)
        for death in sorted(self._deaths.values(), key=lambda each: (each.at, each.of.kind.one, each.of.said)):
            place = bisect_left(moves, death.at, key=lambda move: move[1])
            if _by_itself(death) and place < len(moves) and moves[place][0] < death.at:
                passed[place].append(death)
            else:  # a deed, a clock that nobody moves, or a move that is remembered no more
                besides[death.at, _by_itself(death)].append(death)
        jumps = [Jump(began_at=move[0], at=move[1], deaths=tuple(passed[place])) for place, move in enumerate(moves)]
        jumps += [Jump(began_at=at, at=at, deaths=tuple(deaths)) for (at, _), deaths in besides.items()]
        return tuple(sorted(jumps, key=lambda jump: (jump.at, not jump.moved, not jump.by_itself), reverse=True))

    def _is_news(self, death: Death) -> bool:
        # That a code is redeemed at once goes without saying.
        return death.of.key in self._known or (death.at >= self._looked_at and death.because is not Cause.USED)

    def _dated(self, death: Death, now: datetime) -> Death:
        """It may have lived at the last look though it ended before that by the rules of today."""
        if death.at >= self._looked_at or death.of.key not in self._known:
            return death
        return replace(death, at=now, detail=death.detail or "rules_changed")


def _gone(thing: Living, fresh: Sequence[Death], now: datetime) -> Death:
    """It is not kept any more: with its grant or session, say, or because somebody deleted it."""
    if thing.ends_at is not None and thing.because is not None and thing.ends_at <= now:
        return Death(of=thing, at=thing.ends_at, because=thing.because)
    for name in ("grant_id", "sid"):
        known = getattr(thing, name)
        for each in fresh:
            if known and each.because is Cause.REVOKED and getattr(each.of, name) == known:
                return Death(of=thing, at=each.at, because=Cause.REVOKED, detail=each.detail)
    return Death(of=thing, at=now, because=Cause.GONE)


def _by_itself(death: Death) -> bool:
    return death.because.by_clock and death.detail != "rules_changed"

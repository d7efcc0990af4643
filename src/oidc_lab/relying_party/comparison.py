"""Lays two ways of a run beside each other and names what is not the same — OIDCC-3.1.1."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from oidc_lab.domain.shown import Shown
from oidc_lab.relying_party.branches import Branch
from oidc_lab.relying_party.contents import PLACES, Part, contents
from oidc_lab.relying_party.message import split
from oidc_lab.relying_party.told import told
from oidc_lab.relying_party.trace import Exchange


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same: `where` it stands, its name, its value on either side (None: not there)."""

    where: str
    name: str
    one: str | None
    other: str | None

    def __str__(self) -> str:
        one, other = self.sides
        return f"{self.where}: {self.name} is {one} in one and {other} in the other"

    @property
    def sides(self) -> tuple[str, str]:
        """Either side in words, as it may be told."""
        return _said(self.name, self.one), _said(self.name, self.other)


@dataclass(frozen=True)
class Row:
    """Two messages side by side, with their numbers from 1; None where one side has none."""

    one: Exchange | None
    other: Exchange | None
    number_of_one: int | None = None
    number_of_other: int | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def same(self) -> bool:
        """Whether both sides have this message, with the same answer."""
        return self.one is not None and self.other is not None and not self.differences

    @property
    def title(self) -> str:
        """What the message is for."""
        titles = dict.fromkeys(each.step.title for each in (self.one, self.other) if each is not None)
        return "; in the other branch: ".join(titles)


@dataclass(frozen=True)
class Comparison(Shown):
    """Two branches, message by message; `one` and `other` are their names."""

    one: str
    other: str
    rows: tuple[Row, ...]

    @property
    def first(self) -> Row | None:
        """The first row that is not the same on both sides; None when all are."""
        return next((each for each in self.rows if not each.same), None)

    @property
    def sentence(self) -> str:
        """Where the two part, in words."""
        first = self.first
        if first is None:
            return f"branches {self.one} and {self.other} are the same, message by message"
        number = first.number_of_one or first.number_of_other
        where = f"message {number}, {first.title}"
        if not first.differences:
            return f"{where}: only branch {self.other if first.one is None else self.one} has it"
        each = first.differences[0]
        here, there = each.sides
        return f"{where}: {each.name} ({each.where}) is {here} in branch {self.one} and {there} in branch {self.other}"

    def __repr__(self) -> str:
        return self.sentence


def compared(one: Branch, other: Branch) -> Comparison:
    """Two branches beside each other: what they share first, then what is about the same thing in both."""
    rows = _rows(one.trace.exchanges, other.trace.exchanges)
    return Comparison(one.name, other.name, tuple(rows))


def _rows(ones: Sequence[Exchange], others: Sequence[Exchange]) -> Iterator[Row]:
    shared = _shared(ones, others)
    for place in range(shared):
        yield _row(ones, others, place, place)
    mine, theirs = [_subject(each) for each in ones[shared:]], [_subject(each) for each in others[shared:]]
    for _, start, stop, begin, end in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        for here, there in zip_longest(range(start + shared, stop + shared), range(begin + shared, end + shared)):
            yield _row(ones, others, here, there)


def _row(ones: Sequence[Exchange], others: Sequence[Exchange], here: int | None, there: int | None) -> Row:
    one, other = None if here is None else ones[here], None if there is None else others[there]
    number, number_there = None if here is None else here + 1, None if there is None else there + 1
    return Row(one, other, number, number_there, differences(one, other))


def _shared(ones: Sequence[Exchange], others: Sequence[Exchange]) -> int:
    pairs = enumerate(zip(ones, others, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(ones), len(others)))


def differences(one: Exchange | None, other: Exchange | None) -> tuple[Difference, ...]:
    """What is not the same in two messages and their answers: what tells most comes first."""
    if one is None or other is None or one == other:
        return ()
    mine, theirs = contents(one), contents(other)
    found = [place for place in {**mine, **theirs} if mine.get(place) != theirs.get(place)]
    return tuple(Difference(*place, mine.get(place), theirs.get(place)) for place in sorted(found, key=_rank))


def _rank(place: Part) -> int:
    return next(rank for rank, where in enumerate(PLACES) if place[0].startswith(where))


def _subject(exchange: Exchange) -> tuple[str, str, str]:
    """What a message is about, by which those of two branches are laid beside each other."""
    return exchange.step.title, exchange.request.method, split(exchange.request.url).path


def _said(name: str, value: str | None) -> str:
    return "missing" if value is None else repr(told(name, value))

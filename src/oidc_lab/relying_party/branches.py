"""The ways that a run was taken: what was sent on each, and where they part — OIDCC-3.1.1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from oidc_lab.relying_party.choices import Choices
from oidc_lab.relying_party.trace import Exchange, Refusal, Step, Trace


@dataclass(frozen=True)
class Sent:
    """A message that went: where both sides stood before, the step as the flow built it, as it was due, its fate."""

    place: Any
    built: Step
    due: Step
    exchange: Exchange

    @property
    def changed(self) -> bool:
        """Whether it went otherwise than the flow built it."""
        return self.built.request != self.due.request


Path = tuple[Sent, ...]


@dataclass(frozen=True, repr=False)
class Branch:
    """One way that a run was taken, as far as it was.

    `forked_at` is the number of messages that it shares with `parent`, the name of the branch it left ("" for a first
    one). `ended` says how it ended, "" when it can go on. `built` has the messages that were changed before they went,
    by their place in the trace, as the flow had built them.
    """

    name: str
    trace: Trace
    choices: Choices
    parent: str = ""
    forked_at: int = 0
    ended: str = ""
    built: Mapping[int, Step] = field(default_factory=dict)

    def __repr__(self) -> str:
        number = len(self.trace.exchanges)
        from_parent = f", from branch {self.parent} after message {self.forked_at}" if self.parent else ""
        return (
            f"branch {self.name}: {number} message{'s' if number != 1 else ''}, {self.ended or 'goes on'}{from_parent}"
        )


@dataclass
class Line:
    """A branch as it is kept, with what it takes to return to it."""

    name: str
    choices: Choices
    parent: str = ""
    forked_at: int = 0
    path: Path = ()
    title: str = ""
    refusal: Refusal | None = None
    ended: str = ""

    def branch(self) -> Branch:
        """What is shown of it."""
        trace = Trace(self.title, tuple(each.exchange for each in self.path), self.refusal)
        return Branch(self.name, trace, self.choices, self.parent, self.forked_at, self.ended, built_of(self.path))

    def begins_like(self, path: Path) -> bool:
        """Whether this line and a path are the same as far as the shorter one goes."""
        return all(one.exchange == other.exchange for one, other in zip(self.path, path, strict=False))


class Lines(Sequence[Line]):
    """All ways that were taken; `here` is the present one."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self.here = 0

    def __getitem__(self, index: Any) -> Any:
        return self._lines[index]

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def present(self) -> Line:
        """The line that the run is on."""
        return self._lines[self.here]

    def clear(self) -> None:
        """Forget them all."""
        self._lines, self.here = [], 0

    def begin(self, choices: Choices) -> None:
        """Begin at a place of its own; nothing of it was sent yet."""
        self._drop_unsent()
        self._add(choices)

    def follow(self, path: Path) -> Line:
        """Give the line that a path, one message longer than what is shared with the present line, is on now.

        That is the present one when nothing differs, another one that went the same way before, or a new one.
        """
        present, sent = self.present, len(path) - 1
        if not _parts(present, path):
            return self._grown(present, path)
        for place, each in enumerate(self._lines):
            if each.begins_like(path):
                self.here = place
                return self._grown(each, path)
        return self._grown(self._add(present.choices, present.name, sent), path)

    def switch(self, index: int) -> Line:
        """Make another line the present one."""
        chosen: Line = self._lines[index]
        self._drop_unsent(but=chosen)
        self.here = self._lines.index(chosen)
        return chosen

    def _grown(self, line: Line, path: Path) -> Line:
        if len(path) >= len(line.path):
            line.path = path
        return line

    def _add(self, choices: Choices, parent: str = "", forked_at: int = 0) -> Line:
        name = 1 + max((int(each.name) for each in self._lines), default=0)
        self._lines.append(Line(str(name), choices, parent, forked_at))
        self.here = len(self._lines) - 1
        return self._lines[-1]

    def _drop_unsent(self, but: Line | None = None) -> None:
        """Nobody can return to where nothing was sent: what was there is not known."""
        self._lines = [each for each in self._lines if each.path or each is but]


def built_of(path: Path) -> Mapping[int, Step]:
    """The messages that were changed before they went, by their place, as the flow had built them."""
    return {place: each.built for place, each in enumerate(path) if each.changed}


def _parts(line: Line, path: Path) -> bool:
    """Whether a path leaves a line with its last message; it is known to be the same before."""
    place = len(path) - 1
    return place < len(line.path) and line.path[place].exchange != path[place].exchange

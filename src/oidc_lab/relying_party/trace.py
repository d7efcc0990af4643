"""What passed between the parties of a run, complete and in order; pictures are made from it alone."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from oidc_lab.domain.refusal import Refused
from oidc_lab.domain.shown import Shown
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.ledger import Check
from oidc_lab.relying_party.message import Request, Response


@dataclass(frozen=True)
class Step(Shown):
    """A message that a flow wants sent: what it is for, its clause, from whom to whom.

    `by_hand` says that a person filled in the provider's page for it. Who sends the same otherwise sends the same.
    """

    title: str
    clause: str
    request: Request
    sender: Party
    receiver: Party
    by_hand: bool = field(default=False, compare=False, repr=False)


@dataclass(frozen=True)
class Exchange(Shown):
    """A message that was sent, its answer, and the checks that both went through.

    `response` is None for what the browser brings to the application, and for what could not be sent. `refusals` is
    what the provider says in the lab's own channel about what it refused; it never passes over the wire. Neither
    does what it says of its own checks, which stand before the others.
    """

    step: Step
    response: Response | None
    at: datetime
    checks: tuple[Check, ...] = ()
    refusals: tuple[Refused, ...] = ()

    @property
    def request(self) -> Request:
        """The request as it was sent."""
        return self.step.request

    @property
    def told(self) -> tuple[Check, ...]:
        """The checks that the provider tells of."""
        return tuple(each for each in self.checks if each.who is Party.PROVIDER)

    @property
    def own_checks(self) -> tuple[Check, ...]:
        """The checks of the run's own side: those of the relying party, and of a browser whose page calls."""
        return tuple(each for each in self.checks if each.who is not Party.PROVIDER)

    @property
    def truth(self) -> tuple[str, ...]:
        """The refusals in words: code and true reason."""
        return tuple(f"{each.refusal.code}: {each.refusal.truth}" for each in self.refusals)


@dataclass(frozen=True)
class Refusal:
    """How a run ended early."""

    who: Party
    error: str
    description: str


@dataclass(frozen=True)
class Trace(Shown):
    """The exchanges of one run. Two runs from one seed give the same trace, byte for byte."""

    title: str
    exchanges: tuple[Exchange, ...] = ()
    refusal: Refusal | None = None

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every check of the run's own side; the provider's stand at each exchange."""
        return tuple(check for exchange in self.exchanges for check in exchange.own_checks)

    def to_json(self) -> str:
        """The whole trace as text, the same on every machine and Python version."""
        return json.dumps(asdict(self), default=_plain, indent=1, ensure_ascii=True)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a trace")

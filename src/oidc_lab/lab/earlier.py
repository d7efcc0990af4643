"""The earlier runs of a bench whose tokens another flow can use — RFC6749-6."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from oidc_lab.domain.span import when
from oidc_lab.lab.history import History
from oidc_lab.relying_party.choices import Choices, FlowKind
from oidc_lab.relying_party.flow import Bench, SignedIn
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.token import Tokens

# By the clause of the message that brought the tokens.
_SAID = {
    "OIDCC-3.1.3.1": "{user} signed in to {application}",
    "OIDCC-12.1": "{application} refreshed the tokens of {user}",
    "RFC6749-4.4.2": "{application} got a token of its own",
}
# Flows of the application alone: whose tokens they are does not matter.
WITHOUT_USER = frozenset({FlowKind.CLIENT_CREDENTIALS, FlowKind.INTROSPECTION, FlowKind.REVOCATION})


@dataclass(frozen=True)
class Earlier:
    """A run that gave tokens; `user` is "" when it was about none."""

    key: str
    run: Run
    said: str
    at: datetime
    user: str

    @property
    def tokens(self) -> Tokens:
        """What it gave."""
        result: SignedIn | Tokens = self.run.result
        return result.tokens if isinstance(result, SignedIn) else result

    def label(self, application: str, now: datetime) -> str:
        """What it was, and when."""
        return f"{self.said.replace('{application}', application)}, {when(self.at, now)}"


def earlier_runs(history: History, choices: Choices, *, of_anybody: bool = False) -> list[Earlier]:
    """The runs of the chosen application, and of the chosen user where that matters, that gave tokens; newest first."""
    found = list(_with_tokens(history, choices.application))
    if not (of_anybody or choices.flow in WITHOUT_USER):
        found = [each for each in found if each.user == choices.user]
    # Of two at one moment the one that began later is the newer.
    return sorted(found, key=lambda each: each.at)[::-1]


def _with_tokens(history: History, application: str) -> Iterator[Earlier]:
    for run in history:
        desk = history.desk(run)
        if not run.finished or desk.registration.client_id != application:
            continue
        if not isinstance(run.result, SignedIn | Tokens):
            continue
        exchanges = run.trace.exchanges
        said = next((_SAID[each.step.clause] for each in exchanges if each.step.clause in _SAID), None)
        if said is not None:
            name, sub = (desk.persona.name, desk.persona.sub) if isinstance(desk, Bench) else ("", "")
            yield Earlier(history.key(run), run, said.replace("{user}", name), exchanges[-1].at, sub)

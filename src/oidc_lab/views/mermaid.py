"""Writes a trace as Mermaid text, which many code hosts draw where it stands in a fenced block."""

from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.trace import Exchange, Trace
from oidc_lab.views import checks, lanes, wording

_NAMES = {Party.BROWSER: "browser", Party.RELYING_PARTY: "relying_party", Party.PROVIDER: "provider", Party.API: "api"}
# Everything else is written as a character code: `;` and `#` end a statement, `%%{` begins a directive.
_PLAIN = frozenset(" _./:?=,()-→…✓✗○'")
_MOST = 72


def mermaid(of: Trace | Run) -> str:
    """Write a trace as a Mermaid sequence diagram."""
    trace = of.trace if isinstance(of, Run) else of
    rows = ["sequenceDiagram", f"title {_text(trace.title)}"]
    parties = lanes.present(trace, None)
    rows += [f"participant {_NAMES[party]} as {party.value}" for party in parties]
    across = f"{_NAMES[parties[0]]},{_NAMES[parties[-1]]}"
    for number, exchange in enumerate(trace.exchanges, 1):
        rows += [f"Note over {across}: {_text(waited)}" for waited in [wording.later(trace, number)] if waited]
        rows += _exchange(number, exchange)
    if trace.refusal is not None:
        said = f"{wording.refused(trace.refusal)}: {trace.refusal.description}".rstrip(" :")
        rows.append(f"Note over {_NAMES[trace.refusal.who]}: ✗ {_text(said)}")
    return "\n    ".join(rows) + "\n"


def _exchange(number: int, exchange: Exchange) -> list[str]:
    step = exchange.step
    sender, receiver = _NAMES[step.sender], _NAMES[step.receiver]
    rows = [f"{sender}->>{receiver}: {number}. {_text(wording.label(step.request, _MOST))}"]
    if exchange.response is not None:
        rows.append(f"{receiver}-->>{sender}: {_text(wording.answer(exchange.response, _MOST))}")
    if note := checks.summary(exchange.checks):
        rows.append(f"Note over relying_party: {_text(note)}")
    rows += [f"Note over provider: not on the wire: {_text(truth)}" for truth in exchange.truth]
    return rows


def _text(said: str) -> str:
    one = " ".join(said.split())
    return "".join(each if each.isalnum() or each in _PLAIN else f"#{ord(each)};" for each in one)

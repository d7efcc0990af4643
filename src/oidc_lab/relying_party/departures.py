"""Says in a few words what was done differently on a way that a run was taken — OIDCC-3.1.1."""

from collections.abc import Sequence

from oidc_lab.relying_party.branches import Branch
from oidc_lab.relying_party.comparison import Difference, differences
from oidc_lab.relying_party.contents import SENT
from oidc_lab.relying_party.told import told

# As long as what is read at a glance: a decision, no verifier.
_SHORT = 16


def departure(branch: Branch, branches: Sequence[Branch]) -> str:
    """What was sent otherwise than on the branch that this one left; on a first one, otherwise than the flow built it.

    Where nothing was sent otherwise, the first thing that came otherwise.
    """
    parent = next((each for each in branches if branch.parent and each.name == branch.parent), None)
    if parent is None:
        return _of_the_first(branch)
    place, sent, left = branch.forked_at, branch.trace.exchanges, parent.trace.exchanges
    if not place < min(len(sent), len(left)):
        return "goes on otherwise"
    found = differences(left[place], sent[place])
    if not found:
        return "the same so far"
    # What was changed by hand there and is sent as the flow built it here was changed there alone.
    undone = place in parent.built and place not in branch.built and found[0].where in SENT
    return f"{found[0].name} unchanged" if undone else _said(found[0])


def _of_the_first(branch: Branch) -> str:
    for place, built in sorted(branch.built.items()):
        sent = branch.trace.exchanges[place].step.request
        names = {**built.request.parameters, **sent.parameters}
        for name in names:
            one, other = built.request.parameters.get(name), sent.parameters.get(name)
            if one != other:
                return _said(Difference("request", name, one, other))
        return f"message {place + 1} changed"
    return "as the flow built it"


def _said(found: Difference) -> str:
    if found.where not in SENT:
        return "at another time" if found.where == "time" else f"another {found.name} ({found.where})"
    if found.other is None:
        return f"without {found.name}"
    short = len(found.other) <= _SHORT and told(found.name, found.other) == found.other
    return f"{found.name}={found.other}" if short else f"{found.name} {'added' if found.one is None else 'changed'}"

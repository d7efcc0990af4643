"""Shows the refresh-token policy of a provider with its sources, and with every doubt in words — RFC6749-6.

A value that is not established has a question mark and says so wherever it stands; no doubt is shown by colour alone.
"""

from collections.abc import Iterable, Mapping

from oidc_lab.domain.policy_parameter import DOUBT, MEANING, NOT_ESTABLISHED, matters, shown, spelled, value
from oidc_lab.domain.policy_words import sentences
from oidc_lab.domain.provider_policy import Allowed, ClientKind, ProviderPolicy, Source
from oidc_lab.views import html

# What is part of a card, in its order, and how it is headed.
_NOTES, _OPEN, _BEYOND = "Notes", "What is not established", "What these parameters cannot say"
_READ = "Where it was read"

_FOR: Mapping[ClientKind, str] = {
    ClientKind.ANY: "any application",
    ClientKind.CONFIDENTIAL: "a confidential application",
    ClientKind.SPA: "a single page application, which is public",
    ClientKind.NATIVE: "a native application, which is public",
}
_BOUND: Mapping[bool | None, str] = {
    True: ", its tokens bound to a key",
    False: ", its tokens not bound to a key",
    None: "",
}
_NARROW = "overflow-wrap:anywhere;min-width:9em"
_WIDE = "max-width:46em"  # lines of sentences that the eye finds back from


def policy_view(policy: ProviderPolicy) -> dict[str, str]:
    """What a notebook shows of a policy."""
    return {"text/plain": policy_text(policy), "text/html": show_policy(policy)}


def show_policy(policy: ProviderPolicy) -> str:
    """Show what it does, each parameter, where that was read, and what is not known."""
    return html.card(
        f"<div><b>{html.text(policy.title)}</b> {html.quiet(html.code(policy.policy_id))}</div>"
        + _lines([_whose(policy), _how_sure(policy)])
        + html.part("What it does", _lines(sentences(policy)))
        + html.part("Parameters", _parameters(policy))
        + html.part(_OPEN, _lines(_open(policy)))
        + html.part(_BEYOND, _lines(policy.not_expressible))
        + html.part(_NOTES, _lines(_notes(policy)))
        + html.part(_READ, html.table(map(_source, policy.sources), ("source", "what stood there", "how it was read")))
    )


def policy_text(policy: ProviderPolicy) -> str:
    """A policy in plain lines."""
    parts: list[tuple[str, Iterable[str]]] = [
        ("What it does", sentences(policy)),
        ("Parameters", [line for name in _deciding(policy) for line in _parameter_lines(policy, name)]),
        (_OPEN, _open(policy)),
        (_BEYOND, policy.not_expressible),
        (_NOTES, _notes(policy)),
        (_READ, [line for source in policy.sources for line in _source_lines(source)]),
    ]
    lines = [f"{policy.title} ({policy.policy_id})", _whose(policy), _how_sure(policy)]
    for heading, said in parts:
        lines += [heading, *(f"    {each}" for each in said)] if said else []
    return "\n".join(lines)


def _whose(policy: ProviderPolicy) -> str:
    return f"For {_FOR[policy.client]}{_BOUND[policy.sender_constrained]}."


def _how_sure(policy: ProviderPolicy) -> str:
    second_hand = "; nothing was read in the source itself" if policy.second_hand else ""
    doubt = f"{DOUBT} " if policy.doubtful else ""
    return f"{doubt}{policy.confidence.value}: {policy.confidence.words}{second_hand}."


def _open(policy: ProviderPolicy) -> list[str]:
    silent = [name for name in MEANING if name not in policy.unverified and shown(policy, name) == NOT_ESTABLISHED]
    return [f"{DOUBT} {each}" for each in (*policy.doubts, *silent)]


def _notes(policy: ProviderPolicy) -> list[str]:
    lifetimes = ", ".join(f"{name} {spelled(length)}" for name, length in policy.session.items())
    session = ": ".join(each for each in (lifetimes, policy.session_note) if each)
    return [each for each in (policy.notes, f"The provider's own session: {session}" if session else "") if each]


def _deciding(policy: ProviderPolicy) -> list[str]:
    return [name for name in MEANING if name in policy.unverified or matters(policy.policy, name)]


def _parameters(policy: ProviderPolicy) -> str:
    deciding = _deciding(policy)
    table = html.table([_parameter(policy, name) for name in deciding], ("parameter", "value", "what it settles"))
    idle = [(html.code(name), html.code(value(policy.policy, name))) for name in MEANING if name not in deciding]
    return table + (html.fold(f"{len(idle)} that decide nothing beside these", html.table(idle)) if idle else "")


def _parameter(policy: ProviderPolicy, name: str) -> tuple[str, str, str]:
    doubt = f"<div>{html.text(said)}</div>" if (said := _doubt(policy, name)) else ""
    allowed = f"<div>{html.quiet(html.text(_allowed(policy.allowed[name])))}</div>" if name in policy.allowed else ""
    named = f'<div style="{_NARROW}"><b>{html.text(name)}</b></div>'
    return named, html.code(shown(policy, name)) + doubt + allowed, html.text(MEANING[name])


def _parameter_lines(policy: ProviderPolicy, name: str) -> list[str]:
    doubt = f"; {said}" if (said := _doubt(policy, name)) else ""
    allowed = f"; {_allowed(policy.allowed[name])}" if name in policy.allowed else ""
    return [f"{name}: {shown(policy, name)}{doubt}{allowed}", f"    {MEANING[name]}"]


def _doubt(policy: ProviderPolicy, name: str) -> str:
    """What is said beside a value that is not established, unless the value says it by itself."""
    remark = policy.unverified.get(name)
    if remark:
        return f"{NOT_ESTABLISHED}: {remark}"
    return "" if remark is None or shown(policy, name).startswith(NOT_ESTABLISHED) else NOT_ESTABLISHED


def _allowed(allowed: Allowed) -> str:
    if isinstance(allowed, str):
        return f"can be set: {allowed}"
    least, most = map(spelled, allowed)
    return f"can be set from {least} to {most}"


def _source(source: Source) -> tuple[str, str, str]:
    title = html.text(source.title)
    linked = f'<a href="{html.text(source.url)}">{title}</a>' if source.url.startswith("https://") else title
    return linked, html.text(source.figure), html.text(_reading(source))


def _source_lines(source: Source) -> list[str]:
    return [f"{source.title}: {source.figure}", f"    {source.url}", f"    {_reading(source)}"]


def _reading(source: Source) -> str:
    inferred = "; this address is inferred" if source.address_inferred else ""
    return f"{source.confidence.value}: {source.confidence.words}{inferred}"


def _lines(sentences: Iterable[str]) -> str:
    return "".join(f'<div style="{_WIDE}">{html.text(each)}</div>' for each in sentences)

"""Shows what is picked before a flow begins: only what the flow has, each under its name — OIDCC-3.1.2.1."""

from collections.abc import Iterable

from oidc_lab.relying_party.choices import Choices, FlowKind, Option, Options
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.views import html
from oidc_lab.views.controls import choice, row, text_field, tick

_WITH_SCOPES = (FlowKind.SIGN_IN, FlowKind.REFRESH, FlowKind.CLIENT_CREDENTIALS)
_OF_A_TOKEN = (FlowKind.INTROSPECTION, FlowKind.REVOCATION)
_LABEL = "display:inline-flex;flex-direction:column;gap:1px;max-width:100%"
TICKS = {"agrees": "The user agrees when asked for consent", "by_hand": "I fill in the provider's pages myself"}
# A list to choose from: the choice it makes, its options, its label.
_MAIN = (("application", "applications", "Application"), ("user", "users", "User"))
_TOKENS = (("tokens_of", "earlier", "Tokens of"), ("token", "tokens", "Which token"))
_MORE = (
    ("response_mode", "response_modes", "Response mode"),
    ("redirect_uri", "redirect_uris", "Redirect URI"),
    ("origin", "origins", "Sent by a page of"),
    ("token_endpoint_auth_method", "methods", "Authentication method"),
)


def show_flows(model: Stepping, *, live: bool) -> str:
    """Show the flows to choose from."""
    if not live:
        return ""
    options, chosen = model.options(), model.choices.flow
    marks = "".join(_flow(value, shown, value == chosen) for value, shown in options.flows)
    if options.barred:
        barred = ((value, f"{shown} (not available)") for value, shown in options.barred)
        marks += "".join(_flow(value, shown, value == chosen, off=True) for value, shown in barred)
        marks += f'<span class="ol-quiet">{html.text(options.barred_because)}</span>'
    # Marks of one form belong together, those of another widget do not.
    form = f'<form class="ol-flows" onsubmit="return false">{marks}</form>'
    return f'<div role="radiogroup" aria-label="Flow">{form}</div>'


def show(model: Stepping, *, live: bool) -> str:
    """Show who takes part and what is asked for."""
    if not live:
        return html.table([(html.text(name), html.code(value)) for name, value in words(model)])
    picked, options = model.choices, model.options()
    fields = [*_lists(picked, options, _MAIN), *_lists(picked, options, _TOKENS)]
    if picked.flow in _OF_A_TOKEN and picked.token and picked.token not in dict(options.tokens):
        fields.append(_typed(picked, "token", "The token", "22em"))
    if picked.flow in _WITH_SCOPES:
        fields.append(_typed(picked, "scopes", "Scopes", "19em"))
    fields += _lists(picked, options, (("prompt", "prompts", "Prompt"),))
    return row(fields)


def show_more(model: Stepping, *, live: bool) -> str:
    """Show what is seldom picked, folded away until something of it is."""
    picked, options = model.choices, model.options()
    if not live:
        return ""
    fields, ticks = _lists(picked, options, _MORE), []
    if picked.flow == FlowKind.SIGN_IN:
        fields += [
            _typed(picked, "max_age", "Max age (seconds)", "9em"),
            _typed(picked, "login_hint", "Login hint", "11em"),
        ]
    if picked.flow in {FlowKind.SIGN_IN, FlowKind.SIGN_OUT}:
        ticks.append(tick("choose", "by_hand", TICKS["by_hand"], picked.by_hand, live=True))
    if picked.flow == FlowKind.SIGN_IN:
        ticks.append(tick("choose", "agrees", TICKS["agrees"], picked.agrees, live=True))
    inside = (row(fields) if fields else "") + (row(ticks) if ticks else "")
    is_open = " open" if _is_picked(picked) else ""
    return f"<details{is_open}><summary>More choices</summary>{inside}</details>" if inside else ""


def words(model: Stepping) -> list[tuple[str, str]]:
    """What was picked, by name, in words."""
    picked, options = model.choices, model.options()
    said = [("Flow", dict((*options.flows, *options.barred)).get(picked.flow, str(picked.flow)))]
    for name, known, label in (*_MAIN, *_TOKENS, ("prompt", "prompts", "Prompt"), *_MORE):
        value = str(getattr(picked, name))
        said.append((label, dict(getattr(options, known)).get(value, value) if value else ""))
    if picked.flow in _WITH_SCOPES:
        said.append(("Scopes", picked.scopes))
    said += [("Max age (seconds)", picked.max_age), ("Login hint", picked.login_hint)]
    said += [("Pages", TICKS["by_hand"])] if picked.by_hand else []
    said += [] if picked.agrees else [("Consent", "The user declines when asked for consent")]
    barred = ", ".join(shown for _, shown in options.barred)
    said += [("Not available", f"{barred}: {options.barred_because}")] if barred else []
    return [(name, value) for name, value in said if value]


def _flow(value: str, shown: str, chosen: bool, *, off: bool = False) -> str:
    checked = (" checked" if chosen else "") + (" disabled" if off else "")
    mark = (
        f'<input type="radio" name="flow" value="{html.text(value)}" data-do="choose" data-name="flow" data-on="change"'
    )
    return f"<label>{mark}{checked}> {html.text(shown)}</label>"


def _lists(picked: Choices, options: Options, of: Iterable[tuple[str, str, str]]) -> list[str]:
    return [_list(picked, name, label, shown) for name, known, label in of if (shown := getattr(options, known))]


def _list(picked: Choices, name: str, label: str, options: tuple[Option, ...]) -> str:
    value = str(getattr(picked, name))
    if value not in dict(options):
        options = ((value, value), *options)
    return _labelled(label, choice("choose", name, label, options, value, live=True))


def _typed(picked: Choices, name: str, label: str, width: str) -> str:
    field = text_field("choose", name, label, str(getattr(picked, name)), live=True, on="change", width=width)
    return _labelled(label, field)


def _labelled(label: str, control: str) -> str:
    return f'<label style="{_LABEL}"><span class="ol-quiet">{html.text(label)}</span>{control}</label>'


def _is_picked(picked: Choices) -> bool:
    usual, rare = Choices(), [name for name, _, _ in _MORE]
    return any(getattr(picked, name) != getattr(usual, name) for name in (*rare, "max_age", "login_hint", *TICKS))

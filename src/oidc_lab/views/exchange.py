"""Shows one message and its answer, taken apart: parameters, headers, tokens, checks — RFC9110-9, RFC9110-15."""

import base64
import json
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from oidc_lab.relying_party.message import Headers, Request, Response
from oidc_lab.relying_party.trace import Exchange, Step
from oidc_lab.views import checks as ledger
from oidc_lab.views import html, token, wording
from oidc_lab.views.parameters import PARAMETERS

_SOURCE_SHOWN = 1500
AMBER = "rgb(191,135,0)"


def show(exchange: Exchange) -> str:
    """Show an exchange opened."""
    return html.card(f"<div>{_heading(exchange.step)}</div>{body(exchange)}")


def body(exchange: Exchange) -> str:
    """Everything of an exchange but its title."""
    parts = [request(exchange.request)]
    if exchange.response is not None:
        parts.append(response(exchange.response))
    if exchange.checks:
        parts.append(html.part("The relying party checks", ledger.show(exchange.checks)))
    return "".join(parts) + truth(exchange.truth)


def step(due: Step) -> str:
    """Show a message that has not been sent yet."""
    return html.card(f"<div><b>Next:</b> {_heading(due)}</div>{request(due.request)}", AMBER)


def request(sent: Request) -> str:
    """Show a request taken apart."""
    address = urlsplit(sent.url)._replace(query="", fragment="").geturl()
    shown = html.part(f"Request {html.code(f'{sent.method} {address}')}", "<span></span>")
    pairs = wording.parameters(sent)
    shown += _pairs(pairs) + _credentials(sent.headers) + _headers(sent.headers)
    if sent.body and not pairs:
        shown += _json(sent.body) or html.block(sent.body)
    return shown + _tokens(pairs)


def response(received: Response) -> str:
    """Show a response taken apart."""
    status = f"{received.status} {wording.reason(received)}".strip()
    shown = html.part(f"Response {html.code(status)}", "<span></span>")
    target = received.header("Location")
    if target is not None:
        shown += _redirect(target)
    shown += _headers(received.headers)
    return shown + (_json(received.body) or _page(received.body, redirect=target is not None))


def truth(truths: Iterable[str]) -> str:
    """Show what the provider knows and does not say."""
    said = "".join(f"<div>{html.text(each)}</div>" for each in truths)
    head = "<b>The true reason</b>, by the lab's own channel; it did not go over the wire"
    return html.card(f"<div>{head}</div>{said}", AMBER) if said else ""


def _heading(due: Step) -> str:
    title = f"<b>{html.text(due.title)}</b> {html.clause(due.clause)}"
    return f"{title} {html.quiet(html.text(wording.between(due)))}"


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    rows = [(html.code(name), html.code(value), _meaning(name)) for name, value in pairs]
    return html.table(rows, ("parameter", "value", "meaning")) if rows else ""


def _meaning(name: str) -> str:
    said, clause = PARAMETERS.get(name, ("", ""))
    return f"{html.text(said)} {html.clause(clause)}" if clause else html.text(said)


def _tokens(pairs: Iterable[tuple[str, object]]) -> str:
    return "".join(token.show(name, value) for name, value in pairs if isinstance(value, str))


def _headers(headers: Headers) -> str:
    rows = [(html.text(name), html.code(value)) for name, value in headers]
    return html.fold(f"{len(rows)} header{'s' if len(rows) != 1 else ''}", html.table(rows)) if rows else ""


def _credentials(headers: Headers) -> str:
    value = next((value for name, value in headers if name.lower() == "authorization"), "")
    scheme, _, given = value.partition(" ")
    if scheme.lower() == "basic":
        return _basic(given)
    return token.show("Authorization: Bearer", given) if given else ""


def _basic(given: str) -> str:
    try:
        client, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except ValueError:
        return ""
    rows = [
        ("<code>client_id</code>", html.code(unquote_plus(client)), _meaning("client_id")),
        ("<code>client_secret</code>", html.code(unquote_plus(secret)), _meaning("client_secret")),
    ]
    return html.part("<code>Authorization: Basic</code> decoded", html.table(rows))


def _redirect(target: str) -> str:
    parts = urlsplit(target)
    address = parts._replace(query="", fragment="").geturl()
    pairs = [pair for each in (parts.query, parts.fragment) for pair in parse_qsl(each, keep_blank_values=True)]
    return f"<div>The browser is sent on to {html.code(address)}</div>{_pairs(pairs)}{_tokens(pairs)}"


def _json(source: str) -> str:
    try:
        said = json.loads(source)
    except ValueError:
        return ""
    pretty = html.block(json.dumps(said, indent=2, ensure_ascii=False))
    if not isinstance(said, dict):
        return pretty
    known = [(html.code(name), _meaning(name)) for name in said if name in PARAMETERS]
    return pretty + html.table(known) + _tokens(said.items()) if known else pretty + _tokens(said.items())


def _page(source: str, *, redirect: bool) -> str:
    if not source.strip() or redirect:
        return ""
    title = wording.page_title(source)
    size = f"{len(source.encode()) / 1000:.1f} kB"
    named = f"A page of {size}: <b>{html.text(title)}</b>" if title else f"A body of {size}"
    shown = (
        source if len(source) <= _SOURCE_SHOWN else f"{source[:_SOURCE_SHOWN]}\n… {len(source) - _SOURCE_SHOWN} more"
    )
    return f"<div>{named}</div>{html.fold('its source', html.block(shown))}"

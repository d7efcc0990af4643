"""Shows one message and its answer, taken apart: parameters, headers, tokens, checks — RFC9110-9, RFC9110-15."""

import base64
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, unquote_plus

from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.message import Headers, Request, Response, split
from oidc_lab.relying_party.trace import Exchange, Step
from oidc_lab.views import checks as ledger
from oidc_lab.views import html, token, wording
from oidc_lab.views.body import meaning, show_json, show_page, tokens
from oidc_lab.views.parameters import ORIGIN_HEADERS

AMBER = "rgb(191,135,0)"


def show(exchange: Exchange) -> str:
    """Show an exchange opened."""
    return html.card(f"<div>{_heading(exchange.step)}</div>{body(exchange)}")


def body(exchange: Exchange) -> str:
    """Everything of an exchange but its title."""
    parts = [request(exchange.request)]
    if exchange.response is not None:
        parts.append(response(exchange.response))
    for who in (Party.BROWSER, Party.RELYING_PARTY):
        made = [each for each in exchange.checks if each.who is who]
        parts.append(html.part(f"The {who} checks", ledger.show(made)))
    return "".join(parts) + truth(exchange.truth)


def step(due: Step) -> str:
    """Show a message that has not been sent yet."""
    return html.card(f"<div><b>Next:</b> {_heading(due)}</div>{request(due.request)}", AMBER)


def request(sent: Request) -> str:
    """Show a request taken apart."""
    address = split(sent.url)._replace(query="", fragment="").geturl()
    shown = html.heading(f"Request {html.code(f'{sent.method} {address}')}")
    pairs = wording.parameters(sent)
    shown += _pairs(pairs) + headers(sent)
    if sent.body and not pairs:
        shown += other_body(sent)
    return shown + tokens(pairs)


def headers(sent: Request) -> str:
    """Show the headers of a request: credentials and origins taken apart, the rest folded away."""
    return _credentials(sent.headers) + _about_origins(sent.headers) + _headers(sent.headers)


def other_body(sent: Request) -> str:
    """Show a body that is no form."""
    return show_json(sent.body) or html.block(sent.body)


def response(received: Response) -> str:
    """Show a response taken apart."""
    status = f"{received.status} {received.phrase}".strip()
    shown = html.heading(f"Response {html.code(status)}")
    target = received.header("Location")
    if target is not None:
        shown += _redirect(target)
    shown += _about_origins(received.headers) + _headers(received.headers)
    return shown + (show_json(received.body) or show_page(received.body, redirect=target is not None))


def truth(truths: Iterable[str]) -> str:
    """Show what the provider knows and does not say."""
    said = "".join(f"<div>{html.text(each)}</div>" for each in truths)
    head = f"<b>{wording.TRUTH}</b> (by the lab's own channel):"
    return html.card(f"<div>{head}</div>{said}", AMBER) if said else ""


def _heading(due: Step) -> str:
    title = f"<b>{html.text(due.title)}</b> {html.clause(due.clause)}"
    return f"{title} {html.quiet(html.text(wording.between(due)))}"


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    rows = [(html.code(name), html.code(value), meaning(name)) for name, value in pairs]
    return html.table(rows, ("parameter", "value", "meaning")) if rows else ""


def _headers(headers: Headers) -> str:
    rows = [(html.text(name), html.code(value)) for name, value in headers]
    return html.fold(f"{len(rows)} header{'s' if len(rows) != 1 else ''}", html.table(rows)) if rows else ""


def _about_origins(headers: Headers) -> str:
    """What says whether a page may call, which is otherwise folded away with the rest."""
    rows = []
    for name, value in headers:
        said, clause = ORIGIN_HEADERS.get(name.lower(), ("", ""))
        if said:
            rows.append((html.text(name), html.code(value), f"{html.text(said)} {html.clause(clause)}"))
    return html.table(rows, ("header", "value", "meaning")) if rows else ""


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
        ("<code>client_id</code>", html.code(unquote_plus(client)), meaning("client_id")),
        ("<code>client_secret</code>", html.code(unquote_plus(secret)), meaning("client_secret")),
    ]
    return html.part("<code>Authorization: Basic</code> decoded", html.table(rows))


def _redirect(target: str) -> str:
    parts = split(target)
    address = parts._replace(query="", fragment="").geturl()
    pairs = [pair for each in (parts.query, parts.fragment) for pair in parse_qsl(each, keep_blank_values=True)]
    return f"<div>The browser is sent on to {html.code(address)}</div>{_pairs(pairs)}{tokens(pairs)}"

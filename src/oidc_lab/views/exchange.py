"""Shows one message and its answer, taken apart: parameters, headers, tokens, checks — RFC9110-9, RFC9110-15."""

from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl

from oidc_lab.relying_party.credentials import HEADER, credentials_in
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.message import Headers, Request, Response, split
from oidc_lab.relying_party.trace import Exchange, Step
from oidc_lab.views import checks as ledger
from oidc_lab.views import html, wording
from oidc_lab.views.body import meaning, show_json, show_page, tokens, written
from oidc_lab.views.parameters import CREDENTIALS, ORIGIN_HEADERS

AMBER = "rgb(191,135,0)"

# What a redirect carries is the answer to a sign-in, if it is not that to a sign-out.
_BROUGHT, _LANDS = "OIDCC-3.1.2.5", {"OIDCRIL-2": "OIDCRIL-3", "OIDCRIL-3": "OIDCRIL-3"}


def show(exchange: Exchange) -> str:
    """Show an exchange opened."""
    return html.card(f"<div>{_heading(exchange.step)}</div>{body(exchange)}")


def body(exchange: Exchange) -> str:
    """Everything of an exchange but its title."""
    parts = [request(exchange.step)]
    if exchange.response is not None:
        parts.append(response(exchange.response, exchange.step.clause))
    for who in (Party.PROVIDER, Party.BROWSER, Party.RELYING_PARTY):
        made = [each for each in exchange.checks if each.who is who]
        parts.append(html.part(f"The {who} checks", ledger.show(made)))
    return "".join(parts) + truth(exchange.truth)


def step(due: Step) -> str:
    """Show a message that has not been sent yet."""
    return html.card(f"<div><b>Next:</b> {_heading(due)}</div>{request(due)}", AMBER)


def request(step: Step) -> str:
    """Show the request of a step taken apart."""
    sent = step.request
    address = split(sent.url)._replace(query="", fragment="").geturl()
    shown = html.heading(f"Request {html.code(f'{sent.method} {address}')}")
    pairs = wording.parameters(sent)
    shown += _pairs(pairs, step.clause) + _credentials(sent) + headers(sent.headers)
    if sent.body and not pairs:
        shown += other_body(sent)
    return shown + tokens(pairs)


def headers(sent: Headers) -> str:
    """Show headers: what is about origins taken apart, and all folded away."""
    return _about_origins(sent) + _headers(sent)


def other_body(sent: Request) -> str:
    """Show a body that is no form."""
    return show_json(sent.body) or html.block(sent.body)


def response(received: Response, where: str = "") -> str:
    """Show the response in the step of a clause taken apart."""
    status = f"{received.status} {received.phrase}".strip()
    shown = html.heading(f"Response {html.code(status)}")
    target = received.header("Location")
    if target is not None:
        shown += _redirect(target, where)
    shown += headers(received.headers)
    return shown + (show_json(received.body, where) or show_page(received.body, redirect=target is not None))


def truth(truths: Iterable[str]) -> str:
    """Show what the provider knows and does not say."""
    said = "".join(f"<div>{html.text(each)}</div>" for each in truths)
    head = f"<b>{wording.TRUTH}</b> (by the lab's own channel):"
    return html.card(f"<div>{head}</div>{said}", AMBER) if said else ""


def _heading(due: Step) -> str:
    title = f"<b>{html.text(due.title)}</b> {html.clause(due.clause)}"
    return f"{title} {html.quiet(html.text(wording.between(due)))}"


def _pairs(pairs: Sequence[tuple[str, str]], where: str) -> str:
    rows = [(html.code(name), html.code(value), meaning(name, where)) for name, value in pairs]
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


def _credentials(sent: Request) -> str:
    parts = credentials_in(sent)
    rows = [(html.code(name), html.code(value), credential(name)) for name, value in parts.items()]
    said = html.part(f"In the <code>{HEADER}</code> header", html.table(rows)) if rows else ""
    return said + tokens(parts.items())


def credential(name: str) -> str:
    """What a part of the Authorization header means, and where that stands."""
    return written(CREDENTIALS[name])


def _redirect(target: str, where: str) -> str:
    parts = split(target)
    address = parts._replace(query="", fragment="").geturl()
    pairs = [pair for each in (parts.query, parts.fragment) for pair in parse_qsl(each, keep_blank_values=True)]
    carried = _pairs(pairs, _LANDS.get(where, _BROUGHT)) + tokens(pairs)
    return f"<div>The browser is sent on to {html.code(address)}</div>{carried}"

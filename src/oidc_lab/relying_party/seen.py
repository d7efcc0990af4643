"""What the client can see of a refusal: a status, an error, a page; seldom the reason — RFC6749-5.2, RFC6750-3."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from oidc_lab.relying_party.browser import marked_texts
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.ledger import Verdict
from oidc_lab.relying_party.message import Response, get
from oidc_lab.relying_party.trace import Exchange, Trace

Pairs = tuple[tuple[str, str], ...]

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL | re.IGNORECASE)


def saw(trace: Trace, number: int) -> Iterator[tuple[str, str]]:
    """What the client could see of a message (counted from 1): status, error, page; by name."""
    exchange = trace.exchanges[number - 1]
    response = exchange.response
    if blocked(exchange):
        yield "the page's script", "Failed to fetch"
        return
    if response is None:
        brought = exchange.request.parameters
        if delivered(trace, number):
            yield "brought by the browser", ", ".join(brought) or "nothing"
            yield from _errors(brought)
        else:
            yield "answer", "none"
        return
    yield "status", f"{response.status} {response.phrase}".strip()
    told = list(_told_by(response))
    if delivered(trace, number + 1) and not any(name == "error" for name, _ in told):
        # A form that the browser posts to the application.
        told += _errors(trace.exchanges[number].request.parameters)
    yield from told


def _told_by(response: Response) -> Iterator[tuple[str, str]]:
    said, target = response.json(), response.header("Location")
    if isinstance(said, dict):
        yield from _errors(said)
    elif target is not None:
        yield from _errors(get(target).parameters)
    else:
        texts = marked_texts(response.body)
        yield from _errors(texts)
        words = texts.get("problem") or texts.get("what") or page_title(response.body)
        yield from [("page", words)] if words else []
    challenge = response.header("WWW-Authenticate")
    if challenge is not None:
        yield "WWW-Authenticate", challenge


def _errors(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((name, str(said[name])) for name in ("error", "error_description") if said.get(name))


def page_title(body: str) -> str | None:
    """The title of a page, without the name of the site."""
    found = _TITLE.search(body)
    return unescape(found[1]).split(" · ")[0].strip() if found else None


def blocked(exchange: Exchange) -> bool:
    """Whether the browser kept the answer from the page, which then knows neither status nor body."""
    return any(each.who is Party.BROWSER and each.verdict is Verdict.FAILED for each in exchange.checks)


def delivered(trace: Trace, number: int) -> bool:
    """Whether there is such a message (counted from 1), and the browser brought it to the application."""
    return number <= len(trace.exchanges) and trace.exchanges[number - 1].step.receiver is Party.RELYING_PARTY

"""Takes a message and its answer apart into named values, tokens included, so that two can be compared — RFC7519-4."""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from oidc_lab.relying_party.browser import marked_texts, page_title
from oidc_lab.relying_party.credentials import HEADER, credentials_in
from oidc_lab.relying_party.message import Request, Response, split
from oidc_lab.relying_party.trace import Exchange

# Where a value stands, and its name.
Part = tuple[str, str]

# In the order in which it happens, or in which it tells most.
PLACES = (
    "request", "Authorization header", "header of the request", "answer", "claim of", "check", "refusal",
    "header of the answer", "time",
)  # fmt: skip
# Those of what was sent: what came then follows from them.
SENT = PLACES[:3]

# Told by everything else.
_DULL = frozenset({"Content-Length", "Date"})


def contents(exchange: Exchange) -> Mapping[Part, str]:
    """Every value in a message, its answer, the checks and refusals it met, by where it stands and its name."""
    found: dict[Part, str] = dict(_request(exchange.request))
    if exchange.response is not None:
        found |= dict(_answer(exchange.response))
    found |= {("check", each.what): f"{each.verdict}: {each.seen}" for each in exchange.own_checks}
    found["refusal", "code"] = " ".join(each.refusal.code for each in exchange.refusals)
    found["time", "sent at"] = exchange.at.isoformat()
    return found


def _request(request: Request) -> Iterator[tuple[Part, str]]:
    parts = split(request.url)
    yield ("request", "method"), request.method
    yield ("request", "address"), parts._replace(query="", fragment="").geturl()
    for name, value in request.parameters.items():
        yield ("request", name), value
    for name, value in credentials_in(request).items():
        yield ("Authorization header", name), value
    for name, value in request.headers:
        if name not in _DULL and name != HEADER:
            yield ("header of the request", name), value


def _answer(response: Response) -> Iterator[tuple[Part, str]]:
    yield ("answer", "status"), f"{response.status} {response.phrase}".strip()
    said = response.json()
    if isinstance(said, dict):
        yield from _members(said)
    elif page_title(response.body):
        yield ("answer", "page"), page_title(response.body)
        for name, value in marked_texts(response.body).items():
            yield ("answer", name), value
    elif response.body:
        yield ("answer", "body"), response.body
    for name, value in response.headers:
        if name not in _DULL:
            yield ("header of the answer", name), value


def _members(said: Mapping[str, Any]) -> Iterator[tuple[Part, str]]:
    for name, value in said.items():
        claims = claims_in(value) if isinstance(value, str) else None
        if claims is None:
            yield ("answer", name), _text(value)
        for claim, told in (claims or {}).items():
            yield (f"claim of {name}", claim), _text(told)


def claims_in(token: str) -> dict[str, Any] | None:
    """The claims of a signed token, believed or not; None when the text is none."""
    payload = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)

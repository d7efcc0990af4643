"""Calls from a page, whose browser names its origin, asks first, and keeps answers back — RFC6454-7, FETCH-cors-check.

A call is made without credentials: no cookie goes along. The browser is one that remembers no earlier permission.
"""

from collections.abc import Generator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from oidc_lab.domain import origin as origins
from oidc_lab.domain import url
from oidc_lab.relying_party.errors import Party
from oidc_lab.relying_party.flow import Flow
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.message import FORM, Headers, Request, Response
from oidc_lab.relying_party.steps import answer
from oidc_lab.relying_party.trace import Exchange, Step

_CHECK, _PREFLIGHT = "FETCH-cors-check", "FETCH-cors-preflight-fetch"

# What any page may send anywhere, as forms and links always could — FETCH-cors-safelisted-request-header.
_SIMPLE_METHODS = frozenset({"GET", "HEAD", "POST"})
_SIMPLE_HEADERS = frozenset({"accept", "accept-language", "content-language"})
_SIMPLE_TYPES = frozenset({FORM, "multipart/form-data", "text/plain"})


def from_page(flow: Flow, origin: str, ledger: Ledger) -> Flow:
    """Have what the application asks the provider go out as a page of `origin` would send it.

    Messages of other parties are left alone. Raises ValueError when no browser sends such an origin.
    """
    wrong = None if origin == url.OPAQUE else origins.problem(origin)
    if wrong is not None:
        raise ValueError(f"no page has the origin {origin!r}: {wrong}")
    return _through(flow, _Page(origin, ledger))


def _through(flow: Flow, page: "_Page") -> Generator[Step, Exchange, Any]:
    try:
        step = next(flow)
        while True:
            step = flow.send((yield from page.send(step)))
    except StopIteration as end:
        return end.value
    finally:
        flow.close()


@dataclass(frozen=True)
class _Page:
    """A page and what its browser does for it."""

    origin: str
    ledger: Ledger

    def send(self, step: Step) -> Generator[Step, Exchange, Exchange]:
        """Send a message; gives it with its answer when the page may read that, and ends the flow otherwise."""
        if step.sender is not Party.RELYING_PARTY:
            return (yield step)
        if self._is_elsewhere(step.request) and _asks_first(step.request):
            yield from self._ask_first(step)
        sent = yield replace(step, request=self._named(step.request))
        # What was really sent counts: it may have been changed on the way.
        if self._is_elsewhere(sent.request):
            self._check_origin(answer(sent))
        else:
            self.ledger.not_needed(
                "Access-Control-Allow-Origin", _CHECK, "the page is the provider's own", who=Party.BROWSER
            )
        return sent

    def _ask_first(self, step: Step) -> Generator[Step, Exchange, None]:
        request, names = step.request, _unsafe(step.request.headers)
        asked = [("Access-Control-Request-Method", request.method)]
        if names:
            asked.append(("Access-Control-Request-Headers", ",".join(names)))
        preflight = Request("OPTIONS", request.url, (*asked, ("Origin", self.origin)))
        title = "The browser asks whether the page may send this"
        came = answer((yield replace(step, title=title, clause=_PREFLIGHT, request=preflight)))
        self._check_origin(came)
        successful = HTTPStatus.OK <= came.status < HTTPStatus.MULTIPLE_CHOICES
        self._expect("status", _PREFLIGHT, seen=came.status, expected="200 to 299", holds=successful)
        self._check_method(request.method, came)
        if names:
            self._check_headers(names, came)

    def _check_origin(self, came: Response) -> None:
        what = "Access-Control-Allow-Origin"
        seen, expected = _combined(came, what), f"{self.origin} or *"
        self._expect(what, _CHECK, seen=seen, expected=expected, holds=seen in {self.origin, "*"})

    def _check_method(self, method: str, came: Response) -> None:
        what = "Access-Control-Allow-Methods"
        listed = _items(_combined(came, what))
        if method in _SIMPLE_METHODS and method not in listed:
            self.ledger.not_needed(what, _PREFLIGHT, f"any page may send {method}", who=Party.BROWSER)
            return
        holds = method in listed or "*" in listed
        self._expect(what, _PREFLIGHT, seen=_combined(came, what), expected=method, holds=holds)

    def _check_headers(self, names: list[str], came: Response) -> None:
        what = "Access-Control-Allow-Headers"
        listed = _items((_combined(came, what) or "").lower())
        # A * does not speak for this one — FETCH-cors-non-wildcard-request-header-name.
        holds = all(name in listed or ("*" in listed and name != "authorization") for name in names)
        self._expect(what, _PREFLIGHT, seen=_combined(came, what), expected=", ".join(names), holds=holds)

    def _expect(self, what: str, clause: str, *, seen: Any, expected: str, holds: bool) -> None:
        self.ledger.expect(
            what, clause, seen=seen, expected=expected, holds=holds, error="blocked_by_cors", who=Party.BROWSER
        )

    def _is_elsewhere(self, request: Request) -> bool:
        try:
            return url.read(request.url).origin != self.origin
        except ValueError:  # no address: it will not be sent
            return True

    def _named(self, request: Request) -> Request:
        """FETCH-origin-header: a page that reads from its own origin does not say where it is."""
        if self._is_elsewhere(request) or request.method not in {"GET", "HEAD"}:
            return replace(request, headers=(*request.headers, ("Origin", self.origin)))
        return request


def _asks_first(request: Request) -> bool:
    return request.method not in _SIMPLE_METHODS or bool(_unsafe(request.headers))


def _unsafe(headers: Headers) -> list[str]:
    return sorted({name.lower() for name, value in headers if not _simple(name.lower(), value)})


def _simple(name: str, value: str) -> bool:
    return name in _SIMPLE_HEADERS or (
        name == "content-type" and value.partition(";")[0].strip().lower() in _SIMPLE_TYPES
    )


def _combined(response: Response, name: str) -> str | None:
    """All headers of this name as one, as a browser reads them — FETCH-concept-header-list-get."""
    values = [value for each, value in response.headers if each.lower() == name.lower()]
    return ", ".join(values) if values else None


def _items(listed: str | None) -> list[str]:
    return [each.strip() for each in (listed or "").split(",")]

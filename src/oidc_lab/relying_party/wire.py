"""The one place that sends: a lane for the browser and one for the application — RFC6749-1.2."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from dataclasses import dataclass, replace
from http.cookiejar import Cookie
from typing import Any
from urllib.parse import urlsplit

import httpx2

from oidc_lab.domain.checked import Checked
from oidc_lab.domain.refusal import Refused
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.ledger import Check, Verdict
from oidc_lab.relying_party.message import Headers, Request, Response
from oidc_lab.relying_party.trace import Step

_VERDICT = {True: Verdict.PASSED, False: Verdict.FAILED, None: Verdict.NOTED}
_PATIENCE = {"timeout": httpx2.Timeout(30).as_dict()}  # seconds


class Lane:
    """Sends for one party. A browser keeps cookies between its requests; the application has none to keep.

    Transport and cookie jar are the library's, its client is left out: that would follow redirects, look for
    proxies, and say things of itself that differ between machines, as a trace must not.
    """

    def __init__(
        self, transport: httpx2.BaseTransport | None = None, turn: AbstractContextManager[Any] | None = None
    ) -> None:
        """`turn` is held while a message is under way: a bench that is put back meanwhile would be torn."""
        self._transport = transport or httpx2.HTTPTransport()
        self._cookies = httpx2.Cookies()
        self._turn = nullcontext() if turn is None else turn

    def send(self, request: Request) -> tuple[Request, Response]:
        """Send a request; gives it as it went out, cookies included, and its answer."""
        with self._turn:
            return self._send(request)

    def _send(self, request: Request) -> tuple[Request, Response]:
        headers = [("User-Agent", "oidc-lab"), *request.headers]
        content = request.body.encode() or None
        built = httpx2.Request(request.method, request.url, headers=headers, content=content, extensions=_PATIENCE)
        self._cookies.set_cookie_header(built)
        answer = self._transport.handle_request(built)
        answer.request = built
        answer.read()
        self._cookies.extract_cookies(answer)
        sent = tuple((name.title(), value) for name, value in built.headers.multi_items())
        received = tuple((name.title(), value) for name, value in answer.headers.multi_items())
        return replace(request, headers=sent), Response(answer.status_code, received, answer.text)

    def image(self) -> tuple[Cookie, ...]:
        """The cookies at present."""
        return tuple(copy(each) for each in self._cookies.jar)

    def restore(self, image: tuple[Cookie, ...]) -> None:
        """Have these cookies again, and no others."""
        self._cookies = httpx2.Cookies()
        for each in image:
            self._cookies.jar.set_cookie(copy(each))

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()


@dataclass(frozen=True)
class Wire:
    """The two lanes of a run and the lab's own channel: `refusals` tells what was refused so far, and why.

    While `listening`, what the provider checks is told.
    """

    browser: Lane
    relying_party: Lane
    refusals: Callable[[], Sequence[Refused]] = tuple
    listening: Callable[[], AbstractContextManager[Sequence[Checked]]] = lambda: nullcontext(())

    def send(self, step: Step) -> tuple[Step, Response | None, tuple[Refused, ...], tuple[Check, ...]]:
        """Send a step's request on the lane of its sender; gives what was refused and checked there, too."""
        if step.receiver is Party.RELYING_PARTY:
            return step, None, (), ()
        lane = self.browser if step.sender is Party.BROWSER else self.relying_party
        known = len(self.refusals())
        try:
            _check_address(step.request.url)
            _check_headers(step.request.headers)
            with self.listening() as told:
                request, response = lane.send(step.request)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise FlowRefused(step.sender, "not_sent", f"{step.request.url}: {error}") from None
        # A page reads its request more than once.
        checks = tuple(_check(each) for each in dict.fromkeys(told))
        return replace(step, request=request), response, tuple(self.refusals()[known:]), checks


def _check(told: Checked) -> Check:
    return Check(told.what, told.clause, told.seen, told.expected, _VERDICT[told.holds], who=Party.PROVIDER)


def _check_headers(headers: Headers) -> None:
    for name, value in headers:
        # RFC9110-5.5
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"a header is made of visible ASCII characters, and {name} has others")


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("a request goes to an address that begins with https:// or http://")

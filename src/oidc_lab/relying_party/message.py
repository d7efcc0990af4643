"""Requests and responses as data: built and read by pure functions, sent by nobody but the run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

Headers = tuple[tuple[str, str], ...]

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Request:
    """An HTTP request; `body` is text, empty when there is none."""

    method: str
    url: str
    headers: Headers = ()
    body: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters, decoded: those of the body of a form, else those of the query (or fragment)."""
        if self._in_body:
            return dict(parse_qsl(self.body, keep_blank_values=True))
        parts = split(self.url)
        return dict(parse_qsl(parts.query or parts.fragment, keep_blank_values=True))

    def changed(self, changes: Mapping[str, str | None]) -> "Request":
        """The same request with some parameters changed, added, or (None) taken out."""
        merged = {**self.parameters, **changes}
        encoded = urlencode({name: value for name, value in merged.items() if value is not None})
        if self._in_body:
            # RFC9110-8.6: another body may have another length, which is counted when it goes.
            return replace(self.with_header("Content-Length", None), body=encoded)
        parts = split(self.url)
        where = "fragment" if parts.fragment and not parts.query else "query"
        return replace(self, url=urlunsplit(parts._replace(**{where: encoded})))

    def header(self, name: str) -> str | None:
        """The first header of this name, whatever its case."""
        return _header(self.headers, name)

    def with_header(self, name: str, value: str | None, order: Headers = ()) -> "Request":
        """The same request with another value of a header, or (None) without it; headers stand as in `order`."""
        places = {each.lower(): place for place, (each, _) in enumerate(order or self.headers)}
        headers = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        headers += [] if value is None else [(name, value)]
        headers.sort(key=lambda pair: places.get(pair[0].lower(), len(places)))
        return replace(self, headers=tuple(headers))

    @property
    def _in_body(self) -> bool:
        # A form whose last parameter was taken out is one still.
        return bool(self.body) or self.header("Content-Type") == FORM


@dataclass(frozen=True)
class Response:
    """An HTTP response; `body` is text."""

    status: int
    headers: Headers = ()
    body: str = ""

    @property
    def phrase(self) -> str:
        """The phrase that belongs to the status; empty when there is none."""
        try:
            return HTTPStatus(self.status).phrase
        except ValueError:
            return ""

    def header(self, name: str) -> str | None:
        """The first header of this name, whatever its case."""
        return _header(self.headers, name)

    def json(self) -> Any:
        """The body read as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def _header(headers: Headers, name: str) -> str | None:
    return next((value for each, value in headers if each.lower() == name.lower()), None)


def split(url: str) -> SplitResult:
    """The parts of an address; what nobody can read as one, such as `http://[`, is all path."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", url, "", "")


def get(url: str, parameters: Mapping[str, str] | None = None, headers: Headers = ()) -> Request:
    """Build a GET request."""
    if parameters:
        url = f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"
    return Request("GET", url, headers)


def post(url: str, parameters: Mapping[str, str], headers: Headers = ()) -> Request:
    """Build a POST request with a form as its body."""
    return Request("POST", url, (("Content-Type", FORM), *headers), urlencode(parameters))

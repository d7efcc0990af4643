"""Asks a provider's management API, in process or over a port; its refusals become Python's — RFC6750-2.1."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

import httpx2

from oidc_lab.domain.setting_rules import InvalidSetting, together
from oidc_lab.relying_party.message import Request, Response
from oidc_lab.relying_party.wire import Lane


class Management:
    """The API of one provider, for who has its management token."""

    def __init__(
        self,
        issuer: str,
        token: str,
        lane: Lane,
        check_open: Callable[[], None] = lambda: None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`changed` is called after each request that may have changed something."""
        self._check_open, self._changed = check_open, changed
        self._address = issuer.rstrip("/") + "/api"
        self._headers = (("Authorization", f"Bearer {token}"), ("Content-Type", "application/json"))
        self._lane = lane
        self.changes = 0  # as many were made from this bench

    def ask(self, method: str, *path: str, query: Mapping[str, Any] | None = None, body: object = None) -> Any:
        """Send a request and give what the answer holds; values of a query that are None are left out.

        Raises LookupError when there is no such thing, InvalidSetting or ValueError when a value cannot be so,
        PermissionError when the token is wrong, ConnectionError when nobody answers, RuntimeError when the lab is
        closed or its provider broke.
        """
        __tracebackhide__ = True  # a mistake is shown where it was made
        self._check_open()
        url = "/".join((self._address, *(quote(each, safe="") for each in path)))
        given = {name: wire(value) for name, value in (query or {}).items() if value is not None}
        url += f"?{urlencode(given)}" if given else ""
        text = "" if body is None else json.dumps(wire(body))
        try:
            _, response = self._lane.send(Request(method, url, self._headers, text))
        except httpx2.HTTPError as error:
            raise ConnectionError(f"nobody answers at {self._address}: {error}") from None
        if response.status >= HTTPStatus.BAD_REQUEST:
            _raise(response, self._address)
        if method != "GET":
            self.changes += 1
            self._changed()
        return response.json()

    def image(self) -> int:
        """How many changes were made."""
        return self.changes

    def restore(self, image: int) -> None:
        """Have made so many."""
        self.changes = image


def wire(value: Any) -> Any:
    """A value as it stands in JSON: durations in seconds, moments in ISO 8601, sets and tuples as lists."""
    if isinstance(value, Mapping):
        return {name: wire(each) for name, each in value.items()}
    if isinstance(value, timedelta):
        return value.total_seconds() if value % timedelta(seconds=1) else int(value.total_seconds())
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    return [wire(each) for each in value] if isinstance(value, tuple | list) else value


def _raise(response: Response, address: str) -> NoReturn:
    __tracebackhide__ = True
    said = response.json()
    if not isinstance(said, dict) or "message" not in said:
        raise ConnectionError(f"{address} is no management API of a lab: it answered {response.status}")
    message, faults = str(said["message"]), said.get("errors") or {}
    if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise RuntimeError(f"the provider broke; its own log says how: {message}")
    if response.status == HTTPStatus.UNAUTHORIZED:
        raise PermissionError(f"{message} The provider says its management token when it is served.")
    if response.status == HTTPStatus.NOT_FOUND:
        raise LookupError(message)
    if response.status == HTTPStatus.UNPROCESSABLE_ENTITY and faults:
        _raise_invalid(faults)
    raise ValueError(message)


def _raise_invalid(faults: Mapping[str, Mapping[str, Any]]) -> NoReturn:
    __tracebackhide__ = True
    raise together(InvalidSetting(field, fault.get("value"), fault["rule"]) for field, fault in faults.items())

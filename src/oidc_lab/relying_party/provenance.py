"""Finds the run that gave a token, and what its sign-in had asked for — RFC6749-5.1, OIDCC-3.1.3.3."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from oidc_lab.relying_party.flow import SignedIn
from oidc_lab.relying_party.id_token import Awaited
from oidc_lab.relying_party.ledger import Check, Verdict
from oidc_lab.relying_party.message import Request
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.token import Tokens
from oidc_lab.relying_party.trace import Exchange

_NONCE = "11. nonce"


@dataclass(frozen=True, kw_only=True)
class Given:
    """One token response: whose run it ended, what was sent for it, and the tokens that came.

    `asked` is the authentication request behind it; None when this bench did not send that. `earlier` are the
    responses it descends from, the sign-in first, and `checks` what the application checked when it came.
    """

    title: str
    at: datetime
    client_id: str
    sent: dict[str, str] = field(repr=False)
    tokens: Tokens
    asked: dict[str, str] | None
    earlier: tuple["Given", ...] = ()
    checks: tuple[Check, ...] = field(default=(), repr=False)

    @property
    def refreshed(self) -> bool:
        """Whether it answers a refresh."""
        return self.sent.get("grant_type") == "refresh_token"

    @property
    def first(self) -> "Given":
        """The first response of the same sign-in that is known."""
        return self.earlier[0] if self.earlier else self

    @property
    def scopes(self) -> frozenset[str]:
        """What was granted."""
        return self.tokens.scopes if self.tokens.scopes is not None else frozenset()

    def asked_singly(self, where: str) -> frozenset[str]:
        """The claims that the `claims` parameter asked to have in "id_token" or "userinfo" — OIDCC-5.5."""
        return frozenset(self._members(where))

    @property
    def awaited(self) -> Awaited:
        """What the request makes of the ID Token; of a refreshed one it makes nothing — OIDCC-12.2."""
        if self.refreshed or self.asked is None:
            return Awaited()
        return Awaited(
            nonce=self._nonce(),
            max_age=_seconds(self.asked.get("max_age")),
            auth_time="auth_time" in self._members("id_token"),
        )

    def _nonce(self) -> str | None:
        """What the application compared with, when it did: its request may have been changed on the way."""
        compared = (each for each in self.checks if each.what == _NONCE and each.verdict is not Verdict.NOT_NEEDED)
        return next((each.expected for each in compared), (self.asked or {}).get("nonce"))

    def _members(self, where: str) -> dict[str, Any]:
        try:
            read = json.loads((self.asked or {}).get("claims", "{}"))
        except (ValueError, RecursionError):
            return {}
        members = read.get(where) if isinstance(read, dict) else None
        return members if isinstance(members, dict) else {}


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A text that passed in a run under the name of a parameter; `used` is when it was redeemed."""

    name: str
    title: str
    at: datetime
    used: datetime | None = None


class Provenance:
    """Every token response of some runs, oldest run first."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = runs
        self._responses: list[Given] = []
        self._giver: dict[str, Given] = {}
        for run in runs:
            for given in _responses(run, self._giver):
                self._note(given)

    def _note(self, given: Given) -> None:
        self._responses.append(given)
        for token in (given.tokens.access_token, given.tokens.id_token, given.tokens.refresh_token):
            if token:  # one that is not replaced comes back with each answer; the first one gave it
                self._giver.setdefault(token, given)

    def giver_of(self, token: str) -> Given | None:
        """The response that first brought a token; None when none of these runs has it."""
        return self._giver.get(token)

    def redeemed(self, refresh_token: str) -> tuple[Given, ...]:
        """The responses that a refresh token got."""
        found = (each for each in self._responses if each.refreshed)
        return tuple(each for each in found if each.sent.get("refresh_token") == refresh_token)

    def passed(self, text: str) -> Passed | None:
        """Under which name a text passed that is no token, such as a code or a nonce."""
        found: Passed | None = None
        for title, exchange in ((run.title, exchange) for run in self._runs for exchange in run.trace.exchanges):
            parameters = exchange.request.parameters
            name = next((name for name, value in parameters.items() if value == text), None)
            if name is None:
                continue
            used = exchange.at if name == "code" and _tokens(exchange) is not None else None
            if found is None or used:
                found = Passed(name=name, title=title, at=found.at if found else exchange.at, used=used)
        return found


def given_in(run: Run) -> Given | None:
    """The last token response of a run, as far as the run alone tells."""
    return next(iter(reversed(list(_responses(run, {})))), None)


def tokens_of(run: Run) -> Tokens | None:
    """The tokens that a run has: those it was given, or else those it came with."""
    if (given := given_in(run)) is not None:
        return given.tokens
    result = run.result if run.finished else None
    if isinstance(result, SignedIn):
        return result.tokens
    return result if isinstance(result, Tokens) else None


def _responses(run: Run, giver: Mapping[str, Given]) -> Iterator[Given]:
    trace, asked = run.trace, None
    for number, exchange in enumerate(trace.exchanges):
        parameters = exchange.request.parameters
        if "response_type" in parameters:
            asked = parameters
        tokens = _tokens(exchange)
        if tokens is None:
            continue
        before = giver.get(parameters.get("refresh_token", ""))
        yield Given(
            title=run.title,
            at=exchange.at,
            client_id=_client_id(exchange.request),
            sent=parameters,
            tokens=tokens,
            asked=before.asked if before else asked,
            earlier=(*before.earlier, before) if before else (),
            checks=tuple(check for each in trace.exchanges[number:] for check in each.own_checks),
        )


def _tokens(exchange: Exchange) -> Tokens | None:
    said = exchange.response.json() if exchange.response and "grant_type" in exchange.request.parameters else None
    if not isinstance(said, dict) or not isinstance(said.get("access_token"), str):
        return None
    texts = {name: said[name] for name in ("id_token", "refresh_token") if isinstance(said.get(name), str)}
    scope, expires_in = said.get("scope"), said.get("expires_in")
    return Tokens(
        access_token=said["access_token"],
        token_type=str(said.get("token_type", "")),
        expires_in=expires_in if type(expires_in) is int else None,
        scopes=frozenset(scope.split()) if isinstance(scope, str) else None,
        **texts,
    )


def _client_id(request: Request) -> str:
    """Which application sent it, in the header or in the body — RFC6749-2.3.1."""
    header = next((value for name, value in request.headers if name.lower() == "authorization"), "")
    kind, _, joined = header.partition(" ")
    if kind.lower() == "basic":
        try:
            return unquote_plus(base64.b64decode(joined).decode().partition(":")[0])
        except (binascii.Error, ValueError):
            return ""
    return request.parameters.get("client_id", "")


def _seconds(max_age: str | None) -> int | None:
    return int(max_age) if max_age is not None and max_age.isascii() and max_age.isdigit() else None

"""Sends the user to sign in, and reads what the browser brings back — OIDCC-3.1.2."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from oidc_lab.domain.entropy import Entropy
from oidc_lab.relying_party.discovery import Provider
from oidc_lab.relying_party.errors import FlowRefused, Party
from oidc_lab.relying_party.id_token import Awaited
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.message import Request, get, split
from oidc_lab.relying_party.registration import Registration


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What a sign-in asks for; `max_age` in seconds. `more` are parameters sent as they are."""

    scopes: tuple[str, ...] = ("openid", "profile", "email")
    prompt: str | None = None
    max_age: int | None = None
    response_mode: str | None = None
    login_hint: str | None = None
    claims: Mapping[str, Any] | None = None
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outgoing:
    """An authentication request and what must be kept until its answer comes."""

    request: Request
    redirect_uri: str
    state: str
    nonce: str
    code_verifier: str
    asking: Asking

    @property
    def awaited(self) -> Awaited:
        """What the ID Token has to say because this request asked for it."""
        members = (self.asking.claims or {}).get("id_token") or {}
        return Awaited(nonce=self.nonce, max_age=self.asking.max_age, auth_time="auth_time" in members)


def authorization_request(provider: Provider, registration: Registration, asking: Asking, entropy: Entropy) -> Outgoing:
    """Build the request with fresh state, nonce and PKCE verifier — OIDCC-3.1.2.1, RFC7636-4.3."""
    back = registration.redirect_uri
    if back is None:
        what = "the application has none, so no answer could reach it (OIDCC-3.1.2.1)"
        raise FlowRefused(Party.RELYING_PARTY, "redirect_uri_missing", what)
    state, nonce, verifier = entropy.token(22), entropy.token(22), entropy.token()
    parameters = {
        "response_type": "code",
        "client_id": registration.client_id,
        "redirect_uri": back,
        "scope": " ".join(asking.scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": code_challenge(verifier),
        "code_challenge_method": "S256",
        **_optional(asking),
        **asking.more,
    }
    return Outgoing(get(provider.authorization_endpoint, parameters), back, state, nonce, verifier, asking)


def code_challenge(verifier: str) -> str:
    """What is sent ahead of the verifier — RFC7636-4.2.

    Not by Authlib's function, which the provider calls: were it wrong, the two sides would agree all the same.
    """
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def read_authorization_response(delivered: Request, *, outgoing: Outgoing, provider: Provider, ledger: Ledger) -> str:
    """Believe an answer that belongs to this request and comes from this provider; gives the code."""
    answer = _answer(delivered, outgoing.asking.response_mode or "query")
    # State first: whether this answer belongs to this browser's request comes before what it says.
    ledger.equal("state", "RFC6749-10.12", seen=answer.get("state"), expected=outgoing.state, error="state_mismatch")
    if provider.sends_iss or "iss" in answer:
        ledger.equal(
            "iss of the answer",
            "RFC9207-2.4",
            seen=answer.get("iss"),
            expected=provider.issuer,
            error="iss_mismatch",
        )
    else:
        ledger.not_needed("iss of the answer", "RFC9207-2.4", "the provider does not send it")
    if "error" in answer:
        raise FlowRefused(Party.PROVIDER, answer["error"], answer.get("error_description", ""))
    ledger.expect(
        "code", "OIDCC-3.1.2.7", seen="present" if answer.get("code") else None, expected="present",
        holds=bool(answer.get("code")), error="code_missing",
    )  # fmt: skip
    return answer["code"]


def _optional(asking: Asking) -> dict[str, str]:
    optional = {
        "prompt": asking.prompt,
        "max_age": None if asking.max_age is None else str(asking.max_age),
        "response_mode": asking.response_mode,
        "login_hint": asking.login_hint,
        "claims": None if asking.claims is None else json.dumps(asking.claims, separators=(",", ":")),
    }
    return {name: value for name, value in optional.items() if value is not None}


def _answer(delivered: Request, response_mode: str) -> dict[str, str]:
    parts = split(delivered.url)
    where = {"query": parts.query, "fragment": parts.fragment, "form_post": delivered.body}
    return dict(parse_qsl(where.get(response_mode, parts.query), keep_blank_values=True))

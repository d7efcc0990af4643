"""A relying party in the middle of a sign-in, and a forge that makes the ID Tokens it might be given."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from oidc_lab.lab import data
from oidc_lab.relying_party.id_token import Awaited, read_id_token
from oidc_lab.relying_party.ledger import Check, Ledger
from oidc_lab.relying_party.registration import Registration

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ISSUER = "https://provider.test"
ACCESS_TOKEN = "the-access-token"
ORDINARY = Awaited(nonce="the-nonce")


def encoded(value: bytes) -> str:
    """base64url without padding — RFC7515-2."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


@dataclass
class Forge:
    """Signs what it is told to, with the lab's test keys, and has it checked."""

    keys: KeySet
    registration: Registration
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def claims(self) -> dict[str, Any]:
        """The claims of an ID Token that is right in every point."""
        seconds = int(NOW.timestamp())
        return {
            "iss": ISSUER,
            "sub": "anna",
            "aud": self.registration.client_id,
            "exp": seconds + 3600,
            "iat": seconds,
            "auth_time": seconds,
            "nonce": "the-nonce",
        }

    def sign(self, changes: Mapping[str, Any] = {}, *, algorithm: str = "RS256", kid: str | None = None) -> str:
        """An ID Token with some claims changed or, with None, left out."""
        claims = {name: value for name, value in {**self.claims, **changes}.items() if value is not None}
        key = next(key for key in self.keys.keys if key.alg == algorithm)
        header = {"alg": algorithm, "kid": kid or key.kid}
        return jwt.encode(header, claims, key, algorithms=[algorithm])

    def signed_text(self, payload: str) -> str:
        """A token over any payload at all, also one that is no JSON object."""
        from joserfc import jws

        key = next(key for key in self.keys.keys if key.alg == "RS256")
        return jws.serialize_compact({"alg": "RS256", "kid": key.kid}, payload, key, algorithms=["RS256"])

    def read(self, id_token: str, awaited: Awaited = ORDINARY, **other: Any) -> Mapping[str, Any]:
        """What the relying party makes of it."""
        public = KeySet.import_key_set(self.keys.as_dict(private=False))
        given = {"keys": public, "registration": self.registration, "access_token": ACCESS_TOKEN, "now": NOW}
        return read_id_token(id_token, awaited=awaited, ledger=self.ledger, **{**given, **other})

    @property
    def last(self) -> Check:
        """The check that was made last: the one that refused."""
        return self.ledger.checks[-1]


def unsigned(header: Any, claims: Any, signature: bytes = b"") -> str:
    """A token put together by hand."""
    return ".".join((encoded(json.dumps(header).encode()), encoded(json.dumps(claims).encode()), encoded(signature)))


@pytest.fixture
def registration() -> Registration:
    return Registration(
        issuer=ISSUER,
        client_id="web-shop",
        client_secret="a-test-secret",
        redirect_uri="https://shop.example/callback",
    )


@pytest.fixture
def forge(registration: Registration) -> Forge:
    return Forge(data.read_test_keys(data.folder()), registration)


@pytest.fixture(name="unsigned")
def unsigned_fixture():
    return unsigned


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()

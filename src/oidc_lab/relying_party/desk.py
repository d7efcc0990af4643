"""What every flow begins with: who the application is, and where its provider's endpoints are — OIDCD-4."""

from collections.abc import Generator
from dataclasses import dataclass

from oidc_lab.relying_party.discovery import Provider, discovery_request, read_discovery_response
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.registration import Registration
from oidc_lab.relying_party.steps import answer, ask
from oidc_lab.relying_party.trace import Exchange, Step


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What every flow is given: who the application is, and the ledger; enough where no user takes part."""

    registration: Registration
    ledger: Ledger


def discover(desk: Desk) -> Generator[Step, Exchange, Provider]:
    """Ask the provider for its configuration and believe it."""
    issuer = desk.registration.issuer
    sent = yield ask("Discover the provider", "OIDCD-4", discovery_request(issuer))
    return read_discovery_response(answer(sent), issuer=issuer, ledger=desk.ledger)

"""Judges an ID Token as an application would if it came now, and says what that has to know — OIDCC-3.1.3.7."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oidc_lab.domain.application import Application
from oidc_lab.relying_party.believing import believing_flow, keys_flow
from oidc_lab.relying_party.desk import Desk
from oidc_lab.relying_party.errors import FlowRefused
from oidc_lab.relying_party.id_token import Awaited
from oidc_lab.relying_party.ledger import Check, Ledger
from oidc_lab.relying_party.looking import Knowing
from oidc_lab.relying_party.provenance import Given
from oidc_lab.relying_party.registration import Registration
from oidc_lab.relying_party.signature import made_by, read_claims
from oidc_lab.relying_party.why import Cause, explain


@dataclass(frozen=True, kw_only=True)
class Needed:
    """What an application has to know for a check; `value` is empty when this bench does not know it."""

    name: str
    value: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The checks of a token as if it came `at` that moment to an application, and the one that failed, if any."""

    application: Application
    at: datetime
    checks: tuple[Check, ...]
    needed: tuple[Needed, ...]
    cause: Cause | None = None

    @property
    def believed(self) -> bool:
        """Whether it would be."""
        return self.cause is None


def parts_of(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any], str] | None:
    """Header, claims and signature of a signed token, of which nothing is believed; None when it is none."""
    try:
        header, claims = read_claims(token, Ledger())
    except FlowRefused:
        return None
    return header, claims, token.rpartition(".")[2]


def vouched_for(token: str, knowing: Knowing) -> bool:
    """Whether a key that the provider publishes now signed the token; of another one nothing is believed."""
    registration = Registration(issuer=knowing.issuer, client_id="")
    run = knowing.send("Fetch the provider's keys", keys_flow, Desk(registration=registration, ledger=Ledger()))
    return run.refusal is None and made_by(token, run.result)


def judge(token: str, given: Given | None, knowing: Knowing, application: Application) -> Judged:
    """Make the checks that an application would make if the token came now."""
    awaited = given.awaited if given is not None else Awaited()
    access_token = given.tokens.access_token if given is not None else None
    first = _first_claims(given)
    registration = Registration(
        issuer=knowing.issuer,
        client_id=application.client_id,
        id_token_signed_response_alg=application.id_token_signed_response_alg,
    )
    run = knowing.send(
        f"{application.name} checks an ID Token",
        lambda desk: believing_flow(
            desk, token, awaited=awaited, access_token=access_token, first=first, clock=knowing.now
        ),
        Desk(registration=registration, ledger=Ledger()),
    )
    causes = explain(run).causes if run.refusal is not None else ()
    return Judged(
        application=application,
        at=knowing.now(),
        checks=run.trace.exchanges[-1].own_checks,
        needed=tuple(_needed(registration, given, awaited)),
        cause=causes[-1] if causes else None,
    )


def _needed(registration: Registration, given: Given | None, awaited: Awaited) -> list[Needed]:
    found = [
        Needed(name="issuer", value=registration.issuer, sentence="whom it asked; from the configuration"),
        Needed(name="client_id", value=registration.client_id, sentence="its own; from its registration"),
        Needed(
            name="algorithm", value=registration.id_token_signed_response_alg, sentence="what it registered, no other"
        ),
    ]
    if given is not None and given.refreshed:
        known = _first_claims(given) is not None
        what = "compared with that of the refreshed one" if known else "not known here, so nothing is compared with it"
        found.append(Needed(name="the sign-in's ID Token", value="known" if known else "", sentence=what))
    elif given is None or given.asked is None:
        found.append(Needed(name="nonce", value="", sentence="that of its request, which this lab did not send: 11 and"
            " 13 are left out, as if nothing had been asked for"))  # fmt: skip
    else:
        found.append(Needed(name="nonce", value=awaited.nonce or "none sent", sentence="that of its request"))
        if awaited.max_age is not None:
            found.append(Needed(name="max_age", value=str(awaited.max_age), sentence="that of its request"))
    what = "which came beside it" if given is not None else "which came beside it, is not known: at_hash is left out"
    found.append(Needed(name="the access token", value="known" if given is not None else "", sentence=what))
    return found


def _first_claims(given: Given | None) -> Mapping[str, Any] | None:
    """The claims of the sign-in's ID Token, when this one comes from a refresh."""
    if given is None or not given.refreshed or given.first is given or given.first.tokens.id_token is None:
        return None
    read = parts_of(given.first.tokens.id_token)
    return None if read is None else read[1]


def sub_of(given: Given | None) -> str | None:
    """The user of a sign-in, as its ID Token says; None when there is none."""
    for each in (given, given.first) if given is not None else ():
        read = parts_of(each.tokens.id_token) if each.tokens.id_token is not None else None
        if read is not None and isinstance(read[1].get("sub"), str):
            return str(read[1]["sub"])
    return None

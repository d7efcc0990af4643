"""Looks into a signed token: what it says and where from, whether it would be believed now — OIDCC-2, OIDCC-3.1.3.7."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from oidc_lab.domain.application import Application
from oidc_lab.domain.claims import USER_CLAIMS
from oidc_lab.relying_party.absence import Absent, absent_in_id_token
from oidc_lab.relying_party.circumstances import Value
from oidc_lab.relying_party.judging import Judged, judge, parts_of, vouched_for
from oidc_lab.relying_party.ledger import Verdict
from oidc_lab.relying_party.looking import Kind, Knowing, circumstances
from oidc_lab.relying_party.provenance import Given
from oidc_lab.relying_party.sources import claim_value, claimed_value, header_value


@dataclass(frozen=True, kw_only=True)
class SignedToken:
    """A signed token, taken apart; `judged` is None when there is no application to look at it as.

    Unless it is `vouched`, signed by a key of the provider here, everything in it is only claimed.
    """

    token: str = field(repr=False)
    kind: Kind
    sentence: str
    vouched: bool
    given: Given | None = field(repr=False)
    header: tuple[Value, ...]
    about_token: tuple[Value, ...]
    about_user: tuple[Value, ...]
    absent: tuple[Absent, ...]
    signature: str = field(repr=False)
    judged: Judged | None

    @property
    def ends_at(self) -> datetime | None:
        """When it is not to be accepted any more."""
        return next((each.at for each in self.about_token if each.name == "exp"), None)

    @property
    def believed_when_it_came(self) -> bool | None:
        """Whether the application believed it then; None when this bench did not see that."""
        seen = [each for each in (self.given.checks if self.given else ()) if each.what in _OF_ID_TOKEN]
        return all(each.verdict is not Verdict.FAILED for each in seen) if seen else None


# Of the checks of a whole run, the first and the last that are about an ID Token.
_OF_ID_TOKEN = frozenset(
    ("1. encryption", "2. iss", "3. aud", "6. signature", "7. alg", "9. exp", "10. iat", "11. nonce", "13. auth_time",
     "sub", "at_hash", "same sub", "same iss", "same aud", "iat moves on")
)  # fmt: skip


def look_into_signed(
    token: str, given: Given | None, knowing: Knowing, application: Application | None
) -> SignedToken | None:
    """Take a signed token apart; `application` is as whom to look at it, None leaves that to who it is for."""
    read = parts_of(token)
    if read is None:
        return None
    header, claims, signature = read
    ours, client_id = claims.get("iss") == knowing.issuer, _audience(claims, given)
    about = circumstances(knowing, given, client_id=client_id, sub=claims.get("sub") if ours else None, claims=claims)
    vouched = ours and vouched_for(token, knowing)
    values = [
        claim_value(name, value, about) if vouched or not ours else claimed_value(name, value)
        for name, value in claims.items()
    ]
    of_user = {"sub", *USER_CLAIMS}
    kind = Kind.ID_TOKEN if ours and "aud" in claims and "sub" in claims and "exp" in claims else Kind.SIGNED
    viewer = application or about.application or next(iter(knowing.applications()), None)
    return SignedToken(
        token=token,
        kind=kind,
        sentence=_sentence(
            kind, ours, claims, _signer(vouched, signature), f"{about.application_name} that {about.whose} signed in"
        ),
        vouched=vouched,
        given=given,
        header=tuple(
            header_value(name, value, about) if vouched else claimed_value(name, value)
            for name, value in header.items()
        ),
        about_token=tuple(each for each in values if each.name not in of_user),
        about_user=tuple(each for each in values if each.name in of_user),
        absent=absent_in_id_token(about) if vouched else (),
        signature=signature,
        judged=None if viewer is None else judge(token, given, knowing, viewer),
    )


def _audience(claims: Mapping[str, Any], given: Given | None) -> str:
    if given is not None and given.client_id:
        return given.client_id
    audience = claims.get("aud")
    only = audience[0] if isinstance(audience, list) and len(audience) == 1 else audience
    return only if isinstance(only, str) else ""


def _sentence(kind: Kind, ours: bool, claims: Mapping[str, Any], signer: str, told: str) -> str:
    """What the token is; `signer` says that nobody known signed it, and is empty when the provider here did."""
    if not ours:
        who = claims.get("iss")
        named = who if isinstance(who, str) else "nobody"
        return f"A signed token (JWT) of somebody else: it names {named} as its issuer."
    if signer:
        said = f"tell {told}" if kind is Kind.ID_TOKEN else "be of this provider, yet is no ID Token"
        return f"A token that claims to {said}; {signer}. Anybody can have made it."
    if kind is Kind.ID_TOKEN:
        return f"An ID Token: it tells {told}. Anyone can read it; the signature shows who made it."
    return "A signed token (JWT) that names this provider, yet no ID Token: that has at least sub, aud and exp."


def _signer(vouched: bool, signature: str) -> str:
    if vouched:
        return ""
    return "no key of this provider signed it" if signature else "nobody signed it"

"""What looking into a token needs of a bench, and what every token is shown with — RFC6749-1.4, RFC6749-1.5."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from oidc_lab.domain.application import Application
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.session import Session
from oidc_lab.domain.user import User
from oidc_lab.relying_party.circumstances import Circumstances
from oidc_lab.relying_party.desk import Desk
from oidc_lab.relying_party.flow import Flow
from oidc_lab.relying_party.provenance import Given
from oidc_lab.relying_party.run import Run


class Kind(StrEnum):
    """What a text turns out to be."""

    ID_TOKEN = "ID Token"
    ACCESS_TOKEN = "access token"
    REFRESH_TOKEN = "refresh token"
    SIGNED = "signed token"
    UNKNOWN = "unknown text"
    NOTHING = "nothing"


class LiveToken(Protocol):
    """A refresh token that a provider honours; `because` is how its refusal is called when it ends."""

    @property
    def issued_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime | None: ...
    @property
    def because(self) -> str | None: ...


class Held(Protocol):
    """A grant, until when it lives, and the refresh tokens that live of it."""

    @property
    def scopes(self) -> frozenset[str]: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def expires_at(self) -> datetime | None: ...
    @property
    def refresh_tokens(self) -> Sequence[LiveToken]: ...


class Knowing(Protocol):
    """What a bench knows and can ask; nothing is believed of it that its provider does not say."""

    issuer: str

    def now(self) -> datetime:
        """The present moment."""

    def runs(self) -> Sequence[Run]:
        """The runs that it remembers, oldest first."""

    def profile(self) -> Profile:
        """Whose rules the provider follows."""

    def application(self, client_id: str) -> Application | None:
        """An application as the provider has it now."""

    def adopted(self, client_id: str) -> RefreshPolicy | None:
        """The policy that an application follows in place of its settings; None when it follows them."""

    def applications(self) -> Sequence[Application]:
        """Those that a token can be looked at as."""

    def user(self, sub: str) -> User | None:
        """A user as the provider has it now."""

    def grants(self, sub: str, client_id: str) -> Sequence[Held]:
        """What a user lets an application have."""

    def sessions(self, sub: str) -> Sequence[Session]:
        """Where a user is signed in."""

    def desk(self, application: Application) -> Desk:
        """An application as it asks. Raises ValueError when its secret is not known."""

    def askers(self) -> Sequence[Application]:
        """The confidential applications whose secret is known: they may ask about every token."""

    def send(self, title: str, flow: Callable[[Desk], Flow], desk: Desk) -> Run:
        """Run a flow to its end, beside the runs that are remembered."""

    def follow(self, changed: Callable[[], None]) -> None:
        """Have `changed` called when the clock was moved; a clock that nobody moves calls nobody."""


def circumstances(
    knowing: Knowing,
    given: Given | None,
    *,
    client_id: str,
    sub: object,
    claims: Mapping[str, Any] | None = None,
    scopes: frozenset[str] | None = None,
) -> Circumstances:
    """What the bench knows round a token."""
    user = knowing.user(sub) if isinstance(sub, str) and sub else None
    return Circumstances(
        issuer=knowing.issuer,
        profile=knowing.profile(),
        given=given,
        application=knowing.application(client_id) if client_id else None,
        user=user,
        claims=claims or {},
        scopes=given.scopes if given is not None and given.tokens.scopes is not None else scopes,
        live_sessions=frozenset(each.sid for each in knowing.sessions(user.sub)) if user is not None else frozenset(),
        adopted=knowing.adopted(client_id) if client_id else None,
    )

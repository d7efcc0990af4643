"""An authentication request after it was read from the wire — OIDCC-3.1.2.1."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from oidc_lab.domain.claims import claims_of

PROMPTS = ("none", "login", "consent", "select_account")

RESPONSE_MODES = ("query", "fragment", "form_post")


@dataclass(frozen=True)
class ClaimsRequest:
    """Claims about the user asked for by name, each true when essential — OIDCC-5.5."""

    userinfo: Mapping[str, bool] = field(default_factory=dict)
    id_token: Mapping[str, bool] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """Every claim asked for, wherever it is to be delivered."""
        return frozenset(self.userinfo) | frozenset(self.id_token)


@dataclass(frozen=True, kw_only=True)
class AuthenticationRequest:
    """What an application asks for, with every value checked.

    `expected_sub` is the user an `id_token_hint` or a requested `sub` names; `prompts` has no unknown value.
    """

    client_id: str
    redirect_uri: str
    response_mode: str = "query"
    scopes: frozenset[str] = frozenset()
    state: str | None = None
    nonce: str | None = None
    prompts: frozenset[str] = frozenset()
    max_age: timedelta | None = None
    claims: ClaimsRequest = ClaimsRequest()
    expected_sub: str | None = None
    login_hint: str = ""
    code_challenge: str | None = None

    @property
    def single_claims(self) -> frozenset[str]:
        """The claims asked for by name that its scopes do not stand for: what a user must agree to besides them."""
        return self.claims.names - claims_of(self.scopes)

    @property
    def silent(self) -> bool:
        """Whether no page may be shown."""
        return "none" in self.prompts

"""Makes ID Tokens and knows its own again — OIDCC-2."""

from dataclasses import dataclass
from typing import Any

from authlib.oauth2 import OAuth2Request
from authlib.oidc.core import OpenIDCode, OpenIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from oidc_lab.domain.application import SIGNING_ALGORITHMS
from oidc_lab.domain.claims import claims_of
from oidc_lab.domain.tokens import ID_TOKEN_LIFETIME, Code, RefreshToken
from oidc_lab.domain.user import User
from oidc_lab.provider.client import Client
from oidc_lab.provider.context import context

# joserfc warns of this name since RFC 9864 gave each curve one of its own, which hardly any application registers
# yet; where warnings are errors, nothing could be signed.
JWSRegistry.algorithms["EdDSA"].security_warning = None


class IssueIdToken(OpenIDToken):
    """Adds an ID Token to a token response whose scope has openid, with the bench's clock."""

    def get_client_algorithm(self, client: Client) -> str:
        """The algorithm the application registered — OIDCR-2."""
        return client.id_token_signed_response_alg

    def resolve_client_private_key(self, client: Client) -> Any:
        """The signing key for that algorithm."""
        return _key(self.get_client_algorithm(client))

    def get_encode_header(self, client: Client) -> dict[str, str]:
        """Names the key, so that the relying party finds it among several — OIDCC-10.1."""
        algorithm = self.get_client_algorithm(client)
        return {"alg": algorithm, "kid": str(_key(algorithm).kid)}

    def get_compatible_claims(self, request: OAuth2Request) -> dict[str, Any]:
        """The claims of OIDCC-2, but for nonce and at_hash, which Authlib adds."""
        source: Code | RefreshToken = request.authorization_code or request.refresh_token
        now = context().now
        claims: dict[str, Any] = {
            "iss": context().issuer,
            "sub": request.user.sub,
            "aud": request.client.client_id,
            "exp": int((now + (request.client.application.id_token_ttl or ID_TOKEN_LIFETIME)).timestamp()),
            "iat": int(now.timestamp()),
        }
        if source.family.auth_time is not None:
            claims["auth_time"] = int(source.family.auth_time.timestamp())
        if request.client.application.backchannel_logout_session_required:
            claims["sid"] = source.family.sid  # OIDCBCL-2.2
        return requested_claims(request.user, source) | claims

    def generate_user_info(self, user: User, scope: str) -> dict[str, Any]:
        """Nothing, as a rule: what scopes stand for is served at userinfo — OIDCC-5.4; a profile may repeat it here."""
        if not context().rules.id_token_has_scope_claims:
            return {}
        wanted = claims_of(scope.split())
        return {name: value for name, value in user.claims.items() if name in wanted}

    def process_token(self, grant: Any, response: tuple[int, dict[str, Any], Any]) -> dict[str, Any]:
        """Add the ID Token after the access token was made."""
        token: dict[str, Any] = super().process_token(grant, response)
        return token


class IssueIdTokenForCode(IssueIdToken, OpenIDCode):
    """The same for the code flow, where Authlib adds the request's nonce."""

    def __call__(self, grant: Any) -> None:
        """Hook into the token response only: which page comes first is decided in domain/interaction."""
        IssueIdToken.__call__(self, grant)


def requested_claims(user: User, source: Code | RefreshToken) -> dict[str, Any]:
    """The single claims that the `claims` parameter asked to have in the ID Token — OIDCC-5.5."""
    return {name: user.claims[name] for name in source.claims.id_token if name in user.claims}


@dataclass(frozen=True)
class Hint:
    """What an id_token_hint says: which user signed in to which application."""

    sub: str
    client_id: str


def read_hint(hint: str) -> Hint | None:
    """Read an ID Token that this provider issued, expired or not; None for any other — OIDCRIL-2."""
    try:
        token = jwt.decode(hint, context().public_keys, list(SIGNING_ALGORITHMS))
    except (JoseError, ValueError, RecursionError):
        return None
    said = token.claims
    ours = said.get("iss") == context().issuer and isinstance(said.get("sub"), str) and isinstance(said.get("aud"), str)
    return Hint(said["sub"], said["aud"]) if ours else None


def _key(algorithm: str) -> Any:
    return next(key for key in context().keys.keys if key.alg == algorithm)

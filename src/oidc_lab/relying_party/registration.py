"""What an application knows of itself and of its provider before the first request — OIDCR-3.2."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Registration:
    """The relying party's side of a registration.

    `client_secret` is None for public applications, `redirect_uri` for those that nobody signs in to.
    """

    issuer: str
    client_id: str
    redirect_uri: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    post_logout_redirect_uri: str | None = None
    id_token_signed_response_alg: str = "RS256"
    token_endpoint_auth_method: str = "client_secret_basic"

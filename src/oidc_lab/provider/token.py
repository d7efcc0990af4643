"""The token endpoint — OIDCC-3.1.3."""

from flask import Blueprint, Response

from oidc_lab.provider.client_credentials import ClientCredentialsGrant
from oidc_lab.provider.code import AuthorizationCodeGrant
from oidc_lab.provider.id_token import IssueIdToken, IssueIdTokenForCode
from oidc_lab.provider.pkce import ProofOfPossessionOfCode
from oidc_lab.provider.refresh import RefreshTokenGrant
from oidc_lab.provider.server import AuthorizationServer, authorization_server

blueprint = Blueprint("token", __name__)

GRANT_TYPES = ("authorization_code", "refresh_token", "client_credentials")


@blueprint.post("/token")
def token() -> Response:
    """Answer a token request."""
    return authorization_server().create_token_response()


def register_grants(server: AuthorizationServer) -> None:
    """Give the server the grants that this provider has."""
    server.register_grant(AuthorizationCodeGrant, [ProofOfPossessionOfCode(), IssueIdTokenForCode()])
    server.register_grant(RefreshTokenGrant, [IssueIdToken()])
    server.register_grant(ClientCredentialsGrant)

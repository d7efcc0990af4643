"""The UserInfo endpoint: what an access token may read of its user — OIDCC-5.3."""

import re
from typing import Any, cast

from authlib.integrations.flask_oauth2 import ResourceProtector, current_token
from authlib.oauth2 import OAuth2Request
from authlib.oauth2.rfc6749 import TokenMixin
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oidc.core import UserInfo, UserInfoEndpoint
from flask import Blueprint, Response, request

from oidc_lab.domain.claims import claims_of
from oidc_lab.domain.tokens import AccessToken
from oidc_lab.domain.user import User
from oidc_lab.provider.checked import KNOWN, UNKNOWN, checked, moment
from oidc_lab.provider.client import Client, find_application, find_client
from oidc_lab.provider.context import context
from oidc_lab.provider.cors import admit
from oidc_lab.provider.refusal import RefusalError, record, refuse
from oidc_lab.provider.server import authorization_server, posted
from oidc_lab.provider.store.tables import digest

blueprint = Blueprint("userinfo", __name__)


@blueprint.route("/userinfo", methods=["GET", "POST"])
def userinfo() -> Response:
    """Answer who the access token stands for; the token comes in the header or in the body — RFC6750-2."""
    return cast(Response, authorization_server().create_endpoint_response("userinfo"))


class IssuedAccessToken(TokenMixin):
    """An access token with the questions Authlib asks of one."""

    def __init__(self, token: AccessToken) -> None:
        self.token = token
        self.scope = self.get_scope()

    def get_scope(self) -> str:
        """The scopes it stands for."""
        return " ".join(sorted(self.token.scopes))

    def get_client(self) -> Client | None:
        """The application it was issued to."""
        return find_client(self.token.family.client_id)

    def get_user(self) -> User:
        """The user it stands for."""
        family = self.token.family
        user = context().store.users.find(family.sub) if family.sub else None
        return user or refuse("bearer_revoked", family=family, because="user_gone")


class BearerToken(BearerTokenValidator):
    """Finds and checks an access token; refuses with the reason when it is not to be honoured — RFC6750-3.1."""

    def authenticate_token(self, token_string: str) -> IssuedAccessToken:
        """The token with this value."""
        kept = context().store.tokens.find(AccessToken, digest(token_string))
        seen = UNKNOWN if kept is None else KNOWN
        checked("access_token", "RFC6750-3.1", seen, "an access token that was issued here", kept is not None)
        if kept is None:
            refuse("bearer_unknown")
        if (application := find_application(kept.family.client_id)) is not None:
            admit(application)
        return IssuedAccessToken(kept)

    def validate_token(self, token: IssuedAccessToken, scopes: list[str], request: Any) -> None:
        """Check lifetime, revocation and scope."""
        family = token.token.family
        if family.revoked_at is not None:
            refuse("bearer_revoked", family=family, because=family.revoked_because)
        if token.token.revoked_at is not None:
            refuse("bearer_revoked", family=family, because="token_revoked")
        now, end = context().now, token.token.expires_at
        checked("access_token in time", "RFC6750-3.1", now, f"before {moment(end)}", now < end)
        if now >= end:
            refuse("bearer_expired", family=family)
        if family.session_over(now):
            refuse("bearer_session_over", family=family)
        if family.grant_over(now, context().rules.grant_lifetime):
            refuse("bearer_grant_expired", family=family)
        insufficient = self.scope_insufficient(token.get_scope(), scopes)
        checked("scope", "OIDCC-5.3", token.get_scope(), "openid among them", not insufficient)
        if insufficient:
            refuse("scope_insufficient", family=family, scope=token.get_scope())


class BearerTokens(ResourceProtector):
    """Authlib's protector, which looks into the body as well — RFC6750-2.2."""

    def parse_request_authorization(self, _request: Any) -> tuple[BearerTokenValidator, str]:
        """Find the token, in one place."""
        tokens = posted().getlist("access_token")
        header = request.headers.get("Authorization", "").strip()
        # RFC6750-3.1: who tried another scheme has, like who tried none, sent no token.
        if re.match(r"bearer(\s|$)", header, re.IGNORECASE):
            tokens.append(_token_in(header))
        if not tokens:
            refuse("bearer_missing")
        if len(tokens) > 1:
            refuse("bearer_in_two_places")
        return self.get_token_validator("bearer"), tokens[0]


class LabUserInfo(UserInfoEndpoint):
    """Authlib's endpoint with the claims of scopes and those asked for singly."""

    def __call__(self, asked: OAuth2Request) -> tuple[int, Any, list[tuple[str, str]]]:
        """Answer; a refusal says in its challenge what was wrong — RFC6750-3."""
        try:
            answer: tuple[int, Any, list[tuple[str, str]]] = super().__call__(asked)
        except RefusalError as error:
            return _refused(error)
        return answer

    def generate_user_info(self, user: User, scope: str) -> UserInfo:
        """The user's claims for these scopes, and the single ones — OIDCC-5.4, OIDCC-5.5."""
        token: AccessToken = current_token.token
        wanted = claims_of(scope.split()) | frozenset(token.claims.userinfo)
        return UserInfo({"sub": user.sub, **{name: value for name, value in user.claims.items() if name in wanted}})


def userinfo_endpoint() -> LabUserInfo:
    """Make the endpoint, guarded by access tokens."""
    protector = BearerTokens()
    protector.register_token_validator(BearerToken())
    return LabUserInfo(resource_protector=protector)


def _token_in(header: str) -> str:
    _, *words = header.split()
    if len(words) != 1:
        refuse("bearer_malformed")
    return words[0]


def _refused(error: RefusalError) -> tuple[int, Any, list[tuple[str, str]]]:
    # RFC6750-3: the challenge carries the error; without any token it says nothing more than the scheme.
    record(error)
    challenge = [f'realm="{context().issuer}"']
    if error.error:
        challenge += [f'error="{error.error}"', f'error_description="{error.description}"']
    if error.error == "insufficient_scope":
        challenge.append('scope="openid"')
    body = dict(error.get_body()) if error.error else {}
    return error.status_code, body, [*error.get_headers(), ("WWW-Authenticate", "Bearer " + ", ".join(challenge))]

"""Finds the token that somebody asks about or gives back — RFC7662-2.1, RFC7009-2.1."""

import base64
import binascii
import json

from authlib.oauth2 import OAuth2Request

from oidc_lab.domain.tokens import AccessToken, RefreshToken
from oidc_lab.provider.client import Client
from oidc_lab.provider.context import context
from oidc_lab.provider.refusal import refuse
from oidc_lab.provider.store.tables import digest

KIND = {AccessToken: "access_token", RefreshToken: "refresh_token"}


def check_parameters(request: OAuth2Request, client: Client, *, missing: str) -> None:
    """Refuse a request that does not name one token; `missing` is the refusal of one that names none."""
    if repeated := request.payload.repeated:
        refuse("token_parameter_repeated", client_id=client.client_id, repeated=", ".join(repeated))
    if not request.form.get("token"):
        refuse(missing, client_id=client.client_id)


def find_token(value: str, hint: str | None) -> AccessToken | RefreshToken | None:
    """The access or refresh token with this value; a hint says where to look first, and may be wrong — RFC7009-2.1."""
    tokens, key = context().store.tokens, digest(value)
    # RFC7009-2.2: a hint that names no kind of token changes nothing.
    if hint == KIND[RefreshToken]:
        return tokens.find(RefreshToken, key) or tokens.find(AccessToken, key)
    return tokens.find(AccessToken, key) or tokens.find(RefreshToken, key)


def is_jwt(value: str) -> bool:
    """Whether this is a JWT, as an ID Token is: the access and refresh tokens given out here are none — RFC7519-3."""
    header, *rest = value.split(".")
    if len(rest) not in {2, 4}:
        return False
    try:
        read = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return False
    return isinstance(read, dict) and "alg" in read

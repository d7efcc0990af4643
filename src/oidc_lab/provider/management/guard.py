"""Asks each request for the management token — RFC6750-2.1."""

from hmac import compare_digest

from flask import request
from webargs.flaskparser import abort

from oidc_lab.provider.context import context


def check_token() -> None:
    """Refuse a request that does not bring the token; the comparison takes as long for a wrong one."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    bearer = scheme.lower() == "bearer"
    token = context().management_token or ""
    if bearer and token and compare_digest(given.strip().encode(), token.encode()):
        return
    # RFC6750-3.1: who brought no token is not told an error.
    problem = ', error="invalid_token"' if bearer else ""
    abort(
        401,
        message="The management token is missing or wrong: send  Authorization: Bearer …",
        headers={"WWW-Authenticate": f'Bearer realm="{context().issuer}"{problem}'},
    )

"""What stands in the Authorization header: taken apart, and put together again — RFC6749-2.3.1, RFC6750-2.1."""

import base64
from collections.abc import Mapping
from urllib.parse import quote_plus, unquote_plus

from oidc_lab.relying_party.message import Request

HEADER = "Authorization"
# What the parts are called.
TOKEN, CLIENT_ID, CLIENT_SECRET = "bearer token", "client_id", "client_secret"


def credentials_in(request: Request) -> dict[str, str]:
    """The parts of the header by name, empty when it is not there; what nobody can take apart is one whole."""
    value = request.header(HEADER)
    if value is None:
        return {}
    scheme, _, given = value.partition(" ")
    read = {"bearer": _bearer, "basic": _basic}.get(scheme.lower(), lambda _: {})(given)
    return read or {HEADER: value}


def written(parts: Mapping[str, str]) -> str:
    """The value of the header that has these parts."""
    if TOKEN in parts:
        return f"Bearer {parts[TOKEN]}"
    if CLIENT_ID not in parts:
        return parts[HEADER]
    # RFC6749-2.3.1: both are form-encoded before they are joined.
    joined = f"{quote_plus(parts[CLIENT_ID])}:{quote_plus(parts[CLIENT_SECRET])}"
    return f"Basic {base64.b64encode(joined.encode()).decode()}"


def _bearer(given: str) -> dict[str, str]:
    return {TOKEN: given}


def _basic(given: str) -> dict[str, str]:
    try:
        client_id, secret = base64.b64decode(given, validate=True).decode().split(":", 1)
    except ValueError:
        return {}
    return {CLIENT_ID: unquote_plus(client_id), CLIENT_SECRET: unquote_plus(secret)}

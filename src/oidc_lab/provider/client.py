"""Sees an application as an OAuth client and finds out which one sends a request — RFC6749-2.3."""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from authlib.oauth2 import OAuth2Request
from authlib.oauth2.rfc6749 import ClientMixin
from flask import g, request

from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.provider.checked import RIGHT, UNKNOWN, WRONG, checked, moment
from oidc_lab.provider.context import context
from oidc_lab.provider.cors import admit
from oidc_lab.provider.refusal import refuse

SCOPES = ("openid", "profile", "email", "address", "phone", "offline_access")


class Client(ClientMixin):
    """An application with the questions that Authlib really asks of a client; the others are answered elsewhere."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.client_id = application.client_id
        self.id_token_signed_response_alg = application.id_token_signed_response_alg
        self.client_metadata: dict[str, Any] = {}  # nothing in it: userinfo is not signed

    def get_allowed_scope(self, scope: str | None) -> str:
        """What of a requested scope is known here; the rest is ignored — OIDCC-3.1.2.1."""
        return " ".join(each for each in (scope or "").split() if each in SCOPES)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether an answer may be sent there."""
        return self.application.accepts_redirect_uri(redirect_uri, rules=context().rules)

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether an application of this type may redeem this; refuses with the reason when not."""
        allowed = self.application.oauth.grant_types
        # Authlib asks about refresh tokens, too, before it makes one for a code.
        if grant_type == request.form.get("grant_type"):
            checked("grant_type", "RFC6749-5.2", grant_type, allowed, grant_type in allowed)
        if grant_type not in allowed:
            refuse("grant_type_not_allowed", type=self.application.type, grant_type=grant_type)
        return True


def find_client(client_id: str) -> Client | None:
    """The registered application as a client; None when there is none."""
    application = find_application(client_id)
    return None if application is None else Client(application)


def find_application(client_id: str) -> Application | None:
    """The registered application; asked for several times in a request, it is looked up once."""
    known: dict[str, Application | None] = g.setdefault("applications", {})
    if client_id not in known:
        known[client_id] = context().store.applications.find(client_id)
    return known[client_id]


def identify_client(client_id: str | None, redirect_uri: str | None) -> Client:
    """Find the application that sends a browser, and make sure that answers may go where it says.

    What is refused here is shown to the user, never sent on — RFC6749-4.1.2.1.
    """
    if not client_id:
        refuse("client_id_missing")
    client = find_client(client_id)
    _note_client(client, "RFC6749-4.1.2.1")
    if client is None:
        refuse("client_unknown", client_id=client_id)
    if client.application.type is ApplicationType.MACHINE_TO_MACHINE:
        refuse("application_signs_nobody_in", client_id=client_id)
    registered = client.application.redirect_uris
    if not redirect_uri:
        refuse("redirect_uri_missing", client_id=client_id, registered=registered)
    accepted = client.check_redirect_uri(redirect_uri)
    checked("redirect_uri", "RFC9700-2.1", redirect_uri, registered, accepted)
    if not accepted:
        refuse("redirect_uri_unregistered", client_id=client_id, registered=registered, received=redirect_uri)
    return client


def only_redirect_uri(application: Application) -> str | None:
    """The redirect URI of a request that names none, where the profile lets it and there is only one."""
    registered = application.redirect_uris
    return registered[0] if context().rules.redirect_uri_may_be_omitted and len(registered) == 1 else None


def authenticate_client(request: OAuth2Request) -> Client:
    """Find out which application sends a request to the token endpoint, with one method — RFC6749-2.3."""
    client_id, secret, method = _credentials(request)
    client = find_client(client_id) if client_id else None
    if client_id:
        _note_client(client, "RFC6749-5.2")
    if client is None:
        refuse("client_not_recognised" if client_id else "credentials_missing", client_id=client_id)
    admit(client.application)
    _note_method(client, method)
    if client.application.confidential:
        _check_secret(client, secret)
    elif secret is not None:
        refuse("secret_unexpected", client_id=client_id)
    request.client, request.auth_method = client, method
    return client


def _note_client(client: Client | None, clause: str) -> None:
    # What is nobody's name may be a secret or a token that came in the wrong place.
    seen = UNKNOWN if client is None else client.client_id
    checked("client_id", clause, seen, "a registered application", client is not None)


def _note_method(client: Client, method: str) -> None:
    confidential = client.application.confidential
    allowed = ("client_secret_basic", "client_secret_post") if confidential else "none: the application has no secret"
    clause = "RFC6749-3.2.1" if confidential else "RFC6749-2.3"
    checked("client authentication", clause, method, allowed, confidential is (method != "none"))


def _check_secret(client: Client, secret: str | None) -> None:
    if secret is None:
        refuse("credentials_missing", client_id=client.client_id)
    matching = context().store.applications.secret_with_value(client.client_id, secret)
    seen = WRONG if matching is None else RIGHT
    checked("client_secret", "RFC6749-5.2", seen, "one of the application's secrets", matching is not None)
    if matching is None:
        refuse("secret_wrong", client_id=client.client_id)
    now, end = context().now, matching.expires_at
    if end is not None:
        checked("client_secret in time", "RFC6749-5.2", now, f"before {moment(end)}", now < end)
    if matching.expired(now):
        refuse("secret_expired", client_id=client.client_id, name=matching.name, expired_at=matching.expires_at)


def _credentials(request: OAuth2Request) -> tuple[str | None, str | None, str]:
    header = request.headers.get("Authorization")
    client_id, secret = request.form.get("client_id"), request.form.get("client_secret")
    if header is None:
        return client_id, secret, "none" if secret is None else "client_secret_post"
    named, known = _basic(header)
    if secret is not None or client_id not in (None, named):
        refuse("credentials_in_two_places", client_id=named)
    return named, known, "client_secret_basic"


def _basic(header: str) -> tuple[str, str]:
    # Authlib's own reader does not undo the form encoding of RFC6749-2.3.1 in full: a plus stays a plus.
    scheme, _, encoded = header.partition(" ")
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        refuse("credentials_malformed")
    client_id, colon, secret = decoded.partition(":")
    if scheme.lower() != "basic" or not colon or not client_id:
        refuse("credentials_malformed")
    return unquote_plus(client_id), unquote_plus(secret)

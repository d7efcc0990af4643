"""Who takes part in a run: an application as it knows itself, and a user in front of a browser — OIDCR-3.2."""

from dataclasses import replace

from oidc_lab.domain.application import AUTHENTICATION_METHODS, ONE, Application
from oidc_lab.domain.user import User
from oidc_lab.relying_party.browser import Persona
from oidc_lab.relying_party.registration import Registration


def client_of(application: Application, issuer: str, *, token_endpoint_auth_method: str | None = None) -> Registration:
    """What the application itself keeps of its registration. Raises ValueError when it cannot say who it is."""
    method = token_endpoint_auth_method or application.oauth.authentication_methods[0]
    if method not in AUTHENTICATION_METHODS:
        raise ValueError(f"token_endpoint_auth_method is one of {', '.join(AUTHENTICATION_METHODS)}, not {method!r}")
    if application.client_secret is None and method != "none":
        what = "the provider keeps its digest only; give the application with it: replace(application, client_secret=…)"
        raise ValueError(f"the secret of {application.name} is not known here: {what}")
    back = application.post_logout_redirect_uris
    return Registration(
        issuer=issuer,
        client_id=application.client_id,
        client_secret=application.client_secret,
        redirect_uri=application.redirect_uris[0] if application.redirect_uris else None,
        post_logout_redirect_uri=back[0] if back else None,
        id_token_signed_response_alg=application.id_token_signed_response_alg,
        token_endpoint_auth_method=method,
    )


def registration_of(
    application: Application,
    issuer: str,
    *,
    redirect_uri: str | None = None,
    token_endpoint_auth_method: str | None = None,
) -> Registration:
    """As `client_of`, for signing in: raises ValueError when nobody can sign in to it, too."""
    if not application.oauth.response_types:
        what = "it acts for itself; take one of type Native, SPA or Traditional"
        raise ValueError(f"nobody signs in to {application.name}, {ONE[application.type]}: {what}")
    if not application.redirect_uris:
        raise ValueError(f"{application.name} has no redirect URI, so no answer can reach it: register one")
    registration = client_of(application, issuer, token_endpoint_auth_method=token_endpoint_auth_method)
    return replace(registration, redirect_uri=redirect_uri or registration.redirect_uri)


def persona_of(user: User, *, password: str | None = None, agrees: bool = True, by_hand: bool = False) -> Persona:
    """The user in front of a browser."""
    known = {"sub": user.sub, "name": user.name, "username": user.username}
    return Persona(**known, password=password, agrees=agrees, by_hand=by_hand)

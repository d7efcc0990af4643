"""Puts the provider together: one Flask application that is given its time, its chance and its store."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask
from joserfc.jwk import KeySet
from werkzeug.middleware.proxy_fix import ProxyFix

from oidc_lab.domain import redirect_uri
from oidc_lab.domain.checked import Checked
from oidc_lab.domain.clock import Clock
from oidc_lab.domain.entropy import Entropy
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refusal import Refused
from oidc_lab.provider import (
    applications,
    authorization,
    browser,
    consent,
    cors,
    discovery,
    home,
    introspection,
    logout,
    revocation,
    sign_in,
    token,
    userinfo,
    your_applications,
)
from oidc_lab.provider.context import Context
from oidc_lab.provider.keys import fresh_keys
from oidc_lab.provider.management.mount import API, Mount
from oidc_lab.provider.page import refusal_page
from oidc_lab.provider.refusal import RefusalError
from oidc_lab.provider.server import install
from oidc_lab.provider.store import Store
from oidc_lab.provider.store.connection import IN_MEMORY
from oidc_lab.provider.web import new_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# What every router, browser and proxy on the way leaves as it is; dot segments are not.
_PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._~-]+)*/?")

_STEPS = (
    authorization,
    sign_in,
    consent,
    token,
    userinfo,
    introspection,
    revocation,
    logout,
    discovery,
    home,
    your_applications,
    applications,
)


def create_app(
    *,
    issuer: str,
    clock: Clock,
    entropy: Entropy,
    keys: KeySet | None = None,
    store: Store | str = IN_MEMORY,
    initial_passwords: Mapping[str, str] | None = None,
    on_refusal: Callable[[Refused], None] = lambda refused: None,
    on_check: Callable[[Checked], None] | None = None,
    proxies: int = 0,
    profile: Profile | str = Profile.DOCUMENTED,
    management_token: str | None = None,
) -> Flask:
    """Make a provider.

    `issuer` is its address as browsers see it: https, or http on a loopback host; it may have a path. Without `keys`,
    new ones are made. `store` is a store or an SQLAlchemy URL; `initial_passwords` are those of its users, by sub, that
    have no hash yet. `on_refusal` hears the true reason of every refusal, `on_check` every check. `proxies` is how
    many reverse proxies stand in front: without any, X-Forwarded headers are ignored, because anybody can send them.
    `profile` says whose rules are followed; with a `management_token` there is a management API for who has it. Raises
    ValueError when the issuer cannot be one, or there is no such profile.
    """
    given = Context(
        issuer=_checked(issuer),
        clock=clock,
        entropy=entropy,
        store=Store(store) if isinstance(store, str) else store,
        keys=keys or fresh_keys(),
        on_refusal=on_refusal,
        on_check=on_check,
        initial_passwords=initial_passwords or {},
        profile=Profile(profile),
        management_token=management_token,
    )
    app = new_app("oidc_lab.provider", given)
    _mount(app, given)
    _mount_management(app, given)
    if proxies:
        _wrap(app, lambda inside: ProxyFix(inside, x_for=proxies, x_proto=proxies, x_host=proxies))
    return app


def _mount(app: Flask, given: Context) -> None:
    """Give an application the provider's endpoints, under the issuer's path."""
    server = install(app)
    token.register_grants(server)
    server.register_endpoint(userinfo.userinfo_endpoint())
    server.register_endpoint(introspection.IntrospectionEndpoint)
    server.register_endpoint(revocation.RevocationEndpoint)
    server.register_endpoint(logout.EndSession)
    for step in _STEPS:
        app.register_blueprint(step.blueprint, url_prefix=given.path or None)
    # RFC8414-3.1: the well-known part comes before the issuer's path.
    metadata = "/.well-known/oauth-authorization-server" + given.path
    app.add_url_rule(metadata, view_func=discovery.openid_configuration)
    cors.install(app)
    app.after_request(browser.set_cookie)
    app.register_error_handler(RefusalError, refusal_page)


def _mount_management(app: Flask, given: Context) -> None:
    """Put the management API beside the provider, when there is a token to guard it."""

    def make() -> Flask:
        # With it comes a library of its own, which nobody pays for who does not ask here.
        from oidc_lab.provider.management.app import management_app

        return management_app(given)

    if given.management_token:
        _wrap(app, lambda inside: Mount(inside, given.path + API, make))


def _wrap(app: Flask, wrapped: "Callable[[WSGIApplication], WSGIApplication]") -> None:
    app.wsgi_app = wrapped(app.wsgi_app)  # type: ignore[method-assign, assignment]  # where Flask says to


def _checked(issuer: str) -> str:
    if rule := redirect_uri.problem(issuer):
        raise ValueError(f"the issuer {issuer!r} cannot be used: {rule}")
    parts = urlsplit(issuer)
    if not issuer.startswith(("https://", "http://")):
        raise ValueError(f"the issuer {issuer!r} must begin with https:// (OIDCD-3)")
    if parts.scheme == "http" and parts.hostname not in redirect_uri.LOOPBACK_HOSTS:
        raise ValueError(f"the issuer {issuer!r} must begin with https://; http:// is for this machine only (OIDCD-3)")
    if not _PATH.fullmatch(issuer.removeprefix(f"{parts.scheme}://{parts.netloc}")):
        rule = "its path has other characters than letters, digits, - . _ ~ and single slashes, or a query"
        raise ValueError(f"the issuer {issuer!r} cannot be used: {rule} (OIDCD-3)")
    return issuer

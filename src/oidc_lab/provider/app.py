"""Puts the provider together: one Flask application that is given its time, its chance and its store."""

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from urllib.parse import urlsplit

from flask import Flask, Response, g
from joserfc.jwk import KeySet
from werkzeug.middleware.proxy_fix import ProxyFix

from oidc_lab.domain import redirect_uri
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
from oidc_lab.provider.context import EXTENSION, Context, context
from oidc_lab.provider.exact import ExactResponse
from oidc_lab.provider.keys import fresh_keys
from oidc_lab.provider.management.mount import API, Mount
from oidc_lab.provider.page import protect, refusal_page
from oidc_lab.provider.refusal import RefusalError
from oidc_lab.provider.server import install
from oidc_lab.provider.store import Store
from oidc_lab.provider.store.connection import IN_MEMORY

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

# In octets: many times what any request of the protocol needs. A longer one is not read into memory.
_LONGEST_BODY = 500_000


def create_app(
    *,
    issuer: str,
    clock: Clock,
    entropy: Entropy,
    keys: KeySet | None = None,
    store: Store | str = IN_MEMORY,
    initial_passwords: Mapping[str, str] | None = None,
    on_refusal: Callable[[Refused], None] = lambda refused: None,
    proxies: int = 0,
    profile: Profile | str = Profile.DOCUMENTED,
    management_token: str | None = None,
) -> Flask:
    """Make a provider.

    `issuer` is its address as browsers see it: https, or http on a loopback host; it may have a path. Without `keys`,
    new ones are made. `store` is a store or an SQLAlchemy URL; `initial_passwords` are those of its users, by sub, that
    have no hash yet. `on_refusal` hears the true reason of every refusal. `proxies` is how many reverse proxies stand
    in front: without any, X-Forwarded headers are ignored, because anybody can send them. `profile` says whose rules
    are followed; with a `management_token` there is a management API for who has it. Raises ValueError when the issuer
    cannot be one, or there is no such profile.
    """
    given = Context(
        issuer=_checked(issuer),
        clock=clock,
        entropy=entropy,
        store=Store(store) if isinstance(store, str) else store,
        keys=keys or fresh_keys(),
        on_refusal=on_refusal,
        initial_passwords=initial_passwords or {},
        profile=Profile(profile),
        management_token=management_token,
    )
    app = Flask("oidc_lab.provider", static_folder=None)
    app.response_class = ExactResponse
    app.config["MAX_CONTENT_LENGTH"] = _LONGEST_BODY
    # What belongs together stands together. (Flask's own provider has the setting, the class it declares has not.)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    _mount(app, given)
    _mount_management(app, given)
    if proxies:
        # Wrapped where Flask says to: a method replaced by a callable, which mypy takes for a mistake.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app


def _mount(app: Flask, given: Context) -> None:
    """Give an application the provider's endpoints, under the issuer's path."""
    app.extensions[EXTENSION] = given
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
    _one_transaction_a_request(app)
    cors.install(app)
    app.after_request(browser.set_cookie)
    app.after_request(protect)
    app.register_error_handler(RefusalError, refusal_page)


def _mount_management(app: Flask, given: Context) -> None:
    """Put the management API beside the provider, when there is a token to guard it."""

    def make() -> Flask:
        # With it comes a library of its own, which nobody pays for who does not ask here.
        from oidc_lab.provider.management.app import management_app

        management = management_app(given, _one_transaction_a_request)
        management.config["MAX_CONTENT_LENGTH"] = _LONGEST_BODY
        management.after_request(protect)
        return management

    if given.management_token:
        # As above.
        app.wsgi_app = Mount(app.wsgi_app, given.path + API, make)  # type: ignore[method-assign]


def _one_transaction_a_request(app: Flask) -> None:
    """Commit before the answer leaves, also when it is a refusal; roll back when the request broke."""

    @app.before_request
    def begin() -> None:
        g.transaction = ExitStack()
        g.transaction.enter_context(context().store.unit())

    @app.after_request
    def commit(response: Response) -> Response:
        if response.status_code < 500:
            g.pop("transaction").close()
        return response

    @app.teardown_request
    def roll_back(error: BaseException | None) -> None:
        if unfinished := g.pop("transaction", None):
            broken = error or RuntimeError("the request ended without an answer")
            unfinished.__exit__(type(broken), broken, broken.__traceback__)


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

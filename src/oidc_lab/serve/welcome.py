"""What a developer is told when the provider is served: everything a client must be configured with — OIDCD-4."""

from collections.abc import Iterable, Iterator

from oidc_lab.domain.application import LABEL, Application
from oidc_lab.lab.data import DemoUser
from oidc_lab.serve.provider import Offer

WARNING = "OIDC Lab, a provider to learn with: its users, passwords and secrets are known to everybody."


def welcome(offer: Offer, issuer: str, port: int) -> str:
    """Say where the provider is, which applications it knows and who can sign in."""
    return "\n".join(_lines(offer, issuer, port))


def _lines(offer: Offer, issuer: str, port: int) -> Iterator[str]:
    yield WARNING
    yield ""
    yield f"Issuer     {issuer}"
    yield f"Discovery  {issuer.rstrip('/')}/.well-known/openid-configuration"
    if offer.issuer is not None:
        yield f"Listening  http://127.0.0.1:{port}"
    yield f"Keys       {_keys(offer)}"
    yield f"Profile    {offer.profile}"
    yield ""
    yield "Management, for trainers and tools"
    yield f"  API          {issuer.rstrip('/')}/api  (described at /api/openapi.json)"
    yield f"  token        {offer.token}"
    yield f"  from Python  from oidc_lab import Lab; lab = Lab.connect({issuer!r}, {offer.token!r})"
    yield ""
    yield "Applications"
    for application in offer.applications:
        yield from _application(application)
    yield ""
    yield "Users and their passwords"
    yield from _users(offer.users)
    yield ""
    yield "For a client of your own:  --redirect-uri web-shop=http://localhost:3000/callback"
    yield "For data of your own:      oidc-lab data FOLDER, edit it, then  oidc-lab serve --data FOLDER"
    yield "Ctrl-C stops it."


def _keys(offer: Offer) -> str:
    if offer.seed is None:
        return "RS256 and EdDSA, made for this start"
    return f"the lab's test keys, and everything drawn from seed {offer.seed}: who knows it can foresee every code"


def _application(application: Application) -> Iterator[str]:
    secret = f"  client_secret {application.client_secret}" if application.client_secret else ""
    yield f"  {application.client_id:<14}{LABEL[application.type]}{secret}"
    for uri in application.redirect_uris:
        yield f"    redirect URI              {uri}"
    for uri in application.post_logout_redirect_uris:
        yield f"    post-logout redirect URI  {uri}"


def _users(users: Iterable[DemoUser]) -> Iterator[str]:
    for each in users:
        yield f"  {each.user.username:<14}{each.password:<20}{each.user.name}"

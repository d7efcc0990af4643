"""Serves the provider with the demo data on a real port, for browsers and for other people's clients — OIDCD-4."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from oidc_lab.domain.application import NAME, NAME_RULE, Application, InvalidSetting
from oidc_lab.domain.profile import Profile
from oidc_lab.lab import data as demo
from oidc_lab.lab.clock import system_clock
from oidc_lab.lab.entropy import SeededEntropy, SystemEntropy
from oidc_lab.lab.stock import StoreDiffers, stock
from oidc_lab.provider.app import create_app
from oidc_lab.provider.store import Store
from oidc_lab.provider.store.connection import IN_MEMORY
from oidc_lab.serve.server import LiveServer

EDITABLE = ("applications.toml", "users.toml")


class CannotServe(Exception):
    """Why the provider is not served, in one plain sentence."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What is served: the demo data, and how.

    Without a seed, keys are made and randomness is drawn as if it mattered. `issuer` is the provider's address as
    browsers see it, when that is not the port itself because `proxies` stand in front. Without a `management_token` one
    is drawn.
    """

    applications: Sequence[Application]
    users: Sequence[demo.DemoUser]
    store: str = IN_MEMORY
    seed: int | None = None
    issuer: str | None = None
    proxies: int = 0
    profile: str = Profile.DOCUMENTED
    management_token: str | None = field(default=None, repr=False)

    @cached_property
    def entropy(self) -> SeededEntropy | SystemEntropy:
        """What everything is drawn from."""
        return SystemEntropy() if self.seed is None else SeededEntropy(self.seed)

    @cached_property
    def token(self) -> str:
        """What opens the management API: the one that was chosen, or one that is drawn."""
        return self.management_token or self.entropy.child("management").token()


def read_offer(data: Path | None = None, **how: object) -> Offer:
    """Read the demo data, or a trainer's folder of the same form. Raises CannotServe."""
    token = how.get("management_token")
    if isinstance(token, str) and not NAME.fullmatch(token):
        raise CannotServe(f"the management token cannot be used: {NAME_RULE}")
    folder = demo.folder() if data is None else data
    try:
        return Offer(applications=demo.read_applications(folder), users=demo.read_users(folder), **how)  # type: ignore[arg-type]  # the command's options
    except demo.DataError as error:
        raise CannotServe(str(error)) from None


def with_uris(
    applications: Iterable[Application], redirect: Sequence[tuple[str, str]], goodbye: Sequence[tuple[str, str]]
) -> list[Application]:
    """Give applications more redirect and post-logout redirect URIs, by client_id. Raises CannotServe."""
    known = {each.client_id: each for each in applications}
    for client_id, uri in (*redirect, *goodbye):
        if client_id not in known:
            raise CannotServe(f"there is no application {client_id!r} for {uri}; there are {', '.join(known)}")
    try:
        return [
            replace(
                each,
                redirect_uris=(*each.redirect_uris, *_of(each, redirect)),
                post_logout_redirect_uris=(*each.post_logout_redirect_uris, *_of(each, goodbye)),
            )
            for each in known.values()
        ]
    except InvalidSetting as error:
        raise CannotServe(str(error)) from None


def serve(offer: Offer, port: int) -> LiveServer:
    """Put the provider on a loopback port, 0 for any free one; its store closes with it. Raises CannotServe."""
    try:
        store = Store(offer.store)
    except (SQLAlchemyError, ImportError) as error:
        raise CannotServe(f"the store {offer.store!r} does not open: {str(error).splitlines()[0]}") from None
    try:
        return LiveServer(lambda url: make_app(offer, store, offer.issuer or url), port, on_close=store.close)
    except CannotServe:
        store.close()
        raise
    except OverflowError:
        problem = f"{port} is not a port: choose one from 1024 to 65535"
    except PermissionError:
        problem = f"the port {port} is reserved: add  --port 9000"
    except OSError:
        problem = f"the port {port} is in use: add  --port {port % 65535 + 1}"
    except ValueError as error:  # an issuer that cannot be one
        problem = str(error)
    store.close()
    raise CannotServe(problem)


def make_app(offer: Offer, store: Store, issuer: str) -> Flask:
    """Make the provider with its demo data over a store. Raises CannotServe when the store has other applications."""
    try:
        stock(store, offer.applications, offer.users, system_clock())
    except StoreDiffers as error:
        raise CannotServe(str(error)) from None
    return create_app(
        issuer=issuer,
        clock=system_clock,
        entropy=offer.entropy.child("provider"),
        keys=None if offer.seed is None else demo.read_test_keys(demo.folder()),
        store=store,
        initial_passwords={each.user.sub: each.password for each in offer.users},
        proxies=offer.proxies,
        profile=offer.profile,
        management_token=offer.token,
    )


def copy_data(folder: Path) -> list[Path]:
    """Copy the demo data for editing. Raises CannotServe when something would be overwritten."""
    for name in EDITABLE:
        if (folder / name).exists():
            raise CannotServe(f"{folder / name} is there already and stays as it is: name another folder")
    copies = [folder / name for name in EDITABLE]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for copy in copies:
            copy.write_bytes((demo.folder() / copy.name).read_bytes())
    except OSError as error:
        raise CannotServe(f"{folder} cannot be written to: {error.strerror}") from None
    return copies


def _of(application: Application, given: Sequence[tuple[str, str]]) -> list[str]:
    return [uri for client_id, uri in given if client_id == application.client_id]

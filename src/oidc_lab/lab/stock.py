"""Puts the demo data into a store, and finds out what a store that was used before already holds."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from werkzeug.security import check_password_hash

from oidc_lab.domain.application import Application
from oidc_lab.lab.data import DemoUser
from oidc_lab.lab.entropy import SeededEntropy
from oidc_lab.provider.store import Store
from oidc_lab.provider.store.tables import families, sessions

_WHAT_TO_DO = "take another store, or the data it was made with"


class StoreDiffers(ValueError):
    """The store keeps an application or a user otherwise than the data says."""


def stock(store: Store, applications: Iterable[Application], users: Iterable[DemoUser], now: datetime) -> None:
    """Add what is not there yet; what is there stays. Raises StoreDiffers."""
    with store.transaction():
        for each in users:
            if store.users.find(each.user.sub) is None:
                store.users.add(each.user, demo=True)
            elif not _keeps_user(store, each):
                raise StoreDiffers(f"the store keeps the user {each.user.sub} otherwise: {_WHAT_TO_DO}")
        for application in applications:
            if store.applications.find(application.client_id) is None:
                store.applications.add(application, now)
            elif not _keeps_application(store, application):
                raise StoreDiffers(f"the store keeps {application.client_id} with other settings: {_WHAT_TO_DO}")


def entropy_for(store: Store, seed: int | str) -> SeededEntropy:
    """Give the source for a seed; over a store that was used before, one that does not repeat what it drew then."""
    with store.transaction() as connection:
        counts = [connection.scalar(select(func.count()).select_from(table)) for table in (sessions, families)]
    fresh = SeededEntropy(seed)
    return fresh.child("after " + "+".join(map(str, counts))) if any(counts) else fresh


def _keeps_user(store: Store, wanted: DemoUser) -> bool:
    hashed = store.users.password_hash(wanted.user.sub)
    same_password = hashed is None or check_password_hash(hashed, wanted.password)
    return same_password and store.users.find(wanted.user.sub) == wanted.user


def _keeps_application(store: Store, wanted: Application) -> bool:
    # The store has only a digest of the secret, and knows when the application came.
    kept = store.applications.find(wanted.client_id)
    secret = wanted.client_secret
    same_secret = secret is None or store.applications.secret_with_value(wanted.client_id, secret) is not None
    return same_secret and kept is not None and _public(kept) == _public(wanted)


def _public(application: Application) -> Application:
    return replace(application, client_secret=None, created_at=None)

"""Puts the demo data into a store, and finds out what a store that was used before already holds."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select

from oidc_lab.domain.application import Application
from oidc_lab.lab.data import DemoUser
from oidc_lab.lab.entropy import SeededEntropy
from oidc_lab.provider.store import Store
from oidc_lab.provider.store.tables import families, sessions


class StoreDiffers(ValueError):
    """The store keeps an application with other settings than the data has."""


def stock(store: Store, applications: Iterable[Application], users: Iterable[DemoUser], now: datetime) -> None:
    """Add what is not there yet; what is there stays. Raises StoreDiffers."""
    with store.transaction():
        for each in users:
            if store.users.find(each.user.sub) is None:
                store.users.add(each.user, demo=True)
        for application in applications:
            kept = store.applications.find(application.client_id)
            if kept is None:
                store.applications.add(application, now)
            elif _public(kept) != _public(application):
                what = "take another store, or the data it was made with"
                raise StoreDiffers(f"the store keeps {application.client_id} with other settings: {what}")


def all_applications(store: Store, applications: Iterable[Application]) -> dict[str, Application]:
    """Those of the data, with their secrets, and after them those that were registered in the store earlier."""
    named = {each.client_id: each for each in applications}
    return named | {each.client_id: each for each in store.applications.all() if each.client_id not in named}


def entropy_for(store: Store, seed: int | str) -> SeededEntropy:
    """Give the source for a seed; over a store that was used before, one that does not repeat what it drew then."""
    with store.transaction() as connection:
        counts = [connection.scalar(select(func.count()).select_from(table)) for table in (sessions, families)]
    fresh = SeededEntropy(seed)
    return fresh.child("after " + "+".join(map(str, counts))) if any(counts) else fresh


def _public(application: Application) -> Application:
    # The store has only a digest of the secret, and knows when the application came.
    return replace(application, client_secret=None, created_at=None)

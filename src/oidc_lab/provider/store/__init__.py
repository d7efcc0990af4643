"""What the provider keeps: one store, SQLite in memory unless another address is given."""

from oidc_lab.provider.store.store import Store

__all__ = ["Store"]

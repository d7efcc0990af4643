"""Opens the database and keeps each request in one transaction, so that a code is used once or not at all."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import StaticPool

IN_MEMORY = "sqlite://"

# A second writer waits this long for the first before SQLite gives up.
_SQLITE_PATIENCE = 30


class Database:
    """A database by its SQLAlchemy URL. `transaction()` joins the one that this thread is in already."""

    def __init__(self, url: str = IN_MEMORY) -> None:
        self.engine = _open(url)
        # One connection serves a memory database; two threads must not meet in its transaction.
        in_memory = isinstance(self.engine.pool, StaticPool)
        self._turn: AbstractContextManager[Any] = threading.RLock() if in_memory else nullcontext()
        self._current = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a connection; commit when the outermost block ends, roll back when it raises."""
        connection = getattr(self._current, "connection", None)
        if connection is not None:
            yield connection
            return
        with self._turn, self.engine.begin() as connection:
            self._current.connection = connection
            try:
                yield connection
            finally:
                self._current.connection = None

    def close(self) -> None:
        """Close every connection; a memory database is gone after that."""
        self.engine.dispose()


def _open(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address)
    in_memory = address.database in (None, "", ":memory:")
    pool: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    arguments = {"check_same_thread": False, "timeout": _SQLITE_PATIENCE}
    engine = create_engine(address, connect_args=arguments, **pool)
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", _take_the_write_lock_first)
    return engine


def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
    # Python's driver opens transactions late, after the first read: two threads could both see a code unused.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")


def _take_the_write_lock_first(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")

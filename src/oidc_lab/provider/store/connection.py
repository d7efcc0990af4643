"""Opens the database and keeps each request in one transaction, so that a code is used once or not at all."""

import sqlite3
import threading
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import make_url

IN_MEMORY = "sqlite://"
_DRIVERS_MEMORY = ":memory:"

# A second writer waits this long for the first before SQLite gives up.
_SQLITE_PATIENCE = 30


class KeepsNoImages(RuntimeError):
    """The database cannot be put back to where it stood: says which one it is."""


class Database:
    """A database by its SQLAlchemy URL. `transaction()` joins the one that this thread is in already."""

    def __init__(self, url: str = IN_MEMORY) -> None:
        address = make_url(url)
        in_memory = address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:")
        self._engine = _memory() if in_memory else _open(url)
        # A memory database lives as long as its one connection; two threads must not meet in its transaction.
        self._only: Connection | None = self._engine.connect() if in_memory else None
        # SQLite lets one write at a time. Who waits here is let in next; at its own lock a thread would sleep and try.
        sqlite = address.get_backend_name() == "sqlite"
        self._turn: AbstractContextManager[Any] = threading.RLock() if sqlite else nullcontext()
        self._current = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a connection; commit when the outermost block ends, roll back when it raises."""
        connection = getattr(self._current, "connection", None)
        unit: ExitStack | None = getattr(self._current, "unit", None)
        if connection is not None:
            yield connection
        elif unit is not None:
            yield unit.enter_context(self._outermost())
        else:
            with self._outermost() as connection:
                yield connection

    @contextmanager
    def unit(self) -> Iterator[None]:
        """Keep what happens until the block ends in one transaction, which begins when it is first needed."""
        with ExitStack() as stack:
            self._current.unit = stack
            try:
                yield
            finally:
                self._current.unit = None

    def image(self) -> bytes:
        """The whole database as it stands. Raises KeepsNoImages when it is none of SQLite's."""
        with self._alone() as driver, closing(sqlite3.connect(_DRIVERS_MEMORY)) as copy:
            driver.backup(copy)
            image = copy.serialize()
        # In the header of a file with a write-ahead log; a database in memory cannot have one, and would not open.
        # Most of it is empty pages: a lab that is stepped through keeps hundreds of images, each a twentieth so.
        return zlib.compress(image[:18] + b"\x01\x01" + image[20:], level=1)

    def restore(self, image: bytes) -> None:
        """Stand as the image shows, whatever was written since."""
        with self._alone() as driver, closing(sqlite3.connect(_DRIVERS_MEMORY)) as copy:
            copy.deserialize(zlib.decompress(image))
            copy.backup(driver)

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        """The driver's own connection, outside of any transaction."""
        if self._engine.dialect.name != "sqlite":
            raise KeepsNoImages(f"{self._engine.dialect.name} keeps no images of itself here; SQLite does")
        with self._turn, ExitStack() as stack:
            connection = self._only or stack.enter_context(self._engine.connect())
            yield cast(sqlite3.Connection, connection.connection.dbapi_connection)

    def close(self) -> None:
        """Close every connection; a memory database is gone after that."""
        if self._only is not None:
            self._only.close()
        else:
            self._engine.dispose()

    @contextmanager
    def _outermost(self) -> Iterator[Connection]:
        with self._turn, self._begin() as connection:
            _take_the_write_lock_first(connection)
            self._current.connection = connection
            try:
                yield connection
            finally:
                self._current.connection = None

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        if self._only is None:
            with self._engine.begin() as connection:
                yield connection
        else:
            with self._only.begin():
                yield self._only


@cache
def _memory() -> Engine:
    """The engine of all memory databases: each connection is a database of its own.

    SQLAlchemy keeps what it compiled by engine; with an engine for each, every new lab would compile anew.
    """
    return _open(IN_MEMORY, poolclass=NullPool)


def _open(url: str, **pool: Any) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, **pool)
    arguments = {"check_same_thread": False, "timeout": _SQLITE_PATIENCE}
    engine = create_engine(url, connect_args=arguments, **pool)
    event.listen(engine, "connect", _leave_transactions_to_us)
    return engine


def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
    # Python's driver opens transactions late, after the first read: two threads could both see a code unused.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    # Readers do not wait for the writer; after a power cut the last requests may be missing, but nothing is broken.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _take_the_write_lock_first(connection: Connection) -> None:
    # Not as a listener of the event "begin": with one, SQLAlchemy looks for listeners at every statement.
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")

"""Keeps users and the slow hashes of their passwords — OIDCC-5.1."""

from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from oidc_lab.domain.user import User
from oidc_lab.provider.store.connection import Database
from oidc_lab.provider.store.tables import users

_PUBLIC = select(users.c.sub, users.c.username, users.c.claims)
_FIND = _PUBLIC.where(users.c.sub == bindparam("sub"))
_NAMED = _PUBLIC.where(users.c.username == bindparam("username"))
_DEMO = _PUBLIC.where(users.c.demo).order_by(users.c.username)
_DEMO_USER = _FIND.where(users.c.demo)
_PASSWORD = select(users.c.password_hash).where(users.c.sub == bindparam("sub"))


class Users:
    """The people who can sign in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, user: User, *, password_hash: str | None = None, demo: bool = False) -> None:
        """Keep a user; `demo` users can be signed in with one click."""
        row = {"sub": user.sub, "username": user.username, "claims": dict(user.claims)}
        with self._database.transaction() as connection:
            connection.execute(insert(users), {**row, "password_hash": password_hash, "demo": demo})

    def find(self, sub: str) -> User | None:
        """The user with this sub; None when there is none."""
        return self._one(_FIND, sub=sub)

    def named(self, username: str) -> User | None:
        """The user who signs in with this name; None when there is none."""
        return self._one(_NAMED, username=username)

    def find_demo(self, sub: str) -> User | None:
        """The user with this sub when one click may sign them in."""
        return self._one(_DEMO_USER, sub=sub)

    def demo(self) -> list[User]:
        """The users that can be signed in with one click, by username."""
        with self._database.transaction() as connection:
            return [User(**row._mapping) for row in connection.execute(_DEMO)]

    def all(self) -> list[User]:
        """Every user, by username."""
        with self._database.transaction() as connection:
            return [User(**row._mapping) for row in connection.execute(_PUBLIC.order_by(users.c.username))]

    def change(self, user: User) -> None:
        """Keep a user's new name and claims."""
        change = update(users).where(users.c.sub == user.sub)
        with self._database.transaction() as connection:
            connection.execute(change.values(username=user.username, claims=dict(user.claims)))

    def delete(self, sub: str) -> bool:
        """Forget a user and everything that was given for one; False when there is none."""
        with self._database.transaction() as connection:
            return connection.execute(delete(users).where(users.c.sub == sub)).rowcount == 1

    def password_hash(self, sub: str) -> str | None:
        """The slow hash of this user's password; None when none has been set here."""
        with self._database.transaction() as connection:
            return connection.scalar(_PASSWORD, {"sub": sub})

    def set_password_hash(self, sub: str, password_hash: str) -> None:
        """Keep the slow hash of a password."""
        change = update(users).where(users.c.sub == sub).values(password_hash=password_hash)
        with self._database.transaction() as connection:
            connection.execute(change)

    def _one(self, query: Any, **parameters: str) -> User | None:
        with self._database.transaction() as connection:
            row = connection.execute(query, parameters).first()
        return None if row is None else User(**row._mapping)

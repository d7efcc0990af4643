"""Keeps sessions, the sign-ins under way, and what users agreed to — OIDCC-3.1.2.3, OIDCC-3.1.2.4."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from oidc_lab.domain.grant import Grant
from oidc_lab.domain.interaction import Progress
from oidc_lab.domain.session import Session
from oidc_lab.provider.store.connection import Database
from oidc_lab.provider.store.tables import digest, families, grants, interactions, sessions, users


@dataclass(frozen=True, kw_only=True)
class Interaction:
    """A request that waits for its user; only the browser that brought it may go on with it.

    `sid` is the session its page is about, empty when nobody was signed in.
    """

    interaction_id: str
    browser: str
    csrf: str
    parameters: dict[str, str]
    page: str
    because: str
    expires_at: datetime
    signed_in: bool = False
    account_selected: bool = False
    sid: str = ""

    @property
    def progress(self) -> Progress:
        """What the user has done so far."""
        return Progress(self.signed_in, self.account_selected)


# Made once: to put a condition together takes longer than to run it. What a row is found by is called `key` or `of_…`,
# because a parameter of an update that is called like a column is what the column is set to.
_PUBLIC = [sessions.c[field.name] for field in fields(Session)]
_SESSION = (
    select(*_PUBLIC)
    .join(users)
    .where(sessions.c.browser == bindparam("browser"))
    .where(sessions.c.ended_at.is_(None))
    .where(sessions.c.expires_at > bindparam("now"))
)
_CHANGE_SESSION = update(sessions).where(sessions.c.sid == bindparam("key"))
_INTERACTION = select(interactions).where(interactions.c.interaction_id == bindparam("key"))
_CHANGE_INTERACTION = update(interactions).where(interactions.c.interaction_id == bindparam("key"))
_MOVE_INTERACTIONS = update(interactions).where(interactions.c.browser == bindparam("key"))
_CLOSE_INTERACTION = delete(interactions).where(interactions.c.interaction_id == bindparam("key"))
_OF_USER = (
    (grants.c.sub == bindparam("of_sub"))
    & (grants.c.client_id == bindparam("of_client_id"))
    & (grants.c.sid == bindparam("of_sid"))
)
_GRANT = select(grants).where(_OF_USER)
_CHANGE_GRANT = update(grants).where(grants.c.grant_id == bindparam("key"))


class Sessions:
    """Who is signed in in which browser; a browser is known by the digest of its cookie."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_browser(self, browser: str, now: datetime) -> Session | None:
        """The live session of the browser with this cookie."""
        with self._database.transaction() as connection:
            row = connection.execute(_SESSION, {"browser": digest(browser), "now": now}).first()
        return None if row is None else Session(**row._mapping)

    def begin(self, session: Session, browser: str, user_agent: str = "") -> None:
        """Sign a user in in the browser with this cookie."""
        row = {**vars(session), "browser": digest(browser), "user_agent": user_agent}
        with self._database.transaction() as connection:
            connection.execute(insert(sessions), row)

    def all(self, now: datetime, *, sub: str | None = None) -> list[tuple[Session, str]]:
        """The live sessions, of one user or of all, with the user agent of the browser; oldest first."""
        query = select(*_PUBLIC, sessions.c.user_agent).where(
            sessions.c.ended_at.is_(None), sessions.c.expires_at > now
        )
        query = query if sub is None else query.where(sessions.c.sub == sub)
        with self._database.transaction() as connection:
            found = connection.execute(query.order_by(sessions.c.began_at, sessions.c.sid)).all()
        return [(Session(**dict(zip(row._fields[:-1], row[:-1], strict=True))), row.user_agent) for row in found]

    def find(self, sid: str, now: datetime) -> Session | None:
        """The live session of this name; None when there is none (any more)."""
        return next((session for session, _ in self.all(now) if session.sid == sid), None)

    def roll(self, session: Session) -> None:
        """Keep a session's new end."""
        with self._database.transaction() as connection:
            connection.execute(_CHANGE_SESSION, {"expires_at": session.expires_at, "key": session.sid})

    def renew(self, session: Session, browser: str) -> None:
        """Note that the user of a session signed in again."""
        values = {"auth_time": session.auth_time, "expires_at": session.expires_at, "ended_at": None}
        with self._database.transaction() as connection:
            connection.execute(_CHANGE_SESSION, {**values, "browser": digest(browser), "key": session.sid})

    def end(self, sid: str, now: datetime) -> None:
        """End a session; its browser is signed out."""
        with self._database.transaction() as connection:
            connection.execute(_CHANGE_SESSION, {"ended_at": now, "key": sid})


class Interactions:
    """The requests that wait for their users."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, interaction: Interaction) -> None:
        """Keep a request until its user has acted."""
        row = {**vars(interaction), "browser": digest(interaction.browser)}
        with self._database.transaction() as connection:
            connection.execute(insert(interactions), row)

    def find(self, interaction_id: str, browser: str, now: datetime) -> Interaction | None:
        """The request that waits under this name in this browser; None when there is none (any more)."""
        with self._database.transaction() as connection:
            row = connection.execute(_INTERACTION, {"key": interaction_id}).first()
        if row is None or row.browser != digest(browser) or now >= row.expires_at:
            return None
        return Interaction(**{**row._mapping, "browser": browser})

    def update(self, interaction: Interaction) -> None:
        """Note what the user has done, and which page comes next."""
        row = {**vars(interaction), "browser": digest(interaction.browser)}
        with self._database.transaction() as connection:
            connection.execute(_CHANGE_INTERACTION, {**row, "key": interaction.interaction_id})

    def move(self, browser: str, new_browser: str) -> None:
        """Take the requests that wait in a browser along when its cookie is renewed."""
        with self._database.transaction() as connection:
            connection.execute(_MOVE_INTERACTIONS, {"browser": digest(new_browser), "key": digest(browser)})

    def close(self, interaction_id: str) -> None:
        """Forget a request that was answered."""
        with self._database.transaction() as connection:
            connection.execute(_CLOSE_INTERACTION, {"key": interaction_id})


class Grants:
    """What users agreed to: one grant per user and application, and per session where it is remembered for that."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, sub: str, client_id: str, sid: str = "") -> Grant | None:
        """What this user agreed to for this application; None when nothing yet."""
        with self._database.transaction() as connection:
            which = {"of_sub": sub, "of_client_id": client_id, "of_sid": sid}
            row = connection.execute(_GRANT, which).first()
        return None if row is None else _grant(row._mapping)

    def all(self, *, sub: str | None = None, client_id: str | None = None, grant_id: str | None = None) -> list[Grant]:
        """The grants of a user, of an application, of both, or the one of this name; oldest first."""
        query = select(grants).order_by(grants.c.created_at, grants.c.grant_id)
        for name, value in (("sub", sub), ("client_id", client_id), ("grant_id", grant_id)):
            query = query if value is None else query.where(grants.c[name] == value)
        with self._database.transaction() as connection:
            return [_grant(row._mapping) for row in connection.execute(query)]

    def keep(self, grant: Grant) -> None:
        """Remember an agreement, in place of what was remembered under its name."""
        row = {**vars(grant), "scopes": sorted(grant.scopes), "claims": sorted(grant.claims)}
        with self._database.transaction() as connection:
            if connection.execute(_CHANGE_GRANT, {**row, "key": grant.grant_id}).rowcount == 0:
                connection.execute(insert(grants), row)

    def note_use(self, grant_id: str, now: datetime) -> None:
        """Note that a token was just given because of this agreement."""
        with self._database.transaction() as connection:
            connection.execute(_CHANGE_GRANT, {"last_used_at": now, "key": grant_id})

    def forget(self, grant_id: str) -> bool:
        """Forget an agreement; False when there is none of this name."""
        with self._database.transaction() as connection:
            return connection.execute(delete(grants).where(grants.c.grant_id == grant_id)).rowcount == 1

    def forget_unused_of_session(self, sid: str) -> None:
        """Forget what was remembered for one session, but for what something still lives of."""
        living = select(families.c.grant_id).where(families.c.sid == sid, families.c.revoked_at.is_(None))
        with self._database.transaction() as connection:
            connection.execute(delete(grants).where(grants.c.sid == sid, grants.c.grant_id.not_in(living)))


def _grant(row: Any) -> Grant:
    return Grant(**{**row, "scopes": frozenset(row["scopes"]), "claims": frozenset(row["claims"])})

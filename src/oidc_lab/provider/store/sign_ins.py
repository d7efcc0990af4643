"""Keeps sessions, the sign-ins under way, and what users agreed to — OIDCC-3.1.2.3, OIDCC-3.1.2.4."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from oidc_lab.domain.grant import Grant
from oidc_lab.domain.interaction import Progress
from oidc_lab.domain.session import Session
from oidc_lab.provider.store.connection import Database
from oidc_lab.provider.store.tables import digest, grants, interactions, sessions, users


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
_SESSION = (
    select(sessions.c.sid, sessions.c.sub, sessions.c.auth_time, sessions.c.expires_at)
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
_OF_USER = (grants.c.sub == bindparam("of_sub")) & (grants.c.client_id == bindparam("of_client_id"))
_GRANT = select(grants).where(_OF_USER)
_EXTEND_GRANT = update(grants).where(_OF_USER)


class Sessions:
    """Who is signed in in which browser; a browser is known by the digest of its cookie."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_browser(self, browser: str, now: datetime) -> Session | None:
        """The live session of the browser with this cookie."""
        with self._database.transaction() as connection:
            row = connection.execute(_SESSION, {"browser": digest(browser), "now": now}).first()
        return None if row is None else Session(**row._mapping)

    def begin(self, session: Session, browser: str) -> None:
        """Sign a user in in the browser with this cookie."""
        with self._database.transaction() as connection:
            connection.execute(insert(sessions), {**vars(session), "browser": digest(browser)})

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
    """What users agreed to: one grant per user and application."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, sub: str, client_id: str) -> Grant | None:
        """What this user agreed to for this application; None when nothing yet."""
        with self._database.transaction() as connection:
            row = connection.execute(_GRANT, {"of_sub": sub, "of_client_id": client_id}).first()
        if row is None:
            return None
        values = {**row._mapping, "scopes": frozenset(row.scopes), "claims": frozenset(row.claims)}
        return Grant(**values)

    def keep(self, grant: Grant) -> None:
        """Remember an agreement; what was agreed to before stays agreed to."""
        values = {"scopes": sorted(grant.scopes), "claims": sorted(grant.claims)}
        which = {"of_sub": grant.sub, "of_client_id": grant.client_id}
        with self._database.transaction() as connection:
            if connection.execute(_EXTEND_GRANT, {**values, **which}).rowcount == 0:
                connection.execute(insert(grants), {**vars(grant), **values})

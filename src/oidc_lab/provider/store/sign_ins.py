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


_SESSION = (
    select(sessions.c.sid, sessions.c.sub, sessions.c.auth_time, sessions.c.expires_at)
    .join(users)
    .where(sessions.c.browser == bindparam("browser"))
    .where(sessions.c.ended_at.is_(None))
    .where(sessions.c.expires_at > bindparam("now"))
)
_INTERACTION = select(interactions).where(interactions.c.interaction_id == bindparam("interaction_id"))
_DROP_INTERACTION = delete(interactions).where(interactions.c.interaction_id == bindparam("interaction_id"))
_GRANT = select(grants).where(grants.c.sub == bindparam("sub")).where(grants.c.client_id == bindparam("client_id"))


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
        values = {"auth_time": session.auth_time, "expires_at": session.expires_at}
        change = update(sessions).where(sessions.c.sid == session.sid)
        with self._database.transaction() as connection:
            connection.execute(change.values(**values, browser=digest(browser), ended_at=None))

    def end(self, sid: str, now: datetime) -> None:
        """End a session; its browser is signed out."""
        with self._database.transaction() as connection:
            connection.execute(update(sessions).where(sessions.c.sid == sid).values(ended_at=now))


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
            row = connection.execute(_INTERACTION, {"interaction_id": interaction_id}).first()
        if row is None or row.browser != digest(browser) or now >= row.expires_at:
            return None
        return Interaction(**{**row._mapping, "browser": browser})

    def update(self, interaction: Interaction) -> None:
        """Note what the user has done, and which page comes next."""
        row = {**vars(interaction), "browser": digest(interaction.browser)}
        with self._database.transaction() as connection:
            which = interactions.c.interaction_id == interaction.interaction_id
            connection.execute(update(interactions).where(which).values(row))

    def move(self, browser: str, new_browser: str) -> None:
        """Take the requests that wait in a browser along when its cookie is renewed."""
        with self._database.transaction() as connection:
            which = interactions.c.browser == digest(browser)
            connection.execute(update(interactions).where(which).values(browser=digest(new_browser)))

    def close(self, interaction_id: str) -> None:
        """Forget a request that was answered."""
        with self._database.transaction() as connection:
            connection.execute(_DROP_INTERACTION, {"interaction_id": interaction_id})


class Grants:
    """What users agreed to: one grant per user and application."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, sub: str, client_id: str) -> Grant | None:
        """What this user agreed to for this application; None when nothing yet."""
        with self._database.transaction() as connection:
            row = connection.execute(_GRANT, {"sub": sub, "client_id": client_id}).first()
        if row is None:
            return None
        values = {**row._mapping, "scopes": frozenset(row.scopes), "claims": frozenset(row.claims)}
        return Grant(**values)

    def keep(self, grant: Grant) -> None:
        """Remember an agreement; what was agreed to before stays agreed to."""
        values = {"scopes": sorted(grant.scopes), "claims": sorted(grant.claims)}
        which = (grants.c.sub == grant.sub) & (grants.c.client_id == grant.client_id)
        with self._database.transaction() as connection:
            if connection.execute(update(grants).where(which).values(**values)).rowcount == 0:
                connection.execute(insert(grants), {**vars(grant), **values})

"""One store for everything the provider keeps; a request is one transaction in it."""

from contextlib import AbstractContextManager

from sqlalchemy import Connection

from oidc_lab.provider.store.applications import Applications
from oidc_lab.provider.store.connection import IN_MEMORY, Database
from oidc_lab.provider.store.expiry import Expiries
from oidc_lab.provider.store.families import Families
from oidc_lab.provider.store.log import Log
from oidc_lab.provider.store.sign_ins import Grants, Interactions, Sessions
from oidc_lab.provider.store.tables import metadata
from oidc_lab.provider.store.tokens import Tokens
from oidc_lab.provider.store.users import Users


class Store:
    """Opens the database at an SQLAlchemy URL and creates the tables that are not there yet."""

    def __init__(self, url: str = IN_MEMORY) -> None:
        self._database = Database(url)
        with self._database.transaction() as connection:
            metadata.create_all(connection)
        self.applications = Applications(self._database)
        self.users = Users(self._database)
        self.sessions = Sessions(self._database)
        self.interactions = Interactions(self._database)
        self.grants = Grants(self._database)
        self.tokens = Tokens(self._database)
        self.families = Families(self._database)
        self.expiries = Expiries(self._database)
        self.log = Log(self._database)

    def transaction(self) -> AbstractContextManager[Connection]:
        """Keep everything until the block ends in one transaction: all of it happens or nothing."""
        return self._database.transaction()

    def unit(self) -> AbstractContextManager[None]:
        """Keep what happens until the block ends in one transaction, which begins when it is first needed."""
        return self._database.unit()

    def image(self) -> bytes:
        """Everything that is kept. Raises KeepsNoImages when the database is none of SQLite's."""
        return self._database.image()

    def restore(self, image: bytes) -> None:
        """Keep that again, and nothing else."""
        self._database.restore(image)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

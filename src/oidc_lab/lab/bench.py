"""The bench: provider, relying party, clock and demo data in one line, joined by an in-process wire."""

import threading
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2

from oidc_lab.domain.checked import Checked
from oidc_lab.domain.profile import Profile
from oidc_lab.domain.refusal import Refused
from oidc_lab.domain.rewindable import Rewindable
from oidc_lab.domain.tokens import RefreshToken
from oidc_lab.lab import data as demo
from oidc_lab.lab.channel import Channel
from oidc_lab.lab.clock import START, LabClock
from oidc_lab.lab.managed import Managed, checked_profile
from oidc_lab.lab.moment import CannotGoBack, Moment
from oidc_lab.lab.named import Named
from oidc_lab.lab.stock import entropy_for, stock
from oidc_lab.provider.app import create_app
from oidc_lab.provider.context import EXTENSION
from oidc_lab.provider.store import Store
from oidc_lab.provider.store.connection import IN_MEMORY, KeepsNoImages
from oidc_lab.provider.store.tables import digest
from oidc_lab.relying_party.wire import Lane

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from oidc_lab.lab.connected import ConnectedLab

ISSUER = "https://provider.test"


class Lab(Managed):
    """Everything on one bench. Two labs with one seed do the same, byte for byte; several do not disturb each other.

    `data` is a folder with applications.toml and users.toml; without it the demo data is used. `store` is an
    SQLAlchemy URL. `profile` says whose rules the provider follows. `refusals` is the lab's own channel: the true
    reason of everything the provider refused. Raises DataError when there is a mistake in the data.
    """

    clock: LabClock

    def __init__(
        self,
        seed: int | str = 7,
        *,
        issuer: str = ISSUER,
        store: str = IN_MEMORY,
        data: Path | str | None = None,
        start: datetime = START,
        profile: Profile | str = Profile.DOCUMENTED,
    ) -> None:
        folder = demo.folder() if data is None else Path(data)
        applications, users = demo.read_applications(folder), demo.read_users(folder)
        keys = demo.read_test_keys(folder if (folder / demo.TEST_KEYS).exists() else demo.folder())
        chosen = checked_profile(profile)
        self.seed, self.issuer = seed, issuer
        self._channel = Channel()
        self._turn = threading.RLock()
        passwords = Named("user", {each.user.sub: each.password for each in users})
        self._store = Store(store)
        try:
            self.clock = LabClock(start, lambda _: self.living.next())
            stock(self._store, applications, users, self.clock.now)
            self._chance = entropy = entropy_for(self._store, seed)
            token = entropy.child("management").token()
            self.provider = create_app(
                issuer=issuer,
                clock=self.clock,
                entropy=entropy.child("provider"),
                keys=keys,
                store=self._store,
                initial_passwords=passwords,
                on_refusal=self._channel.hear,
                on_check=self._channel.hear_check,
                profile=chosen,
                management_token=token,
            )
            super().__init__(
                token=token,
                lane=Lane(self._transport(), self._turn),
                entropy=entropy.child("relying party"),
                applications=applications,
                users=[each.user for each in users],
                passwords=passwords,
                data=folder,
                keeps=True,
            )
        except BaseException:
            self._store.close()
            raise

    @staticmethod
    def connect(url: str, token: str, data: Path | str | None = None) -> "ConnectedLab":
        """A bench at a provider that is served: `url` is its issuer, `token` what it says when it is served.

        `data` is the folder that it is served with, for the secrets of its applications. Raises PermissionError when
        the token is wrong, ConnectionError when no lab answers there.
        """
        from oidc_lab.lab.connected import ConnectedLab

        return ConnectedLab(url, token, data)

    def moment(self) -> Moment:
        """Where both sides stand now, to `return_to` later. Raises CannotGoBack when the store keeps no images."""
        self._check_open()
        try:
            with self._turn:
                return Moment.of(self.clock.now, self._parts())
        except KeepsNoImages as error:
            raise CannotGoBack(f"this lab cannot go back: {error}") from None

    @property
    def refusals(self) -> list[Refused]:
        """Everything that the provider refused, oldest first, with the true reason."""
        return self._channel.refusals

    def kept_refresh_token(self, refresh_token: str, /) -> RefreshToken:
        """What the provider keeps of a token. Raises LookupError when it was never given out here."""
        kept = self._store.tokens.find(RefreshToken, digest(refresh_token))
        if kept is None:
            raise LookupError("the provider has no such refresh token")
        return kept

    def close(self) -> None:
        """Close the connections and the store; a memory store is gone after that."""
        super().close()
        self._store.close()

    def __repr__(self) -> str:
        there = f"{len(self.applications)} applications, {len(self.users)} users"
        return f"Lab(seed={self.seed!r}) at {self.issuer}: {there}, {self.clock.now:%Y-%m-%d %H:%M:%S} UTC"

    def _parts(self) -> Sequence[Rewindable]:
        rules = self.provider.extensions[EXTENSION]
        mine = (self, self._history, self._steps, self._management, self.applications, self.users, self.passwords)
        return (self._store, rules, self.clock, self._chance, self._channel, *mine)

    def _transport(self) -> httpx2.BaseTransport:
        return httpx2.WSGITransport(app=_with_path_in_latin_1(self.provider))

    def _heard(self) -> Sequence[Refused]:
        return self._channel.heard()

    def _told(self) -> AbstractContextManager[Sequence[Checked]]:
        return self._channel.listening()


def _with_path_in_latin_1(app: "WSGIApplication") -> "WSGIApplication":
    """A path's octets stand in a WSGI environment as if they were latin-1; the transport leaves them as text."""

    def call(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        environ["PATH_INFO"] = environ["PATH_INFO"].encode().decode("latin-1")
        return app(environ, start_response)

    return call

"""The bench: provider, relying party, clock and demo data in one line, joined by an in-process wire."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

import httpx2

from oidc_lab.domain.application import Application
from oidc_lab.domain.refusal import Refused
from oidc_lab.domain.user import User
from oidc_lab.lab import data as demo
from oidc_lab.lab.clock import START, LabClock
from oidc_lab.lab.entropy import SeededEntropy
from oidc_lab.provider.app import create_app
from oidc_lab.provider.store import Store
from oidc_lab.provider.store.connection import IN_MEMORY
from oidc_lab.relying_party.authorization import Asking
from oidc_lab.relying_party.browser import Persona
from oidc_lab.relying_party.flow import Bench, SignedIn, authorization_code_flow, sign_out_flow
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.registration import Registration
from oidc_lab.relying_party.run import Lane, Run, Wire

ISSUER = "https://provider.test"

Item = TypeVar("Item")


class Named(Mapping[str, Item], Generic[Item]):
    """Things by name, in the order in which they came; an unknown name is answered with the known ones."""

    def __init__(self, kind: str, items: Mapping[str, Item]) -> None:
        self._kind, self._items = kind, dict(items)

    def __getitem__(self, name: str) -> Item:
        """The thing with this name. Raises KeyError that names those there are."""
        if name not in self._items:
            raise KeyError(f"there is no {self._kind} {name!r}; there are {', '.join(self._items)}")
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"{self._kind}s: {', '.join(self._items)}"

    def add(self, name: str, item: Item) -> None:
        """Note one more."""
        self._items[name] = item


class Lab:
    """Everything on one bench. Two labs with one seed do the same, byte for byte; several do not disturb each other.

    `data` is a folder with applications.toml and users.toml; without it the demo data is used. `store` is an
    SQLAlchemy URL. `refusals` is the lab's own channel: the true reason of everything the provider refused.
    """

    def __init__(
        self,
        seed: int | str = 7,
        *,
        issuer: str = ISSUER,
        store: str = IN_MEMORY,
        data: Path | str | None = None,
        start: datetime = START,
    ) -> None:
        self.seed = seed
        self.issuer = issuer
        self.refusals: list[Refused] = []
        self._entropy = SeededEntropy(seed)
        self._store = Store(store)
        self.clock = LabClock(start, self._store.tokens.next_expiry)
        folder = Path(data) if data is not None else demo.folder()
        users = demo.read_users(folder)
        self.applications: Named[Application] = Named("application", {})
        self.users = Named("user", {each.user.sub: each.user for each in users})
        self.passwords = Named("user", {each.user.sub: each.password for each in users})
        self.provider = create_app(
            issuer=issuer,
            clock=self.clock,
            entropy=self._entropy.child("provider"),
            keys=demo.read_test_keys(folder if (folder / demo.TEST_KEYS).exists() else demo.folder()),
            store=self._store,
            initial_passwords=self.passwords,
            on_refusal=self.refusals.append,
        )
        self._chance = self._entropy.child("relying party")
        self._relying_party = self._lane()
        self._browsers: dict[str, Lane] = {}
        self._fill(demo.read_applications(folder), users)

    def register(self, application: Application) -> Application:
        """Register one more application at the provider; gives it back."""
        self._store.applications.add(application, self.clock.now)
        self.applications.add(application.client_id, application)
        return application

    def sign_in(
        self,
        application: Application | str,
        user: User | str,
        *,
        scopes: tuple[str, ...] | list[str] = Asking.scopes,
        password: str | None = None,
        agrees: bool = True,
        redirect_uri: str | None = None,
        **asking: Any,
    ) -> Run:
        """Begin to sign a user in; `finish()` the run or `advance()` it step by step.

        `asking` takes prompt, max_age (seconds), response_mode, login_hint, claims and more (parameters sent as
        they are). Without `password` the scripted browser uses the lab's one-click shortcut. Each user sits at
        a browser of their own, which remembers who is signed in.
        """
        bench = self._bench(application, user, password=password, agrees=agrees, redirect_uri=redirect_uri)
        flow = authorization_code_flow(bench, Asking(scopes=tuple(scopes), **asking))
        return self._run(f"{bench.persona.name} signs in to {self._application(application).name}", flow, bench)

    def sign_out(
        self, application: Application | str, user: User | str, *, signed_in: SignedIn | Run | None = None
    ) -> Run:
        """Begin to sign a user out; the ID Token of `signed_in` (a sign-in's run or result) goes along as hint.

        Without it the provider asks the user first.
        """
        bench = self._bench(application, user)
        result = signed_in.result if isinstance(signed_in, Run) else signed_in
        flow = sign_out_flow(bench, result.tokens.id_token if result else None)
        return self._run(f"{bench.persona.name} signs out of {self._application(application).name}", flow, bench)

    def close(self) -> None:
        """Close the connections and the store; a memory store is gone after that."""
        for lane in (self._relying_party, *self._browsers.values()):
            lane.close()
        self._store.close()

    def __enter__(self) -> "Lab":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        there = f"{len(self.applications)} applications, {len(self.users)} users"
        return f"Lab(seed={self.seed!r}) at {self.issuer}: {there}, {self.clock.now:%Y-%m-%d %H:%M:%S} UTC"

    def _fill(self, applications: list[Application], users: list[demo.DemoUser]) -> None:
        with self._store.transaction():
            for each in users:
                if self._store.users.find(each.user.sub) is None:
                    self._store.users.add(each.user, demo=True)
            for application in applications:
                self.applications.add(application.client_id, application)
                if self._store.applications.find(application.client_id) is None:
                    self._store.applications.add(application, self.clock.now)

    def _application(self, application: Application | str) -> Application:
        return self.applications[application] if isinstance(application, str) else application

    def _bench(
        self,
        application: Application | str,
        user: User | str,
        *,
        password: str | None = None,
        agrees: bool = True,
        redirect_uri: str | None = None,
    ) -> Bench:
        who = self.users[user] if isinstance(user, str) else user
        registration = self._registration(self._application(application), redirect_uri)
        persona = Persona(sub=who.sub, name=who.name, username=who.username, password=password, agrees=agrees)
        return Bench(
            registration=registration,
            persona=persona,
            entropy=self._chance,
            clock=self.clock,
            ledger=Ledger(),
        )

    def _registration(self, application: Application, redirect_uri: str | None) -> Registration:
        if not application.redirect_uris:
            raise ValueError(f"{application.name} has no redirect URI: nobody can sign in to it")
        back = application.post_logout_redirect_uris
        return Registration(
            issuer=self.issuer,
            client_id=application.client_id,
            client_secret=application.client_secret,
            redirect_uri=redirect_uri or application.redirect_uris[0],
            post_logout_redirect_uri=back[0] if back else None,
            id_token_signed_response_alg=application.id_token_signed_response_alg,
        )

    def _run(self, title: str, flow: Any, bench: Bench) -> Run:
        browser = self._browsers.setdefault(bench.persona.sub, self._lane())
        wire = Wire(browser, self._relying_party, self._truths)
        return Run(title, flow, wire=wire, ledger=bench.ledger, clock=self.clock)

    def _truths(self) -> list[str]:
        return [f"{each.refusal.code}: {each.refusal.truth}" for each in self.refusals]

    def _lane(self) -> Lane:
        return Lane(httpx2.WSGITransport(app=self.provider))

"""The bench: provider, relying party, clock and demo data in one line, joined by an in-process wire."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2

from oidc_lab.domain.application import Application
from oidc_lab.domain.refusal import Refused
from oidc_lab.domain.user import User
from oidc_lab.lab import data as demo
from oidc_lab.lab.channel import Channel
from oidc_lab.lab.clock import START, LabClock
from oidc_lab.lab.named import Named
from oidc_lab.lab.parties import persona_of, registration_of
from oidc_lab.lab.stock import all_applications, entropy_for, stock
from oidc_lab.provider.app import create_app
from oidc_lab.provider.store import Store
from oidc_lab.provider.store.connection import IN_MEMORY
from oidc_lab.relying_party.authorization import Asking
from oidc_lab.relying_party.flow import Bench, Flow, SignedIn, authorization_code_flow, refresh_flow, sign_out_flow
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.wire import Lane, Wire

ISSUER = "https://provider.test"


class Lab:
    """Everything on one bench. Two labs with one seed do the same, byte for byte; several do not disturb each other.

    `data` is a folder with applications.toml and users.toml; without it the demo data is used. `store` is an
    SQLAlchemy URL. `refusals` is the lab's own channel: the true reason of everything the provider refused.
    Raises DataError when there is a mistake in the data.
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
        folder = demo.folder() if data is None else Path(data)
        applications, users = demo.read_applications(folder), demo.read_users(folder)
        keys = demo.read_test_keys(folder if (folder / demo.TEST_KEYS).exists() else demo.folder())
        self.seed, self.issuer = seed, issuer
        self._channel = Channel()
        self.users = Named("user", {each.user.sub: each.user for each in users})
        self.passwords = Named("user", {each.user.sub: each.password for each in users})
        self._lanes: dict[str, Lane] = {}
        self._closed = False
        self._store = Store(store)
        try:
            self.clock = LabClock(start, self._store.expiries.next)
            stock(self._store, applications, users, self.clock.now)
            self.applications = Named("application", all_applications(self._store, applications))
            entropy = entropy_for(self._store, seed)
            self._entropy = entropy.child("relying party")
            self.provider = create_app(
                issuer=issuer,
                clock=self.clock,
                entropy=entropy.child("provider"),
                keys=keys,
                store=self._store,
                initial_passwords=self.passwords,
                on_refusal=self._channel.hear,
            )
        except BaseException:
            self._store.close()
            raise

    @property
    def refusals(self) -> list[Refused]:
        """Everything that the provider refused, oldest first, with the true reason."""
        return self._channel.refusals

    def register(self, application: Application) -> Application:
        """Register one more application at the provider; gives it back."""
        if application.client_id in self.applications:
            raise ValueError(f"there is an application {application.client_id!r} already; give it another client_id")
        self._store.applications.add(application, self.clock.now)
        self.applications.add(application.client_id, application)
        return application

    def sign_in(
        self,
        application: Application | str,
        user: User | str,
        *,
        scopes: Iterable[str] | str = Asking.scopes,
        prompt: str | None = None,
        max_age: int | None = None,
        response_mode: str | None = None,
        login_hint: str | None = None,
        claims: Mapping[str, Any] | None = None,
        more: Mapping[str, str] | None = None,
        password: str | None = None,
        agrees: bool = True,
        redirect_uri: str | None = None,
        token_endpoint_auth_method: str | None = None,
    ) -> Run:
        """Begin to sign a user in; `finish()` the run or `advance()` it step by step.

        The first six say what the application asks for, `max_age` in seconds; parameters in `more` are sent as they
        are. Without `password` the scripted browser uses the lab's one-click shortcut. `agrees` is what the user
        answers when asked for consent. Each user sits at a browser of their own, which remembers who is signed in.
        """
        asking = Asking(
            scopes=tuple(scopes.split() if isinstance(scopes, str) else scopes),
            prompt=prompt,
            max_age=max_age,
            response_mode=response_mode,
            login_hint=login_hint,
            claims=claims,
            more=more or {},
        )
        bench = self._bench(
            application,
            user,
            password=password,
            agrees=agrees,
            redirect_uri=redirect_uri,
            token_endpoint_auth_method=token_endpoint_auth_method,
        )
        return self._run("{user} signs in to {application}", application, authorization_code_flow(bench, asking), bench)

    def refresh(
        self,
        application: Application | str,
        user: User | str,
        *,
        signed_in: SignedIn | Run,
        scopes: Iterable[str] | str = (),
        token_endpoint_auth_method: str | None = None,
    ) -> Run:
        """Begin to get new tokens with the refresh token of `signed_in` (a run or its result).

        `scopes` asks for fewer than the user granted. A sign-in gives a refresh token when it asks for the scope
        offline_access with prompt="consent".
        """
        bench = self._bench(application, user, token_endpoint_auth_method=token_endpoint_auth_method)
        fewer = tuple(scopes.split() if isinstance(scopes, str) else scopes)
        flow = refresh_flow(bench, _result(signed_in), fewer)
        return self._run("{application} refreshes the tokens of {user}", application, flow, bench)

    def sign_out(
        self, application: Application | str, user: User | str, *, signed_in: SignedIn | Run | None = None
    ) -> Run:
        """Begin to sign a user out; the ID Token of `signed_in` (a run or its result) goes along as hint.

        Without it the provider asks the user first.
        """
        bench = self._bench(application, user)
        hint = None if signed_in is None else _result(signed_in).tokens.id_token
        return self._run("{user} signs out of {application}", application, sign_out_flow(bench, hint), bench)

    def close(self) -> None:
        """Close the connections and the store; a memory store is gone after that."""
        self._closed = True
        for lane in self._lanes.values():
            lane.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        there = f"{len(self.applications)} applications, {len(self.users)} users"
        return f"Lab(seed={self.seed!r}) at {self.issuer}: {there}, {self.clock.now:%Y-%m-%d %H:%M:%S} UTC"

    def _application(self, application: Application | str) -> Application:
        return self.applications[application] if isinstance(application, str) else application

    def _bench(
        self,
        application: Application | str,
        user: User | str,
        *,
        password: str | None = None,
        agrees: bool = True,
        **registered: str | None,
    ) -> Bench:
        if self._closed:
            raise RuntimeError("this lab is closed; make a new Lab()")
        return Bench(
            registration=registration_of(self._application(application), self.issuer, **registered),
            persona=persona_of(self.users[user] if isinstance(user, str) else user, password=password, agrees=agrees),
            entropy=self._entropy,
            clock=self.clock,
            ledger=Ledger(),
        )

    def _run(self, title: str, application: Application | str, flow: Flow, bench: Bench) -> Run:
        named = title.format(user=bench.persona.name, application=self._application(application).name)
        wire = Wire(self._lane(f"browser of {bench.persona.sub}"), self._lane("application"), self._channel.heard)
        return Run(named, flow, wire=wire, ledger=bench.ledger, clock=self.clock)

    def _lane(self, whose: str) -> Lane:
        if whose not in self._lanes:
            self._lanes[whose] = Lane(httpx2.WSGITransport(app=self.provider))
        return self._lanes[whose]


def _result(signed_in: SignedIn | Run) -> SignedIn:
    result: SignedIn = signed_in.result if isinstance(signed_in, Run) else signed_in
    return result

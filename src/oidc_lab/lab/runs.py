"""What can be run on a bench: every flow between its applications, its users and its provider — OIDCC-3.1.1."""

from collections.abc import Iterable, Mapping
from typing import Any

from oidc_lab.domain.application import Application
from oidc_lab.domain.clock import Clock
from oidc_lab.domain.user import User
from oidc_lab.lab.applications import Applications
from oidc_lab.lab.lanes import Lanes
from oidc_lab.lab.parties import client_of, persona_of, registration_of
from oidc_lab.lab.users import Users
from oidc_lab.relying_party.authorization import Asking
from oidc_lab.relying_party.back_channel import (
    client_credentials_flow,
    introspection_flow,
    revocation_flow,
    userinfo_flow,
)
from oidc_lab.relying_party.cors import from_page
from oidc_lab.relying_party.desk import Desk
from oidc_lab.relying_party.flow import Bench, Flow, SignedIn, authorization_code_flow, refresh_flow, sign_out_flow
from oidc_lab.relying_party.ledger import Ledger
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.stepping import Stepping
from oidc_lab.relying_party.trace import Exchange, Trace
from oidc_lab.relying_party.why import Why, explain
from oidc_lab.relying_party.wire import Wire


class Runs(Lanes):
    """The flows. Each gives a run: `finish()` it, or `advance()` it step by step.

    With `origin`, what the application asks goes out as a page of that origin sends it, such as
    "https://photos.example"; without, as a program does.
    """

    issuer: str
    clock: Clock
    applications: Applications
    users: Users

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
        by_hand: bool = False,
        redirect_uri: str | None = None,
        token_endpoint_auth_method: str | None = None,
        origin: str | None = None,
        browser: str = "",
    ) -> Run:
        """Begin to sign a user in.

        The first six say what the application asks for, `max_age` in seconds; parameters in `more` are sent as they
        are. Without `password` the scripted browser uses the lab's one-click shortcut. `agrees` is what the user
        answers when asked for consent. With `by_hand` nobody fills in the pages but who changes the requests before
        they go. Each user sits at a browser of their own, which remembers who is signed in; `browser` is the name of
        another one that the user has, such as "phone".
        """
        asking = Asking(
            scopes=_scopes(scopes),
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
            by_hand=by_hand,
            redirect_uri=redirect_uri,
            token_endpoint_auth_method=token_endpoint_auth_method,
        )
        flow = authorization_code_flow(bench, asking)
        title = "{user} signs in to {application}"
        return self._run_of_user(title, application, flow, bench, origin, browser=browser)

    def refresh(
        self,
        application: Application | str,
        user: User | str,
        *,
        signed_in: SignedIn | Run,
        scopes: Iterable[str] | str = (),
        token_endpoint_auth_method: str | None = None,
        origin: str | None = None,
    ) -> Run:
        """Begin to get new tokens with the refresh token of `signed_in` (a run or its result).

        `scopes` asks for fewer than the user granted. A sign-in gives a refresh token when it asks for the scope
        offline_access with prompt="consent", or when the application always has one.
        """
        bench = self._bench(application, user, token_endpoint_auth_method=token_endpoint_auth_method)
        flow = refresh_flow(bench, _result(signed_in), _scopes(scopes))
        return self._run_of_user("{application} refreshes the tokens of {user}", application, flow, bench, origin)

    def sign_out(
        self,
        application: Application | str,
        user: User | str,
        *,
        signed_in: SignedIn | Run | None = None,
        by_hand: bool = False,
        browser: str = "",
    ) -> Run:
        """Begin to sign a user out; the ID Token of `signed_in` (a run or its result) goes along as hint.

        Without it the provider asks the user first. `by_hand` and `browser` are as for `sign_in`.
        """
        bench = self._bench(application, user, by_hand=by_hand)
        hint = None if signed_in is None else _result(signed_in).tokens.id_token
        flow = sign_out_flow(bench, hint)
        return self._run_of_user("{user} signs out of {application}", application, flow, bench, browser=browser)

    def userinfo(
        self, application: Application | str, user: User | str, *, signed_in: SignedIn | Run, origin: str | None = None
    ) -> Run:
        """Begin to ask once more who the user is, with the access token of `signed_in` (a run or its result)."""
        bench = self._bench(application, user)
        flow = userinfo_flow(bench, _result(signed_in))
        return self._run_of_user("{application} asks who {user} is", application, flow, bench, origin)

    def client_credentials(
        self,
        application: Application | str,
        *,
        scopes: Iterable[str] | str = (),
        token_endpoint_auth_method: str | None = None,
        origin: str | None = None,
    ) -> Run:
        """Begin to get a token for the application itself."""
        desk = self._desk(application, token_endpoint_auth_method)
        title = "{application} asks for a token of its own"
        return self._run(title, application, client_credentials_flow(desk, _scopes(scopes)), desk, origin)

    def introspect(
        self,
        application: Application | str,
        token: str,
        *,
        hint: str | None = None,
        token_endpoint_auth_method: str | None = None,
        origin: str | None = None,
    ) -> Run:
        """Begin to ask what a token is worth; `hint` says which kind it may be."""
        desk = self._desk(application, token_endpoint_auth_method)
        flow = introspection_flow(desk, token, hint)
        return self._run("{application} asks what a token is worth", application, flow, desk, origin)

    def revoke(
        self,
        application: Application | str,
        token: str,
        *,
        hint: str | None = None,
        token_endpoint_auth_method: str | None = None,
        origin: str | None = None,
    ) -> Run:
        """Begin to give a token back; `hint` says which kind it may be."""
        desk = self._desk(application, token_endpoint_auth_method)
        flow = revocation_flow(desk, token, hint)
        return self._run("{application} gives a token back", application, flow, desk, origin)

    def why(self, of: Run | Trace | Exchange | Stepping) -> Why:
        """Explain every failed step of a run, or of the run that is stepped through: what happened, what to change."""
        return explain(of)

    def _application(self, application: Application | str) -> Application:
        return self.applications.own(application) if isinstance(application, str) else application

    def _desk(self, application: Application | str, method: str | None = None) -> Desk:
        self._check_open()
        registration = client_of(self._application(application), self.issuer, token_endpoint_auth_method=method)
        return Desk(registration=registration, ledger=Ledger())

    def _bench(
        self,
        application: Application | str,
        user: User | str,
        *,
        password: str | None = None,
        agrees: bool = True,
        by_hand: bool = False,
        **registered: str | None,
    ) -> Bench:
        self._check_open()
        person = self.users.own(user) if isinstance(user, str) else user
        return Bench(
            registration=registration_of(self._application(application), self.issuer, **registered),
            persona=persona_of(person, password=password, agrees=agrees, by_hand=by_hand),
            entropy=self._entropy,
            clock=self.clock,
            ledger=Ledger(),
        )

    def _run_of_user(
        self,
        title: str,
        application: Application | str,
        flow: Flow,
        bench: Bench,
        origin: str | None = None,
        *,
        browser: str = "",
    ) -> Run:
        titled = title.replace("{user}", bench.persona.name.replace("{", "{{").replace("}", "}}"))
        whose = f"browser of {bench.persona.sub}" + (f", {browser}" if browser else "")
        return self._run(titled, application, flow, bench, origin, browser=whose)

    def _run(
        self,
        title: str,
        application: Application | str,
        flow: Flow,
        desk: Desk,
        origin: str | None = None,
        *,
        browser: str = "browser of nobody",
    ) -> Run:
        if origin is not None:
            flow = from_page(flow, origin, desk.ledger)
        named = title.format(application=self._application(application).name)
        wire = Wire(self._lane(browser), self._lane("application"), self._heard, self._told)
        user = desk.persona.name if isinstance(desk, Bench) else ""
        run = Run(named, flow, wire=wire, ledger=desk.ledger, clock=self.clock, user=user)
        run.watch(self._changed)
        self._history.add(run, desk)
        return run


def _scopes(scopes: Iterable[str] | str) -> tuple[str, ...]:
    return tuple(scopes.split() if isinstance(scopes, str) else scopes)


def _result(signed_in: SignedIn | Run) -> SignedIn:
    result: SignedIn = signed_in.result if isinstance(signed_in, Run) else signed_in
    return result

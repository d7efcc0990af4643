"""The bench on which an advice is played: a copy of the application, with test secrets and a clock of its own."""

from dataclasses import fields, replace
from typing import Any

from oidc_lab.domain.advice import Advice, Registration
from oidc_lab.domain.application import Application, ApplicationType
from oidc_lab.domain.origin import of_redirect_uris
from oidc_lab.domain.profile import RULES
from oidc_lab.domain.refresh_parameters import Anchor
from oidc_lab.domain.refresh_settings import policy_of
from oidc_lab.domain.scenario import Scenario
from oidc_lab.domain.secret import Secret
from oidc_lab.domain.wildcard import WILDCARD
from oidc_lab.lab.bench import Lab
from oidc_lab.lab.clock import START
from oidc_lab.provider.context import EXTENSION, Context
from oidc_lab.relying_party.run import Run

TEST_SECRET = "test-secret-of-a-copy"
_LENT = "https://application.example/callback"


class Stage(Lab):
    """`application` is the copy as the application itself knows it; `runs` are those that were begun, in order.

    The same advice is played the same, byte for byte. `lent` says what the copy had to be lent to take part at all.
    """

    def __init__(self, registration: Registration, advice: Advice) -> None:
        self.secret = _brought(registration.secrets, advice)
        start = START if self.secret is None else self.secret.created_at
        super().__init__(start=start, profile=registration.profile)
        self.registration, self.runs, self.lent = registration, list[Run](), ""
        self.user = self._store.users.all()[0]
        self.application = _copy(registration.application)
        self._follow_rules()
        self._stock_copy()

    @property
    def user_is(self) -> str:
        """Whether the provider still knows the user's browser, in words."""
        there = self._store.sessions.all(self.clock.now, sub=self.user.sub)
        return "still signed in" if there else "signed out"

    def sign_in_at(self, uri: str, **asking: Any) -> Run:
        """The user signs in; the application asks for its answer at `uri`."""
        return self.sign_in(replace(self.application, redirect_uris=(uri,)), self.user, **asking).finish()

    def sign_in_somewhere(self, **asking: Any) -> Run:
        """The user signs in; the application asks for its answer where it can receive one."""
        return self.sign_in_at(self._somewhere(), **asking)

    def sign_in_on_page(self, origin: str) -> Run:
        """The user signs in; a page of `origin` asks the provider, also for its configuration."""
        uri = self._somewhere(origin)
        if origin not in self.application.cors_allowed_origins:
            self._lend_neighbour(origin)
        return self.sign_in_at(uri, origin=origin)

    def sign_out_to(self, uri: str | None, signed_in: Run) -> Run:
        """The user signs out; the application asks that the browser comes back to `uri`, or does not ask."""
        application = replace(self.application, post_logout_redirect_uris=() if uri is None else (uri,))
        return self.sign_out(application, self.user, signed_in=signed_in).finish()

    def refresh_once(self, signed_in: Run) -> Run:
        """The application uses the refresh token that a run gave."""
        return self.refresh(self.application, self.user, signed_in=signed_in).finish()

    def _run(self, *parts: Any, **named: Any) -> Run:
        run = super()._run(*parts, **named)
        self.runs.append(run)
        return run

    def _somewhere(self, origin: str | None = None) -> str:
        """A redirect URI that the provider accepts, on a page of `origin` if there is one; lent when there is none."""
        known = [uri.replace(WILDCARD, "anything") for uri in self.application.redirect_uris]
        good = [uri for uri in known if self.application.accepts_redirect_uri(uri, self.registration.rules)]
        if not good:
            self.lent = f"(The copy was lent the redirect URI {_LENT}, because nobody can sign in to it otherwise.)"
            self.application = replace(self.application, redirect_uris=(*self.application.redirect_uris, _LENT))
            self._store.applications.change(self.application)
            return _LENT
        return next((uri for uri in good if of_redirect_uris([uri]) == (origin,)), good[0])

    def _lend_neighbour(self, origin: str) -> None:
        """Without one that lists the origin, its pages could not even read where to redeem a code."""
        neighbour = Application(
            client_id="next-to-the-copy", type=ApplicationType.SPA, name="Neighbour", cors_allowed_origins=(origin,)
        )
        self._store.applications.add(neighbour, self.clock.now)
        self.lent = (
            f"(Another application lists {origin}, so that the page can read the provider's configuration; without"
            " one it is refused that already.)"
        )

    def _follow_rules(self) -> None:
        """Let the provider follow the rules that the advice was given by, also when they are not the profile's own."""
        profile, rules = self.registration.profile, self.registration.rules
        if rules == RULES[profile]:
            return
        given: Context = self.provider.extensions[EXTENSION]
        given.own_rules = rules
        policy = replace(policy_of(self.application, profile), absolute=rules.grant_lifetime)
        given.adopted[self.application.client_id] = replace(policy, absolute_anchor=Anchor.GRANT)

    def _stock_copy(self) -> None:
        """Put the copy into the store, where no profile stands in the way of what was set in another one."""
        kept, client_id = self._store.applications, self.application.client_id
        with self._store.transaction():
            kept.delete(client_id)
            if self.secret is None:
                kept.add(self.application, self.clock.now)
            else:
                kept.add(replace(self.application, client_secret=None), self.clock.now)
                kept.add_secret(client_id, self.secret, TEST_SECRET)


def _copy(application: Application) -> Application:
    """The same settings; nothing by which the copy could prove itself or call anybody outside of the bench."""
    values = {each.name: getattr(application, each.name) for each in fields(Application)}
    secret = TEST_SECRET if application.confidential else None
    return Application(**{**values, "client_secret": secret, "backchannel_logout_uri": None, "created_at": None})


def _brought(secrets: tuple[Secret, ...], advice: Advice) -> Secret | None:
    """The secret that an advice is about, as long as the application has it; then any test secret does."""
    if advice.scenario not in {Scenario.SECRET_EXPIRED, Scenario.SECRET_NEVER_EXPIRES}:
        return None
    about = next((each for each in secrets if each.name == advice.value), None)
    # Who took a secret without an end away has others, of which the longest is the one to look at.
    ending = [each for each in secrets if each.expires_at is not None]
    never = advice.scenario is Scenario.SECRET_NEVER_EXPIRES
    return about or (max(ending, key=lambda each: each.expires_at or START) if never and ending else None)

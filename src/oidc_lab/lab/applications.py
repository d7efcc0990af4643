"""The applications of a provider, from Python: read, created, changed and deleted over its management API — OIDCR-2."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.advice import Registration
from oidc_lab.domain.application import ONE, Application, ApplicationType
from oidc_lab.domain.clock import Clock
from oidc_lab.domain.draft import Draft
from oidc_lab.domain.overruled import still_true
from oidc_lab.domain.profile import RULES, Profile, Rules
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.secret import Secret
from oidc_lab.domain.sheet import Sheet
from oidc_lab.lab.audit_log import AuditLog
from oidc_lab.lab.kept import Kept
from oidc_lab.lab.management import Management
from oidc_lab.lab.playable import PlayableAdvices, playable
from oidc_lab.lab.policy_wire import read_policy

if TYPE_CHECKING:
    import pandas as pd

    from oidc_lab.lab.drafts import Drafts

_LISTS = ("redirect_uris", "post_logout_redirect_uris", "cors_allowed_origins")


class RegisteredApplication(Application):
    """An application as the provider keeps it, with what can be done about it there.

    It stays as it was read; `update` gives the new one. `client_secret` is known when the bench brought it, or made it.
    """

    _of: "Applications"

    @property
    def secrets(self) -> "Secrets":
        """Its secrets, by name."""
        return Secrets(self._of.management, self.client_id)

    @property
    def endpoints(self) -> Mapping[str, str]:
        """Where it finds the provider: the URLs, by their names in the metadata — OIDCD-3."""
        said = self._of.management.ask("GET", "applications", self.client_id)
        return dict(said["endpoints"])

    def update(self, **settings: Any) -> "RegisteredApplication":
        """Change settings and give the changed application; None takes one away, what is not named stays.

        Raises InvalidSetting when a value breaks its rule, or the type does not have the setting in this profile.
        """
        __tracebackhide__ = True
        return self._of.change(self.client_id, settings)

    def delete(self) -> None:
        """Delete it at the provider, with everything that was given to it."""
        self._of.delete(self.client_id)

    def form(self) -> Draft:
        """Its form, with what was typed into it and is not saved yet."""
        return self._of.forms.form_of(self.client_id)

    def advice(
        self,
        profile: Profile | None = None,
        *,
        rules: Rules | None = None,
        secrets: Iterable[Secret] | None = None,
        now: datetime | None = None,
    ) -> PlayableAdvices:
        """What will hurt in the present profile, or in another one; `play()` on one of them shows it."""
        known = tuple(self.secrets if secrets is None and self.confidential else secrets or ())
        profile, now = profile or self._of.profile(), now or self._of.clock()
        rules = rules or RULES[profile]
        about = Registration(application=self, profile=profile, rules=rules, secrets=known, now=now)
        found = super().advice(profile, rules=rules, secrets=known, now=now)
        return playable(still_true(found, self._of.adopted(self.client_id)), about)

    def log(self) -> AuditLog:
        """What the audit log says of it."""
        return AuditLog(self._of.management, client_id=self.client_id)

    def __str__(self) -> str:
        return f"{self.client_id}: {self.name}, {ONE[self.type]}"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Show its settings as the present profile reads them."""
        return Sheet(self, self._of.profile(), self._of.adopted(self.client_id))._repr_mimebundle_()


@dataclass(frozen=True, kw_only=True)
class NewSecret(Secret):
    """A secret that was just made; nobody shows its value again."""

    value: str = field(repr=False)


class Secrets(Iterable[Secret]):
    """The secrets of one application; only their names and ends can be read."""

    def __init__(self, management: Management, client_id: str) -> None:
        self._management, self._path = management, ("applications", client_id, "secrets")

    def __iter__(self) -> Any:
        return iter([Secret(**_moments(each)) for each in self._management.ask("GET", *self._path)])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return f"secrets: {', '.join(each.name for each in self) or 'none'}"

    def create(self, name: str, *, days: int | None = None, expires_at: datetime | None = None) -> NewSecret:
        """Add a secret, which lives for some days, until a moment, or without end; this alone shows its `value`."""
        body = {"name": name, "expires_in_days": days, "expires_at": expires_at}
        return NewSecret(**_moments(self._management.ask("POST", *self._path, body=body)))

    def delete(self, name: str) -> None:
        """Take a secret away: from now on it proves nothing. Raises LookupError when there is none of that name."""
        self._management.ask("DELETE", *self._path, name)

    def table(self) -> "pd.DataFrame":
        """All of them, a row each; what never ends has no `expires_at`."""
        from oidc_lab.lab.table import tabulate

        return tabulate((vars(each) for each in self), [each.name for each in fields(Secret)], missing="")


class Applications(Kept[RegisteredApplication]):
    """The applications of a provider, by client_id."""

    kind, key = "application", "client_id"
    columns = tuple(each.name for each in fields(Application) if each.name != "client_secret")

    def __init__(self, management: Management, own: Iterable[Application], *, clock: Clock, keeps: bool) -> None:
        self.clock = clock
        brought = {each.client_id: self._attached(each) for each in own}
        self._secrets = {name: each.client_secret for name, each in brought.items()}
        super().__init__(management, brought, keeps=keeps)

    def create(self, *, name: str, type: ApplicationType | str, **settings: Any) -> RegisteredApplication:  # noqa: A002 - the setting's name
        """Register an application. A confidential one is given a secret, which the bench remembers."""
        __tracebackhide__ = True
        said = self.management.ask("POST", "applications", body={"name": name, "type": type, **settings})
        self._secrets[said["client_id"]] = said["client_secret"]
        return self._known(said)

    def form(self) -> Draft:
        """The form of a new application; it is the same one until it is saved."""
        return self.forms.new_form()

    @cached_property
    def forms(self) -> "Drafts":
        """The forms that were begun."""
        from oidc_lab.lab.drafts import Drafts

        return Drafts(self)

    def all(self) -> Sequence[RegisteredApplication]:
        """All of them, read at once."""
        return [self._known(each) for each in self._all()]

    def register(self, application: Application) -> RegisteredApplication:
        """Register an application that has its client_id, and perhaps its secret, already."""
        __tracebackhide__ = True
        given = {name: getattr(application, name) for name in application.given if name != "created_at"}
        if application.confidential:
            given["client_secret"] = application.client_secret
        return self.create(**given)

    def change(self, client_id: str, settings: Mapping[str, Any]) -> RegisteredApplication:
        """Change settings of an application."""
        __tracebackhide__ = True
        return self._known(self.management.ask("PATCH", "applications", client_id, body=settings))

    def profile(self) -> Profile:
        """The profile that the provider follows at present."""
        return Profile(self.management.ask("GET", "profile")["profile"])

    def adopted(self, client_id: str) -> RefreshPolicy | None:
        """The policy that an application follows in place of its settings; None when it follows them, or is gone."""
        try:
            said = self.management.ask("GET", "applications", client_id, "policy")
        except LookupError:
            return None
        return read_policy(said["parameters"]) if said["adopted"] else None

    def image(self) -> Any:
        """What the bench knows by itself now, secrets included."""
        return super().image(), dict(self._secrets)

    def restore(self, image: Any) -> None:
        """Know that again, and nothing else."""
        known, secrets = image
        super().restore(known)
        self._secrets = dict(secrets)

    def _read(self, said: Mapping[str, Any]) -> RegisteredApplication:
        return self._attached(read_application(said, self._secrets.get(said["client_id"])))

    def _attached(self, application: Application) -> RegisteredApplication:
        values = {each.name: getattr(application, each.name) for each in fields(Application)}
        attached = RegisteredApplication(**values)
        # It is frozen; this is no field, so that it is neither compared nor shown.
        object.__setattr__(attached, "_of", self)
        return attached

    def _rows(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{name: _cell(getattr(each, name)) for name in self.columns} for each in map(self._read, found)]


def read_application(said: Mapping[str, Any], client_secret: str | None) -> Application:
    """The application of an answer."""
    values = {each.name: said[each.name] for each in fields(Application) if each.name in said}
    values |= {name: tuple(said[name]) for name in _LISTS}
    values["type"] = ApplicationType(said["type"])
    values["created_at"] = datetime.fromisoformat(said["created_at"])
    if said["id_token_ttl"] is not None:
        values["id_token_ttl"] = timedelta(seconds=said["id_token_ttl"])
    return Application(**{**values, "client_secret": client_secret})


def _cell(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, tuple) else value


def _moments(said: Mapping[str, Any]) -> dict[str, Any]:
    ends = said["expires_at"]
    moments = {"created_at": datetime.fromisoformat(said["created_at"])}
    return {**said, **moments, "expires_at": None if ends is None else datetime.fromisoformat(ends)}

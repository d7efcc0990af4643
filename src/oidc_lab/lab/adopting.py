"""Puts the policy of a real provider on an application of the lab, and takes it away again — RFC6749-6."""

from abc import ABC, abstractmethod
from dataclasses import fields, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.adopted import Adopted
from oidc_lab.domain.application import Application, InvalidSetting
from oidc_lab.domain.provider_policy import ProviderPolicy
from oidc_lab.domain.refresh_parameters import RefreshPolicy, checked
from oidc_lab.domain.refresh_settings import policy_of
from oidc_lab.lab.applications import Applications, RegisteredApplication
from oidc_lab.lab.management import Management
from oidc_lab.lab.named import UnknownName
from oidc_lab.lab.policy_wire import read_policy, told_policy

if TYPE_CHECKING:  # read when they are asked for
    from oidc_lab.lab.policies import Policies

_PART = "policy"


class Adopting(ABC):
    """What a bench does with policies; everything at the provider follows one from the moment it is adopted."""

    applications: Applications
    _management: Management

    @property
    @abstractmethod
    def policies(self) -> "Policies":
        """The policies of real providers, by id."""

    def adopt(self, policy: str | ProviderPolicy | RefreshPolicy, application: Application | str) -> Adopted:
        """Have an application follow a policy, such as "auth0-spa", in place of its settings; gives what holds now.

        Tokens that it has already keep their own end until they are used. Raises UnknownName for what is no policy or
        no application.
        """
        __tracebackhide__ = True
        found = self._named(policy) if isinstance(policy, str) else policy
        parameters = found.policy if isinstance(found, ProviderPolicy) else checked(found)
        registered = self._registered(application)
        before = self.refresh_policy(registered)
        self._management.ask("PUT", *_path(registered), body={"parameters": told_policy(parameters)})
        of = found if isinstance(found, ProviderPolicy) else None
        return Adopted(application=registered, policy=parameters, before=before, of=of)

    def follow_settings(self, application: Application | str) -> RefreshPolicy:
        """Have an application follow its settings again; gives the policy that they mean in the present profile."""
        registered = self._registered(application)
        self._management.ask("DELETE", *_path(registered))
        return self.refresh_policy(registered)

    def refresh_policy(self, application: Application | str, **settings: Any) -> RefreshPolicy:
        """The policy that decides for an application now: one that it adopted, or what its settings mean.

        With `settings`, such as refresh_token_ttl_in_days=30: what these would mean, in place of its own, in the
        present profile; nothing is changed. Raises InvalidSetting for what it cannot have.
        """
        __tracebackhide__ = True
        registered = self._registered(application)
        if not settings:
            return read_policy(self._management.ask("GET", *_path(registered))["parameters"])
        if unknown := settings.keys() - {each.name for each in fields(Application)}:
            name = min(unknown)
            raise InvalidSetting(name, settings[name], "there is no such setting; refresh_token_ttl_in_days is one")
        profile, other = self.applications.profile(), replace(registered, **settings)
        other.check_for(profile)
        return policy_of(other, profile)

    def _registered(self, application: Application | str) -> RegisteredApplication:
        return self.applications[application if isinstance(application, str) else application.client_id]

    def _named(self, policy_id: str) -> ProviderPolicy:
        if policy_id in self.policies:
            return self.policies[policy_id]
        asked, titles = policy_id.casefold(), {name: each.title for name, each in self.policies.items()}
        within = [name for name, title in titles.items() if asked and asked in f"{name} {title}".casefold()]
        near = list(dict.fromkeys([*get_close_matches(asked, titles), *within]))[:6]
        meant = f"did you mean {', '.join(near)}? " if near else ""
        raise UnknownName(f"there is no policy {policy_id!r}; {meant}lab.policies has all {len(titles)}")


def _path(application: Application) -> tuple[str, ...]:
    return "applications", application.client_id, _PART

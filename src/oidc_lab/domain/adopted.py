"""A policy that stands in place of an application's settings, and what to know about that — RFC9700-4.14.2."""

from collections.abc import Sequence
from dataclasses import dataclass

from oidc_lab.domain.application import ONE, Application, ApplicationType
from oidc_lab.domain.policy_parameter import MEANING, NO_EFFECT, matters, shown, value
from oidc_lab.domain.provider_policy import ClientKind, ProviderPolicy
from oidc_lab.domain.refresh_parameters import RefreshPolicy
from oidc_lab.domain.shown import Shown

_MACHINE = ApplicationType.MACHINE_TO_MACHINE
_TYPES = {
    ClientKind.ANY: {*ApplicationType} - {_MACHINE},
    ClientKind.CONFIDENTIAL: {ApplicationType.TRADITIONAL},
    ClientKind.SPA: {ApplicationType.SPA},
    ClientKind.NATIVE: {ApplicationType.NATIVE},
}
_FOR = {
    ClientKind.CONFIDENTIAL: "a confidential application",
    ClientKind.SPA: "a single page application",
    ClientKind.NATIVE: "a native application",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A parameter, now and before."""

    parameter: str
    now: str
    before: str

    @property
    def changed(self) -> bool:
        """Whether it is another value."""
        return self.now != self.before


@dataclass(frozen=True, kw_only=True, repr=False)
class Adopted(Shown):
    """What holds for an application from now on, and what held before; `of` is the real provider's, if it is one's."""

    application: Application
    policy: RefreshPolicy
    before: RefreshPolicy
    of: ProviderPolicy | None = None

    @property
    def title(self) -> str:
        """What follows what."""
        named = "a policy of your own" if self.of is None else f"{self.of.title} ({self.of.policy_id})"
        return f"{self.application.name} follows {named}, in place of its settings"

    @property
    def rows(self) -> Sequence[Row]:
        """A row for each parameter that decides anything now, or did before."""
        every = (Row(parameter=name, now=self._now(name), before=_said(self.before, name)) for name in MEANING)
        return tuple(each for each in every if {each.now, each.before} != {NO_EFFECT})

    @property
    def doubts(self) -> tuple[str, ...]:
        """What of it is not established."""
        return () if self.of is None else self.of.doubts

    @property
    def not_expressible(self) -> tuple[str, ...]:
        """What the real provider does besides, which no parameter can say."""
        return () if self.of is None else self.of.not_expressible

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why what is seen here may not be what the real provider's applications see, a sentence each."""
        name, kind = self.application.name, self.application.type
        if kind is _MACHINE:
            return (f"{name} signs nobody in and never gets a refresh token: there is nothing for it to decide.",)
        if self.of is None:
            return ()
        fits, bound = kind in _TYPES[self.of.client], self.of.sender_constrained is True
        other = f"It is for {_FOR.get(self.of.client, 'another application')}, and {name} is {ONE[kind]}."
        unbound = "It is for tokens that are bound to a key; here they are not."
        return tuple(each for each, said in ((other, not fits), (unbound, bound)) if said)

    def __repr__(self) -> str:
        changed = [f"    {each.parameter}: {each.now}, before: {each.before}" for each in self.rows if each.changed]
        kept = [f"    {each.parameter}: {each.now}" for each in self.rows if not each.changed]
        parts = (
            ("Other than before", changed),
            ("As before", kept),
            ("Not established", [f"    {each}" for each in self.doubts]),
            ("What these parameters cannot say", [f"    {each}" for each in self.not_expressible]),
        )
        said = [line for heading, lines in parts if lines for line in (heading, *lines)]
        return "\n".join([self.title, *(f"Mind: {each}" for each in self.warnings), *said])

    def _now(self, name: str) -> str:
        return _said(self.policy, name) if self.of is None else shown(self.of, name)


def _said(policy: RefreshPolicy, name: str) -> str:
    return value(policy, name) if matters(policy, name) else NO_EFFECT

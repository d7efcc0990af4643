"""Advice on an application that a provider keeps, with a run that shows what it says — RFC9700-2."""

from dataclasses import dataclass, field, fields, replace
from typing import overload

from oidc_lab.domain.advice import Advice, Advices, Registration
from oidc_lab.domain.application import Application
from oidc_lab.relying_party.demonstration import Demonstration


@dataclass(frozen=True, kw_only=True)
class PlayableAdvice(Advice):
    """One thing that will hurt, and can be seen to; it remembers what it was said about."""

    _about: Registration = field(repr=False, compare=False)

    def play(self, application: Application | None = None) -> Demonstration:
        """Show it over HTTP, on a bench of its own with a copy of the application; the present bench is left alone.

        Given another `application`, such as the mended one, the same is played with that. Raises ValueError when
        nothing of it is seen over HTTP.
        """
        # The bench that is made for it has applications, which give advice.
        from oidc_lab.lab.scenarios import play

        if application is None:
            return play(self, self._about)
        # Only one that a provider keeps has any.
        secrets = tuple(getattr(application, "secrets", ()))
        return play(self, replace(self._about, application=application, secrets=secrets))


class PlayableAdvices(Advices):
    """What is to be said about one application in one profile, each with a run that shows it."""

    items: tuple[PlayableAdvice, ...]

    @overload
    def __getitem__(self, index: int) -> PlayableAdvice: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[PlayableAdvice, ...]: ...
    def __getitem__(self, index: int | slice) -> PlayableAdvice | tuple[PlayableAdvice, ...]:
        return self.items[index]

    def of(self, setting: str) -> tuple[PlayableAdvice, ...]:
        """What is said about one setting."""
        return tuple(each for each in self.items if each.setting == setting)


def playable(said: Advices, about: Registration) -> PlayableAdvices:
    """The same advice, with its runs."""
    names = [each.name for each in fields(Advice)]
    items = [PlayableAdvice(**{name: getattr(each, name) for name in names}, _about=about) for each in said]
    return PlayableAdvices(said.client_id, said.profile, tuple(items))

"""The flows of a bench that a learner steps through; each has a way back where the bench has one — OIDCC-3.1.1."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from oidc_lab.domain.application import Application
from oidc_lab.domain.user import User
from oidc_lab.lab.applications import RegisteredApplication
from oidc_lab.lab.moment import CannotGoBack
from oidc_lab.lab.sides import Sides
from oidc_lab.relying_party.choices import Choices, FlowKind, usual_scopes
from oidc_lab.relying_party.run import Run
from oidc_lab.relying_party.stepping import Stepping

if TYPE_CHECKING:
    from oidc_lab.lab.managed import Managed


class Steps:
    """The steppings of a bench, by what was picked first.

    `known` says how far each has come, as both sides know it: it goes back with them. `looks` counts what happened.
    """

    def __init__(self, lab: "Managed") -> None:
        self.lab = lab
        self.known: dict[int, object] = {}
        self.looks = 0
        self._brought: dict[str, Application] = {}
        self._steppings: dict[Choices, Stepping] = {}

    def step(
        self,
        application: Application | str | None,
        flow: FlowKind | str,
        user: User | str | None,
        picked: Mapping[str, Any],
    ) -> Stepping:
        """The stepping that began with these choices, the same one each time; what went astray begins anew."""
        __tracebackhide__ = True
        choices = self._choices(application, flow, user, picked)
        stepping = self._steppings.get(choices)
        if stepping is None:
            if not self._steppings:
                self._watch()
            stepping = self._steppings[choices] = Stepping(Sides(self, len(self._steppings)), choices)
        elif stepping.problem:
            stepping.again()
        return stepping

    @cached_property
    def barred(self) -> str:
        """Why this bench cannot go back; "" when it can."""
        try:
            self.lab.moment()
        except CannotGoBack as why:
            return str(why)
        return ""

    def application(self, name: str) -> Application:
        """The application as it knows itself, secret included. Raises UnknownName."""
        return self._brought.get(name) or self.lab.applications.own(name)

    def applications(self) -> dict[str, Application]:
        """All of them, those that were brought along included."""
        return {each.client_id: each for each in (*self._brought.values(), *self.lab.applications.all())}

    def image(self) -> dict[int, object]:
        """How far each stepping has come."""
        return dict(self.known)

    def restore(self, image: dict[int, object]) -> None:
        """Have them there again."""
        self.known = dict(image)

    def _choices(
        self,
        application: Application | str | None,
        flow: FlowKind | str,
        user: User | str | None,
        picked: Mapping[str, Any],
    ) -> Choices:
        if flow not in list(FlowKind):
            raise ValueError(f"there is no flow {flow!r}; there are {', '.join(FlowKind)}")
        first = Choices(
            flow=FlowKind(flow),
            application=self._name_of(application),
            user=self._sub_of(user),
            scopes=usual_scopes(flow),
        )
        of = picked.get("tokens_of")
        return first.changed({**picked, **({"tokens_of": self.lab.history.key(of)} if isinstance(of, Run) else {})})

    def _name_of(self, application: Application | str | None) -> str:
        if application is None:
            return next(iter(self.lab.applications), "")
        if isinstance(application, str):
            return self.application(application).client_id
        if not isinstance(application, RegisteredApplication):
            self._brought[application.client_id] = application
        return application.client_id

    def _sub_of(self, user: User | str | None) -> str:
        if user is None:
            return next(iter(self.lab.users), "")
        return self.lab.users.own(user).sub if isinstance(user, str) else user.sub

    def _watch(self) -> None:
        self.lab.watch(self._look)
        self.lab.clock.watch(self._look)

    def _look(self) -> None:
        self.looks += 1
        for each in tuple(self._steppings.values()):
            each.look()

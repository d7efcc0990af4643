"""Looks into tokens: what they say and where from, whether they are good, what is absent — OIDCC-2, RFC7662-2."""

from collections.abc import Callable, Sequence
from datetime import datetime

from oidc_lab.domain.application import Application
from oidc_lab.domain.shown import Shown
from oidc_lab.domain.watched import Watched
from oidc_lab.relying_party.absence import Absent
from oidc_lab.relying_party.absence_of_tokens import absent_tokens
from oidc_lab.relying_party.looking import Kind, Knowing, circumstances
from oidc_lab.relying_party.opaque import OpaqueToken, look_into_opaque
from oidc_lab.relying_party.provenance import Given, Provenance
from oidc_lab.relying_party.signed import SignedToken, look_into_signed

Looked = SignedToken | OpaqueToken


class Inspection(Shown, Watched):
    """What some tokens are, looked at one moment; `look_again` looks at the present one.

    `title` says whose they are, `missing` are tokens that were not given, `problem` why there is nothing to see, and
    `note` what was done to the text first.
    `applications` are those as whom signed tokens can be checked: client_id and name.
    """

    def __init__(
        self,
        knowing: Knowing,
        texts: Sequence[str],
        *,
        title: str = "",
        given: Given | None = None,
        application: Application | None = None,
        problem: str = "",
        note: str = "",
    ) -> None:
        self.title, self.problem, self.note = title, problem, note
        self.tokens: tuple[Looked, ...] = ()
        self.missing: tuple[Absent, ...] = ()
        self._knowing, self._texts, self._given, self._viewer = knowing, tuple(texts), given, application
        self._follows = False
        self._look()

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self._knowing.now()

    @property
    def viewer(self) -> str:
        """As whom they were checked: a client_id, empty when nobody was there."""
        judged = (each.judged for each in self.tokens if isinstance(each, SignedToken))
        return next((each.application.client_id for each in judged if each is not None), "")

    def of(self, kind: Kind | str) -> Looked:
        """The token of a kind, such as "ID Token" or "refresh token". Raises LookupError when there is none."""
        found = next((each for each in self.tokens if each.kind == kind), None)
        if found is None:
            there = ", ".join(each.kind for each in self.tokens) or "none"
            raise LookupError(f"there is no {kind} among these tokens; there are: {there}")
        return found

    def look_again(self) -> None:
        """Ask the provider and make the checks once more, as things stand now."""
        self._look()
        self._changed()

    def look_as(self, client_id: str) -> None:
        """Check signed tokens as another application would. Raises LookupError when there is none of this name."""
        viewer = next((each for each in self._knowing.applications() if each.client_id == client_id), None)
        if viewer is None:
            raise LookupError(f"there is no application {client_id!r} that a user signs in to")
        self._viewer = viewer
        self.look_again()

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Have `changed` called after each change, and when the clock was moved; gives what ends that."""
        if not self._follows:  # not before somebody watches: the clock would keep every inspection that was ever made
            self._follows = True
            self._knowing.follow(self._changed)
        return super().watch(changed)

    def _look(self) -> None:
        provenance = Provenance(self._knowing.runs())
        self.looked_at = self._knowing.now()
        self.tokens = tuple(self._looked(each, provenance) for each in self._texts)
        signed = any(isinstance(each, SignedToken) for each in self.tokens)
        viewers = self._knowing.applications() if signed else ()
        self.applications = tuple((each.client_id, each.name) for each in viewers)
        if self._given is not None:
            about = circumstances(self._knowing, self._given, client_id=self._given.client_id, sub=None)
            known = provenance.giver_of(self._given.tokens.access_token) or self._given
            self.missing = absent_tokens(known, about)

    def _looked(self, text: str, provenance: Provenance) -> Looked:
        signed = look_into_signed(text, provenance.giver_of(text), self._knowing, self._viewer)
        return signed or look_into_opaque(text, provenance, self._knowing)

    def __repr__(self) -> str:
        there = ", ".join(each.kind for each in self.tokens) or self.problem
        return f"Inspection({there})"

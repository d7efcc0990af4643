"""A bench at a provider that is served: the same words as for one of one's own, over real connections — OIDCD-4."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import httpx2

from oidc_lab.domain.refusal import Refused
from oidc_lab.lab import data as demo
from oidc_lab.lab.clock import RealClock
from oidc_lab.lab.entropy import SystemEntropy
from oidc_lab.lab.listening import Listening
from oidc_lab.lab.managed import Managed
from oidc_lab.lab.named import Named
from oidc_lab.relying_party.wire import Lane


class ConnectedLab(Managed):
    """What Lab.connect gives. Its clock is the machine's; its applications are those that the provider has by now.

    What the bench knows by itself, secrets and passwords, is that of its own `data`. `refusals` are those of this bench
    alone, as the provider's audit log tells them: others use the provider, too.
    """

    clock: RealClock

    def __init__(self, url: str, token: str, data: Path | str | None = None) -> None:
        folder = demo.folder() if data is None else Path(data)
        applications, users = demo.read_applications(folder), demo.read_users(folder)
        self.issuer, self.clock = url, RealClock(url)
        entropy = SystemEntropy()
        self._name = f"oidc-lab {entropy.token(22)}"
        self._sent = self._listened = 0
        super().__init__(
            token=token,
            lane=Lane(_Named(httpx2.HTTPTransport(), self._name, lambda: None)),
            entropy=entropy,
            applications=applications,
            users=[each.user for each in users],
            passwords=Named("user", {each.user.sub: each.password for each in users}),
            data=folder,
            keeps=False,
        )
        try:
            # The issuer as the provider writes it: a relying party compares it character by character — OIDCD-4.3.
            self.issuer = str(self._management.ask("GET", "profile")["issuer"])
            self._listening = Listening(self.audit_log, self._name)
        except BaseException:
            self.close()
            raise

    @property
    def refusals(self) -> list[Refused]:
        """Everything that the provider refused to this bench, oldest first, with the true reason."""
        return self._listening.refusals()

    def kept_refresh_token(self, _: str, /) -> NoReturn:
        """Never: raises LookupError."""
        raise LookupError(f"the provider at {self.issuer} tells nobody what it keeps of a token")

    def __repr__(self) -> str:
        there = f"{len(self.applications)} applications, {len(self.users)} users"
        return f"Lab connected to {self.issuer}: {there}, {self.clock.now:%Y-%m-%d %H:%M:%S} UTC"

    def _transport(self) -> httpx2.BaseTransport:
        return _Named(httpx2.HTTPTransport(), self._name, self._note_message)

    def _heard(self) -> Sequence[Refused]:
        """Asked before and after each message; the log only when there was one since."""
        before, self._listened = self._listened, self._sent
        return self._listening.heard if before == self._sent else self._listening.refusals()

    def _note_message(self) -> None:
        self._sent += 1


class _Named(httpx2.BaseTransport):
    """Says with each message which bench sends it, so that the log tells its refusals from other people's."""

    def __init__(self, inner: httpx2.BaseTransport, name: str, on_message: Callable[[], None]) -> None:
        self._inner, self._name, self._on_message = inner, name, on_message

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request."""
        request.headers["User-Agent"] = self._name
        self._on_message()
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

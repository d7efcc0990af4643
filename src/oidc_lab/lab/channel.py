"""The lab's own channel: hears the true reason of every refusal, which never passes over the wire."""

import threading

from oidc_lab.domain.refusal import Refused


class Channel:
    """`refusals` are those of everybody; `heard()` those of the present thread.

    In process, a request is answered in the thread that sends it, so a run hears no other run's refusals.
    """

    def __init__(self) -> None:
        self.refusals: list[Refused] = []
        self._here = threading.local()

    def hear(self, refused: Refused) -> None:
        """Note a refusal."""
        self.refusals.append(refused)
        self.heard().append(refused)

    def image(self) -> tuple[tuple[Refused, ...], tuple[Refused, ...]]:
        """What was heard, by everybody and here."""
        return tuple(self.refusals), tuple(self.heard())

    def restore(self, image: tuple[tuple[Refused, ...], tuple[Refused, ...]]) -> None:
        """Have heard that, and nothing else."""
        self.refusals[:], self.heard()[:] = image

    def heard(self) -> list[Refused]:
        """What was heard in this thread so far."""
        heard: list[Refused] = vars(self._here).setdefault("heard", [])
        return heard
